"""`driftd accept`: people say what an alarm was, without a daemon and with one."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import command
import evidences
import pytest
import streams
from command import Ran
from daemons import Farm

from monitor.store.database import Database
from monitor.store.leadership import Leadership
from monitor.store.marks import marks
from monitor.store.words import MarkRow

END = streams.START + timedelta(hours=3)


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write()
    evidences.keep(made, streams.looks(evidences.layout(made), 3))
    return made


def accept(farm: Farm, *more: object) -> Ran:
    return command.driftd("accept", "--config", farm.config, "--monitor", "m", *more)


def said(farm: Farm) -> list[MarkRow]:
    database = Database.open("sqlite", farm.state, read_only=True)
    with database.read() as connection:
        found = marks(connection, "m")
    database.close()
    return found


def test_without_a_daemon_it_is_written_into_the_store(farm: Farm) -> None:
    first = accept(farm, "--feature", "income", "--as", "expected", "--why", "new prices")
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "m: 'income' has moved for good, and is learned anew from where it moved; for windows that end after "
        "2026-01-05T03:00:00Z\n"
    )
    assert accept(farm, "--as", "noise").out.startswith("m: what is open wanders more than was learned")
    one, other = said(farm)
    assert (one.kind, one.feature, one.why, one.after) == ("expected", "income", "new prices", END)
    assert (other.kind, other.feature, other.why, other.after) == ("noise", None, "", END)
    assert one.who


def test_a_feature_that_the_baseline_does_not_have_is_refused(farm: Farm) -> None:
    ran = accept(farm, "--feature", "incme", "--as", "noise")
    assert (ran.code, ran.err) == (
        2,
        "driftd: monitor 'm': the baseline has no feature 'incme'; did you mean 'income'?\n",
    )
    assert said(farm) == []


def test_what_is_not_there_is_told(farm: Farm, tmp_path: Path) -> None:
    empty = Farm(tmp_path / "empty")
    empty.folder.mkdir()
    empty.baseline()
    empty.write()
    assert "driftd.db: is not there; `driftd run` makes it" in accept(empty, "--as", "noise").err
    assert not empty.state.exists()
    evidences.keep(empty, [])
    assert accept(empty, "--as", "noise").err == (
        "driftd: monitor 'm': no window was judged yet, so there is nothing to say anything of\n"
    )
    assert "'soon' is not one of 'expected', 'noise', 'accepted'" in accept(farm, "--as", "soon").err


class Daemon(BaseHTTPRequestHandler):
    """Takes marks as the daemon does."""

    asked: ClassVar[list[tuple[str, str | None, object]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers["Authorization"], body))
        self.send_response(201)
        self.end_headers()
        self.wfile.write(json.dumps({"data": {"after": "2026-01-05T03:00:00Z"}}).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def daemon(farm: Farm) -> Iterator[Farm]:
    """The store is held, and whoever holds it answers."""
    leadership = Leadership("sqlite", farm.state)
    assert leadership.acquire()
    server = HTTPServer(("127.0.0.1", 0), Daemon)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    farm.write(listen=f"127.0.0.1:{server.server_port}")
    yield farm
    server.shutdown()
    thread.join()
    server.server_close()
    leadership.release()


def test_a_daemon_that_runs_is_told_with_the_token(daemon: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFTD_TOKEN", raising=False)
    assert "DRIFTD_TOKEN is not set" in accept(daemon, "--as", "noise").err
    monkeypatch.setenv("DRIFTD_TOKEN", "ann's")
    ran = accept(daemon, "--feature", "age", "--as", "accepted", "--why", "known")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("that is told no more; for windows that end after 2026-01-05T03:00:00Z\n")
    body = {"kind": "accepted", "feature": "age", "why": "known"}
    assert Daemon.asked == [("/api/v1/monitors/m/marks", "Bearer ann's", body)]
    assert said(daemon) == []
