"""Who may do what: open on this machine, closed to others, changes only with a token."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import bcrypt
import pytest
from starlette.requests import Request
from starlette.responses import Response
from web.memory import TOKENS, Memory, bearer, client

from monitor.web.access import MOST_FAILURES, Doorkeeper, Failures
from monitor.web.envelope import Refused
from monitor.web.options import WebOptions
from monitor.web.settings import Settings
from monitor.web.table import Route

API = "/api/v1"
BODY = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}
BACKFILL = f"{API}/monitors/churn/backfill"


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "web.yml"
    path.write_text(f"basic_auth_users:\n  ann: {bcrypt.hashpw(b'correct horse', bcrypt.gensalt(4)).decode()}\n")
    return path


@pytest.mark.parametrize("listen", ["127.0.0.1:9465", "localhost:9465", "[::1]:9465"])
def test_reading_is_open_on_this_machine(listen: str) -> None:
    assert client(listen=listen).get(f"{API}/monitors").status_code == 200


@pytest.mark.parametrize("listen", ["0.0.0.0:9465", ":9465", "[::]:9465", "10.0.0.7:9465"])
def test_reading_needs_credentials_where_others_reach_it(listen: str) -> None:
    browser = client(listen=listen, tokens=TOKENS)
    refused = browser.get(f"{API}/monitors")
    assert (refused.status_code, refused.json()["errorType"]) == (401, "unauthorized")
    assert refused.headers["www-authenticate"] == 'Basic realm="driftd", charset="UTF-8", Bearer realm="driftd"'
    assert "web.tokens" in refused.json()["error"]
    for name in ("reader", "writer", "boss"):
        assert browser.get(f"{API}/monitors", headers=bearer(name)).status_code == 200
    for path in ("/metrics", "/-/healthy", "/-/ready", "/"):
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize(
    ("host", "code"),
    [("localhost:9465", 200), ("[::1]:9465", 200), ("127.0.0.1", 200), ("evil.example", 401), ("[", 401), ("", 401)],
)
def test_a_name_that_another_site_made_lead_here_opens_nothing(host: str, code: int) -> None:
    browser = client(tokens=TOKENS)
    assert browser.get(f"{API}/monitors", headers={"Host": host}).status_code == code
    assert browser.get(f"{API}/monitors", headers={"Host": host, **bearer("reader")}).status_code == 200
    assert browser.get("/metrics", headers={"Host": host}).status_code == 200


def test_without_a_token_nothing_changes_anything() -> None:
    daemon = Memory()
    answer = client(daemon).post(BACKFILL, json=BODY)
    assert (answer.status_code, answer.json()["errorType"]) == (403, "forbidden")
    assert "web.tokens" in answer.json()["error"]
    assert [told[0] for told in daemon.told] == ["audit"]


def test_a_token_does_what_its_scope_says() -> None:
    daemon = Memory()
    browser = client(daemon, tokens=TOKENS)
    codes = {
        name: browser.post(BACKFILL, json=BODY, headers=bearer(name)).status_code
        for name in ("reader", "writer", "boss")
    }
    assert codes == {"reader": 403, "writer": 202, "boss": 202}
    assert browser.post(BACKFILL, json=BODY).status_code == 401
    assert browser.post(BACKFILL, json=BODY, headers={"Authorization": "Bearer wrong"}).status_code == 401
    who = "token writer from 127.0.0.1"
    times = ("2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00")
    assert ("backfill", "churn", *times, who) in daemon.told
    assert ("audit", "backfill", who, "monitors/churn", "done") in daemon.told
    assert [told[4] for told in daemon.told if told[0] == "audit"] == ["denied", "done", "done", "denied", "denied"]


def test_a_backfill_is_answered_with_how_many_windows_it_is() -> None:
    answer = client(tokens=TOKENS).post(BACKFILL, json=BODY, headers=bearer("writer"))
    assert answer.json()["data"] == {"monitor": "churn", **BODY, "windows": 3}


@pytest.mark.parametrize(
    ("body", "code", "word"),
    [
        (b"{", 400, "not JSON"),
        (b"[" * 100_000, 400, "not JSON"),
        (b"[]", 400, "the body"),
        (b'{"start": 1, "end": 2}', 400, "the body"),
        (b'{"start": "2026-01-01T00:00:00", "end": "2026-01-02T00:00:00Z"}', 400, "a time with its zone"),
        (b'{"start": "2026-01-02T00:00:00Z", "end": "2026-01-01T00:00:00Z"}', 400, "not after start"),
        (b'{"start": "2020-01-02T00:00:00Z", "end": "2026-01-01T00:00:00Z"}', 422, "at most 30 at once"),
    ],
)
def test_a_wrong_body_is_told_what_would_be_right(body: bytes, code: int, word: str) -> None:
    headers = {**bearer("writer"), "Content-Type": "application/json; charset=utf-8"}
    answer = client(tokens=TOKENS).post(BACKFILL, content=body, headers=headers)
    assert (answer.status_code, word in answer.json()["error"]) == (code, True)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({}, 415),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "application/json", "Origin": "https://evil.example"}, 403),
    ],
)
def test_another_sites_page_changes_nothing_even_with_a_token(headers: dict[str, str], code: int) -> None:
    daemon = Memory()
    answer = client(daemon, tokens=TOKENS).post(
        BACKFILL, content=b'{"start": "", "end": ""}', headers={**bearer("boss"), **headers}
    )
    assert answer.status_code == code
    assert {told[0] for told in daemon.told} == {"audit"}


def test_with_users_every_page_asks_for_one(users: Path) -> None:
    browser = client(config=users, tokens=TOKENS)
    for path in ("/", "/metrics", "/-/healthy", f"{API}/monitors"):
        refused = browser.get(path)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic realm=")
        for _ in range(2):
            assert browser.get(path, auth=("ann", "correct horse")).status_code == 200
        assert browser.get(path, headers=bearer("reader")).status_code == 200
    for pair in (("ann", "wrong"), ("bob", "correct horse"), ("", ""), ("ann", "x" * 300), ("ann", "nul\0")):
        assert browser.get("/metrics", auth=pair).status_code == 401


def test_a_user_reads_and_changes_nothing(users: Path) -> None:
    browser = client(config=users, tokens=TOKENS)
    assert browser.post(BACKFILL, json=BODY, auth=("ann", "correct horse")).status_code == 401
    assert client(config=users, lifecycle=True).post("/-/reload", auth=("ann", "correct horse")).status_code == 200
    assert client(config=users, lifecycle=True).post("/-/reload").status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic", "Basic !!", "Basic YQ==", "Digest x", "\xff", "Basic /////w=="]
)
def test_odd_credentials_are_no_credentials(header: str, users: Path) -> None:
    raw: Any = [(b"authorization", header.encode("latin-1"))]
    assert client(config=users, tokens=TOKENS).get("/metrics", headers=raw).status_code == 401


def test_guessing_is_stopped_and_the_right_password_still_works(users: Path) -> None:
    browser = client(config=users)
    right = ("ann", "correct horse")
    assert browser.get("/metrics", auth=right).status_code == 200
    codes = [browser.get("/metrics", auth=("ann", f"guess {i}")).status_code for i in range(MOST_FAILURES + 2)]
    assert codes == [401] * MOST_FAILURES + [429] * 2
    assert browser.get("/metrics", auth=right).status_code == 200


def test_failures_are_forgotten_after_a_while_and_kept_apart_by_address() -> None:
    now = 0.0
    failures = Failures(lambda: now)
    for _ in range(MOST_FAILURES):
        failures.note("a")
    assert (failures.are_too_many("a"), failures.are_too_many("b")) == (True, False)
    now = 61.0
    assert not failures.are_too_many("a")
    failures.note("a")
    assert not failures.are_too_many("a")


@pytest.mark.parametrize(
    ("name", "told", "code"),
    [
        ("w-secret", {"origin": "http://here"}, 200),
        ("w-secret", {"sec-fetch-site": "same-origin"}, 200),
        ("w-secret", {}, 403),
        ("w-secret", {"origin": "null"}, 403),
        ("w-secret", {"origin": "http://there"}, 403),
        ("r-secret", {"origin": "http://here"}, 403),
        ("wrong", {"origin": "http://here"}, 401),
        (None, {"origin": "http://here"}, 401),
    ],
)
def test_a_form_is_taken_from_our_own_page_and_from_who_may_change_things(
    name: str | None, told: dict[str, str], code: int
) -> None:
    form = Route(path="/x", methods=("POST",), handler=lambda _: Response(), about="", access="write", takes_form=True)
    known = {} if name is None else {"authorization": f"Basic {base64.b64encode(f'me:{name}'.encode()).decode()}"}
    headers = [(key.encode(), value.encode()) for key, value in {"host": "here", **known, **told}.items()]
    request = Request({"type": "http", "method": "POST", "path": "/x", "headers": headers, "client": ("10.0.0.7", 1)})
    door = Doorkeeper(Settings(WebOptions(tokens=TOKENS)))
    try:
        found: str | int = asyncio.run(door.admitted(request, form)).name
    except Refused as refused:
        found = refused.code
    assert found == ("writer" if code == 200 else code)
