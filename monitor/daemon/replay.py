"""The demonstration: shipped captures replayed as if live, days in seconds, to the real daemon."""

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
from monitor.reading import Reading
from monitor.showcase import CONFIG, TRAINING, VARIANTS, captures
from monitor.store.leadership import Leadership

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOURS = 48
"""How much of the past is replayed."""
FAULTY_HOURS = 6
"""In how many of the last of them the faults are there."""
FAULTY = "churn-green"
PATIENCE_SECONDS = 120.0


class Replay:
    """Two days of traffic of two variants, an hour after the other; then on with the real clock."""

    def __init__(self, folder: Path, environment: Mapping[str, str], listen: str, *, hours: int = HOURS) -> None:
        """Set everything up in a folder; an earlier replay in it makes way. Raises InputError for any other folder."""
        self.folder = folder
        _clear(folder)
        now = machine_clock().replace(minute=0, second=0, microsecond=0)
        self.start, self.end = now - hours * HOUR, now
        self._clock = HandClock(self.start + MINUTE)  # the hour before is due by now, so that ours is the first
        add(folder / "baselines" / "churn", make(Intake(Reading([TRAINING], Expected())), name="churn"))
        for variant in VARIANTS.values():
            (folder / "captures" / variant).mkdir(parents=True, exist_ok=True)
        config = folder / "driftd.yaml"
        config.write_text(CONFIG.replace("LISTEN", listen))
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
        """Write each hour's captures and let the clock pass, as soon as the windows before are judged."""
        at = self.start
        while at < self.end and not is_over():
            for name, variant in VARIANTS.items():
                faulty = name == FAULTY and at >= self.end - FAULTY_HOURS * HOUR
                captures(self.folder / "captures" / variant, at, faulty=faulty, seed=(at - self.start) // HOUR)
            at += HOUR
            self._clock.move(at + timedelta(minutes=1))
            self.service.tick()
            self._wait(at, is_over)
        self._live.set()

    def go_on(self, wait: Callable[[float], bool]) -> None:
        """Live from now on: a minute's captures every minute, until `wait` says that it is over."""
        at = self.end
        while True:
            while is_past(at + MINUTE):
                for name, variant in VARIANTS.items():
                    captures(self.folder / "captures" / variant, at, faulty=name == FAULTY, length=MINUTE)
                at += MINUTE
            if wait(1.0):
                return

    def _wait(self, at: datetime, is_over: Callable[[], bool]) -> None:
        """Until every monitor's windows up to this moment are closed."""
        leading = self.service.state.leading
        if leading is None:
            return
        pause = threading.Event()
        for _ in range(int(PATIENCE_SECONDS / 0.02)):
            if is_over() or all((leading.ledger.watermark(name) or self.start) >= at for name in VARIANTS):
                return
            pause.wait(0.02)


def _clear(folder: Path) -> None:
    """Remove what an earlier replay has left; a folder with anything else in it is somebody's."""
    config = folder / "driftd.yaml"
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not config.is_file() or not config.read_text(errors="replace").startswith(CONFIG.partition("\n")[0]):
        raise InputError(f"{folder}: holds something else than a demonstration; give an empty folder with --out")
    lock = Leadership("sqlite", folder / "state")
    if not lock.acquire():
        raise Held(f"{folder}: another demonstration runs in it; stop that one, or give another folder with --out")
    for name in ("state", "captures", "baselines"):
        shutil.rmtree(folder / name, ignore_errors=True)
    lock.release()


def is_past(at: datetime) -> bool:
    """Whether this moment has come."""
    return machine_clock() >= at
