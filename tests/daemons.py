"""Daemons for tests: a folder with a small model's captures and baseline, and `driftd run` on it, in this process or
as one of its own."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import shop

from monitor.baselines import add
from monitor.batch import Expected
from monitor.daemon.clock import HandClock
from monitor.daemon.service import Service
from monitor.intake import Intake
from monitor.making import make
from monitor.reading import Reading

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENCE = 60.0
COLUMNS = ("score", "age", "income", "city")
ROOT = Path(__file__).parent.parent


def rows(count: int, seed: int, *, moved: bool = False, fell: bool = False) -> list[str]:
    """Rows of the model: an answer, two numbers and a text; `moved`: `income` is half as much again, `fell`: answers
    are a fifth less."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        income = draw.gauss(50, 10) * (1.5 if moved else 1)
        fields = [
            f"{draw.random() * (0.8 if fell else 1):.3f}",
            f"{draw.gauss(40, 12):.1f}",
            f"{income:.2f}",
            draw.choice("abcd"),
        ]
        found.append(",".join(fields))
    return found


@dataclass(frozen=True)
class Farm:
    """A folder that holds everything a daemon needs."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "driftd.yaml"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def baseline(self, name: str = "model") -> Path:
        """A baseline of 4,000 rows."""
        table = self.folder / "training.csv"
        table.write_text(",".join(COLUMNS) + "\n" + "".join(f"{row}\n" for row in rows(4000, 1)))
        place = self.folder / "baselines" / name
        add(place, make(Intake(Reading([table], Expected())), name=name))
        return place

    def captures(
        self,
        name: str,
        start: datetime = START,
        *,
        count: int = 300,
        moved: bool = False,
        fell: bool = False,
        file: str = "a.jsonl",
    ) -> Path:
        """An hour of captures in the folder of that hour; the same ones whenever the test runs."""
        lines = []
        place = self.folder / "captures" / name
        seed = zlib.crc32(name.encode()) % 10_000 + len([*place.rglob("*.jsonl")])
        for number, row in enumerate(rows(count, seed, moved=moved, fell=fell)):
            answer, request = row.split(",", 1)
            at = start + number * HOUR / count
            lines.append(shop.capture(request, answer, number, at=at))
        return shop.write(self.folder / "captures" / name / f"{start:%Y/%m/%d/%H}" / file, lines)

    def large(self, name: str, start: datetime = START) -> Path:
        """A record of 48 MB in the folder of that hour: what reads it needs more memory than a small limit leaves."""
        line = shop.capture("x" * (48 << 20), "0.5", 0, at=start)
        return shop.write(self.folder / "captures" / name / f"{start:%Y/%m/%d/%H}" / "large.jsonl", [line])

    def write(self, text: str = "", *, monitors: str = "", listen: str = "127.0.0.1:0", web: str = "") -> Path:
        """The configuration: what is given, `web` besides its address, and monitor `m` where no other is."""
        monitors = (
            monitors or "  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s}}"
        )
        self.config.write_text(f'web: {{listen: "{listen}"{web}}}\n{text}\nmonitors:\n{monitors}\n')
        return self.config


def bare_main() -> None:
    """A worker first looks at the file of the command that its daemon was started with: pytest's is slow."""
    main = sys.modules["__main__"]
    main.__spec__ = None
    main.__dict__.pop("__file__", None)


bare_main()


@contextlib.contextmanager
def serving(farm: Farm, now: datetime) -> Iterator[tuple[Service, HandClock]]:
    """The daemon in this process, with a clock that is moved by hand."""
    clock = HandClock(now)
    service = Service(farm.config, {}, clock)
    service.start()
    try:
        yield service, clock
    finally:
        service.stop()


def settled(service: Service, clock: HandClock, now: datetime) -> None:
    """Move the clock, and let everything that is due then be judged."""
    clock.move(now)
    leading = service.state.leading
    assert leading is not None
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        service.tick()
        leading.dispatcher.wait(PATIENCE)
        if not any(leading.ledger.pending().values()):
            return
    raise AssertionError(f"still pending: {leading.ledger.pending()}")


def fetched(url: str, *, method: str = "GET", body: Any = None, token: str = "") -> tuple[int, str]:
    """Code and text of an answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if data is not None else {}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def awaited(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something has come about."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it has not come about"
        time.sleep(0.05)


class Process:
    """`driftd run` as a process of its own."""

    def __init__(self, config: Path, **environment: str) -> None:
        self.log = config.with_suffix(f".{time.monotonic_ns()}.log")
        with self.log.open("w") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "monitor", "run", "--config", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, **environment},  # noqa: TID251  it runs as the test does
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def url(self) -> str:
        """Where it answers, once it says that it is ready."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for line in self.said.splitlines():
                if "msg=ready" in line:
                    return line.split("address=")[1].split()[0].strip('"')
            assert self.popen.poll() is None, self.said
            time.sleep(0.05)
        raise AssertionError(f"not ready: {self.said}")

    def awaited(self, text: str, seconds: float = PATIENCE) -> str:
        """The first line of the log that holds a text."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in self.said.splitlines():
                if text in line:
                    return line
            time.sleep(0.05)
        raise AssertionError(f"no {text!r} in {self.said}")

    def awaited_all(self, *texts: str, seconds: float = PATIENCE) -> str:
        """The first line of the log that holds all of these texts."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in self.said.splitlines():
                if all(text in line for text in texts):
                    return line
            time.sleep(0.05)
        raise AssertionError(f"no {texts} in {self.said}")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return self.popen.wait(PATIENCE)

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        if self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait(PATIENCE)
