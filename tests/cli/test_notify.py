"""`driftd notify test`: whether an event reaches its receiver."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import command
import pytest
from opened import keep

MONITOR = "monitors: {m: {captures: c, baseline: b}}\n"


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, object]]]]:
    heard: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204 if self.path == "/hook" else 403)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


def written(folder: Path, url: str, more: str = ", allow: [127.0.0.1]") -> Path:
    path = folder / "driftd.yaml"
    path.write_text(f"routes: [{{name: ops, webhook: '{url}'{more}}}]\n{MONITOR}")
    return path


def test_an_event_is_sent_and_the_answer_told(tmp_path: Path, receiver: tuple[str, list[dict[str, object]]]) -> None:
    url, heard = receiver
    ran = command.driftd("notify", "test", "ops", "--config", written(tmp_path, f"{url}/hook"))
    assert (ran.code, ran.out.strip()) == (0, "ops: taken by the webhook")
    assert heard[0]["type"] == "io.driftd.test.sent.v1"


def test_a_dry_run_prints_and_sends_nothing(tmp_path: Path, receiver: tuple[str, list[dict[str, object]]]) -> None:
    url, heard = receiver
    ran = command.driftd("notify", "test", "ops", "--dry-run", "--config", written(tmp_path, f"{url}/hook"))
    assert ran.code == 0
    assert json.loads(ran.out)["kind"] == "test.sent"
    assert heard == []


def test_a_receiver_that_refuses_is_exit_code_1(tmp_path: Path, receiver: tuple[str, list[dict[str, object]]]) -> None:
    ran = command.driftd("notify", "test", "ops", "--config", written(tmp_path, f"{receiver[0]}/other"))
    assert ran.code == 1
    assert "ops: not taken: " in ran.err
    assert "403" in ran.err


def test_an_address_that_is_not_allowed_is_named_with_its_cure(tmp_path: Path) -> None:
    ran = command.driftd("notify", "test", "ops", "--config", written(tmp_path, "http://127.0.0.1:9/hook", ""))
    assert ran.code == 1
    assert "allow" in ran.err


def test_an_unknown_route_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    ran = command.driftd("notify", "test", "opps", "--config", written(tmp_path, "https://hooks.example.com/x"))
    assert ran.code == 2
    assert "did you mean 'ops'?" in ran.err


def test_a_secret_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "https://hooks.example.com/x", ", secret_file: away")
    ran = command.driftd("notify", "test", "ops", "--config", path)
    assert ran.code == 2
    assert "routes: ops: " in ran.err
    assert "away" in ran.err


def test_dead_letters_are_listed_and_sent_once_more(tmp_path: Path) -> None:
    path = written(tmp_path, "https://h.example.com/hook")
    keep(tmp_path / "state", told=True).close()
    listed = command.driftd("notify", "dead", "--config", path)
    assert listed.out.splitlines()[1].split() == [
        "ops", "incident.opened", "m", "2026-03-02T11:00:00Z", "2026-03-02T12:00:00Z", "410", "gone",
    ]  # fmt: skip
    (letter,) = json.loads(command.driftd("notify", "dead", "--json", "--config", path).out)
    assert (letter["receiver"], letter["why"]) == ("ops", "410 gone")
    unknown = command.driftd("notify", "replay", "opps", "--config", path)
    assert (unknown.code, unknown.err) == (2, "driftd: route 'opps': unknown; did you mean 'ops'?\n")
    again = command.driftd("notify", "replay", "ops", "--config", path)
    assert (again.code, again.out) == (0, "ops: 1 dead letter to be sent once more\n")
    assert command.driftd("notify", "dead", "--config", path).out == "no dead letters\n"
