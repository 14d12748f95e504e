"""What gathers goes together, all of it, once, in its order; and how it reads."""

from dataclasses import replace
from datetime import timedelta

from actions.receivers import NOW, event
from hypothesis import given
from hypothesis import strategies as st

from monitor.document import from_document, to_document
from monitor.event import Event
from monitor.gathering import MOST_LISTED, going, grouped, listed, standing

SECOND = timedelta(seconds=1)
FINDING = {"rule": "drift", "feature": "age", "value": 0.5, "threshold": 0.1}


def incident(number: int, **changes: object) -> Event:
    data = {"incident": f"i{number}", "findings": [FINDING] * 5}
    return event(**{"id": f"e{number}", "monitor": f"m{number}", "data": data, **changes})


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=40), st.sets(st.integers(0, 300)))
def test_what_gathers_is_told_once_in_its_order_and_no_later_than_the_first_may_wait(
    arrivals: list[tuple[int, int]], looks: set[int]
) -> None:
    arrivals = sorted(arrivals, key=lambda one: one[0])
    waiting: list[tuple[int, int]] = []
    told: list[list[int]] = []
    for second in sorted({*looks, 300}):
        while arrivals and arrivals[0][0] <= second:
            came, wait = arrivals.pop(0)
            waiting.append((came + wait, len(waiting) + sum(map(len, told))))
        found = going([(NOW + until * SECOND, number) for until, number in waiting], NOW + second * SECOND)
        assert found in ([], [number for _, number in waiting])
        assert bool(found) is any(until <= second for until, _ in waiting)
        if found:
            told.append(found)
            waiting = []
    flat = [number for group in told for number in group]
    assert waiting == []
    assert flat == list(range(len(flat)))


def test_several_events_are_one_of_the_worst_of_them() -> None:
    quiet = incident(1, severity="warning", since=NOW - timedelta(hours=5), labels={"owner": "ann", "team": "a"})
    loud = incident(2, labels={"owner": "ann", "team": "b"}, link="https://d.example.com/2")
    found = grouped([quiet, loud], "mail", NOW)
    assert (found.kind, found.monitor, found.severity, found.status) == ("events.grouped", "driftd", "page", "firing")
    assert (found.since, found.time) == (quiet.since, NOW)
    assert found.summary == "2 events of 2 monitors: m1, m2"
    assert (found.labels, found.runbook) == ({"owner": "ann"}, quiet.runbook)
    assert (found.data["count"], found.data["events_more"]) == (2, 0)
    first, second = found.data["events"]
    assert (first["monitor"], first["incident"], first["severity"]) == ("m1", "i1", "warning")
    assert second == {
        "id": "e2", "kind": "incident.opened", "monitor": "m2", "severity": "page", "status": "firing",
        "summary": loud.summary, "since": "2026-01-05T09:00:00Z", "runbook": loud.runbook, "link": loud.link,
        "incident": "i2", "findings": [FINDING] * 3,
    }  # fmt: skip
    assert from_document(Event, to_document(found)) == found


def test_the_id_is_that_of_the_members_and_their_receiver() -> None:
    events = [incident(number) for number in range(3)]
    assert grouped(events, "a", NOW).id == grouped(events[::-1], "a", NOW + SECOND).id
    assert len({grouped(members, to, NOW).id for members in (events, events[:2]) for to in "ab"}) == 4


def test_of_one_monitor_the_worst_is_told_and_of_many_the_first_few() -> None:
    same = [incident(number, monitor="churn", severity=how) for number, how in enumerate(["info", "page", "warning"])]
    found = grouped([replace(one, summary=one.severity * 100) for one in same], "a", NOW)
    assert (found.monitor, found.summary) == ("churn", f"3 events: {'page' * 75} and 2 more")
    many = grouped([incident(number, runbook=str(number)) for number in range(40)], "a", NOW)
    assert many.summary == "40 events of 40 monitors: m0, m1, m2, m3, m4 and 35 more"
    assert many.runbook == ""


def test_of_too_many_the_worst_are_listed_in_their_order() -> None:
    events = [incident(number, severity="page" if number % 2 else "warning") for number in range(80)]
    found = listed("events", events)
    assert found["events_more"] == 30
    numbers = [int(one["id"][1:]) for one in found["events"]]
    assert len(numbers) == MOST_LISTED
    assert numbers == sorted(numbers)
    assert {number for number in range(80) if number % 2} < set(numbers)


def test_of_an_incident_the_last_word_holds() -> None:
    opened, over = incident(1), incident(1, id="x", status="resolved")
    assert standing([opened, over]) == "resolved"
    assert standing([over, opened]) == "firing"
    assert standing([opened, over, incident(2)]) == "firing"
    assert standing([event(id="a"), event(id="b", status="resolved")]) == "firing"
