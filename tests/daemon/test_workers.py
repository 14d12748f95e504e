"""Workers: a process for each task, and none that outlives what it was made for."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from daemon.parts import WINDOW, task
from daemons import ROOT, START, Farm

from monitor.child.limits import Limits
from monitor.daemon.task import Task
from monitor.daemon.workers import Cut, Workers
from monitor.document import to_document

LIMITS = Limits(memory_bytes=1 << 30, seconds=60)
PATIENCE = 30.0
SLOW = '''
import os
import pathlib
import subprocess
import time

from monitor import *

@rule
def slow(now: Profile, base: Profile) -> Finding:
    """Never ends."""
    pathlib.Path({pids!r}, str(os.getpid())).touch()
    pathlib.Path({pids!r}, str(os.getppid())).touch()
    time.sleep(600)
'''
LEAVES = """\
    gone = subprocess.Popen(["sleep", "600"], start_new_session=True)
    pathlib.Path({pids!r}, str(gone.pid)).touch()
"""
MONITOR = "  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s}%s}"


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Farm:
    made = Farm(tmp_path_factory.mktemp("farm"))
    made.baseline()
    made.captures("m")
    made.write()
    return made


@pytest.fixture
def slow(farm: Farm, tmp_path: Path) -> tuple[Task, Path]:
    """A task that does not end by itself, and where its processes write their numbers."""
    shutil.copytree(farm.folder, tmp_path, dirs_exist_ok=True)
    pids = tmp_path / "pids"
    pids.mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "slow.py").write_text(SLOW.format(pids=str(pids)))
    made = Farm(tmp_path)
    made.write("rules: [rules]", monitors=MONITOR % ", checks: [driftd, {rule: slow}]")
    return task(made), pids


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers()
    made.start()
    yield made
    made.stop()


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def numbers(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.iterdir()]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and was not asked for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def test_a_task_is_answered_from_a_process_of_its_own(farm: Farm, workers: Workers) -> None:
    worked = workers.run(task(farm), LIMITS)
    assert (worked.answer.failure, worked.answer.status) == ("", "ok")
    assert worked.report.startswith(b"{")
    assert worked.profile.startswith(b"{")
    assert workers.busy == 0
    look = workers.run(replace(task(farm), window=None), LIMITS)
    assert (look.answer.first, look.report) == (START, b"")


WAITS = '''
import os
import pathlib
import time

import pandas

from monitor import transform

@transform
def slow(rows: pandas.DataFrame) -> pandas.DataFrame:
    """Never ends."""
    pathlib.Path({pids!r}, str(os.getpid())).touch()
    pathlib.Path({pids!r}, str(os.getppid())).touch()
    time.sleep(600)
    return rows
'''


def test_a_worker_that_is_cut_leaves_none_of_its_own_workers_behind(
    farm: Farm, workers: Workers, tmp_path: Path
) -> None:
    shutil.copytree(farm.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pids").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "slow.py").write_text(WAITS.format(pids=str(tmp_path / "pids")))
    hour = tmp_path / "captures" / "m" / f"{START:%Y/%m/%d/%H}"
    (line, *_) = next(hour.glob("*.jsonl")).read_text().splitlines()
    for number in range(300):  # more than one of them opens
        (hour / f"{number}.jsonl").write_text(f"{line}\n")
    made = Farm(tmp_path)
    made.write("rules: [rules]\nengine: processes", monitors=MONITOR % "")
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(workers.run, task(made), LIMITS)
        until(lambda: len(numbers(tmp_path / "pids")) >= 2)
        pids = numbers(tmp_path / "pids")
        assert all(is_alive(pid) for pid in pids)
        workers.cut()
        with pytest.raises(Cut):
            run.result()
    until(lambda: not any(is_alive(pid) for pid in pids))


def test_several_are_at_work_at_once(farm: Farm, workers: Workers) -> None:
    hours = [replace(task(farm), window=WINDOW, run_id=f"m-{number}", revision=number) for number in range(1, 5)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: workers.run(one, LIMITS), hours))
    assert [one.answer.failure for one in found] == [""] * 4
    assert len({one.answer.folder for one in found}) == 4


def test_one_that_takes_too_long_is_ended_with_the_users_code_that_it_runs(
    slow: tuple[Task, Path], workers: Workers
) -> None:
    asked, pids = slow
    rule = pids.parent / "rules" / "slow.py"
    rule.write_text(rule.read_text().replace("    time.sleep", f"{LEAVES.format(pids=str(pids))}    time.sleep"))
    began = time.monotonic()
    answer = workers.run(asked, replace(LIMITS, seconds=3)).answer
    assert (answer.failure, answer.why) == ("timeout", "took longer than 3 s (`limits.time`)")
    assert time.monotonic() - began < 8
    assert len(numbers(pids)) == 3
    until(lambda: not any(map(is_alive, numbers(pids))), 2)
    assert workers.busy == 0


def test_stopping_cuts_off_what_runs_and_nothing_begins_any_more(slow: tuple[Task, Path], workers: Workers) -> None:
    asked, pids = slow
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(workers.run, replace(asked, run_id=f"m-{number}"), LIMITS) for number in range(2)]
        until(lambda: len(numbers(pids)) == 4)
        assert workers.busy == 2
        workers.stop()
        for one in running:
            with pytest.raises(Cut):
                one.result(PATIENCE)
    until(lambda: not any(map(is_alive, numbers(pids))), 2)
    with pytest.raises(Cut):
        workers.run(asked, LIMITS)
    assert workers.busy == 0


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (signal.SIGKILL, "killed by SIGKILL: is the machine out of memory? It may use 1 GiB (`limits.memory`)"),
        (signal.SIGSEGV, "killed by SIGSEGV"),
    ],
)
def test_one_that_is_killed_from_outside_has_died(
    slow: tuple[Task, Path], workers: Workers, number: int, told: str
) -> None:
    asked, pids = slow
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(workers.run, asked, LIMITS)
        until(lambda: len(numbers(pids)) == 2)
        (worker,) = workers._running
        os.kill(worker, number)
        answer = running.result(PATIENCE).answer
    assert (answer.failure, answer.why) == ("died", told)
    until(lambda: not any(map(is_alive, numbers(pids))), 2)


def test_one_that_needs_more_memory_than_it_may_have_is_told_as_that(farm: Farm, workers: Workers) -> None:
    many = farm.folder / "captures" / "many"
    farm.large("many")
    asked = task(farm)
    asked = replace(asked, monitor={**asked.monitor, "captures": {"path": str(many)}})
    answer = workers.run(asked, replace(LIMITS, memory_bytes=3 << 20)).answer
    assert (answer.failure, answer.why) == ("memory", "needed more memory than it may use (`limits.memory`)")
    assert not (farm.state / "reports" / "m" / ".unfinished-m-1").exists()


DAEMON = """
import json
import sys

from monitor.child.limits import Limits
from monitor.daemon.task import Task
from monitor.daemon.workers import Workers
from monitor.document import from_document

if __name__ == "__main__":
    task = from_document(Task, json.load(open(sys.argv[1])))
    workers = Workers()
    workers.start()
    workers.run(task, Limits(memory_bytes=1 << 30, seconds=600))
"""


def below(pid: int) -> set[int]:
    """A process, and all that it has started."""
    found = {pid}
    for entry in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in entry.read_text().split():
            found |= below(int(child))
    return found


def test_nothing_outlives_a_daemon_that_is_killed(slow: tuple[Task, Path], tmp_path: Path) -> None:
    asked, pids = slow
    (tmp_path / "task.json").write_text(json.dumps(to_document(asked)))
    (tmp_path / "daemon.py").write_text(DAEMON)
    command = [sys.executable, tmp_path / "daemon.py", tmp_path / "task.json"]
    daemon = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})  # noqa: TID251
    try:
        until(lambda: len(numbers(pids)) == 2)
        every = below(daemon.pid)
        assert len(every) >= 4, "the daemon, the fork server, the worker, the user's code"
        assert {*numbers(pids)} <= every
    finally:
        daemon.kill()
        daemon.wait()
    until(lambda: not any(map(is_alive, every)), 2)
