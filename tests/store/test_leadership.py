"""One leads, another waits; the lead is lost with its process, its file or its connection."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import servers

from monitor.errors import StoreError
from monitor.store.leadership import Leadership

HOLD = """
import sys
from pathlib import Path
from monitor.store.leadership import Leadership
lead = Leadership(sys.argv[1], Path(sys.argv[2]))
print(lead.acquire(), flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return "sqlite"
    return str(request.getfixturevalue("postgres").database())


def test_only_one_leads_until_it_gives_up(url: str, tmp_path: Path) -> None:
    first, second = Leadership(url, tmp_path / "state"), Leadership(url, tmp_path / "state")
    assert not first.holds()
    assert first.acquire()
    assert first.acquire()
    assert first.holds()
    assert not second.acquire()
    assert not second.holds()
    first.release()
    assert not first.holds()
    assert second.acquire()
    second.release()
    second.release()


def test_the_lead_of_a_killed_process_is_free(url: str, tmp_path: Path) -> None:
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, url, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert held.stdout is not None
    assert held.stdout.readline() == "True\n"
    second = Leadership(url, tmp_path)
    assert not second.acquire()
    held.kill()
    held.communicate()
    until = time.monotonic() + 10
    while not second.acquire():
        assert time.monotonic() < until
        time.sleep(0.02)
    second.release()


def test_who_finds_another_lock_file_in_its_place_has_lost_the_lead(tmp_path: Path) -> None:
    lead = Leadership("sqlite", tmp_path)
    assert lead.acquire()
    (tmp_path / "LOCK").unlink()
    assert not lead.holds()
    other = Leadership("sqlite", tmp_path)
    assert other.acquire()
    assert not lead.holds()
    assert not lead.acquire()
    other.release()
    assert lead.acquire()
    lead.release()


def test_a_lost_connection_loses_the_lead(postgres: servers.Postgres, tmp_path: Path) -> None:
    url = postgres.database()
    lead = Leadership(url, tmp_path)
    assert lead.acquire()
    postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    assert not lead.holds()
    assert lead.acquire()
    assert lead.holds()
    lead.release()


def test_a_lead_that_cannot_be_asked_for_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"store postgresql\S+127"):
        Leadership("postgresql+psycopg://me:secret@127.0.0.1:9/db", tmp_path).acquire()
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/LOCK: .*; `state` must be a folder"):
        Leadership("sqlite", tmp_path / "file").acquire()
