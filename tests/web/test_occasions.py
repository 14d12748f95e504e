"""Occasions by the API: told, listed and withdrawn."""

from typing import Any

import pytest
from web.memory import TOKENS, Memory, bearer, client

ALL = "/api/v1/occasions"


def tell(daemon: Memory, body: Any) -> Any:
    return client(daemon, tokens=TOKENS).post(ALL, json=body, headers=bearer("writer"))


def kinds(daemon: Memory, query: str = "") -> list[str]:
    return [row["kind"] for row in client(daemon).get(f"{ALL}{query}").json()["data"]["items"]]


def test_what_is_told_is_listed_with_who_told_it() -> None:
    daemon = Memory()
    body = {"kind": "holiday", "start": "2026-01-06T00:00:00Z", "end": "2026-01-07T00:00:00Z", "why": "Epiphany"}
    answer = tell(daemon, {**body, "id": "h-6", "monitor": None})
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert (made["id"], made["end"], made["monitor"]) == ("h-6", "2026-01-07T00:00:00Z", None)
    assert made["who"].startswith("token writer")
    assert daemon.told[-1] == ("audit", "occasion.tell", made["who"], "occasions/holiday", "done")
    assert kinds(daemon) == ["deploy", "holiday"]
    assert kinds(daemon, "?monitor=churn") == ["deploy"]
    assert kinds(daemon, "?since=2026-01-05T00:00:00Z") == ["holiday"]
    assert client(daemon).get(f"{ALL}?since=today").status_code == 400
    assert tell(daemon, {"kind": "outage"}).json()["data"]["id"] == "made"


@pytest.mark.parametrize("body", [{}, {"kind": 1}, {"kind": "deploy", "by": "me"}, "deploy"])
def test_a_body_that_is_none_is_refused(body: Any) -> None:
    daemon = Memory()
    answer = tell(daemon, body)
    assert (answer.status_code, len(daemon.people.kept)) == (400, 1)
    assert '{"kind": "deploy", "monitor": "churn", "why": "version 8"} would be right' in answer.json()["error"]


def test_one_is_withdrawn_once_without_a_body() -> None:
    daemon = Memory()
    browser = client(daemon, tokens=TOKENS)
    assert browser.delete(f"{ALL}/d1", headers=bearer("reader")).status_code == 403
    answer = browser.delete(f"{ALL}/d1", headers=bearer("writer"))
    assert (answer.status_code, answer.json()["data"], kinds(daemon)) == (200, {"id": "d1"}, [])
    again = browser.delete(f"{ALL}/d1", headers=bearer("writer"))
    assert (again.status_code, again.json()["error"]) == (
        404, "occasion 'd1': there is none of this id; /api/v1/occasions lists them",
    )  # fmt: skip
    assert [told[-1] for told in daemon.told if told[0] == "audit"] == ["denied", "done", "unknown"]
