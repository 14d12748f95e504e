"""Incidents by the API: listed, shown, acknowledged and muted by whoever has a token."""

from typing import Any

import pytest
from web.folk import OVER, ROW
from web.memory import TOKENS, Memory, bearer, client

ONE = f"/api/v1/incidents/{ROW.id}"


def said(daemon: Memory, deed: str, body: Any, name: str = "writer", one: str = ONE) -> Any:
    return client(daemon, tokens=TOKENS).post(f"{one}/{deed}", json=body, headers=bearer(name))


def ids(query: str) -> list[str]:
    answer = client().get(f"/api/v1/incidents{query}")
    assert answer.status_code == 200
    return [row["id"] for row in answer.json()["data"]["items"]]


def test_open_ones_are_listed_and_all_where_that_is_asked() -> None:
    assert ids("") == ids("?state=open") == [ROW.id]
    assert ids("?state=all") == [ROW.id, OVER.id]
    assert ids("?state=all&monitor=upsell") == [OVER.id]
    page = client().get("/api/v1/incidents?state=all&limit=1").json()["data"]
    assert ids(f"?state=all&limit=1&cursor={page['cursor']}") == [OVER.id]
    assert client().get("/api/v1/incidents?state=old").json()["error"] == "state 'old': open or all would be right"
    assert client().get("/api/v1/incidents?monitor=gone").status_code == 404


def test_one_is_shown_in_full() -> None:
    page = client().get(ONE).json()["data"]
    assert (page["incident"]["id"], page["parts"][0]["rule"]) == (ROW.id, "missing_column")
    assert (page["told"][0]["receiver"], page["occasions"][0]["kind"], page["alarms"][0]["name"]) == (
        "ops", "deploy", "down",
    )  # fmt: skip
    missed = client().get("/api/v1/incidents/none")
    assert (missed.status_code, missed.json()["error"]) == (
        404, "incident 'none': there is none of this id; /api/v1/incidents?state=all lists them",
    )  # fmt: skip


def test_what_somebody_says_is_kept_with_who_said_it_and_told_to_the_audit() -> None:
    daemon = Memory()
    answer = said(daemon, "acknowledge", {"verdict": "expected", "why": "a campaign"})
    assert answer.status_code == 200
    word = answer.json()["data"]["acknowledged"]
    assert (word["verdict"], word["why"]) == ("expected", "a campaign")
    assert word["who"].startswith("token writer")
    answer = said(daemon, "mute", {"until": "2026-01-02T05:00:00+01:00", "why": "is being mended"})
    assert answer.json()["data"]["mute"]["until"] == "2026-01-02T04:00:00Z"
    assert daemon.told == [
        ("acknowledge", ROW.id, "expected", "a campaign", word["who"]),
        ("audit", "incident.acknowledge", word["who"], f"incidents/{ROW.id}", "expected"),
        ("mute", ROW.id, "2026-01-02T04:00:00+00:00", "is being mended", word["who"]),
        ("audit", "incident.mute", word["who"], f"incidents/{ROW.id}", "until 2026-01-02T05:00:00+01:00"),
    ]


@pytest.mark.parametrize(
    ("deed", "body", "right"),
    [
        ("acknowledge", {}, '{"verdict": "false", "why": "a campaign"} would be right'),
        ("acknowledge", [], '{"verdict": "false", "why": "a campaign"} would be right'),
        ("acknowledge", {"verdict": "maybe"}, "verdict 'maybe': one of true, false, expected would be right"),
        ("acknowledge", {"verdict": "true", "why": 1}, "would be right"),
        ("acknowledge", {"verdict": "true", "why": "x" * 1001}, "would be right"),
        ("acknowledge", {"verdict": "true", "who": "me"}, "would be right"),
        ("mute", {"until": "2027-01-01T00:00:00Z"}, '"why": "is being mended"} would be right'),
        ("mute", {"until": "soon", "why": "x"}, "until 'soon': not a time with its zone; 2026-01-01T00:00:00Z"),
    ],
)
def test_a_body_that_is_none_is_refused_with_what_would_be_right(deed: str, body: Any, right: str) -> None:
    daemon = Memory()
    answer = said(daemon, deed, body)
    assert (answer.status_code, daemon.told) == (400, [])
    assert right in answer.json()["error"]


def test_what_cannot_be_kept_is_told_and_written_down_as_failed() -> None:
    daemon = Memory()
    answer = said(daemon, "mute", {"until": "2020-01-01T00:00:00Z", "why": "x"})
    assert (answer.status_code, "which is past" in answer.json()["error"]) == (422, True)
    assert [told[-1] for told in daemon.told] == ["failed"]
    assert said(daemon, "mute", {}, one="/api/v1/incidents/none").status_code == 404


def test_who_may_only_read_says_nothing() -> None:
    daemon = Memory()
    assert said(daemon, "acknowledge", {"verdict": "true"}, "reader").status_code == 403
    assert daemon.people.said == {}
