"""When an action is due, and when it is refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.acting import Action, Decision, Done, Stands, decided
from monitor.alarm import State
from monitor.cause import Cause
from monitor.incident import Incident, Part, Verdict, acknowledged
from monitor.ladder import Firing, Rung
from monitor.window import Window

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW = Window(start=START, end=START + HOUR)
END = WINDOW.end
RETRAIN = Action(name="retrain", alarm="down")
DOWN = Stands(state=State.ALARM, since=END, looks_back=DAY)


def part(rule: str = "alarm down", rung: Rung = Rung.DRIFT, *, quiet: int = 0, window: Window = WINDOW) -> Part:
    firing = Firing(rule=rule, rung=rung, is_asked=rule.startswith("alarm"))
    return Part(firing=firing, first=window, last=window, quiet=quiet)


def incident(*parts: Part, number: int = 1, cause: Cause = Cause.SHAPE, **more) -> Incident:
    return Incident(
        id=f"churn:20260302T100000Z:{number}",
        monitor="churn",
        cause=cause,
        rung=parts[0].firing.rung,
        why="it is so",
        first=parts[0].first,
        last=parts[0].last,
        looked=WINDOW,
        grown=WINDOW,
        parts=parts,
        **more,
    )


OWN = incident(part())


def asked(
    incidents: Sequence[Incident] = (OWN,),
    *,
    action: Action = RETRAIN,
    stands: Stands = DOWN,
    done: Sequence[Done] = (),
    now: datetime = END,
) -> Decision | None:
    return decided(action, stands, incidents, done, END, now)


def test_an_alarm_that_came_up_starts_it_for_its_incident() -> None:
    found = asked()
    assert found == Decision(occasion=OWN.id, incident=OWN)
    assert not found.is_refused


@pytest.mark.parametrize("stands", [replace(DOWN, state=State.OK), replace(DOWN, is_withheld=True)])
def test_another_state_and_a_change_that_is_withheld_start_nothing(stands: Stands) -> None:
    assert asked(stands=stands) is None


def test_it_is_done_once_for_an_incident_however_long_that_is_open() -> None:
    done = [Done(action="retrain", occasion=OWN.id, at=END)]
    assert asked(done=done, now=END + 100 * DAY) is None
    assert asked(done=[replace(done[0], action="other")]) is not None


def test_the_next_incident_has_to_wait_for_the_cool_down() -> None:
    done = [Done(action="retrain", occasion="churn:20260301T100000Z:1", at=END - HOUR)]
    found = asked(done=done)
    assert found is not None
    assert found.is_refused
    assert (found.ground, found.why) == ("cooldown", "cool-down of 1 day until 2026-03-03 09:00 UTC")
    later = asked(done=done, now=END + 23 * HOUR)
    assert later is not None
    assert not later.is_refused


@pytest.mark.parametrize("rung", [Rung.FRESHNESS, Rung.VOLUME, Rung.SCHEMA, Rung.MISSING])
def test_broken_data_start_nothing_and_the_incident_is_named(rung: Rung) -> None:
    broken = incident(part("completeness", rung), number=2, cause=Cause.PIPELINE)
    found = asked([OWN, broken])
    assert found is not None
    assert found.ground == broken.id
    assert found.why == f"incident {broken.id} is open and stands on {rung}: it is so"


def test_data_that_were_broken_start_nothing_as_long_as_the_alarm_looks_back_at_them() -> None:
    before = Window(start=END - 4 * HOUR, end=END - 3 * HOUR)
    over = incident(part("completeness", Rung.MISSING, quiet=2, window=before), number=2, resolved=END)
    found = asked([OWN, over])
    assert found is not None
    assert found.ground == over.id
    short = asked([OWN, over], stands=replace(DOWN, looks_back=3 * HOUR))
    assert short is not None
    assert not short.is_refused


def test_what_its_own_incident_shows_to_be_broken_starts_nothing() -> None:
    own = incident(part("completeness", Rung.MISSING), replace(part(), by=("completeness", None)))
    found = asked([own])
    assert found is not None
    assert found.ground == own.id
    units = asked([replace(OWN, cause=Cause.UNIT_OR_SCALE)])
    assert units is not None
    assert "has the cause unit_or_scale" in units.why


def test_a_false_alarm_starts_nothing() -> None:
    found = asked([acknowledged(OWN, Verdict.FALSE, who="ann", at=END)])
    assert found is not None
    assert (found.ground, found.why) == ("false", "ann called it a false alarm")


def test_an_alarm_without_an_incident_starts_nothing() -> None:
    assert asked([]) is None
    assert asked([replace(OWN, resolved=END)]) is None


def test_that_data_are_missing_is_told_though_they_are() -> None:
    gone = Action(name="fall_back", alarm="down", state=State.INSUFFICIENT_DATA)
    stands = replace(DOWN, state=State.INSUFFICIENT_DATA)
    broken = incident(part("freshness", Rung.FRESHNESS), cause=Cause.NO_DATA)
    assert asked([broken], action=gone, stands=stands) == Decision(occasion="down:20260302T100000Z")
    mended = Action(name="mended", alarm="down", state=State.OK)
    found = asked([broken], action=mended, stands=replace(DOWN, state=State.OK))
    assert found is not None
    assert found.is_refused
