"""Digests are due once a day or week, and repetitions have numbers."""

from datetime import UTC, datetime, timedelta

from actions.receivers import NOW, event
from hypothesis import given
from hypothesis import strategies as st

from monitor.event import Event
from monitor.reminding import digest, digest_time, repeated, repetition

DUE = datetime(2026, 1, 5, 8, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.sampled_from(["daily", "weekly"]))
def test_a_digest_was_due_at_eight_within_its_day_or_week(now: datetime, every: str) -> None:
    due = digest_time(every, now)  # type: ignore[arg-type]
    assert (due.hour, due.minute, due.second, due.microsecond, due.utcoffset()) == (8, 0, 0, 0, timedelta(0))
    assert timedelta(0) <= now - due < timedelta(days=7 if every == "weekly" else 1)
    assert every == "daily" or due.weekday() == 0


def test_a_digest_says_what_was_quiet_and_what_nobody_acknowledged() -> None:
    quiet = [event(id="a", severity="info", data={"incident": "1"}), event(id="b", status="resolved", monitor="fraud")]
    unanswered = [event(id="c", since=DUE - timedelta(days=3), data={"incident": "2"})]
    found = digest(quiet, unanswered, "mail", DUE, NOW)
    assert found is not None
    assert (found.kind, found.severity, found.status, found.monitor) == ("events.digest", "info", "firing", "driftd")
    assert found.summary == (
        "digest: 2 events too quiet to be told at once, 1 open incident that nobody has acknowledged"
    )
    assert found.since == DUE - timedelta(days=3)
    assert [one["id"] for one in found.data["events"]] == ["a", "b"]
    assert [one["id"] for one in found.data["open"]] == ["c"]
    assert (found.data["count"], found.data["open_count"]) == (2, 1)


def test_there_is_no_digest_of_nothing_and_none_fires_of_what_is_over() -> None:
    assert digest([], [], "mail", DUE, NOW) is None
    over = digest([event(status="resolved")], [], "mail", DUE, NOW)
    assert over is not None
    assert (over.status, over.monitor, over.summary) == (
        "resolved", "churn", "digest: 1 event too quiet to be told at once",
    )  # fmt: skip
    only = digest([], [event()], "mail", DUE, NOW)
    assert only is not None
    assert only.summary == "digest: 1 open incident that nobody has acknowledged"


def test_a_digest_has_one_id_a_route_and_day() -> None:
    def id_of(route: str, due: datetime, *events: Event) -> str:
        found = digest(events, [], route, due, NOW)
        assert found is not None
        return found.id

    assert id_of("mail", DUE, event()) == id_of("mail", DUE, event(id="other"))
    days = [DUE, DUE + timedelta(days=1)]
    assert len({id_of(route, due, event()) for route in ("mail", "chat") for due in days}) == 4


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_repetitions_are_counted_by_the_time_since_it_was_told(seconds: int, before: int) -> None:
    every = timedelta(hours=4)
    assert repetition(NOW, every, NOW + timedelta(seconds=seconds)) == seconds // 14400
    assert repetition(NOW, every, NOW - timedelta(seconds=before)) == 0


def test_a_repetition_is_the_event_told_again_under_an_id_of_its_own() -> None:
    told = event(summary="x" * 1000)
    again = repeated(told, "ops", 2, NOW + timedelta(hours=8))
    assert (again.kind, again.time, again.since) == ("incident.repeated", NOW + timedelta(hours=8), told.since)
    assert (again.summary[:8], len(again.summary)) == ("still: x", 1000)
    assert again.data == {**told.data, "times": 2}
    assert again.id == repeated(told, "ops", 2, NOW + timedelta(hours=11)).id
    assert len({repeated(told, route, number, NOW).id for route in ("a", "b") for number in (1, 2)} | {told.id}) == 5
