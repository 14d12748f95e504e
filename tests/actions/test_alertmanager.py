"""Alertmanager: alerts as its API has them, and a real one that is told of a fire and of its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from actions.receivers import CLIENT, JSON, LINES, NOW, event, receiving
from hypothesis import given
from hypothesis import strategies as st
from prometheus_server import Alertmanager as Server
from prometheus_server import alertmanager, awaited, free_address

from monitor.actions.alertmanager import AFTERWARDS, RESEND, Alertmanager, alert, is_due, labels
from monitor.actions.secret import Secret

OVER = event(status="resolved", kind="incident.resolved", time=NOW + timedelta(hours=1))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with alertmanager() as one:
        yield one


def clock() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  the server compares it with its own


def test_a_real_alertmanager_is_told_of_a_fire_and_of_its_end(server: Server) -> None:
    now = clock()
    since = now - timedelta(hours=3)
    receiver = Alertmanager(urls=(Secret(f"http://{server.address}"),), client=CLIENT)
    firing = event(since=since, time=now)
    assert receiver.send(firing, now).kind == "delivered"
    (found,) = awaited(lambda: server.named("DriftdIncident"))
    assert found["labels"] == {
        "alertname": "DriftdIncident",
        "monitor": "churn",
        "severity": "page",
        "subject": "feature/age",
        "rule": "drift",
        "feature": "age",
    }
    assert datetime.fromisoformat(found["startsAt"]) == since
    assert datetime.fromisoformat(found["endsAt"]) == now + timedelta(minutes=3)
    assert found["generatorURL"] == "https://driftd.example.com/monitors/churn"
    assert found["annotations"]["runbook_url"] == "https://driftd.example.com/runbooks/drift"
    assert "value 0.52, threshold 0.1" in found["annotations"]["description"]
    later = now + RESEND
    worse = replace(firing, data={"value": 0.9}, summary="age has moved by 0.9 standard deviations")
    assert receiver.send(worse, later).kind == "delivered"

    def repeated() -> bool:
        (one,) = server.named("DriftdIncident")
        return datetime.fromisoformat(one["endsAt"]) == later + timedelta(minutes=3)

    awaited(repeated)
    (one,) = server.named("DriftdIncident")
    assert datetime.fromisoformat(one["startsAt"]) == since, "one alert, which goes on"
    over = replace(firing, kind="incident.resolved", status="resolved", time=now)
    assert receiver.send(over, later).kind == "delivered"
    assert awaited(lambda: server.named("DriftdIncident") == [])


def test_a_real_alertmanager_says_what_is_wrong(server: Server) -> None:
    receiver = Alertmanager(urls=(Secret(f"http://{server.address}/elsewhere"),), client=CLIENT)
    found = receiver.send(event(), NOW)
    assert (found.kind, "answered 404" in found.why) == ("refused", True)


def test_every_member_is_told_and_one_is_enough() -> None:
    away = Secret(f"http://{free_address()}")
    with receiving() as one, receiving() as two, receiving(500) as ill:
        urls = tuple(Secret(f"http://127.0.0.1:{each.port}") for each in (one, ill, two))
        found = Alertmanager(urls=(away, *urls), token=Secret("t"), client=CLIENT).push([event(), OVER], NOW)
        assert [len(each.got) for each in (one, ill, two)] == [1, 1, 1]
        assert {each.got[0].path for each in (one, ill, two)} == {"/api/v2/alerts"}
        assert one.got[0].headers["authorization"] == "Bearer t"
        assert found.kind == "delivered"
        assert found.why == f"{away.text}: Connection refused; http://127.0.0.1:{ill.port} answered 500"


def test_none_is_tried_again_if_one_may_take_it_later() -> None:
    with receiving(400) as wrong, receiving((503, {"Retry-After": "9"}, b"")) as busy, receiving(410) as gone:
        urls = {
            name: Secret(f"http://127.0.0.1:{one.port}") for name, one in zip("wbg", (wrong, busy, gone), strict=True)
        }
        both = Alertmanager(urls=(urls["w"], urls["b"]), client=CLIENT).send(event(), NOW)
        assert (both.kind, both.wait) == ("again", timedelta(seconds=9))
        assert Alertmanager(urls=(urls["w"], urls["g"]), client=CLIENT).send(event(), NOW).kind == "refused"
        assert "answered 410" in Alertmanager(urls=(urls["g"],), client=CLIENT).send(event(), NOW).why


def test_an_alert_ends_by_itself_and_an_end_is_when_it_was() -> None:
    assert alert(event(), NOW)["endsAt"] == "2026-01-05T12:03:00Z"
    assert alert(event(), NOW, timedelta(seconds=10))["endsAt"] == "2026-01-05T12:00:30Z"
    assert {alert(OVER, NOW + timedelta(hours=hours))["endsAt"] for hours in (1, 2)} == {"2026-01-05T13:00:00Z"}
    early = replace(OVER, time=OVER.since - timedelta(hours=1))
    assert alert(early, NOW)["endsAt"] == alert(early, NOW)["startsAt"] == "2026-01-05T09:00:00Z"
    assert labels(OVER) == labels(event()), "what ends is what began"


def test_what_is_empty_is_left_out() -> None:
    found = alert(event(subject="", link="", runbook="", data={}, labels={"owner": ""}), NOW)
    assert set(found["labels"]) == {"alertname", "monitor", "severity"}
    assert (set(found["annotations"]), "generatorURL" in found) == ({"summary"}, False)


def test_labels_of_an_event_do_not_rename_it() -> None:
    told = labels(event(labels={"alertname": "Other", "severity": "none", "owner": "ann"}, kind="window_ledger.late"))
    assert (told["alertname"], told["severity"], told["owner"]) == ("DriftdWindowLedger", "page", "ann")


@given(data=st.dictionaries(LINES, JSON, max_size=3), summary=LINES)
def test_values_are_never_in_labels(data: dict[str, Any], summary: str) -> None:
    assert labels(event(data=data, summary=summary)) == labels(event())


def test_a_fire_is_repeated_and_its_end_for_five_minutes() -> None:
    def due(told: Any, at: int | None, now: int) -> bool:
        start = told.time
        return is_due(told, None if at is None else start + timedelta(seconds=at), start + timedelta(seconds=now))

    assert [due(event(), None, 0), due(event(), 0, 59), due(event(), 0, 60), due(event(), 86400, 86460)] == [
        *(True, False, True, True)
    ]
    last = AFTERWARDS.total_seconds()
    assert [due(OVER, None, 0), due(OVER, 0, 59), due(OVER, 240, int(last)), due(OVER, 240, int(last) + 1)] == [
        *(True, False, True, False)
    ]
    assert due(OVER, None, 10 * int(last)), "what was never told is told once"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"urls": ()}, "urls: are none; http://alertmanager:9093 or several would be right"),
        ({"urls": (Secret("alertmanager:9093"),)}, "url: http:// or https:// with a host would be right"),
        ({"urls": (Secret("http://a/?key=s3cr3t"),)}, "url http://a: has a query"),
        ({"resend": timedelta(0)}, "resend 0:00:00: from a second to an hour would be right"),
        ({"token": Secret("s3cr3t\r\n")}, "header authorization: its value has a line break"),
    ],
)
def test_a_mistake_is_told_where_it_is_made(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=r": ") as caught:
        Alertmanager(**{"urls": (Secret("http://a"),), **options})
    assert told in str(caught.value)
    assert "s3cr3t" not in str(caught.value)
