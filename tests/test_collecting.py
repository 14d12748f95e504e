"""What a period comes to, from report.json of window after window."""

from dataclasses import replace

import pytest
from ledgers import window
from render.reports import asked, moved, ok, report, too_few, violated, volume

from monitor.collecting import Collecting, answer, used
from monitor.finding import Status, at_least, failed, skip, unknown
from monitor.period import Answer, Due
from monitor.render.json import report_document
from monitor.report import Origin


def collected(*reports):
    seen = Collecting()
    for number, one in enumerate(reports):
        document = None if one is None else report_document(one)
        seen.add(Due(window=window(number), state="done" if one is not None else "dead"), document)
    return seen


def drift(count, **others):
    return report(*volume(), *(replace(f, **others) for f in asked("drift", [moved(count)], ["age"])))


def test_a_window_has_the_figures_of_its_report() -> None:
    (due,) = collected(violated()).due
    assert (due.verdict, due.judged, due.asked, due.violated) == (
        "violated", violated().judged, violated().asked, len(violated().violations),
    )  # fmt: skip
    assert (due.records, due.rows, due.rejected) == (1977, 1970, {"not_json": 7})
    assert (due.baseline.version, due.config_digest, due.input_digest) == ("3", "sha256:c0f1", "sha256:f00d")


def test_an_unknown_window_has_its_commonest_reason_and_one_that_was_not_judged_its_state() -> None:
    short = replace(too_few(), required=("prediction_drop",))
    due = collected(short, None).due
    assert [(one.verdict, one.unknown) for one in due] == [("unknown", "too_few_rows"), ("dead", "")]


def test_violations_are_counted_by_rule_and_feature_and_the_worst_is_kept() -> None:
    (found,) = collected(drift(700), drift(650), drift(394)).violations
    assert (found.rule, found.feature, found.windows, found.judged) == ("drift", "age", 2, 3)
    assert (found.first, found.last, found.at) == (window(0), window(1), window(0))
    assert found.worst.why == "rows above 1: 20 % -> 35 %"
    assert found.stands is False


def test_what_was_not_answered_since_still_stands() -> None:
    nothing = report(*volume(), *asked("drift", [unknown("no_data")], ["age"]))
    told = report(*volume(), *(replace(f, since=window(0).start) for f in asked("drift", [skip("told")], ["age"])))
    assert [one.stands for one in collected(drift(700), nothing, told).violations] == [True]
    gone = report(*volume(), *asked("drift", [skip("does not apply")], ["age"]))
    assert [one.stands for one in collected(drift(700), gone).violations] == [False]


def test_what_stands_comes_first_then_the_gravest_then_the_most_frequent() -> None:
    both = report(*volume(), *asked("drift", [moved(700)] * 2, ["a", "b"]))
    last = report(*volume(), *asked("drift", [moved(394), moved(700)], ["a", "b"]))
    assert [one.feature for one in collected(both, both, last).violations] == ["b", "a"]
    grave = report(
        *volume(), *(replace(f, severity=s) for f, s in zip(both.findings[1:], ("info", "page"), strict=True))
    )
    assert [one.feature for one in collected(grave).violations] == ["b", "a"]


def test_a_feature_has_an_answer_for_each_window_none_where_there_is_none() -> None:
    features = collected(volume_only(), drift(394), None, drift(700)).features
    assert [None if one is None else one.status for one in features["age"]] == [
        None, Status.OK, None, Status.VIOLATED,
    ]  # fmt: skip


def volume_only():
    return report(*volume())


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ([("drift", "unknown"), ("range", "ok")], Status.UNKNOWN),
        ([("drift", "unknown"), ("skew", "ok")], Status.OK),
        ([("drift", "skipped"), ("range", "ok")], Status.OK),
        ([("range", "failed"), ("drift", "ok")], Status.FAILED),
        ([("range", "violated"), ("drift", "failed")], Status.VIOLATED),
        ([("range", "unknown")], Status.UNKNOWN),
        ([("range", "skipped")], None),
    ],
)
def test_whether_it_moved_decides_where_nothing_is_violated_or_broken(findings, told) -> None:
    found = answer([(Status(status), finding(rule)) for rule, status in findings])
    assert (None if found is None else found.status) == told


def finding(rule, **others):
    known = {"rule": rule, "evidence": None, "value": None, "threshold": None, "direction": None, "method": ""}
    return {**known, **others}


def test_how_far_it_is_on_its_way_is_told_by_evidence_or_by_its_limit() -> None:
    near = answer([(Status.OK, finding("drift", evidence=0.7))])
    far = {"value": -0.3, "threshold": 0.1, "direction": "at_most", "method": "difference of shares"}
    assert near == Answer(status=Status.OK, reached=0.7)
    assert answer([(Status.VIOLATED, finding("drift", **far))]).reached == pytest.approx(3.0)
    for more in ({"method": "exact"}, {"direction": "at_least"}, {"threshold": 0.0}, {"value": None}):
        assert answer([(Status.VIOLATED, finding("drift", **{**far, **more}))]).reached is None


def test_metrics_are_no_features_and_the_last_that_was_answered_is_kept() -> None:
    auc = replace(at_least(-0.06, -0.025, why="auc 0.9 -> 0.84"), rule="model_quality", feature="auc")
    late = replace(unknown("truth_missing", "no label"), rule="model_quality", feature="auc")
    seen = collected(report(*volume(), late), report(*volume(), auc), report(*volume(), late))
    (found,) = seen.metrics
    assert (found.metric, found.at, found.latest.why) == ("auc", window(1), "auc 0.9 -> 0.84")
    assert dict(found.windows) == {Status.UNKNOWN: 2, Status.VIOLATED: 1}
    assert "auc" not in seen.features


def test_what_could_not_be_judged_is_told_by_reason_with_features_rules_and_windows() -> None:
    first = report(*volume(), *asked("drift", [unknown("no_data", "nothing came")] * 2, ["a", "b"]))
    second = report(*asked("volume", [unknown("no_data", "no row")], [None]), *asked("own", [unknown("")], ["c"]))
    found = collected(first, second, ok()).unanswered
    assert [(one.reason, one.rules, one.features, one.windows, one.latest.why) for one in found] == [
        ("no_data", ("drift", "volume"), ("a", "b"), 2, "no row"),
        ("no reason given", ("own",), ("c",), 1, ""),
    ]


def test_every_rule_says_how_often_it_answered_what() -> None:
    broke = report(*volume(), *asked("vip", [failed("ZeroDivisionError")] * 2, ["a", "b"]))
    rules = {one.rule: one for one in collected(ok(), broke).rules}
    assert dict(rules["vip"].findings) == {Status.FAILED: 2}
    assert rules["volume"].findings[Status.OK] == 2
    assert [one.violated for one in collected(violated()).rules if one.rule == "drift"] == [1]


def test_what_it_was_judged_by_is_told_in_stretches() -> None:
    def due(number, version, config, status=Status.OK):
        origin = Origin(name="b", version=version, digest=f"d{version}", constraints="c")
        return Due(window=window(number), state="done", status=status, baseline=origin, config_digest=config)

    found = [due(0, "1", "x"), due(1, "1", "y"), due(2, "2", "y"), due(3, "", "", None), due(4, "2", "y")]
    baselines = used(found, "baseline")
    assert [(one.name, one.digest, one.windows) for one in baselines] == [
        ("b, version 1", "d1", 2), ("b, version 2", "d2", 2),
    ]  # fmt: skip
    assert (baselines[1].first, baselines[1].last, baselines[1].more) == (window(2), window(4), "c")
    assert [(one.digest, one.windows) for one in used(found, "config")] == [("x", 1), ("y", 3)]


def test_the_policy_is_that_of_the_last_window_that_has_one() -> None:
    followed = replace(ok(), policy={"phase": "armed"})
    assert collected(followed, ok()).policy == {"phase": "armed"}
