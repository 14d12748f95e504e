"""The daemon, put together: start, tick, reload, stop."""

import signal
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from monitor import __version__, logs
from monitor.config.grammar import Config
from monitor.daemon import systemd
from monitor.daemon.board import Board
from monitor.daemon.clock import Clock, machine_clock
from monitor.daemon.leading import Leading, store_url
from monitor.daemon.site import Site, State
from monitor.daemon.watched import Loaded, loaded, needs_restart
from monitor.daemon.workers import Workers
from monitor.errors import Held, MonitorError, StoreError
from monitor.logs import logger
from monitor.metrics.limits import Limits
from monitor.metrics.registry import Metrics
from monitor.store.database import Database
from monitor.store.leadership import Leadership
from monitor.web.options import Token, WebOptions
from monitor.web.server import Server

TICK_SECONDS, LEAD_SECONDS, RENEW_SECONDS, KEEP_SECONDS = 1, 1, 10, 60
GLANCE_SECONDS = 0.2
CUT_SECONDS = 15.0
"""How long the end of workers that are cut off may take."""

log = logger("daemon")


class Service:
    """One instance of the daemon. `start`, then `stop`; `run` does both, with signals in between."""

    def __init__(self, path: Path, environment: Mapping[str, str], clock: Clock = machine_clock) -> None:
        """Load the configuration. Raises ConfigError or RuleError with every mistake."""
        self._path, self._environment, self._clock = path, environment, clock
        found = loaded(path, environment)
        self.state = State(loaded=found, started=clock())
        self.metrics = Metrics(version=__version__, limits=_limits(found.config), clock=clock)
        self.board = Board(self.metrics, clock)
        self._workers = Workers(found.libraries)
        self._reloading = threading.Lock()
        self.stopping, self._hurry, self._hup = threading.Event(), threading.Event(), threading.Event()
        self.site = Site(self.state, self.board, self.metrics, clock, self.reload, {"config": str(path)})
        self._server: Server | None = None
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._leadership: Leadership | None = None
        self._ticking = threading.Lock()

    @property
    def address(self) -> str:
        """Where the web answers; empty before the start."""
        return self._server.url if self._server is not None else ""

    def run(self, began: Callable[[], None] | None = None) -> int:
        """Until SIGTERM or SIGINT; the exit code. Raises Held where another instance holds an SQLite store.

        `began` is called when everything is up.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, lambda *_: self._hup.set())
        self.start()
        if began is not None:
            began()
        while not self.stopping.wait(0.2):
            if self._hup.is_set():
                self._hup.clear()
                self.reload("SIGHUP")
        self.stop()
        return 0

    def start(self) -> None:
        """Bind, take the store, bring everything up; ready when this returns (unless another instance leads)."""
        config = self.state.loaded.config
        logs.start(config.log.level, config.log.format, self.metrics.logged)
        self.metrics.reloaded(self._clock(), succeeded=True)
        self.metrics.workers(config.workers, 0)
        config.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        url = store_url(config)
        self._leadership = Leadership(url, config.state)
        if not self._leadership.acquire() and url == "sqlite":
            raise Held(f"store {config.state}: another driftd holds it; stop that one, or wait for it to end")
        self._server = Server(_web(config))
        self._server.start(self.site)
        self._workers.start()
        if self._leadership.holds():
            self._lead()
        else:
            log.info("another instance leads; this one stands by")
            self._be_ready()
        self._schedule()

    def reload(self, by: str) -> str:
        """Load the configuration anew beside the old one, and swap; why that failed, or nothing."""
        with self._reloading:
            systemd.reloading()
            before, trouble = self.state.loaded.digest, ""
            try:
                found = loaded(self._path, self._environment)
                needs_restart(self.state.loaded.config, found.config)
                if self._server is not None:
                    self._server.change(_web(found.config))
                self._take(found)
                log.info("the configuration was loaded", extra={"about": {"by": by, "monitors": len(found.monitors)}})
            except MonitorError as error:
                trouble = str(error)
                for line in trouble.splitlines():
                    text = "the configuration was not loaded; the old one stays"
                    log.error(text, extra={"about": {"err": line}, "answers": True})
            self.metrics.reloaded(self._clock(), succeeded=not trouble)
            self._guarded(lambda leading: leading.reloaded(before, trouble, by))
            systemd.tell(systemd.READY)
            return trouble

    def _take(self, found: Loaded) -> None:
        """Go on with another configuration. Raises StoreError, and changes nothing, where the store fails."""
        with self._ticking:
            if self.state.leading is not None:
                self.state.leading.load(found)
            self.state.loaded = found
            self.metrics.limit(_limits(found.config))
            logs.start(found.config.log.level, found.config.log.format, self.metrics.logged)

    def tick(self) -> None:
        """Plan, start what is due, show what is known; what breaks is told, and tried again at the next tick."""
        with self._ticking:
            now = self._clock()
            self.state.last_tick = now
            self.metrics.tick(now)
            systemd.tell(systemd.ALIVE)
            leading = self.state.leading
            if leading is None or self.state.is_stopping:
                return
            try:
                leading.tick(now)
                self.metrics.workers(self.state.loaded.config.workers, leading.dispatcher.busy)
            except StoreError as error:
                self.board.troubled("write", error)
            except Exception:  # a bug of ours must not end the ticks
                log.exception("internal error, please report it")

    def stop(self) -> None:
        """Let windows under way end within the grace time, hand back the others, and leave the store in order."""
        with self._ticking:
            self.state.is_stopping = True
        systemd.tell(systemd.STOPPING)
        log.info("stopping")
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        leading = self.state.leading
        if leading is not None:
            self._patient(leading)
        self._workers.stop()
        if leading is not None:
            leading.dispatcher.wait(CUT_SECONDS)
            try:
                leading.dispatcher.settle()
                leading.database.close()
            except StoreError as error:
                log.error("store: %s", error)
        if self._leadership is not None:
            self._leadership.release()
        if self._server is not None:
            self._server.stop()
        log.info("stopped")

    def _patient(self, leading: Leading) -> None:
        """Until windows under way have ended, the grace time is over, or a second signal comes."""
        until = monotonic() + self.state.loaded.config.grace.total_seconds()
        while not leading.end(GLANCE_SECONDS) and not self._hurry.is_set() and monotonic() < until:
            pass

    def _on_stop(self, *_: object) -> None:
        """The first signal lets windows end, the second does not."""
        if self.stopping.is_set():
            self._hurry.set()
        self.stopping.set()

    def _lead(self) -> None:
        """The store is ours: begin."""
        config = self.state.loaded.config
        database = Database.open(store_url(config), config.state)
        for warning in database.warnings:
            log.warning("store: %s", warning)
        leading = Leading(
            database=database,
            loaded=self.state.loaded,
            workers=self._workers,
            board=self.board,
            metrics=self.metrics,
            clock=self._clock,
        )
        try:
            leading.begin(self.stopping.is_set)
        except MonitorError:
            leading.end(0)
            database.close()
            raise
        self.state.leading = leading
        self.metrics.leads(is_leader=True)
        log.info("leading", extra={"about": {"store": database.place, "monitors": len(self.state.loaded.monitors)}})
        self._be_ready()

    def _be_ready(self) -> None:
        if not self.state.is_ready:
            self.state.is_ready = True
            log.info("ready", extra={"about": {"address": self.address, "version": __version__}})
            systemd.tell(systemd.READY)
        systemd.status("leading" if self.state.leading is not None else "standing by")

    def _schedule(self) -> None:
        """APScheduler is the ticker only: what is due stands in the ledger."""
        jobs = {
            self.tick: TICK_SECONDS,
            self._watch_lead: LEAD_SECONDS,
            self._renew: RENEW_SECONDS,
            self._keep: KEEP_SECONDS,
        }
        for job, seconds in jobs.items():
            self._scheduler.add_job(
                job, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None,
                next_run_time=datetime.now(UTC),  # noqa: TID251  APScheduler's own clock
            )  # fmt: skip
        self._scheduler.start()

    def _watch_lead(self) -> None:
        """Take the lead when it is free, and give it up when it was lost."""
        assert self._leadership is not None
        with self._ticking:
            if self.state.is_stopping:
                return
            leading = self.state.leading
            try:
                if leading is None and self._leadership.acquire():
                    self._lead()
                elif leading is not None and not self._leadership.holds():
                    self._follow(leading)
            except MonitorError as error:
                log.error("cannot lead", extra={"about": {"err": str(error)}})
                if self.state.leading is None:
                    self._leadership.release()  # another one may be able to

    def _follow(self, leading: Leading) -> None:
        """The lead was lost: what is under way is another's now, who must not find its reports written over."""
        log.error("the store's lock was lost; standing by")
        self.state.leading = None
        self.metrics.leads(is_leader=False)
        leading.end(0)
        self._workers.cut()
        leading.dispatcher.wait(CUT_SECONDS)
        leading.database.close()
        self.board.clear()

    def _renew(self) -> None:
        self._guarded(lambda leading: leading.renew(self._clock()))

    def _keep(self) -> None:
        self._guarded(lambda leading: leading.keep())

    def _guarded(self, job: Any) -> None:
        with self._ticking:
            leading = self.state.leading
            if leading is None or self.state.is_stopping:
                return
            try:
                job(leading)
            except StoreError as error:
                self.board.troubled("write", error)


def _limits(config: Config) -> Limits:
    metrics = config.metrics
    return Limits(
        feature_detail=metrics.feature_detail,
        max_series_per_monitor=metrics.max_series_per_monitor,
        max_series=metrics.max_series,
        stale_after=metrics.stale_after,
    )


def _web(config: Config) -> WebOptions:
    web = config.web
    tokens = tuple(Token(id=t.id, sha256=t.sha256, scopes=t.scopes) for t in web.tokens)  # type: ignore[arg-type]
    return WebOptions(listen=web.listen, config=web.config, prefix=web.prefix, lifecycle=web.lifecycle, tokens=tokens)
