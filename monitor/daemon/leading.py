"""What one instance does at a time: plan, judge and write down. It begins when the store is held, and ends with it."""

import os
import socket
import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.engine import make_url

from monitor.config.grammar import Config
from monitor.daemon import views
from monitor.daemon.aftermath import followed_up
from monitor.daemon.board import Board
from monitor.daemon.clock import Clock
from monitor.daemon.dispatch import LEASE, Dispatcher
from monitor.daemon.doing import Doing
from monitor.daemon.folders import sweep
from monitor.daemon.listening import Listening
from monitor.daemon.outgoing import Outgoing
from monitor.daemon.planning import Planner
from monitor.daemon.tidying import Tidying
from monitor.daemon.watched import Loaded, Watched
from monitor.daemon.workers import Workers
from monitor.errors import ConfigError, InputError, MonitorError
from monitor.logs import logger
from monitor.metrics.registry import Metrics
from monitor.routing import Cap
from monitor.store import queries, trail
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.rows import WindowRow
from monitor.store.states import State
from monitor.truth import files
from monitor.window import Window

FIRST_LOOK_SECONDS = 60.0
"""How long the start waits for first looks at captures; those that take longer are planned when they come."""

LABELS_EVERY = timedelta(minutes=10)
"""How often it is looked where labels come: a listing of a store costs, and labels are never urgent."""

GLANCE_SECONDS = 0.2
SENDING_SECONDS = 15.0
"""How long the end waits for an event that is being sent: a little longer than a receiver may take."""

ENDING_SECONDS = 15.0
"""How long the end waits for commands that were told to end."""

log = logger("daemon")


class Leading:
    """The ledger, its planner and its dispatcher."""

    def __init__(
        self, *, database: Database, loaded: Loaded, workers: Workers, board: Board, metrics: Metrics, clock: Clock
    ) -> None:
        self.database = database
        self._board, self._metrics, self._clock = board, metrics, clock
        self.ledger = Ledger(database, owner())
        self._planner = Planner(self.ledger, metrics)
        self._outgoing = Outgoing(database, clock, metrics.notified, metrics.acted)
        self._doing = Doing(database, clock, metrics.acted)
        self.dispatcher = Dispatcher(
            database=database,
            ledger=self.ledger,
            workers=workers,
            slots=loaded.config.workers,
            clock=clock,
            listener=Listening(board, self._planner, self.ledger, clock, self.follow, self.labelled),
        )
        self._loaded = loaded
        self._tidying = Tidying()
        self._labels_at: dict[str, datetime] = {}

    def begin(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Bring the store up to date, put windows back that a predecessor held, look, plan.

        `is_over`: whether the daemon is to stop meanwhile; then nobody waits for looks.
        """
        now = self._clock()
        self.database.upgrade()
        handed = self.ledger.take_over(now)
        if handed:
            log.info("windows of another daemon are pending again", extra={"about": {"windows": handed}})
        files.sweep(self._loaded.config.state / "truth")
        left = sweep(self._loaded.reports)
        if left:
            log.info("unfinished report folders were removed", extra={"about": {"folders": left}})
        self.load(self._loaded)
        self._follow_newest()
        self._outgoing.begin()
        self._doing.begin()
        self._look(now)
        for _ in range(int(FIRST_LOOK_SECONDS / GLANCE_SECONDS)):
            if is_over() or self.dispatcher.wait(GLANCE_SECONDS):
                break
        self.plan(self._clock())

    def load(self, loaded: Loaded) -> None:
        """Go on with this configuration; windows under way keep theirs."""
        with self.database.read() as connection:
            rows, latest = queries.monitors(connection), queries.latest(connection)
            known = {name: views.incidents(connection, name, self._clock()) for name in loaded.monitors}
        if not rows and any(loaded.reports.glob("*/*_r[1-9]*")):
            text = "the ledger is empty, and yet there are reports: windows within catch-up are judged once more"
            log.warning(text, extra={"about": {"reports": str(loaded.reports), "store": self.database.place}})
        self._loaded = loaded
        self._planner.forget()
        self._labels_at.clear()
        self._board.load(loaded, rows, latest, self._clock(), known)
        self._outgoing.load(loaded)
        self._doing.load(loaded)
        self.dispatcher.open(loaded, claims=False)

    def tick(self, now: datetime) -> None:
        """Hand back what is owed, look, plan, and start what is due."""
        self.dispatcher.settle()
        self._look(now)
        self.plan(now)
        self.dispatcher.open(self._loaded)
        self._call(now)
        self.dispatcher.pump()
        self._board.counted(self.ledger.pending())
        self._board.show()

    def plan(self, now: datetime) -> None:
        for one in self._planner.plan(self._watched, now):
            self._board.planned(one, self._planner.planned_to(one.name), now)
        self._board.counted(self.ledger.pending())
        self._board.show()

    def renew(self, now: datetime) -> None:
        """Keep what is under way."""
        if self.dispatcher.busy:
            self.ledger.renew(LEASE, now)

    def keep(self) -> None:
        """What is looked at now and then; what is old goes."""
        self._metrics.stored(self.database.size_bytes())
        with self.database.read() as connection:
            self._metrics.queued(queries.outbox_length(connection))
        self._tidying.turn(self._loaded, self.database, self._clock())

    def reloaded(self, before: str, trouble: str, by: str) -> None:
        """Keep that somebody had the configuration loaded, whose digest was `before`, and what went wrong."""
        with self.database.write() as connection:
            trail.loaded(connection, before, self._loaded.digest, trouble, by, self._clock())

    def backfill(self, monitor: str, start: datetime, end: datetime, by: str) -> int:
        """Windows of a stretch are judged again, or for the first time, as somebody asks; how many."""
        one = self._loaded.monitors[monitor]
        if not one.monitor.enabled:
            raise InputError(f"monitor {monitor!r}: is not enabled, so nothing judges it; enabled: true would be right")
        now = self._clock()
        with self.database.read() as connection:
            rows = [
                queries.window(connection, monitor, w) for w in queries.overlapping(connection, monitor, start, end)
            ]
        there = [row.window for row in rows if row is not None and not _stands_for_many(row, one)]
        grid = one.schedule.windows(one.schedule.begin(start), end)
        more = [w for w in grid if one.schedule.due(w) <= now and not any(_overlap(w, t) for t in there)]
        count = self.ledger.backfill(monitor, [*there, *more], Window(start=start, end=end), by, now)
        self.dispatcher.pump()
        return count

    def end(self, grace_seconds: float) -> bool:
        """Take no more windows, and let those under way end; False when some went on for longer."""
        self.dispatcher.close()
        has_ended = self.dispatcher.wait(grace_seconds)
        self._doing.end(ENDING_SECONDS)
        self._outgoing.end(SENDING_SECONDS)
        return has_ended

    def follow(self, one: Watched, window: Window, revision: int) -> None:
        """What a judged window means for incidents. What goes wrong with it is told, and the window stays judged."""
        cap = self._loaded.config.page_cap
        try:
            changes = followed_up(
                self.database, one, window, revision, Cap(most=cap.at_most, per=cap.per), self._clock()
            )
            for change in changes:
                about = {"monitor": one.name, "incident": change.incident.id, "cause": change.incident.cause.value}
                log.warning(f"incident {change.what}", extra={"about": about})
            self.heard(one.name)
        except MonitorError as error:
            log.error("incidents do not follow", extra={"about": {"monitor": one.name, "why": str(error)}})
        except Exception:  # a bug of ours: the window is judged, and the daemon goes on
            log.exception("internal error, please report it", extra={"about": {"monitor": one.name}})

    def heard(self, name: str) -> None:
        """Show what a window, or somebody's word, has made of a monitor's incidents."""
        with self.database.read() as connection:
            known = views.incidents(connection, name, self._clock())
        self._board.followed(name, known)

    def labelled(self, one: Watched, window: Window | None = None) -> None:
        """Show how many predictions have a label; what they say of an older window counts now for incidents."""
        with self.database.read() as connection:
            found = views.truth(connection, one.name, self._clock())
            newest = queries.newest_judged(connection, one.name) if window is not None else None
        self._board.labelled(one.name, found)
        if newest is not None and newest.window != window:
            self.follow(one, newest.window, newest.revision)

    def _follow_newest(self) -> None:
        """A daemon that was killed may have judged a window that incidents have not followed yet."""
        with self.database.read() as connection:
            newest = queries.latest(connection)
        for name, row in newest.items():
            if name in self._loaded.monitors:
                self.follow(self._loaded.monitors[name], row.window, row.revision)

    @property
    def _watched(self) -> Collection[Watched]:
        return [one for one in self._loaded.monitors.values() if one.monitor.enabled]

    def _call(self, now: datetime) -> None:
        """Windows whose labels are due are judged again, and it is seen which have come."""
        for one in self._watched:
            truth = one.monitor.truth
            if truth is None or now < self._labels_at.get(one.name, now):
                continue
            self._labels_at[one.name] = now + LABELS_EVERY
            _, expired = self.ledger.call(one.name, truth.max_delay, now)
            if expired:
                self._board.expired(one, expired)
            self.dispatcher.receive(one)

    def _look(self, now: datetime) -> None:
        for one in self._planner.unknown(self._watched, now):
            self.dispatcher.look(one)


def owner() -> str:
    """A name that no other daemon has, nor had before."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def store_url(config: Config) -> str:
    """Where the store is, with the password that a file holds."""
    url, file = config.store.url, config.store.password_file
    if file is None or url == "sqlite":
        return url
    try:
        password = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"store.password_file: {file} cannot be read: {error}; a file with the password") from None
    return make_url(url).set(password=password).render_as_string(hide_password=False)


def _stands_for_many(row: WindowRow, one: Watched) -> bool:
    """Of windows that catch-up left out the oldest are one row: each is judged for itself."""
    return row.state == State.SKIPPED and one.schedule.count(row.window.start, row.window.end) > 1


def _overlap(a: Window, b: Window) -> bool:
    return a.start < b.end and b.start < a.end
