"""What the world does to a daemon: full disks, a damaged store, workers that hang, burst or are killed."""

import os
import shutil
import signal
import sqlite3
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import processes
import pytest
from daemons import HOUR, PATIENCE, Farm, Process, awaited, fetched, serving, settled
from disks import fill, read_only, small_disk
from gates import Gate

from monitor.daemon.clock import machine_clock
from monitor.store import queries
from monitor.store.database import Database

HOURS = 4


def monitor(name: str, *checks: str, more: str = "", every: str = "1h") -> str:
    schedule = f"schedule: {{every: {every}, delay: 0s}}"
    listed = ", ".join(["{rule: volume}", *checks])
    about = f"captures: captures/m, baseline: baselines/model, {schedule}, checks: [{listed}]"
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


def judged_once(farm: Farm, name: str = "m", windows: int = HOURS) -> None:
    """Every window of a monitor was judged once, without a failure, and nothing half is left."""
    database = Database.open("sqlite", farm.state, read_only=True)
    with database.read() as connection:
        found = queries.windows(connection, name)[::-1][:windows]
        integrity = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    database.close()
    assert [(w.state, w.revision, w.failures) for w in found] == [("done", 1, 0)] * windows
    assert integrity == "ok"
    assert not any(folder.name.startswith(".") for folder in (farm.state / "reports" / name).iterdir())


# The disk


def test_a_full_disk_is_told_and_what_waits_is_judged_when_there_is_room(farm: Farm) -> None:
    gate = Gate(farm.folder, "m")
    farm.write("rules: rules", monitors=monitor("m", gate.check))
    with small_disk(farm.state):
        ballast = fill(farm.state)
        with Process(farm.config) as refused:
            assert refused.popen.wait(PATIENCE) == 75
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


def fork_server(pid: int) -> int:
    """What a daemon's workers are forked from."""
    named = processes.named(processes.family(pid), "multiprocessing.forkserver")
    return next(each.pid for each in processes.seen() if each.pid in named and each.parent == pid)


def workers(pid: int) -> list[int]:
    """The workers of a daemon."""
    server = fork_server(pid)
    return [each.pid for each in processes.seen() if each.parent == server and each.state not in "ZX"]


def test_workers_that_hang_burst_or_are_killed_are_failed_runs_and_other_monitors_go_on(farm: Farm) -> None:
    hangs, killed, later = (Gate(farm.folder, name) for name in ("hangs", "killed", "later"))
    farm.large("large", machine_clock().replace(minute=0, second=0, microsecond=0) - HOUR)
    lines = [
        monitor("hangs", hangs.check, more=", limits: {time: 2s}"),
        monitor("bursts", more=", limits: {memory: 1MiB}").replace("captures/m", "captures/large"),
        monitor("killed", killed.check),
        monitor("good"),
    ]
    text = farm.write("rules: rules\nworkers: 4", monitors="\n".join(lines)).read_text()
    with Process(farm.config) as daemon:
        url = daemon.url()
        pid = daemon.popen.pid
        killed.reached()
        hangs.reached()
        for name in ("good", "hangs"):
            awaited(lambda name=name: daemon.said.count(f'window judged" monitor={name}') == HOURS)
        assert "status=failed" in daemon.awaited('window judged" monitor=hangs'), "a rule that hangs is one finding"
        assert "needed more memory than it may use (`limits.memory`)" in daemon.awaited("monitor=bursts")
        (worker,) = workers(pid)
        os.kill(worker, signal.SIGKILL)
        assert "killed by SIGKILL" in daemon.awaited('window not judged" monitor=killed')
        os.kill(fork_server(pid), signal.SIGKILL)  # there will be another
        farm.config.write_text(text + monitor("later", later.check) + "\n")
        daemon.popen.send_signal(signal.SIGHUP)
        later.reached()
        shown = fetched(f"{url}metrics")[1]
        failures = 'driftd_rule_evaluation_failures_total{monitor="hangs",reason="timeout",rule="gate"}'
        assert f"{failures} {HOURS}.0" in shown
        for name, reason in {"bursts": "memory", "killed": "died"}.items():
            assert f'driftd_run_failures_total{{monitor="{name}",reason="{reason}"}} 0.0' not in shown
        assert 'driftd_monitor_windows_pending{monitor="good"} 0.0' in shown
        members = processes.family(pid)
        assert daemon.end(signal.SIGKILL) == -signal.SIGKILL
        assert processes.survivors(members) == set(), "nor does what the second fork server has forked"
    judged_once(farm, "good")


# Report folders


def unfinished(farm: Farm) -> list[Path]:
    return list((farm.state / "reports" / "m").glob(".unfinished-*"))


def stopped_while_writing(farm: Farm, server: int) -> int:
    """The worker that was about to write a report folder, stopped in the middle of it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not unfinished(farm):
            continue
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for worker in map(int, children):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGSTOP)
        if unfinished(farm) and len(children) == 1:
            return int(children[0])
        for worker in map(int, children):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGCONT)
    raise AssertionError("never seen in the middle of it")


def test_a_daemon_killed_while_a_report_is_written_leaves_nothing_half(farm: Farm) -> None:
    farm.write(monitors=monitor("m", every="10m"))  # many, to meet one in the middle
    farm.write(monitors=monitor("m", every="10m"))
    with Process(farm.config) as daemon:
        daemon.url()
        stopped_while_writing(farm, fork_server(daemon.popen.pid))
        members = processes.family(daemon.popen.pid)
        assert daemon.end(signal.SIGKILL) == -signal.SIGKILL
        assert processes.survivors(members) == set()
    assert len(unfinished(farm)) == 1
    with Process(farm.config) as daemon:
        daemon.awaited("unfinished report folders were removed")
        daemon.awaited("windows of another daemon are pending again")
        awaited(lambda: 'windows_pending{monitor="m"} 0.0' in fetched(f"{daemon.url()}metrics")[1])
        assert daemon.end() == 0
    judged_once(farm, windows=6 * HOURS)


def test_a_worker_killed_while_a_report_is_written_leaves_nothing_half(farm: Farm) -> None:
    farm.write(monitors=monitor("m", every="10m"))  # many, to meet one in the middle
    farm.write(monitors=monitor("m", every="10m"))
    now = machine_clock()
    with serving(farm, now) as (service, clock):
        server = fork_server(os.getpid())
        service.tick()
        worker = stopped_while_writing(farm, server)
        os.kill(worker, signal.SIGKILL)
        assert service.state.leading is not None
        service.state.leading.dispatcher.wait(PATIENCE)
        assert unfinished(farm) == []
        settled(service, clock, now + timedelta(minutes=2))
    judged_once(farm, windows=6 * HOURS)


def test_a_window_does_not_die_of_a_full_disk(farm: Farm) -> None:
    now = machine_clock()
    with small_disk(farm.state / "reports", 2), serving(farm, now) as (service, clock):
        ballast = fill(farm.state / "reports")
        leading = service.state.leading
        assert leading is not None
        for minutes in range(0, 60, 10):  # more often than a window may fail
            clock.move(now + timedelta(minutes=minutes))
            service.tick()
            leading.dispatcher.wait(PATIENCE)
        view = service.board.snapshot().monitors[0]
        assert view.trouble.startswith("disk: ")
        assert "No space left on device" in view.trouble
        assert 'driftd_run_failures_total{monitor="m",reason="disk"} 6.0' in fetched(f"{service.address}metrics")[1]
        ballast.unlink()
        settled(service, clock, now + timedelta(minutes=62))
    with_reports_gone(farm)


def with_reports_gone(farm: Farm) -> None:
    """The disk that held the reports is gone; the store tells how it went."""
    (farm.state / "reports" / "m").mkdir(parents=True)
    judged_once(farm)
