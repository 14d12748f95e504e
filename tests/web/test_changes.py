"""What people say of findings comes in by a token, is checked, kept and written down."""

from typing import Any

import pytest
from web.memory import TOKENS, Memory, bearer, client

MARKS = "/api/v1/monitors/churn/marks"


def said(daemon: Memory, body: Any, name: str = "writer") -> Any:
    return client(daemon, tokens=TOKENS).post(MARKS, json=body, headers=bearer(name))


def test_a_mark_is_kept_with_who_said_it_and_told_to_the_audit() -> None:
    daemon = Memory()
    answer = said(daemon, {"kind": "expected", "feature": "age", "why": "a new market"})
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert (made["kind"], made["feature"], made["why"]) == ("expected", "age", "a new market")
    assert made["who"].startswith("token writer")
    assert made["after"] == "2026-01-02T03:00:00Z"
    assert daemon.told == [
        ("mark", "churn", "expected", "age", "a new market", made["who"]),
        ("audit", "mark", made["who"], "monitors/churn", "expected age"),
    ]
    shown = client(daemon).get("/api/v1/monitors/churn/policy").json()["data"]["marks"]
    assert shown == [made]


def test_without_a_feature_it_is_said_of_all_that_are_open() -> None:
    daemon = Memory()
    assert said(daemon, {"kind": "noise"}).json()["data"]["feature"] is None
    assert daemon.told[0] == ("mark", "churn", "noise", "None", "", daemon.marks[0].who)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"kind": "wrong"},
        {"kind": ["expected"]},
        {"kind": "expected", "feature": 1},
        {"kind": "expected", "why": None},
        {"kind": "expected", "why": "x" * 1001},
        {"kind": "expected", "features": "age"},
    ],
)
def test_a_body_that_is_none_is_refused_with_what_would_be_right(body: Any) -> None:
    daemon = Memory()
    answer = said(daemon, body)
    assert (answer.status_code, daemon.told) == (400, [])
    assert '{"kind": "expected", "feature": "age", "why": "a new market"} would be right' in answer.json()["error"]
    assert "with a kind of expected, noise, accepted" in answer.json()["error"]


def test_a_mark_that_cannot_be_kept_is_told_as_the_daemon_says_and_written_down_as_failed() -> None:
    daemon = Memory()
    answer = said(daemon, {"kind": "noise", "feature": "none"})
    assert (answer.status_code, answer.json()["error"]) == (422, "no feature 'none' is followed; 'age' would be right")
    assert [told[-1] for told in daemon.told] == ["failed"]


def test_who_may_only_read_marks_nothing() -> None:
    daemon = Memory()
    assert said(daemon, {"kind": "noise"}, "reader").status_code == 403
    assert daemon.marks == []
