"""What the service manager hears; the manager is a datagram socket of ours."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.daemon import systemd


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    address = str(tmp_path / "notify") if request.param == "path" else f"@driftd-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(address.replace("@", "\0"))
        made.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        yield made


def test_the_manager_hears_of_ready_alive_and_a_status(manager: socket.socket) -> None:
    systemd.tell(systemd.READY)
    systemd.tell(systemd.ALIVE)
    systemd.status("leading")
    systemd.tell(systemd.STOPPING)
    assert [manager.recv(1024) for _ in range(4)] == [b"READY=1", b"WATCHDOG=1", b"STATUS=leading", b"STOPPING=1"]


def test_a_reload_says_when_it_began_by_the_clock_that_systemd_compares(manager: socket.socket) -> None:
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    systemd.reloading()
    after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    first, second = manager.recv(1024).decode().split("\n")
    assert first == "RELOADING=1"
    assert before <= int(second.removeprefix("MONOTONIC_USEC=")) <= after


def test_without_a_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    systemd.tell(systemd.READY)
    for address in ("", "vsock:2:1", "relative", str(tmp_path / "nobody listens")):
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        systemd.tell(systemd.READY)
