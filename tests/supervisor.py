"""Two `driftd run` on one store, each started again when it has ended, and killed at random."""

import random
import signal
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import processes
from daemons import Process

LONGEST_LIFE, EARLY_SHARE, LONGEST_START = 1.0, 0.2, 2.5
MOST_SECONDS, GONE_SECONDS = 180.0, 10.0
PAUSE_SECONDS, PATIENT_SECONDS = 0.3, 0.5
IDLE_FAMILY = 3  # the daemon, the process that workers are forked from, and Python's tracker of resources
LEADS, STANDS_BY = "msg=leading", "another instance leads"


@dataclass
class Place:
    """Where a daemon runs, again and again."""

    process: Process | None = None
    starts: float = 0.0
    dies: float = float("inf")
    is_up: bool = False
    waits: bool = False


@dataclass
class Supervisor:
    """Keeps two daemons alive and kills them: a while after they have come to lead, some while they start."""

    config: Path
    seed: int
    kills: int = 0
    held: int = 0
    """How many found the store held, and left with exit code 75."""
    stood_by: int = 0
    """How many took the lead over after they had stood by."""
    orphans: set[int] = field(default_factory=set)
    codes: set[int] = field(default_factory=set)
    logs: list[Path] = field(default_factory=list)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)

    def run(self, seconds: float, leaders: int) -> None:
        """For so long, and until so many were killed that led; both are dead afterwards."""
        places = [Place(), Place()]
        began = time.monotonic()
        try:
            while (now := time.monotonic()) < began + seconds or self.leaders < leaders:
                assert now < began + MOST_SECONDS
                for place in places:
                    self._tend(place, now)
                time.sleep(0.02)
        finally:
            for place in places:
                if place.process is not None:
                    self._kill(place)

    @property
    def leaders(self) -> int:
        """How many have led."""
        return sum(LEADS in path.read_text() for path in self.logs)

    def start(self) -> Process:
        """One more, that lives."""
        process = Process(self.config, DRIFTD_MARK=self.mark)
        self.logs.append(process.log)
        return process

    def _tend(self, place: Place, now: float) -> None:
        if place.process is None:
            if now >= place.starts:
                place.process, place.is_up = self.start(), False
                is_early = self._draw.random() < EARLY_SHARE
                place.dies = now + self._draw.uniform(0, LONGEST_START) if is_early else float("inf")
            return
        code = place.process.popen.poll()
        if code is not None:
            self.codes.add(code)
            self.held += code == 75
            place.process, place.starts = None, now + PAUSE_SECONDS
        elif now >= place.dies and (self._works(place) or now >= place.dies + PATIENT_SECONDS):
            self._kill(place)
        elif not place.is_up and LEADS in place.process.said:
            place.is_up = True
            self.stood_by += STANDS_BY in place.process.said
            place.waits = self._draw.random() < 0.5
            place.dies = min(place.dies, now + self._draw.uniform(0, LONGEST_LIFE))

    def _works(self, place: Place) -> bool:
        """Whether a window is being judged just now: half of the kills wait a moment for one."""
        assert place.process is not None
        return not place.waits or len(processes.family(place.process.popen.pid)) > IDLE_FAMILY

    def _kill(self, place: Place) -> None:
        assert place.process is not None
        members = processes.family(place.process.popen.pid)
        self.kills += place.process.popen.poll() is None
        place.process.end(signal.SIGKILL)
        self.orphans |= processes.survivors(members, GONE_SECONDS)
        place.process = None
