"""The ladder: what fires, on which rung, and what explains what."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.finding import Finding, Reason, Status, at_least, at_most, failed, skip, unknown
from monitor.ladder import RUNGS, Fired, Firing, Rung, explains, fired, laddered, rung_of, worst
from monitor.rulepath import shipped
from monitor.sagemaker import quality_violations
from monitor.sagemaker.violations import TYPES


def at(rung: Rung, feature: str | None = None, rule: str = "", **more: object) -> Firing:
    return Firing(rule=rule or f"on {rung}", feature=feature, rung=rung, **more)  # type: ignore[arg-type]


def finding(rule: str, feature: str | None = None, status: Status = Status.VIOLATED, **more: object) -> Finding:
    return Finding(status=status, rule=rule, feature=feature, **more)  # type: ignore[arg-type]


rungs = st.sampled_from(list(Rung))
firings = st.builds(
    Firing,
    rule=st.sampled_from(["drift", "volume", "duplicates", "extra_column", "mine", "other"]),
    feature=st.sampled_from([None, "a", "b", "score"]),
    rung=rungs,
    severity=st.sampled_from(["info", "warning", "page"]),
    is_output=st.booleans(),
)
windows = st.lists(firings, max_size=8, unique_by=lambda firing: firing.key)


def test_every_shipped_rule_and_every_check_of_sagemaker_stands_on_a_rung_and_no_other_does() -> None:
    assert set(RUNGS) == set(shipped()) | set(TYPES) | set(quality_violations.RULES)


@pytest.mark.parametrize(
    ("rule", "rung"),
    [
        ("freshness", Rung.FRESHNESS),
        ("volume", Rung.VOLUME),
        ("missing_column", Rung.SCHEMA),
        ("data_type_check", Rung.SCHEMA),
        ("completeness", Rung.MISSING),
        ("constant", Rung.MISSING),
        ("baseline_drift_check", Rung.DRIFT),
        ("page_hinkley", Rung.QUALITY),
    ],
)
def test_a_rule_stands_where_its_question_does(rule: str, rung: Rung) -> None:
    assert rung_of(rule) is rung


def test_rules_of_ones_own_stand_on_drift_or_where_one_says_and_shipped_ones_may_be_moved() -> None:
    assert rung_of("mine") is Rung.DRIFT
    assert rung_of("mine", {"mine": Rung.QUALITY, "range": Rung.SCHEMA}) is Rung.QUALITY
    assert rung_of("range", {"range": Rung.SCHEMA}) is Rung.SCHEMA


def test_rungs_are_in_order_from_freshness_up() -> None:
    assert [rung.height for rung in Rung] == [0, 1, 2, 3, 4, 5]
    assert (Rung.FRESHNESS.height, Rung.QUALITY.height) == (0, 5)


def test_only_what_is_violated_fires() -> None:
    ok = replace(at_most(1, 2), rule="range", feature="a")
    others = [ok, replace(skip("no"), rule="range"), replace(failed("raised"), rule="mine")]
    (only,) = fired([*others, finding("range", "b", severity="page", why="w")], outputs=["b"]).firings
    assert only == Firing(rule="range", feature="b", rung=Rung.DRIFT, severity="page", why="w", is_output=True)


def test_several_findings_of_one_rule_on_one_feature_are_one_firing_of_the_gravest_severity_with_all_words() -> None:
    pairs = [finding("drift", why=f"pair {n}", severity="page" if n == 4 else "info") for n in range(5)]
    (one,) = fired(pairs).firings
    assert (one.severity, one.why) == ("page", "pair 0; pair 1; pair 2; and 2 more")


EMPTY = [
    replace(unknown(Reason.NO_DATA, "no row was read"), rule="volume"),
    replace(unknown(Reason.NO_DATA), rule="drift", feature="a"),
]


def test_a_window_without_rows_fires_on_freshness_and_answers_nothing() -> None:
    seen = fired(EMPTY)
    assert [(f.rule, f.rung) for f in seen.firings] == [("volume", Rung.FRESHNESS)]
    assert seen.is_empty
    assert not seen.is_over(("range", "a")), "nothing was asked, so that nothing is over"


def test_records_that_came_and_could_not_be_read_are_no_silence() -> None:
    seen = fired([*EMPTY, replace(at_most(0.9, 0.01, why="unread"), rule="volume")])
    assert [(f.rung, f.why) for f in seen.firings] == [(Rung.VOLUME, "unread; no row was read")]


def test_rows_of_another_width_are_another_schema_though_none_could_be_read() -> None:
    seen = fired([*EMPTY, finding("missing_column", why="7 columns")])
    assert {(f.rule, f.rung) for f in seen.firings} == {("volume", Rung.SCHEMA), ("missing_column", Rung.SCHEMA)}


def test_a_feature_or_a_rule_of_ones_own_without_data_is_no_silence() -> None:
    asked = [("mine", None), ("completeness", None), ("data_type", "a")]
    found = [replace(unknown(Reason.NO_DATA), rule=rule, feature=feature) for rule, feature in asked]
    assert fired(found) == Fired(unanswered=frozenset(asked))


def test_what_could_not_be_answered_is_not_over_and_what_was_answered_or_is_gone_is() -> None:
    seen = fired(
        [
            replace(unknown(Reason.TOO_FEW_ROWS), rule="drift", feature="a"),
            replace(failed("raised"), rule="mine"),
            replace(at_least(1, 0), rule="drift", feature="b"),
            finding("drift", "c"),
        ]
    )
    keys = [("drift", "a"), ("mine", None), ("drift", "b"), ("drift", "c"), ("missing_column", "gone")]
    assert [seen.is_over(key) for key in keys] == [False, False, True, False, True]


def test_skew_that_nobody_has_accepted_is_not_over() -> None:
    standing = finding("skew", "a", Status.SKIPPED, since=datetime(2026, 3, 2, tzinfo=UTC))
    assert not fired([standing]).is_over(("skew", "a"))
    assert fired([finding("range", "a", Status.SKIPPED)]).is_over(("range", "a"))


@pytest.mark.parametrize(
    ("lower", "higher", "does"),
    [
        (at(Rung.VOLUME), at(Rung.DRIFT, "a"), True),
        (at(Rung.FRESHNESS), at(Rung.VOLUME), True),
        (at(Rung.MISSING, "a"), at(Rung.DRIFT, "a"), True),
        (at(Rung.MISSING, "a"), at(Rung.DRIFT, "b"), False),
        (at(Rung.MISSING, "a"), at(Rung.DRIFT), True),
        (at(Rung.MISSING, "a"), at(Rung.DRIFT, "score", is_output=True), True),
        (at(Rung.MISSING, "score", is_output=True), at(Rung.DRIFT, "other score", is_output=True), False),
        (at(Rung.MISSING, "a"), at(Rung.QUALITY, "error"), True),
        (at(Rung.DRIFT, "a"), at(Rung.QUALITY, "error"), True),
        (at(Rung.DRIFT, "a"), at(Rung.DRIFT, "a", "other"), False),
        (at(Rung.DRIFT, "a"), at(Rung.MISSING, "a"), False),
        (at(Rung.SCHEMA, "a", "extra_column"), at(Rung.DRIFT), False),
        (at(Rung.VOLUME, None, "duplicates"), at(Rung.DRIFT, "a"), False),
    ],
)
def test_a_lower_rung_explains_what_follows_from_it_and_no_more(lower: Firing, higher: Firing, does: bool) -> None:
    assert explains(lower, higher) is does


def test_the_lowest_rung_is_the_reason_and_of_one_rung_the_features_own() -> None:
    whole, own = at(Rung.SCHEMA, "b"), at(Rung.SCHEMA, "score", is_output=True)
    drift = at(Rung.DRIFT, "score", is_output=True)
    (one,) = laddered([whole, own, drift]).inhibited
    assert (one.firing, one.by) == (drift, own)
    stopped = at(Rung.FRESHNESS)
    assert {one.by for one in laddered([whole, own, drift, stopped]).inhibited} == {stopped}


def test_what_somebody_called_no_fault_explains_nothing_any_more() -> None:
    missing, drift = at(Rung.MISSING, "a"), at(Rung.DRIFT, "a")
    assert laddered([missing, drift]).left == (missing,)
    assert laddered([missing, drift], excused=[missing.key]).left == (missing, drift)


@given(windows, st.sets(st.tuples(st.sampled_from(["drift", "volume", "mine"]), st.sampled_from([None, "a"]))))
def test_nothing_is_lost_on_the_ladder_and_reasons_lie_below(found: list[Firing], excused: set[tuple[str, str | None]]):
    ladder = laddered(found, excused)
    together = [*ladder.left, *(one.firing for one in ladder.inhibited)]
    assert sorted(together, key=lambda f: str(f.key)) == sorted(found, key=lambda f: str(f.key))
    for one in ladder.inhibited:
        assert one.by.rung.height < one.firing.rung.height
        assert one.by.key not in excused
    assert bool(ladder.left) == bool(found), "the lowest of all is always left"


@given(windows)
def test_the_order_of_firings_says_nothing(found: list[Firing]) -> None:
    by = {one.firing.key: one.by.key for one in laddered(found).inhibited}
    assert {one.firing.key: one.by.key for one in laddered(found[::-1]).inhibited} == by


@given(windows)
def test_a_firing_is_left_unless_one_that_fires_explains_it(found: list[Firing]) -> None:
    for firing in laddered(found).left:
        assert not any(explains(other, firing) for other in found)


@pytest.mark.parametrize("rule", ["drift", "skew", "adwin", "page_hinkley"])
def test_rules_that_add_up_evidence_and_alarms_of_so_many_windows_are_damped(rule: str) -> None:
    assert at(Rung.DRIFT, rule=rule).is_damped
    assert at(Rung.DRIFT, rule="mine", is_asked=True).is_damped
    assert not at(Rung.DRIFT, "a", "range").is_damped


def test_a_severity_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="rule 'drift': severity 'high'; one of info, warning, page would be right"):
        at(Rung.DRIFT, rule="drift", severity="high")
    assert worst(["info", "warning"]) == "warning"
