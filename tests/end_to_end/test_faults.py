"""What the world does to a daemon: full and read-only disks, a damaged store, workers that hang or are killed."""

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import processes
import pytest
from daemons import HOUR, PATIENCE, Farm, Process, fetched
from disks import fill, read_only, small_disk
from gates import Gate

from monitor.daemon.clock import machine_clock
from monitor.store import queries
from monitor.store.database import Database

HOURS = 4


def monitor(name: str, *checks: str, more: str = "", captures: str = "m") -> str:
    schedule = "schedule: {every: 1h, delay: 0s}"
    listed = ", ".join(["{rule: volume}", *checks])
    about = f"captures: captures/{captures}, baseline: baselines/model, {schedule}, checks: [{listed}]"
    return f"  {name}: {{{about}{more}}}"


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    """Some hours of captures of monitor `m`, which have ended."""
    made = Farm(tmp_path)
    made.baseline()
    begin = machine_clock().replace(minute=0, second=0, microsecond=0) - HOURS * HOUR
    for hour in range(HOURS):
        made.captures("m", begin + hour * HOUR, count=40)
    made.write(monitors=monitor("m"))
    return made


def awaited(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something has come about."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def judged_once(farm: Farm, name: str = "m", hours: int = HOURS) -> None:
    """Every window of a monitor was judged once, without a failure, and nothing half is left."""
    database = Database.open("sqlite", farm.state, read_only=True)
    with database.read() as connection:
        windows = queries.windows(connection, name)[::-1][:hours]
        integrity = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    database.close()
    assert [(w.state, w.revision, w.failures) for w in windows] == [("done", 1, 0)] * hours
    assert integrity == "ok"
    assert not any(folder.name.startswith(".") for folder in (farm.state / "reports" / name).iterdir())


# The disk


def test_a_full_disk_is_told_and_what_waits_is_judged_when_there_is_room(farm: Farm) -> None:
    gate = Gate(farm.folder, "m")
    farm.write("rules: rules", monitors=monitor("m", gate.check))
    with small_disk(farm.state):
        ballast = fill(farm.state)
        with Process(farm.config) as refused:
            assert refused.popen.wait(PATIENCE) == 2
        assert "database or disk is full; nothing of this change was written: make room" in refused.said
        ballast.unlink()
        with Process(farm.config) as daemon:
            url = daemon.url()
            gate.reached()
            ballast = fill(farm.state)
            gate.open()
            daemon.awaited("database or disk is full")
            assert 'driftd_store_errors_total{operation="write"} 0.0' not in fetched(f"{url}metrics")[1]
            assert fetched(f"{url}-/healthy")[0] == 200
            ballast.unlink()
            awaited(lambda: daemon.said.count("window judged") == HOURS)
            assert daemon.end() == 0
        judged_once(farm)
        read_only(farm.state)
        with Process(farm.config) as refused:
            assert refused.popen.wait(PATIENCE) == 2
        assert "Read-only file system; `state` must be a folder that driftd may write to" in refused.said


# The store


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def overwritten(path: Path) -> None:
    """A few pages in its middle."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(os.urandom(3 * 4096))


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE another (one)")
    connection.close()


DAMAGES = {
    garbage: "damaged: ",
    truncated: "damaged: ",
    emptied: "damaged: the file is empty",
    overwritten: "damaged: ",
    foreign: "an SQLite file, but not one of driftd's; set `state` to another folder",
}


def test_a_damaged_store_is_refused_and_left_as_it_is(farm: Farm) -> None:
    with Process(farm.config) as daemon:
        awaited(lambda: daemon.said.count("window judged") == HOURS)
        assert daemon.end() == 0
    started = []
    for damage in DAMAGES:
        other = Farm(farm.folder / damage.__name__)
        shutil.copytree(farm.state, other.state)
        shutil.copytree(farm.folder / "baselines", other.folder / "baselines")
        other.write(monitors=monitor("m"))
        store = other.state / "driftd.db"
        damage(store)
        started.append((store, store.read_bytes(), DAMAGES[damage], Process(other.config)))
    for store, before, told, refused in started:
        with refused:
            assert refused.popen.wait(PATIENCE) == 2
            assert f"driftd: store {store}: {told}" in refused.said
            if told.startswith("damaged"):
                assert "driftd does not begin anew over it" in refused.said
                assert "copy a backup to its place" in refused.said
            assert store.read_bytes() == before


# Workers


def workers(pid: int) -> list[int]:
    """The workers of a daemon: what its fork server has forked."""
    members = processes.family(pid)
    servers = set(processes.named(members, "multiprocessing.forkserver"))
    return [each.pid for each in processes.seen() if each.parent in servers and each.state not in "ZX"]


def test_workers_that_hang_burst_or_are_killed_are_failed_runs_and_other_monitors_go_on(farm: Farm) -> None:
    hangs, killed = Gate(farm.folder, "hangs"), Gate(farm.folder, "killed")
    lines = [
        monitor("hangs", hangs.check, more=", limits: {time: 2s}"),
        monitor("bursts", more=", limits: {memory: 4KiB}"),
        monitor("killed", killed.check),
        monitor("good"),
    ]
    farm.write("rules: rules\nworkers: 4", monitors="\n".join(lines))
    with Process(farm.config) as daemon:
        url = daemon.url()
        killed.reached()
        hangs.reached()
        awaited(lambda: daemon.said.count('window judged" monitor=good') == HOURS)
        awaited(lambda: len(workers(daemon.popen.pid)) == 1)  # the one that hangs has been ended
        os.kill(workers(daemon.popen.pid)[0], signal.SIGKILL)
        print(daemon.awaited("monitor=killed"))
        print(daemon.awaited("monitor=bursts"))
        print(daemon.awaited("monitor=hangs"))
        assert "reason=died" in daemon.awaited("monitor=killed")
        shown = fetched(f"{url}metrics")[1]
        assert daemon.end() == 0
