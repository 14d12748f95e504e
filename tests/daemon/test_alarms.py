"""Events of what the policy says."""

import json
from dataclasses import replace
from typing import Any

from daemon.parts import claim, window

from monitor.daemon.alarms import MOST_TOLD, events
from monitor.daemon.task import Answer
from monitor.store.words import ALARM, EvidenceRow

REPLAYED = {"newest": {"start": "s", "end": "e"}, "opened": ["age"], "closed": []}


def word(what: str, feature: str | None = None) -> dict[str, Any]:
    return {
        "what": what,
        "feature": feature,
        "since": "2026-03-02T08:00:00Z",
        "channel": "level",
        "scale": 1,
        "why": "with 'secret'",
    }


def row(*words: dict[str, Any], skews: int = 0) -> EvidenceRow:
    skew = {"feature": "zip", "since": None, "place": "with 'secret'", "now": 0.2, "centre": 0.1, "low": 0, "high": 1}
    return EvidenceRow(window=window(0), said={"words": list(words), "skews": [skew] * skews})


def told(*rows: EvidenceRow, replayed: dict[str, Any] | None = None) -> list[tuple[str, str, dict[str, Any]]]:
    found = events(claim(), Answer(replayed=replayed or {}), rows)
    return [(event.kind, event.key, json.loads(event.body)) for event in found]


def test_an_alarm_names_its_features_and_since_when_and_no_value() -> None:
    ((kind, _, body),) = told(row(word("drift", "b"), word("closed", "c"), word("drift", "a")))
    assert kind == ALARM
    assert body == {
        "monitor": "m",
        "window": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z"},
        "revision": 1,
        "run_id": "run-0",
        "question": "drift",
        "count": 2,
        "features": [
            {"feature": name, "since": "2026-03-02T08:00:00Z", "channel": "level", "scale": 1} for name in ("b", "a")
        ],
    }


def test_the_same_features_are_the_same_alarm_in_whatever_order_and_revision() -> None:
    a, b = word("drift", "a"), word("drift", "b")
    keys = {key for one in (row(a, b), row(b, a)) for _, key, _ in told(one)}
    assert len(keys) == 1
    others = {key for other in (row(word("drift", "a")), row(word("skew", "a"))) for _, key, _ in told(other)}
    assert len(others | keys) == 3


def test_an_alarm_tells_of_so_many_features_at_most_and_counts_all() -> None:
    ((_, _, body),) = told(row(*(word("skew", f"f{n}") for n in range(200))))
    assert (body["count"], len(body["features"])) == (200, MOST_TOLD)


def test_that_production_is_learned_is_told_with_the_skew_it_has_and_that_it_is_not() -> None:
    (armed, refused) = told(row(word("armed"), word("refused", "age"), skews=3))
    assert (armed[0], armed[2]["skew"]["count"]) == ("policy.armed", 3)
    assert armed[2]["skew"]["features"][0] == {"feature": "zip", "now": 0.2, "centre": 0.1, "low": 0, "high": 1}
    assert (refused[0], refused[2]["feature"], refused[2]["since"]) == (
        "policy.refused",
        "age",
        "2026-03-02T08:00:00Z",
    )
    assert "secret" not in json.dumps([armed, refused])


def test_a_window_of_the_past_raises_no_alarm_and_tells_what_it_changed() -> None:
    later = replace(row(), window=window(1), said=None)
    assert told(row(word("drift", "a"), word("armed")), later) == []
    ((kind, _, body),) = told(row(word("drift", "a")), later, replayed=REPLAYED)
    assert (kind, body["opened"], body["closed"], body["newest"]) == (
        "policy.replayed",
        ["age"],
        [],
        REPLAYED["newest"],
    )


def test_where_windows_are_not_followed_nothing_is_told() -> None:
    assert told() == []
    assert told(EvidenceRow(window=window(0), look=b"x", said={})) == []
