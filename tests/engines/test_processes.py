"""Engine `processes`: workers that die, that need too much, and that must not outlive who asked for them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import daemons  # what a worker first looks at is not to be pytest
import processes
import pytest
import splits
from splits import Here

from monitor import evaluate
from monitor.baseline import Baseline
from monitor.child.limits import Limits
from monitor.engines.engine import EngineFailed, TooLittleMemory
from monitor.engines.processes import Processes
from monitor.engines.spread import spread
from monitor.intake import Intake
from monitor.rulepath import find

MEMORY = 1 << 30
LIMITS = Limits(seconds=60)
RULE = '''
import os
import signal
import time
from pathlib import Path

import pandas

from monitor import transform

PLACE = Path({place!r})


@transform
def odd(rows: pandas.DataFrame) -> pandas.DataFrame:
    """Does what it is told to."""
    {body}
    return rows
'''
KILLS_ONCE = """if not (PLACE / "killed").exists():
        (PLACE / "killed").touch()
        os.kill(os.getppid(), signal.SIGKILL)"""
KILLS = "os.kill(os.getppid(), signal.SIGKILL)"
WAITS = """(PLACE / "reached").touch()
    time.sleep(120)"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Baseline, Path]:
    return splits.small(tmp_path_factory.mktemp("small"))


@pytest.fixture(autouse=True)
def _nobody_is_left() -> Iterator[None]:
    before = processes.family(os.getpid())
    yield
    grown = {pid: began for pid, began in processes.family(os.getpid()).items() if pid not in before}
    servers = {pid for pid in grown if b"forkserver" in _words(pid) or b"resource_tracker" in _words(pid)}
    assert processes.survivors({pid: began for pid, began in grown.items() if pid not in servers}) == set()


def _words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def order(folder: Path, body: str) -> evaluate.Order:
    """Rules with a transform that does odd things to the process that reads."""
    (folder / "rules").mkdir()
    (folder / "rules" / "odd.py").write_text(RULE.format(place=str(folder), body=body))
    return replace(splits.order(), rules=find([folder / "rules"], LIMITS), limits=LIMITS)


def test_states_are_the_very_bytes_that_this_process_makes(small: tuple[Baseline, Path]) -> None:
    base, captures = small
    here, there = Here(), Here()
    spread(here, Intake(splits.reading(base, captures)), base.profile, (), LIMITS, 1 << 20)

    class Noting(Processes):
        def run(self, work: bytes, count: int, take: object) -> None:
            super().run(work, count, lambda index, state: there.came.append((index, state)) or take(index, state))  # type: ignore[operator, func-returns-value]

    for engine in (Noting(MEMORY, 2), Noting(workers=1)):  # the second needs no other process
        there.came.clear()
        spread(engine, Intake(splits.reading(base, captures)), base.profile, (), LIMITS, 1 << 20)
        assert len(here.came) > 20
        assert dict(there.came) == dict(here.came)


def test_the_split_of_a_worker_that_is_killed_goes_to_another_and_is_counted_once(
    small: tuple[Baseline, Path], tmp_path: Path
) -> None:
    base, captures = small
    outcome = evaluate.evaluate(splits.reading(base, captures), base, order(tmp_path, KILLS_ONCE), Processes(MEMORY, 2))
    assert (tmp_path / "killed").exists()
    plain = evaluate.evaluate(splits.reading(base, captures), base, splits.order())
    assert outcome.report.inputs == plain.report.inputs
    splits.assert_alike(outcome.profile, plain.profile)


def test_a_split_that_every_worker_dies_of_ends_it_with_the_reason(
    small: tuple[Baseline, Path], tmp_path: Path
) -> None:
    base, captures = small
    told = (
        r"engine processes: split \d of 2 was lost 3 times, and its last process was killed by SIGKILL; "
        "engine local would read it in this one"
    )
    with pytest.raises(EngineFailed, match=told):
        evaluate.evaluate(splits.reading(base, captures), base, order(tmp_path, KILLS), Processes(MEMORY, 2))


def test_a_worker_that_needs_too_much_memory_says_so(tmp_path: Path) -> None:
    base, captures = splits.small(tmp_path)
    (captures / "000.jsonl").write_text(f'{{"a": 1.5, "b": "{"x" * 999}"}}\n' * 20_000)
    with pytest.raises(TooLittleMemory, match="needed more memory than it may use"):
        evaluate.evaluate(splits.reading(base, captures), base, splits.order(), Processes(8 << 20, 1))


def test_nothing_is_left_running_where_a_state_cannot_be_taken(small: tuple[Baseline, Path]) -> None:
    base, captures = small

    class Refusing(Processes):
        def run(self, work: bytes, count: int, take: object) -> None:
            def refuse(index: int, state: bytes) -> None:
                raise ValueError(index)

            super().run(work, count, refuse)

    with pytest.raises(ValueError, match=r"\d"):
        evaluate.evaluate(splits.reading(base, captures), base, splits.order(), Refusing(MEMORY, 2))


def test_workers_end_with_the_command_that_asked_for_them_even_when_it_is_killed(
    small: tuple[Baseline, Path], tmp_path: Path
) -> None:
    base, captures = small
    order(tmp_path, WAITS)
    assert base.home is not None
    command = [sys.executable, "-m", "monitor", "check", captures, "--baseline", base.home]
    more = ["--rules", tmp_path / "rules", "--engine", "processes"]
    environment = {**os.environ, "PYTHONPATH": str(daemons.ROOT)}  # noqa: TID251  a test may
    process = subprocess.Popen([*command, *more], env=environment, cwd=tmp_path)
    try:
        until = time.monotonic() + 60
        while not (tmp_path / "reached").exists():
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.02)
        members = processes.family(process.pid)
        assert len(members) > 3
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert processes.survivors(members, 4) == set()  # long before the transform is given up


def test_there_are_as_many_workers_as_cores_that_this_process_may_use() -> None:
    assert Processes(MEMORY).workers == len(os.sched_getaffinity(0))
