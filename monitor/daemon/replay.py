"""The demonstration: weeks of traffic replayed as if live, a day in seconds, to the real daemon."""

import hashlib
import secrets
import shutil
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from monitor.baselines import add
from monitor.batch import Expected
from monitor.daemon.clock import HandClock, machine_clock
from monitor.daemon.service import Service
from monitor.errors import Held, InputError
from monitor.intake import Intake
from monitor.making import make
from monitor.problem import Problem
from monitor.reading import Reading
from monitor.roles import Roles
from monitor.showcase import churn, delivery, story
from monitor.showcase.story import BLUE, CANARY, CLOSED, DAY, DAYS, DELIVERY, FAULTY, FEW, GREEN, ROWS, STEP
from monitor.store.leadership import Leadership

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
VARIANTS = {GREEN: "green", BLUE: "blue"}
PATIENCE_SECONDS = 120.0
GLANCE_SECONDS = 0.2


class Replay:
    """Weeks of traffic, six hours after the other; then on with the real clock. `token` is what buttons ask for."""

    def __init__(self, folder: Path, environment: Mapping[str, str], listen: str, *, days: int = DAYS) -> None:
        """Set everything up in a folder; an earlier replay in it makes way. Raises InputError for any other folder."""
        self.folder, self.token = folder, secrets.token_urlsafe(9)
        _clear(folder)
        now = machine_clock().replace(minute=0, second=0, microsecond=0)
        self.start, self.end = now - days * DAY, now
        self._clock = HandClock(self.start + MINUTE)  # what ends now is due by then, so that ours is the first
        self._labelled = self.start
        _learn(folder)
        for name in ("captures/green", "captures/blue", "captures/canary", "captures/delivery", "labels/delivery"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        config = folder / "driftd.yaml"
        digest = hashlib.sha256(self.token.encode()).hexdigest()
        config.write_text(story.config(listen, digest, self.start, self.end))
        self._live = threading.Event()
        self.service = Service(config, environment, self.clock)

    def clock(self) -> datetime:
        """The replayed time, until it has come to the present."""
        return machine_clock() if self._live.is_set() else self._clock()

    def run(self, *, once: bool, told: Callable[[], None]) -> int:
        """The daemon with the replay beside it, until a signal; `once`: until the past is judged."""
        stop = self.service.stopping
        problem: list[Exception] = []

        def beside() -> None:
            try:
                self.play(stop.is_set)
                if not stop.is_set():
                    told()
                if not once:
                    self.go_on(stop.wait)
            except Exception as error:  # noqa: BLE001  raised again where it is seen
                problem.append(error)
            finally:
                if once or problem:
                    stop.set()

        player = threading.Thread(target=beside, name="replay", daemon=True)
        code = self.service.run(began=player.start)
        player.join(PATIENCE_SECONDS)
        if problem:
            raise problem[0]
        return code

    def play(self, is_over: Callable[[], bool]) -> None:
        """Write what is asked in six hours and let the clock pass, as soon as the windows before are judged."""
        at, number = self.start, 0
        while at < self.end and not is_over():
            self._ask(at, number)
            at, number = at + STEP, number + 1
            if number % (DAY // STEP) == (DAY // STEP) - 1:
                self._label(at)
            self._clock.move(at + MINUTE)
            self._judge(is_over)
            self._say(at)
        self._live.set()
        self.service.tick()  # the time has jumped: nobody has slept meanwhile

    def go_on(self, wait: Callable[[float], bool]) -> None:
        """Live from now on: what is asked in a minute every minute, labels every hour, until `wait` says that it is
        over."""
        at, folder = self.end, self.folder / "captures"
        self._label(at)
        while True:
            while is_past(at + MINUTE):
                for name, variant in VARIANTS.items():
                    churn.captures(folder / variant, at, faulty=name == GREEN, length=MINUTE, count=1)
                if at.minute % (60 // FEW) == 0:
                    churn.captures(folder / "canary", at, length=MINUTE, count=1)
                delivery.captures(folder / "delivery", at, at + MINUTE, self.start)
                at += MINUTE
                if at.minute == 0:
                    self._label(at)
            if wait(1.0):
                return

    def _ask(self, at: datetime, number: int) -> None:
        """All captures of six hours."""
        folder = self.folder / "captures"
        for name, variant in VARIANTS.items():
            faulty = name == GREEN and at >= self.end - FAULTY
            churn.captures(folder / variant, at, faulty=faulty, length=STEP, count=ROWS, seed=number)
        for hour in range(STEP // HOUR):
            if (start := at + hour * HOUR) >= self.end - CANARY:
                churn.captures(folder / "canary", start, count=FEW, seed=number * (STEP // HOUR) + hour)
        delivery.captures(folder / "delivery", at, at + STEP, self.start)

    def _label(self, to: datetime) -> None:
        """The labels of deliveries that have become known since the last time."""
        folder = self.folder / "labels" / "delivery"
        delivery.labels(folder, self._labelled, to, self.start, self.end - CLOSED)
        self._labelled = to

    def _judge(self, is_over: Callable[[], bool]) -> None:
        """Until everything that is due is judged, labels included."""
        leading = self.service.state.leading
        if leading is None:
            return
        for _ in range(int(PATIENCE_SECONDS / GLANCE_SECONDS)):
            self.service.tick()
            while not leading.dispatcher.wait(GLANCE_SECONDS) and not is_over():
                pass
            if is_over() or not any(leading.ledger.pending().values()):
                return

    def _say(self, at: datetime) -> None:
        """What people and pipelines say at this time."""
        if self.service.state.leading is None:
            return
        people = self.service.site.people
        for kind, monitor, before, why, who in story.OCCASIONS:
            if at == self.end - before:
                people.tell(kind, monitor=monitor, start=None, end=None, why=why, key=None, by=who)
        for row in people.incidents(DELIVERY, True, 1, "").items:
            mute = people.known(row.id).mute
            if mute is None:
                people.mute(row.id, at + story.MUTED, story.MUTED_FOR, "ben")
            elif row.verdict is None and at >= mute.at + story.MUTED:
                people.acknowledge(row.id, "true", story.FOUND, "ben")


def _learn(folder: Path) -> None:
    """The baselines of both models, from their training data."""
    tables = folder / "training"
    roles = Roles(prediction=("score",), exclude=story.LEFT_OUT)
    read = Intake(Reading([churn.training(tables / "churn.csv")], Expected()), roles)
    add(folder / "baselines" / "churn", make(read, name="churn"))
    problem = Problem(kind="regression", prediction="minutes", truth="took")
    roles = Roles(prediction=("minutes",), truth="took")
    read = Intake(Reading([delivery.training(tables / "delivery.csv")], Expected()), roles)
    add(folder / "baselines" / "delivery", make(read, name="delivery", problem=problem))


def _clear(folder: Path) -> None:
    """Remove what an earlier replay has left; a folder with anything else in it is somebody's."""
    config = folder / "driftd.yaml"
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not config.is_file() or not config.read_text(errors="replace").startswith(story.MARK):
        raise InputError(f"{folder}: holds something else than a demonstration; give an empty folder with --out")
    lock = Leadership("sqlite", folder / "state")
    if not lock.acquire():
        raise Held(f"{folder}: another demonstration runs in it; stop that one, or give another folder with --out")
    for name in ("state", "captures", "labels", "training", "baselines"):
        shutil.rmtree(folder / name, ignore_errors=True)
    lock.release()


def is_past(at: datetime) -> bool:
    """Whether this moment has come."""
    return machine_clock() >= at
