import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shop

from monitor.batch import Expected
from monitor.errors import BaselineError
from monitor.evaluate import expected
from monitor.finding import Finding, Status
from monitor.intake import Intake
from monitor.making import make
from monitor.measures.window import measure
from monitor.profile import Profile, Volume
from monitor.reading import Reading
from monitor.sagemaker import texts
from monitor.sagemaker.constraints import read, suggest
from monitor.sagemaker.statistics import statistics
from monitor.sagemaker.violations import (
    TYPES,
    columns_now,
    exit_message,
    inside_domain,
    java_double,
    read_violations,
    violations,
    violations_document,
)

SDK = Path(__file__).parents[1] / "data" / "sagemaker_sdk"


def judged(now, base, edit=None, with_statistics=True):
    """Findings of a window against what its baseline suggests, after an edit by hand."""
    document = suggest(base)
    if edit is not None:
        edit(document)
    return violations(now, read(document), statistics(base) if with_statistics else None)


def violated(findings):
    return [(f.feature, f.rule) for f in findings if f.status is Status.VIOLATED]


def the(findings, rule, feature="x"):
    [found] = [f for f in findings if (f.rule, f.feature) == (rule, feature)]
    return found


def test_the_published_run_has_its_sixty_violations_in_the_order_of_the_columns(tmp_path):
    base = make(Intake(Reading([shop.CHURN / "training-dataset-with-header.csv"], Expected())), name="churn")
    captures = shop.write(tmp_path / "captures.jsonl", shop.published_window())
    now = measure(Reading([captures], expected(base)), base.profile)
    findings = violations(now, read(base.constraints), base.statistics)
    entries = violations_document(findings)["violations"]
    told = (
        "Data type match requirement is not met. Expected data type: Integral, Expected match: 100.0%. Observed: Only "
    )
    assert entries[0] == {
        "feature_name": "Churn",
        "constraint_check_type": "data_type_check",
        "description": f"{told}0.0% of data is Integral.",
    }
    assert [e["description"] for e in entries[1:]] == [f"{told}99.64592817400101% of data is Integral."] * 59
    assert {e["constraint_check_type"] for e in entries} == {"data_type_check"}
    names = [e["feature_name"] for e in entries]
    assert names == [name for name in base.columns if name in names]
    assert exit_message(findings) == "CompletedWithViolations: Job completed successfully with 60 violations."


def test_a_window_like_its_baseline_has_a_finding_for_each_question_and_all_hold(baseline_of):
    base = baseline_of({"x": ["1", "2", "3"], "s": ["a", "b", "a"]})
    findings = judged(base, base)
    assert [(f.feature, f.rule) for f in findings] == [
        (None, "missing_column_check"),
        (None, "extra_column_check"),
        ("x", "data_type_check"),
        ("x", "completeness_check"),
        ("x", "baseline_drift_check"),
        ("s", "data_type_check"),
        ("s", "completeness_check"),
        ("s", "categorical_values_check"),
        ("s", "baseline_drift_check"),
    ]
    assert {f.status for f in findings} == {Status.OK}
    assert {f.method for f in findings} == {"sagemaker"}
    assert violations_document(findings) == {"violations": []}
    assert exit_message(findings) == "Completed: Job completed successfully with no violations."


def test_the_text_of_every_check(baseline_of, window_of):
    base = baseline_of({"x": [str(i) for i in range(400)], "s": ["a", "b"] * 200, "t": ["1", "2"] * 200})
    now = window_of(
        {
            "x": [*(str(i + 300) for i in range(300)), *[None] * 100],
            "s": [*["a"] * 399, "c"],
            "t": [*["1", "2"] * 190, *["1.5"] * 20],
        },
        base,
    )
    findings = judged(now, base)
    correction = 1.8 * math.sqrt((300 + 400) / (300 * 400))
    x_distance, s_distance = max(0.0, 0.75 - correction), max(0.0, 0.5 - 1.8 * math.sqrt(800 / 160_000))
    assert [list(entry.values()) for entry in violations_document(findings)["violations"]] == [
        [
            "x",
            "completeness_check",
            "Completeness requirement is not met. Expected completeness: 100.0%. "
            "Observed: Only 75.0% of data is complete.",
        ],
        ["x", "baseline_drift_check", f"Baseline drift distance: {x_distance!r} exceeds threshold: 0.1"],
        [
            "s",
            "categorical_values_check",
            "Categorical values requirement is not met. Expected match: 100.0%. "
            "Observed: Only 99.75% of data is in the expected domain.",
        ],
        ["s", "baseline_drift_check", f"Baseline drift distance: {s_distance!r} exceeds threshold: 0.1"],
        [
            "t",
            "data_type_check",
            "Data type match requirement is not met. Expected data type: Integral, Expected match: 100.0%. "
            "Observed: Only 95.0% of data is Integral.",
        ],
    ]
    drift = the(findings, "baseline_drift_check")
    assert (drift.value, drift.threshold, drift.direction) == (x_distance, 0.1, "at_most")
    assert (drift.n_now, drift.n_base) == (300, 400)
    complete = the(findings, "completeness_check")
    assert (complete.value, complete.threshold, complete.direction, complete.n_now) == (0.75, 1.0, "at_least", 400)


def test_a_column_whose_type_failed_has_no_drift_entry(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"] * 100})
    findings = judged(window_of({"x": ["9.5"] * 200}, base), base)
    assert violated(findings) == [("x", "data_type_check")]
    assert "baseline_drift_check" not in {f.rule for f in findings}


def test_what_counts_as_a_value_of_each_type(baseline_of, window_of):
    base = baseline_of({"i": ["1", "2"], "f": ["1.5", "2.5"], "s": ["a", "b"], "u": [None, None]})
    now = window_of({"i": ["1", "2.0"], "f": ["1", "2.5"], "s": ["true", "7"], "u": ["1", "a"]}, base)
    findings = judged(now, base)
    share = {name: the(findings, "data_type_check", name).value for name in base.features}
    assert share == {"i": 0.5, "f": 1.0, "s": 0.5, "u": None}
    assert the(findings, "data_type_check", "u").status is Status.SKIPPED


def test_thresholds_edited_by_hand_are_kept_to(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2", "3", "4"] * 25})
    now = window_of({"x": [*["1", "2", "3", "4"] * 24, "a", "b", "c", None]}, base)

    def lenient(document):
        document["features"][0]["completeness"] = 0.99
        document["monitoring_config"]["datatype_check_threshold"] = 96 / 99

    assert violated(judged(now, base)) == [("x", "data_type_check"), ("x", "completeness_check")]
    assert violated(judged(now, base, lenient)) == []

    def strict(document):
        lenient(document)
        document["features"][0]["monitoringConfigOverrides"] = {"datatype_check_threshold": 0.97}

    findings = judged(now, base, strict)
    assert violated(findings) == [("x", "data_type_check")]
    assert "Expected match: 97.0%. Observed: Only 96.96969696969697% of" in the(findings, "data_type_check").why


def test_domains_edited_by_hand_are_kept_to(baseline_of, window_of):
    base = baseline_of({"x": ["a", "b"] * 50})
    now = window_of({"x": [*["a"] * 50, *["b"] * 40, *["new"] * 10]}, base)

    def domains(*values, threshold=1.0):
        def edit(document):
            document["features"][0]["string_constraints"]["domains"] = list(values)
            document["monitoring_config"]["domain_content_threshold"] = threshold

        return edit

    def share(edit=None):
        found = the(judged(now, base, edit), "categorical_values_check")
        return found.value, found.status

    assert share() == (0.9, Status.VIOLATED)
    assert share(domains("a", "b", "new", "never")) == (1.0, Status.OK)
    assert share(domains("a")) == (0.5, Status.VIOLATED)
    assert share(domains("a", "b", threshold=0.9)) == (0.9, Status.OK)
    assert share(domains("new")) == (0.1, Status.VIOLATED)


def test_a_column_without_domains_is_not_asked_for_its_values(baseline_of):
    base = baseline_of({"x": ["a", "b"]})

    def edit(document):
        del document["features"][0]["string_constraints"]
        del document["features"][0]["completeness"]

    rules = [f.rule for f in judged(base, base, edit)]
    assert rules == ["missing_column_check", "extra_column_check", "data_type_check", "baseline_drift_check"]


def test_domains_of_a_column_of_numbers_do_not_apply(baseline_of):
    base = baseline_of({"x": ["1", "2"]})

    def edit(document):
        document["features"][0]["string_constraints"] = {"domains": ["1"]}

    assert the(judged(base, base, edit), "categorical_values_check").status is Status.SKIPPED


def test_values_that_are_not_counted_one_by_one_leave_the_question_open_only_where_they_decide(baseline_of, window_of):
    known = [f"v{i}" for i in range(300)]
    base = baseline_of({"x": known})
    feature = window_of({"x": known}, base).features["x"]
    named = feature.values
    assert feature.known
    assert inside_domain(feature, frozenset(known)) == (300, 0)
    assert inside_domain(feature, frozenset(named)) == (len(named), 0)
    assert inside_domain(feature, frozenset((*named, feature.known[0]))) == (len(named), 300 - len(named))
    many_new = window_of({"x": [f"new{i}" for i in range(100)]}, base).features["x"]
    assert inside_domain(many_new, frozenset(known)) == (0, 0)
    inside, perhaps = inside_domain(many_new, frozenset(f"new{i}" for i in range(100)))
    assert (inside, perhaps) == (64, 36)
    incomplete = replace(feature, is_complete=False)
    assert inside_domain(incomplete, frozenset((*named, "other"))) == (len(named), 300 - len(named))

    def domains(document):
        document["features"][0]["string_constraints"] = {"domains": [*named, feature.known[0]]}

    found = the(
        judged(Profile(volume=Volume(rows=300), features={"x": feature}), base, domains), "categorical_values_check"
    )
    assert (found.status, found.reason) == (Status.UNKNOWN, "rows_not_kept")


@pytest.mark.parametrize(
    ("columns", "rule", "name", "text"),
    [
        (
            {"x": ["1"], "s": ["a"], "more": ["1"]},
            "extra_column_check",
            "Extra columns",
            "There are extra columns in current dataset. Number of columns in current dataset: 3, "
            "Number of columns in baseline constraints: 2",
        ),
        (
            {"x": ["b"]},
            "missing_column_check",
            "Missing columns",
            "There are missing columns in current dataset. Number of columns in current dataset: 1, "
            "Number of columns in baseline constraints: 2",
        ),
    ],
)
@pytest.mark.parametrize("positions", [False, True])
def test_another_number_of_columns_is_the_only_finding(baseline_of, window_of, columns, rule, name, text, positions):
    base = baseline_of({"x": ["1", "2"], "s": ["a", "b"]})
    [finding] = judged(window_of(columns, base, positions=positions), base)
    assert (finding.rule, finding.feature, finding.status) == (rule, None, Status.VIOLATED)
    entry = {"feature_name": name, "constraint_check_type": rule, "description": text}
    assert violations_document([finding]) == {"violations": [entry]}


def test_the_number_of_columns_where_no_row_had_the_baselines(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"], "s": ["a", "b"]})
    empty = window_of({"x": [], "s": []}, base)
    odd = replace(empty, volume=replace(empty.volume, widths={"3": 5, "11": 5, "1": 4}))
    assert columns_now(odd) == 11
    [finding] = judged(odd, base)
    assert (finding.rule, finding.value, finding.threshold) == ("extra_column_check", 11.0, 2.0)


def test_rows_of_another_width_beside_good_ones_do_not_count(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"], "s": ["a", "b"]})
    good = window_of({"x": ["1"] * 9, "s": ["a"] * 9}, base, positions=True)
    rejected = replace(good, volume=replace(good.volume, widths={"5": 100}))
    assert columns_now(rejected) == 2
    few = good + window_of({f"_c{i}": ["1"] * 3 for i in range(5)}, base, positions=True)
    assert columns_now(few) == 2
    most = good + window_of({f"_c{i}": ["1"] * 30 for i in range(5)}, base, positions=True)
    assert columns_now(most) == 5


def test_only_the_number_of_columns_counts_not_their_names(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"], "s": ["a", "b"]})
    findings = judged(window_of({"x": ["1"], "other": ["a"]}, base), base)
    assert violated(findings) == [("s", "completeness_check")]
    assert the(findings, "data_type_check", "s").reason == "no_data"
    assert the(findings, "categorical_values_check", "s").reason == "no_data"
    assert the(findings, "baseline_drift_check", "s").reason == "no_data"


def test_a_column_taken_from_the_constraints_by_hand_makes_one_too_many(baseline_of):
    base = baseline_of({"x": ["1", "2"], "s": ["a", "b"]})
    findings = judged(base, base, lambda document: document["features"].pop())
    assert violated(findings) == [(None, "extra_column_check")]


def test_a_column_that_the_baselines_profile_lacks_is_unknown(baseline_of):
    base = baseline_of({"x": ["1", "2"]})

    def rename(document):
        document["features"][0]["name"] = "other"

    findings = judged(base, base, rename)
    assert {f.reason for f in findings if f.feature == "other"} == {"column_missing"}


def test_without_rows_nothing_is_known(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"], "s": ["a", "b"]})
    findings = judged(window_of({"x": [], "s": []}, base), base)
    assert {(f.status, f.reason) for f in findings} == {(Status.UNKNOWN, "no_data")}
    assert len(findings) == len(judged(base, base))
    assert exit_message(findings) == "Completed: Job completed successfully with no violations."


def test_evaluation_that_is_off_is_skipped(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"], "y": ["1", "2"]})
    now = window_of({"x": ["a", "b"], "y": ["a", "b"]}, base)

    def everything(document):
        document["monitoring_config"]["evaluate_constraints"] = "Disabled"

    def one(document):
        document["features"][0]["string_constraints"] = {
            "monitoring_config_overrides": {"evaluate_constraints": "Disabled"}
        }

    assert {f.status for f in judged(now, base, everything)} == {Status.SKIPPED}
    findings = judged(now, base, one)
    assert {f.status for f in findings if f.feature == "x"} == {Status.SKIPPED}
    assert violated(findings) == [("y", "data_type_check")]


def test_drift_needs_statistics_and_is_asked_only_where_it_is_enabled(baseline_of):
    base = baseline_of({"x": ["1", "2"]})

    def off(document):
        document["monitoring_config"]["distribution_constraints"]["perform_comparison"] = "Disabled"

    assert the(judged(base, base, off), "baseline_drift_check").status is Status.SKIPPED
    found = the(judged(base, base, with_statistics=False), "baseline_drift_check")
    assert (found.status, found.reason) == (Status.UNKNOWN, "no_baseline")


def test_a_column_of_many_texts_has_no_distribution_to_drift_from(baseline_of):
    base = baseline_of({"x": [f"v{i}" for i in range(200)]})
    found = the(judged(base, base), "baseline_drift_check")
    assert (found.status, found.reason) == (Status.UNKNOWN, "no_baseline")


def test_numbers_and_texts_have_thresholds_of_their_own(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"] * 500, "s": ["a", "b"] * 500})
    now = window_of({"x": [*["1"] * 800, *["2"] * 200], "s": [*["a"] * 800, *["b"] * 200]}, base)

    def edit(key):
        def change(document):
            document["monitoring_config"]["distribution_constraints"][key] = 0.3

        return change

    drift = "baseline_drift_check"
    assert violated(judged(now, base)) == [("x", drift), ("s", drift)]
    assert violated(judged(now, base, edit("comparison_threshold"))) == [("s", drift)]
    assert violated(judged(now, base, edit("categorical_comparison_threshold"))) == [("x", drift)]


def test_a_distance_at_the_threshold_does_not_exceed_it(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"] * 2})

    def edit(document):
        document["monitoring_config"]["distribution_constraints"] |= {
            "comparison_method": "Simple",
            "comparison_threshold": 0.25,
        }

    assert violated(judged(window_of({"x": ["1", "1", "1", "2"]}, base), base, edit)) == []
    assert violated(judged(window_of({"x": ["1"] * 5 + ["2"]}, base), base, edit)) == [("x", "baseline_drift_check")]


@pytest.mark.parametrize(("method", "same", "direction"), [("Robust", 1.0, "at_least"), ("Simple", 0.0, "at_most")])
def test_chi_squared_is_a_p_value_that_falls_or_a_statistic_that_rises(baseline_of, window_of, method, same, direction):
    base = baseline_of({"x": ["a", "b"] * 50})

    def edit(document):
        document["monitoring_config"]["distribution_constraints"] |= {
            "categorical_drift_method": "ChiSquared",
            "comparison_method": method,
        }

    calm = the(judged(base, base, edit), "baseline_drift_check")
    assert (calm.status, calm.value, calm.direction) == (Status.OK, same, direction)
    moved = window_of({"x": [*["a"] * 80, *["b"] * 20]}, base)
    assert violated(judged(moved, base, edit)) == [("x", "baseline_drift_check")]
    few = window_of({"x": ["a", "b"]}, base)
    found = the(judged(few, base, edit), "baseline_drift_check")
    assert (found.status, found.reason) == (Status.UNKNOWN, "too_few_rows")


def test_our_own_rules_go_by_that_products_types():
    bad = Finding(status=Status.VIOLATED, why="so")
    rules = ("data_type", "completeness", "unseen_category", "drift", "missing_column", "extra_column")
    expected = {"data_type", "completeness", "categorical_values", "baseline_drift", "missing_column", "extra_column"}
    document = violations_document([replace(bad, rule=rule, feature="x") for rule in rules])
    assert {e["constraint_check_type"] for e in document["violations"]} == {f"{name}_check" for name in expected}
    assert set(TYPES) == {f"{name}_check" for name in expected}
    others = [
        replace(bad, rule="mean_shift", feature="x"),
        replace(bad, rule="volume"),
        replace(bad, rule="missing_column"),
        replace(bad, rule="extra_column"),
        replace(bad, rule="range", feature="x", status=Status.OK),
        replace(bad, rule="range", feature="x", status=Status.FAILED),
    ]
    names = [(e["feature_name"], e["constraint_check_type"]) for e in violations_document(others)["violations"]]
    assert names == [
        ("x", "mean_shift"),
        ("", "volume"),
        ("Missing columns", "missing_column_check"),
        ("Extra columns", "extra_column_check"),
    ]


def test_a_report_of_2019_is_read_and_written_again():
    document = json.loads((SDK / "monitor" / "constraint_violations.json").read_text())
    findings = read_violations(document)
    assert (findings[0].feature, findings[0].rule) == ("store_and_fwd_flag", "categorical_values_check")
    assert findings[0].why == "Value: 0.009009009009009009 does not meet the constraint requirement! "
    assert violations_document(findings) == document
    assert exit_message(findings) == "CompletedWithViolations: Job completed successfully with 7 violations."


def test_whole_window_names_are_read_as_no_feature():
    entry = {"feature_name": "Extra columns", "constraint_check_type": "extra_column_check", "description": "d"}
    column = {"feature_name": "Extra columns", "constraint_check_type": "data_type_check", "description": "d"}
    whole, feature = read_violations({"version": "1.0", "violations": [entry, column]})
    assert (whole.feature, feature.feature) == (None, "Extra columns")
    assert read_violations({"violations": []}) == ()


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "violations: is missing; a list of violations would be right"),
        ({"violations": [3]}, r"violations\[0\]: 3; an object would be right"),
        ({"violations": [{"feature_name": "x"}]}, r"violations\[0\]\.constraint_check_type: is missing; a text would"),
    ],
)
def test_a_report_of_another_shape_is_refused(document, message):
    with pytest.raises(BaselineError, match=message):
        read_violations(document)


# As Java's own Double.toString writes them.
JAVA = {
    0.0: "0.0",
    100.0: "100.0",
    99.64592817400101: "99.64592817400101",
    0.001: "0.001",
    0.0009999: "9.999E-4",
    1e-4: "1.0E-4",
    1e7: "1.0E7",
    9999999.0: "9999999.0",
    12345678.9: "1.23456789E7",
    -2.5: "-2.5",
    1e22: "1.0E22",
    1.5e-10: "1.5E-10",
    120.0: "120.0",
    1000000.0: "1000000.0",
    0.1 + 0.2: "0.30000000000000004",
    float("inf"): "Infinity",
    float("-inf"): "-Infinity",
}


@pytest.mark.parametrize(("value", "text"), JAVA.items())
def test_numbers_are_written_as_java_writes_them(value, text):
    assert java_double(value) == text


def test_the_odd_numbers_too():
    assert java_double(-0.0) == "-0.0"
    assert java_double(math.nan) == "NaN"
    for value in np.random.default_rng(4).uniform(-12, 12, 500):
        number = float(10**value)
        assert float(java_double(number)) == number
        assert ("E" in java_double(number)) is not (1e-3 <= number < 1e7)


def test_every_text_is_either_observed_or_ours():
    assert sorted((*texts.OBSERVED, *texts.OURS)) == sorted(TYPES)
    assert all(f"| {kind} " in texts.__doc__ for kind in TYPES)


def test_percentages_are_computed_in_that_products_order():
    assert 100.0 * (29 / 100) == 28.999999999999996
    assert texts.percentage(29, 100) == "29.0%"
