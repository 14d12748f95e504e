"""A daemon that is told to stop, or to load a configuration anew, in the middle of a window."""

import signal
import time
from pathlib import Path

import processes
import pytest
from daemons import HOUR, Farm, Process, awaited, fetched
from gates import Gate

from monitor.daemon.clock import machine_clock
from monitor.store import queries
from monitor.store.database import Database
from monitor.store.queries import RunRow, WindowRow

HOURS = 2


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    """Two hours of captures of monitors `m` and `n`, which have ended."""
    made = Farm(tmp_path)
    made.baseline()
    begin = machine_clock().replace(minute=0, second=0, microsecond=0) - HOURS * HOUR
    for name in "mn":
        for hour in range(HOURS):
            made.captures(name, begin + hour * HOUR, count=40)
    return made


def monitor(name: str, *checks: str, more: str = "") -> str:
    schedule = "schedule: {every: 1h, delay: 0s}"
    listed = ", ".join(["{rule: volume}", *checks])
    return f"  {name}: {{captures: captures/{name}, baseline: baselines/model, {schedule}, checks: [{listed}]{more}}}"


def kept(farm: Farm, name: str = "m") -> tuple[list[WindowRow], list[RunRow]]:
    """The windows and attempts of a monitor, oldest first."""
    database = Database.open("sqlite", farm.state, read_only=True)
    with database.read() as connection:
        found = queries.windows(connection, name)[::-1], queries.runs(connection, name)[::-1]
    database.close()
    return found


def test_a_stop_in_the_middle_of_a_window_loses_nothing(farm: Farm) -> None:
    gate = Gate(farm.folder, "m")
    monitors = monitor("m", gate.check)
    farm.write("grace: 60s\nrules: rules", monitors=monitors)
    with Process(farm.config) as first:  # a second signal does not wait for the window
        gate.reached()
        members = processes.family(first.popen.pid)
        first.popen.send_signal(signal.SIGTERM)
        first.awaited("msg=stopping")
        began = time.monotonic()
        assert first.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 15
        assert processes.survivors(members) == set()
    farm.write("grace: 1s\nrules: rules", monitors=monitors)
    with Process(farm.config) as second:  # it takes longer than the grace time
        gate.reached()
        assert second.end(signal.SIGINT) == 0
    assert [(w.state, w.failures) for w in kept(farm)[0]] == [("pending", 0)] * 2, "an end is no failure"
    farm.write("grace: 60s\nrules: rules", monitors=monitors)
    with Process(farm.config) as third:  # it ends within the grace time
        gate.reached()
        third.popen.send_signal(signal.SIGTERM)
        third.awaited("msg=stopping")
        gate.open()
        assert third.popen.wait(30) == 0
        assert "window judged" in third.said
    windows, runs = kept(farm)
    assert [(w.state, w.revision, w.failures) for w in windows] == [("done", 1, 0), ("pending", 0, 0)]
    assert [(r.state, r.attempt) for r in runs] == [("interrupted", 1), ("interrupted", 2), ("done", 3)]
    reports = farm.state / "reports" / "m"
    assert [folder.name[-3:] for folder in reports.iterdir()] == ["_r1"]


def test_nobody_outlives_a_daemon_that_is_killed(farm: Farm) -> None:
    gate = Gate(farm.folder, "m")
    farm.write("rules: rules", monitors=monitor("m", gate.check))
    with Process(farm.config) as daemon:
        until = time.monotonic() + 60
        members: dict[int, int] = {}
        while not any(processes.has_loaded(pid, "numpy") for pid in processes.named(members, "multiprocessing.fork")):
            assert time.monotonic() < until
            time.sleep(0.01)
            members = processes.family(daemon.popen.pid)
        assert daemon.end(signal.SIGKILL) == -signal.SIGKILL
        assert processes.survivors(members, 0.3) == set(), "what workers are forked from was still loading"
    with Process(farm.config) as daemon:
        gate.reached()
        members = processes.family(daemon.popen.pid)
        assert processes.named(members, "monitor/child/serve.py") != []
        assert daemon.end(signal.SIGKILL) == -signal.SIGKILL
        assert processes.survivors(members) == set()


def test_a_reload_keeps_the_old_configuration_when_the_new_one_is_broken(farm: Farm) -> None:
    gate = Gate(farm.folder, "m")
    first = "rules: rules"
    old = monitor("m", gate.check)
    text = farm.write(first, monitors=old).read_text()
    config = farm.config
    config.write_text(text.replace('"127.0.0.1:0"', '"127.0.0.1:0", lifecycle: true'))
    text = config.read_text()
    with Process(config) as daemon:
        url = daemon.url()
        gate.reached()
        config.write_text(text.replace("captures:", "captrues:"))
        daemon.popen.send_signal(signal.SIGHUP)
        assert "driftd.yaml:4: monitors.m: unknown key 'captrues'" in daemon.awaited("was not loaded")
        assert fetched(f"{url}-/ready")[0] == 200
        assert "driftd_config_last_reload_successful 0.0" in fetched(f"{url}metrics")[1]
        code, told = fetched(f"{url}-/reload", method="POST")
        assert code == 500
        assert "driftd.yaml:4: monitors.m: unknown key 'captrues'" in told
        config.write_text(text + monitor("n") + "\n")
        assert fetched(f"{url}-/reload", method="POST") == (200, "")
        assert "driftd_config_last_reload_successful 1.0" in fetched(f"{url}metrics")[1]
        daemon.awaited('msg="window judged" monitor=n')
        config.write_text(text.replace("captures:", "captrues:"))
        daemon.popen.send_signal(signal.SIGHUP)
        awaited(lambda: daemon.said.count("was not loaded") == 3)  # the same mistake is told again
        gate.open()
        daemon.awaited('msg="window judged" monitor=m')
        config.write_text(text + monitor("o") + "\n")
        daemon.popen.send_signal(signal.SIGHUP)
        daemon.awaited("by=SIGHUP")
        shown = fetched(f"{url}metrics")[1]
        assert 'monitor="o"' in shown
        assert 'monitor="n"' not in shown
        awaited(lambda: 'driftd_monitor_windows_pending{monitor="m"} 0.0' in fetched(f"{url}metrics")[1])
        assert daemon.end() == 0
    windows, _ = kept(farm)
    assert [(w.state, w.revision, w.failures) for w in windows[:2]] == [("done", 1, 0)] * 2
