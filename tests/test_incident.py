"""What an incident is, and what people say of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.cause import Cause
from monitor.document import from_document, to_document
from monitor.incident import (
    Incident,
    Part,
    State,
    Terms,
    Told,
    Verdict,
    acknowledged,
    muted,
    precision,
    why_not_trained,
)
from monitor.ladder import Firing, Rung
from monitor.routing import Route
from monitor.window import Window

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(start=START, end=START + HOUR)


def part(
    rung: Rung, feature: str | None = "a", by: tuple[str, str | None] | None = None, quiet: int = 0, **more
) -> Part:
    firing = Firing(rule=f"on {rung}", feature=feature, rung=rung, **more)
    return Part(firing=firing, first=WINDOW, last=WINDOW, by=by, quiet=quiet)


def incident(*parts: Part, cause: Cause = Cause.SHAPE, **more) -> Incident:
    parts = parts or (part(Rung.DRIFT),)
    return Incident(
        id="churn:20260302T100000Z:1",
        monitor="churn",
        cause=cause,
        rung=parts[0].firing.rung,
        why="a moved",
        first=WINDOW,
        last=WINDOW,
        looked=WINDOW,
        grown=WINDOW,
        parts=parts,
        **more,
    )


def test_its_state_goes_from_opened_to_resolved_and_a_mute_ends_by_itself() -> None:
    opened = incident()
    told = replace(opened, notified=START)
    known = acknowledged(told, Verdict.TRUE, who="ana", at=START)
    silent = muted(known, START + HOUR, who="ana", why="deploy", at=START)
    states = [one.state(START) for one in (opened, told, known, silent)]
    assert states == [State.OPENED, State.NOTIFIED, State.ACKNOWLEDGED, State.MUTED]
    assert silent.state(START + HOUR) is State.ACKNOWLEDGED
    assert replace(silent, resolved=START).state(START) is State.RESOLVED
    assert [one.is_quiet(START) for one in (opened, told, known, silent)] == [False, False, True, True]
    assert not muted(told, START + HOUR, who="ana", why="deploy", at=START).is_quiet(START + HOUR)


def test_only_what_was_called_no_fault_is_none() -> None:
    said = [acknowledged(incident(), verdict, who="ana", at=START).is_no_fault for verdict in Verdict]
    assert said == [False, True, True]
    assert not incident().is_no_fault


def test_the_last_word_holds() -> None:
    first = acknowledged(incident(), Verdict.TRUE, who="ana", at=START)
    last = acknowledged(first, Verdict.EXPECTED, who="bo", at=START + HOUR, why="campaign")
    assert last.acknowledged is not None
    assert (last.acknowledged.verdict, last.acknowledged.who, last.acknowledged.why) == (
        Verdict.EXPECTED,
        "bo",
        "campaign",
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (lambda one: muted(one, START + HOUR, who="ana", why=" ", at=START), "muted without a reason; `why` in a few"),
        (lambda one: muted(one, START, who="ana", why="x", at=START), "which is past; after 2026-03-02 09:00:00"),
        (lambda one: muted(one, START + HOUR, who="", why="x", at=START), "nobody is named; the name of who says so"),
        (lambda one: acknowledged(one, Verdict.TRUE, who=" ", at=START), "nobody is named"),
        (
            lambda one: muted(replace(one, resolved=START), START + HOUR, who="ana", why="x", at=START),
            "is over since 2026-03-02 09:00:00+00:00, so nothing more is told of it; to acknowledge it would be right",
        ),
    ],
)
def test_what_cannot_be_said_names_the_incident_and_what_would_be_right(said, told: str) -> None:
    with pytest.raises(ValueError, match="incident 'churn:20260302T100000Z:1': ") as caught:
        said(incident())
    assert told in str(caught.value)


def test_how_grave_it_is_counts_what_is_inhibited_and_what_it_stands_on_does_not() -> None:
    found = incident(
        part(Rung.MISSING),
        part(Rung.DRIFT, "score", by=("on missing", "a"), severity="page", is_output=True),
        part(Rung.VOLUME, None, quiet=2, severity="page"),
    )
    assert (found.severity, found.route, found.rungs) == ("page", Route.PAGE, (Rung.MISSING,))
    assert (found.features, [one.firing.feature for one in found.inhibited]) == (("a",), ["score"])


def test_the_features_of_an_alarm_are_those_that_its_numbers_are_of() -> None:
    found = incident(
        part(Rung.DRIFT, None, is_asked=True, about=("score", "a")), part(Rung.DRIFT, "b"), part(Rung.DRIFT)
    )
    assert found.features == ("score", "a", "b")
    read = from_document(Incident, to_document(found))
    assert read == found


def test_what_has_been_quiet_for_a_window_and_may_come_again_still_stands_and_keeps_from_training() -> None:
    found = incident(part(Rung.DRIFT), part(Rung.MISSING, "b", quiet=1, severity="page"))
    assert (found.rungs, found.severity) == ((Rung.MISSING, Rung.DRIFT), "page")
    told = why_not_trained([found], WINDOW.end)
    assert told is not None
    assert "stands on missing" in told.why


def test_of_one_that_is_over_all_parts_still_tell() -> None:
    found = incident(part(Rung.MISSING, quiet=2), part(Rung.VOLUME, None, quiet=3), resolved=START)
    assert (found.rungs, found.route) == ((Rung.VOLUME, Rung.MISSING), Route.NOTIFY)


def test_it_goes_to_a_document_and_back() -> None:
    whole = incident(
        part(Rung.MISSING, None, by=("volume", None)),
        told=Told(severity="page", route=Route.PAGE, rungs=(Rung.DRIFT, Rung.MISSING)),
        notified=START,
        evidence=("one", "two"),
    )
    whole = muted(acknowledged(whole, Verdict.FALSE, who="a", at=START), START + HOUR, who="b", why="c", at=START)
    assert from_document(Incident, to_document(whole)) == whole
    assert from_document(Incident, to_document(incident())) == incident()


def test_precision_is_of_those_that_were_called_true_or_false() -> None:
    assert precision({Verdict.TRUE: 3, Verdict.FALSE: 1, Verdict.EXPECTED: 2}) == 0.75
    assert precision({"false": 2}) == 0.0
    assert precision({"expected": 1}) is None


@pytest.mark.parametrize(
    ("rung", "cause", "told"),
    [
        (Rung.FRESHNESS, Cause.NO_DATA, "stands on freshness"),
        (Rung.VOLUME, Cause.PIPELINE, "stands on volume"),
        (Rung.SCHEMA, Cause.SCHEMA, "stands on schema"),
        (Rung.MISSING, Cause.PIPELINE, "stands on missing"),
        (Rung.DRIFT, Cause.UNIT_OR_SCALE, "has the cause unit_or_scale"),
        (Rung.DRIFT, Cause.CATEGORY, "has the cause category"),
        (Rung.DRIFT, Cause.PIPELINE, "has the cause pipeline"),
        (Rung.DRIFT, Cause.SHAPE, None),
        (Rung.QUALITY, Cause.CONCEPT, None),
    ],
)
def test_broken_data_train_no_model(rung: Rung, cause: Cause, told: str | None) -> None:
    found = why_not_trained([incident(), incident(part(rung), cause=cause)], WINDOW.end)
    assert (found and found.why) == (told and f"incident churn:20260302T100000Z:1 is open and {told}: a moved")


def test_a_false_alarm_does_not_keep_from_training_and_an_expected_one_does() -> None:
    broken = incident(part(Rung.MISSING), cause=Cause.PIPELINE)
    assert why_not_trained([acknowledged(broken, Verdict.FALSE, who="ana", at=START)], START) is None
    assert why_not_trained([acknowledged(broken, Verdict.EXPECTED, who="ana", at=START)], START) is not None


def test_what_is_over_keeps_from_training_on_the_windows_in_which_it_fired() -> None:
    over = replace(incident(part(Rung.MISSING, quiet=1), cause=Cause.PIPELINE), resolved=START)
    assert why_not_trained([over], WINDOW.end) is None
    found = why_not_trained([over], WINDOW.start)
    assert found is not None
    assert found.why == (
        "incident churn:20260302T100000Z:1 fired until 2026-03-02 10:00 UTC and stands on missing: a moved"
    )


def test_terms_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="joins -1 day, 23:00:00: 0 or more would be right"):
        Terms(joins=-HOUR)


@pytest.mark.parametrize(
    ("firing", "windows"),
    [
        (Firing(rule="drift", feature="a", rung=Rung.DRIFT), 1),
        (Firing(rule="alarm low", rung=Rung.DRIFT, is_asked=True), 1),
        (Firing(rule="range", feature="a", rung=Rung.DRIFT), 2),
        (Firing(rule="freshness", rung=Rung.FRESHNESS), 2),
    ],
)
def test_what_is_damped_is_over_with_its_first_quiet_window_and_what_is_not_with_the_second(
    firing: Firing, windows: int
) -> None:
    held = [Part(firing=firing, first=WINDOW, last=WINDOW, quiet=quiet).is_over for quiet in range(3)]
    assert held == [quiet >= windows for quiet in range(3)]
