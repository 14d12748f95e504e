"""`driftd run` as a process: signals, exit codes, and what it says."""

import os
import signal
import socket
from pathlib import Path

import pytest
from daemons import Farm, Process, fetched


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    (tmp_path / "captures" / "m").mkdir(parents=True)
    made.write()
    return made


def test_it_runs_until_a_signal_and_tells_the_service_manager(farm: Farm) -> None:
    address = farm.folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(address))
        manager.settimeout(30)
        with Process(farm.config, NOTIFY_SOCKET=str(address)) as daemon:
            url = daemon.url()
            assert fetched(f"{url}-/ready")[0] == 200
            heard = [manager.recv(1024) for _ in range(3)]
            assert heard[:2] == [b"READY=1", b"STATUS=leading"]
            assert b"WATCHDOG=1" in heard
            os.kill(daemon.popen.pid, signal.SIGHUP)
            daemon.awaited("the configuration was loaded")
            while not (said := manager.recv(1024)).startswith(b"RELOADING=1"):
                pass
            assert b"MONOTONIC_USEC=" in said
            assert daemon.end() == 0
            rest = []
            while b"STOPPING=1" not in rest:
                rest.append(manager.recv(1024))
            assert b"READY=1" in rest, "after the reload"
    assert "msg=stopped" in daemon.said
    assert "Traceback" not in daemon.said


def test_a_second_one_ends_with_a_code_of_its_own(farm: Farm) -> None:
    with Process(farm.config) as first:
        first.url()
        with Process(farm.config) as second:
            assert second.popen.wait(60) == 75
        assert "another driftd holds it; stop that one, or wait for it to end" in second.said
        assert first.end(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("monitors: {m: {captures: c}}\n", "driftd.yaml:1: monitors.m: key 'baseline' is missing"),
        ("web: {listen: '256.1.1.1:80'}\nmonitors: {m: {captures: c, baseline: b}}\n", "web.listen 256.1.1.1:80: "),
    ],
)
def test_what_keeps_it_from_starting_is_told_and_is_exit_code_2(farm: Farm, text: str, told: str) -> None:
    farm.config.write_text(text)
    with Process(farm.config) as daemon:
        assert daemon.popen.wait(60) == 2
    assert told in daemon.said
    assert "Traceback" not in daemon.said


def test_no_secret_of_the_configuration_is_in_the_log(farm: Farm) -> None:
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    farm.config.write_text(
        f"log: debug\nweb: {{listen: '127.0.0.1:0', tokens: [{{id: ann, sha256: {digest}}}]}}\n"
        "monitors:\n  m: {captures: captures/m, baseline: baselines/model, labels: {team: '${SECRET}'}}\n"
    )
    with Process(farm.config, SECRET="hush-hush") as daemon:
        daemon.url()
        farm.config.write_text(farm.config.read_text().replace("labels:", "lables:"))
        os.kill(daemon.popen.pid, signal.SIGHUP)
        daemon.awaited("unknown key 'lables'")
        assert daemon.end() == 0
    assert digest not in daemon.said
    assert "hush-hush" not in daemon.said


def test_a_store_that_does_not_answer_may_do_so_later(tmp_path: Path) -> None:
    config = tmp_path / "driftd.yaml"
    config.write_text(
        'web: {listen: "127.0.0.1:0"}\nstore: postgresql+psycopg://me@127.0.0.1:9/driftd\n'
        "monitors: {m: {captures: c, baseline: b}}\n"
    )
    with Process(config) as daemon:
        assert daemon.popen.wait(60) == 75
        assert "driftd: store " in daemon.said
        assert "127.0.0.1" in daemon.said
