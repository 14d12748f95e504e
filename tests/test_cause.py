"""Causes: real traffic with a fault planted is one cause, and the right one."""

from collections.abc import Sequence
from dataclasses import replace

import faults
import pytest
from faults import OUTPUT

from monitor.cause import Cause, Explanation, Scene, explained
from monitor.finding import Finding, Status
from monitor.ladder import Firing, Rung, fired, laddered
from monitor.profile import Profile
from monitor.rule import Check
from monitor.rulepath import shipped

UPSTREAM = {f"normal{i}": "billing" for i in range(4)} | {"five0": "accounts", "count0": "accounts"}


def cause(now: Profile, **scene: object) -> Explanation:
    left = laddered(faults.firing(now).firings).left
    return explained(left, replace(faults.scene(now), **scene))  # type: ignore[arg-type]


def moved(*names: str, rule: str = "drift", rung: Rung = Rung.DRIFT) -> Sequence[Firing]:
    return [Firing(rule=rule, feature=name, rung=rung) for name in names]


def test_nothing_planted_fires_nothing() -> None:
    assert faults.firing(faults.window()).firings == ()


@pytest.mark.parametrize(
    ("now", "is_of", "features"),
    [
        (lambda: faults.nothing(), Cause.NO_DATA, ()),
        (lambda: faults.unread(0.5), Cause.PIPELINE, ()),
        (lambda: faults.window(faults.null("normal0")), Cause.PIPELINE, ("normal0",)),
        (lambda: faults.window(faults.null("five0", "normal0")), Cause.PIPELINE, ("normal0", "five0")),
        (lambda: faults.window(faults.dropped("normal0")), Cause.SCHEMA, ("normal0",)),
        (lambda: faults.window(faults.worded("normal0")), Cause.SCHEMA, ("normal0",)),
        (lambda: faults.window(faults.times("normal0", 1000)), Cause.UNIT_OR_SCALE, ("normal0",)),
        (lambda: faults.window(faults.times("lognormal1", 2.54)), Cause.UNIT_OR_SCALE, ("lognormal1",)),
        (lambda: faults.window(faults.times("normal0", 1.8, 32)), Cause.UNIT_OR_SCALE, ("normal0",)),
        (lambda: faults.window(faults.times(OUTPUT, 100)), Cause.UNIT_OR_SCALE, (OUTPUT,)),
        (lambda: faults.window(faults.renamed("five0", "b", "bee")), Cause.CATEGORY, ("five0",)),
        (lambda: faults.window(faults.times("normal0", 1, 5)), Cause.SHAPE, ("normal0",)),
        (lambda: faults.window(faults.times(OUTPUT, 0.85)), Cause.SHAPE, (OUTPUT,)),
    ],
)
def test_a_planted_fault_has_its_cause_and_names_its_features(now, is_of: Cause, features: tuple[str, ...]) -> None:
    found = cause(now())
    assert (found.cause, found.features) == (is_of, features)
    assert found.why


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (lambda: faults.nothing(), "no row was read"),
        (lambda: faults.unread(0.5), "1 500 rows could be read of 3 000 records, where 3 000 rows are usual"),
        (lambda: faults.window(faults.null("normal0", "count1")), "values of normal0 and count1 no longer come"),
        (
            lambda: faults.window(lambda drawn: {**drawn, "five0": drawn["five0"][:1].repeat(faults.ROWS)}),
            "values of five0 no longer change",
        ),
        (lambda: faults.window(faults.dropped("normal0")), "columns are not those of the baseline: normal0"),
        (
            lambda: faults.window(faults.times("normal0", 1000)),
            "normal0 changed unit or scale: the whole distribution is 1000 times what it was, "
            "as if thousands were now told in ones",
        ),
        (lambda: faults.window(faults.renamed("five0", "b", "bee")), "categories of five0 were renamed"),
        (lambda: faults.window(faults.times("normal0", 1, 5)), "normal0 moved"),
        (
            lambda: faults.window(faults.times(OUTPUT, 0.85)),
            f"{OUTPUT} moved while no input did: the model itself may have changed",
        ),
    ],
)
def test_why_is_told_in_a_sentence(now, told: str) -> None:
    assert cause(now()).why == told


def test_names_of_categories_are_in_the_evidence_and_not_in_the_sentence() -> None:
    found = cause(faults.window(faults.renamed("five0", "b", "bee")))
    assert found.evidence[0] == "five0: 'b' is now 'bee' (23.6 % of values)"
    assert "bee" not in found.why


def test_a_new_category_alone_is_of_categories_and_no_renaming() -> None:
    now = faults.window(lambda drawn: {**drawn, "five0": [*drawn["five0"][:2700], *["new"] * 300]})
    found = cause(now)
    assert (found.cause, found.why) == (Cause.CATEGORY, "categories of five0 came or went")


def test_a_feature_in_another_unit_explains_what_is_computed_from_it() -> None:
    def change(drawn):
        return {**drawn, "normal0": drawn["normal0"] * 1000, "normal1": drawn["normal1"] + 9, "t3_0": drawn["t3_0"] + 2}

    found = cause(faults.window(change))
    assert (found.cause, found.features) == (Cause.UNIT_OR_SCALE, ("normal0",))
    assert any(line.startswith("drift of normal1: ") for line in found.evidence)


def test_a_factor_that_fits_no_unit_is_one_of_several_moves_where_others_moved() -> None:
    def change(drawn):
        return {
            **drawn,
            "lognormal1": drawn["lognormal1"] * 17,
            "normal1": drawn["normal1"] + 9,
            "t3_0": drawn["t3_0"] + 2,
        }

    assert cause(faults.window(change)).cause is Cause.SHAPE
    assert cause(faults.window(faults.times("lognormal1", 17))).cause is Cause.UNIT_OR_SCALE


def test_inputs_decide_where_outputs_move_with_them() -> None:
    def change(drawn):
        return {**drawn, "normal0": drawn["normal0"] + 5, OUTPUT: drawn[OUTPUT] * 100}

    found = cause(faults.window(change))
    assert (found.cause, found.features) == (Cause.SHAPE, ("normal0",))


def test_an_answer_that_stands_still_because_an_input_changed_its_unit_has_that_cause() -> None:
    def change(drawn):
        return {**drawn, "lognormal1": drawn["lognormal1"] * 100, OUTPUT: drawn[OUTPUT] * 0 + 1}

    found = cause(faults.window(change))
    assert (found.cause, found.features) == (Cause.UNIT_OR_SCALE, ("lognormal1",))
    assert any(told.startswith(f"constant of {OUTPUT}") for told in found.evidence)
    alone = cause(faults.window(lambda drawn: {**drawn, OUTPUT: drawn[OUTPUT] * 0 + 1}))
    assert (alone.cause, alone.features) == (Cause.PIPELINE, (OUTPUT,))
    beside = cause(faults.window(lambda drawn: shifted("normal0")({**drawn, OUTPUT: drawn[OUTPUT] * 0 + 1})))
    assert beside.cause is Cause.PIPELINE, "that an input moved does not make it stand still"
    both = cause(faults.window(lambda drawn: faults.null("normal0")(change(drawn))))
    assert (both.cause, both.features) == (Cause.PIPELINE, ("normal0", OUTPUT)), "an input is missing as well"


def shifted(*names: str):
    return lambda drawn: {**drawn, **{name: drawn[name] + 5 for name in names}}


def test_many_features_with_rows_lost_are_the_pipeline() -> None:
    names = [f"normal{i}" for i in range(4)]
    now = faults.window(shifted(*names))
    assert cause(now).cause is Cause.SHAPE, "as many rows as ever"
    found = cause(now, usual_rows=2.0 * faults.ROWS)
    assert (found.cause, found.features) == (Cause.PIPELINE, tuple(names))
    assert found.why == "4 features moved at once, and only 50 % of the usual rows came"
    assert cause(faults.window(shifted(*names[:2])), usual_rows=2.0 * faults.ROWS).cause is Cause.SHAPE, "too few"


def test_many_features_from_one_upstream_are_the_pipeline() -> None:
    now = faults.window(shifted("normal0", "normal1", "normal2"))
    found = cause(now, upstreams=UPSTREAM)
    assert found.cause is Cause.PIPELINE
    assert found.why == "3 features moved at once, all of them from billing, and none from anywhere else"
    mixed = cause(faults.window(shifted("normal0", "normal1", "normal5")), upstreams=UPSTREAM)
    assert mixed.cause is Cause.SHAPE, "nobody has said where one of them comes from"
    only = {name: source for name, source in UPSTREAM.items() if source == "billing"}
    assert cause(now, upstreams=only).cause is Cause.SHAPE, "where all come from one, it tells nothing"


def test_half_of_the_rows_lost_is_the_pipeline_where_the_volume_is_bounded() -> None:
    now = faults.window(rows=faults.ROWS // 2)
    bounded = Check(rule=shipped()["volume"], options={"min_rows": 2000})
    left = laddered(faults.firing(now, (bounded, *faults.CHECKS[1:])).firings).left
    assert [firing.key for firing in left] == [("volume", None)]
    found = explained(left, faults.scene(now))
    assert found.cause is Cause.PIPELINE
    assert found.why == "1 500 rows could be read of 1 500 records, where 3 000 rows are usual"


def test_captures_that_stop_within_a_window_are_no_data() -> None:
    stale = Finding(status=Status.VIOLATED, rule="freshness", why="last capture at noon")
    found = explained(fired([stale]).firings, faults.scene(faults.window()))
    assert (found.cause, found.why) == (Cause.NO_DATA, "captures stopped before the window's end")
    assert found.evidence == ("freshness: last capture at noon",)


def test_worse_quality_while_inputs_are_quiet_is_a_concept_that_changed() -> None:
    found = explained(moved("error", rule="page_hinkley", rung=Rung.QUALITY), faults.scene(faults.window()))
    assert found.cause is Cause.CONCEPT
    both = [*moved("normal0"), *moved("error", rule="page_hinkley", rung=Rung.QUALITY)]
    left = laddered(both).left
    assert explained(left, faults.scene(faults.window(faults.times("normal0", 1, 5)))).cause is Cause.SHAPE


def test_the_lowest_rung_decides_whatever_else_is_left() -> None:
    found = cause(faults.window(lambda drawn: faults.null("normal0")(shifted("normal1")(drawn))))
    assert (found.cause, found.features) == (Cause.PIPELINE, ("normal0",))


def test_features_that_no_profile_has_are_moves_and_pairs_are_too() -> None:
    empty = Scene(now=Profile(), base=Profile())
    assert explained(moved("gone"), empty).why == "gone moved"
    pair = [Firing(rule="drift", rung=Rung.DRIFT, why="a and b")]
    assert explained(pair, empty).why == "features no longer go together as they did"


def test_many_features_are_counted_and_the_first_named() -> None:
    found = explained(moved(*"abcdefgh"), Scene(now=Profile(), base=Profile()))
    assert found.why == "a, b, c, d, e and 3 more moved"


def test_records_that_are_there_twice_are_told_so() -> None:
    twice = moved("", rule="duplicates", rung=Rung.VOLUME)
    assert explained(twice, Scene(now=Profile(), base=Profile())).why == "records came more than once"


def test_without_a_firing_there_is_no_cause() -> None:
    with pytest.raises(ValueError, match="explained: no firing; at least one would be right"):
        explained([], Scene(now=Profile(), base=Profile()))


def asked(name: str, *about: str, **more: object) -> Firing:
    rule, why = f"alarm {name}", f"mean({name}) < 1 (2 of 3 windows)"
    return Firing(rule=rule, rung=Rung.DRIFT, why=why, is_asked=True, about=about, **more)  # type: ignore[arg-type]


def test_alarms_that_somebody_configured_explain_themselves() -> None:
    scene = faults.scene(faults.window())
    found = explained([asked("low", OUTPUT, is_output=True)], scene)
    assert (found.cause, found.features) == (Cause.SHAPE, (OUTPUT,))
    assert found.why == "alarm low: mean(low) < 1 (2 of 3 windows)"
    both = explained([asked("a", "normal0"), asked("b", "normal1", "normal0")], scene)
    assert both.features == ("normal0", "normal1")
    assert both.why == "alarm a: mean(a) < 1 (2 of 3 windows); alarm b: mean(b) < 1 (2 of 3 windows)"
    assert both.evidence == tuple(both.why.split("; "))
    assert explained([asked(str(n)) for n in range(7)], scene).why.endswith(
        "alarm 4: mean(4) < 1 (2 of 3 windows); and 2 more"
    )


def test_what_shows_of_the_features_of_an_alarm_is_evidence() -> None:
    found = explained([asked("low", "normal0")], faults.scene(faults.window(faults.times("normal0", 1000))))
    assert found.why.startswith("alarm low: ")
    assert found.evidence[0].startswith("normal0: ")
    assert len(found.evidence) == 2


def test_beside_a_feature_that_moved_an_alarm_explains_nothing() -> None:
    found = explained([asked("low", OUTPUT), *moved("normal0")], faults.scene(faults.window()))
    assert (found.why, found.features) == ("normal0 moved", ("normal0",))
