import copy
import csv
import json
from pathlib import Path

import numpy as np
import pytest
import shop

from monitor.cells import numeric_cuts
from monitor.errors import BaselineError
from monitor.feature import Categorical, Numeric
from monitor.profile import Profile
from monitor.sagemaker.deviation import Deviation
from monitor.sagemaker.kll import Kll
from monitor.sagemaker.statistics import profile_of, statistics, value_counts
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles

SDK = Path(__file__).parents[1] / "data" / "sagemaker_sdk"
FIXTURE = SDK / "quality_check_step" / "data_quality"
LARGE = 100_000


def fixture_columns():
    with (FIXTURE / "baseline_dataset.csv").open() as lines:
        rows = list(csv.reader(lines))
    return {f"_c{i}": [row[i] for row in rows] for i in range(len(rows[0]))}


def assert_holds(published, ours, place=""):
    """Everything in the published document is in ours, of the same value and type, in the same order."""
    assert type(ours) is type(published), place
    if isinstance(published, dict):
        assert [key for key in ours if key in published] == list(published), place
        for key, value in published.items():
            assert_holds(value, ours[key], f"{place}.{key}")
    elif isinstance(published, list):
        assert len(ours) == len(published), place
        for number, (a, b) in enumerate(zip(published, ours, strict=True)):
            assert_holds(a, b, f"{place}[{number}]")
    else:
        assert ours == published, place


def sketched(columns):
    """The sketch and the deviation of each column."""
    sketches, deviations = {}, {}
    for name, texts in columns.items():
        values = np.array([float(text) for text in texts if text is not None])
        sketches[name] = Kll()
        sketches[name].extend(values)
        running = Deviation()
        running.extend(values)
        deviations[name] = running.value
    return sketches, deviations


def numbers_document(values, **kept):
    """A statistics.json of one column `x` as the product would write it."""
    values = np.array(values, float)
    sketch = Kll()
    sketch.extend(values)
    about = {
        "common": {"num_present": len(values), "num_missing": 0},
        "mean": float(values.mean()),
        "sum": float(values.sum()),
        "std_dev": float(values.std()),
        "min": float(values.min()),
        "max": float(values.max()),
        "distribution": {
            "kll": {
                "buckets": [
                    {"lower_bound": a, "upper_bound": b, "count": float(n)}
                    for a, b, n in sketch.buckets(float(values.min()), float(values.max()))
                ],
                "sketch": {"parameters": {"c": 0.64, "k": 2048.0}, "data": sketch.data},
            }
        },
    } | kept
    feature = {"name": "x", "inferred_type": "Fractional", "numerical_statistics": about}
    return {"version": 0.0, "dataset": {"item_count": len(values)}, "features": [feature]}


def texts_document(buckets, present, missing=0, distinct=None, **about):
    about = {
        "common": {"num_present": present, "num_missing": missing},
        "distinct_count": float(len(buckets or ()) if distinct is None else distinct),
        **about,
    }
    if buckets is not None:
        about["distribution"] = {
            "categorical": {"buckets": [{"value": value, "count": n} for value, n in buckets.items()]}
        }
    feature = {"name": "x", "inferred_type": "String", "string_statistics": about}
    return {"version": 0.0, "dataset": {"item_count": present + missing}, "features": [feature]}


def test_the_published_file_of_a_hundred_rows_is_reproduced_in_every_field(baseline_of):
    columns = fixture_columns()
    sketches, deviations = sketched(columns)
    published = json.loads((FIXTURE / "statistics.json").read_text())
    ours = statistics(baseline_of(columns), sketches=sketches, deviations=deviations)
    assert len(published["features"]) == 6
    assert_holds(published, ours)
    assert list(ours["features"][0]["numerical_statistics"]) == [
        *("common", "mean", "sum", "std_dev", "min", "max"),
        *("approximate_num_distinct_values", "completeness", "distribution"),
    ]


def test_without_the_running_deviation_only_its_last_digit_differs(baseline_of):
    columns = fixture_columns()
    sketches, deviations = sketched(columns)
    profile = baseline_of(columns)
    ours = statistics(profile, sketches=sketches)
    for feature in ours["features"]:
        about = feature["numerical_statistics"]
        assert about["std_dev"] == pytest.approx(deviations[feature["name"]], rel=4e-16)
        about["std_dev"] = deviations[feature["name"]]
    assert ours == statistics(profile, sketches=sketches, deviations=deviations)


def test_the_published_baseline_of_the_churn_example(baseline_of):
    with (shop.CHURN / "training-dataset-with-header.csv").open() as file:
        header, *rows = csv.reader(file)
    columns = {name: [row[i] for row in rows] for i, name in enumerate(header) if name in ("Churn", "Account Length")}
    churn, length = (f["numerical_statistics"] for f in statistics(baseline_of(columns))["features"])
    assert churn["common"] == {"num_present": 2333, "num_missing": 0}
    assert (round(churn["mean"], 6), churn["sum"], round(churn["std_dev"], 6)) == (0.139306, 325.0, 0.346265)
    assert (round(length["mean"], 6), round(length["std_dev"], 6)) == (101.276897, 39.552442)
    assert (length["min"], length["max"]) == (1.0, 243.0)


def test_a_windows_buckets_and_levels_come_from_its_own_quantiles(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2", "3"]})
    about = statistics(window_of({"x": ["2", "1", "4", "2", None]}, base))["features"][0]["numerical_statistics"]
    kll = about["distribution"]["kll"]
    assert about["completeness"] == 0.8
    assert about["approximate_num_distinct_values"] == 3
    assert kll["sketch"] == {"parameters": {"c": 1.0, "k": 2048.0}, "data": [[1.0, 2.0, 2.0, 4.0]]}
    assert [b["count"] for b in kll["buckets"]] == [1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    assert kll["buckets"][9]["upper_bound"] == 4.0


def test_weights_of_higher_levels_count_in_a_windows_buckets():
    values = np.sort(np.random.default_rng(3).normal(size=LARGE))
    quantiles = Quantiles.of_sorted(values)
    feature = Numeric(
        name="x", rows=LARGE, cells=np.array([0, LARGE, 0, 0]), moments=Moments.of(values), quantiles=quantiles
    )
    about = statistics(Profile(features={"x": feature}))["features"][0]["numerical_statistics"]
    counts = np.array([bucket["count"] for bucket in about["distribution"]["kll"]["buckets"]])
    assert len(quantiles.levels) > 1
    assert counts.sum() == LARGE
    assert np.abs(counts - np.histogram(values, 10)[0]).max() < 0.003 * LARGE


def test_texts_are_counted_exactly_while_there_are_at_most_120(baseline_of):
    many = [f"v{i}" for i in range(121)]
    few, none = statistics(baseline_of({"few": [*many[:120], "v3"], "none": many}))["features"]
    buckets = few["string_statistics"]["distribution"]["categorical"]["buckets"]
    assert buckets[:2] == [{"value": "v3", "count": 2}, {"value": "v0", "count": 1}]
    assert (len(buckets), few["string_statistics"]["distinct_count"]) == (120, 120.0)
    assert "distribution" not in none["string_statistics"]
    assert list(few["string_statistics"]) == ["common", "distinct_count", "completeness", "distribution"]


def test_a_windows_new_values_are_counted_and_values_it_lacks_are_not(baseline_of, window_of):
    base = baseline_of({"x": ["a", "a", "b"]})
    window = window_of({"x": ["b", "new", "new", None]}, base).features["x"]
    assert value_counts(window) == {"new": 2, "b": 1}


def test_more_new_values_than_are_kept_leave_no_distribution(baseline_of, window_of):
    base = baseline_of({"x": ["a", "b"]})
    window = window_of({"x": [f"new{i}" for i in range(65)]}, base)
    assert value_counts(window.features["x"]) is None
    assert "distribution" not in statistics(window)["features"][0]["string_statistics"]


def test_an_empty_column_is_unknown_and_holds_no_number_that_nothing_gives(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"], "empty": [None, None]})
    assert statistics(base)["features"][1] == {
        "name": "empty",
        "inferred_type": "Unknown",
        "string_statistics": {
            "common": {"num_present": 0, "num_missing": 2},
            "distinct_count": 0.0,
            "completeness": 0.0,
        },
    }
    window = statistics(window_of({"x": [None], "empty": [None]}, base))
    assert window["features"][0] == {
        "name": "x",
        "inferred_type": "Unknown",
        "numerical_statistics": {
            "common": {"num_present": 0, "num_missing": 1},
            "approximate_num_distinct_values": 0,
            "completeness": 0.0,
        },
    }


def test_no_rows_and_overflowing_sums_give_valid_json(baseline_of, window_of):
    base = baseline_of({"x": ["1", "2"], "s": ["a", "b"]})
    nothing = statistics(window_of({"x": [], "s": []}, base))
    assert nothing["dataset"] == {"item_count": 0}
    huge = Numeric(
        name="x",
        rows=2,
        cells=np.array([0, 2, 0, 0]),
        moments=Moments(count=2, total=np.inf, mean=np.inf, m2=np.inf, minimum=-1.7e308, maximum=1.7e308),
        quantiles=Quantiles.of_sorted(np.array([-1.7e308, 1.7e308])),
    )
    document = statistics(Profile(features={"x": huge}))
    assert list(document["features"][0]["numerical_statistics"])[1:3] == ["min", "max"]
    for written in (nothing, document):
        json.dumps(written, allow_nan=False)


def test_a_profile_of_our_own_comes_back_from_its_file(baseline_of):
    made = baseline_of(
        {
            "few": ["3", "1", "1", "2", None],
            "many": ["-1.5", "2.5", "3.5", "4.5", "5.5"],
            "text": ["b", "a", "b", None, None],
            "empty": [None] * 5,
        }
    )
    back = profile_of(json.loads(json.dumps(statistics(made))))
    assert list(back.features) == list(made.features)
    assert back.rows == 5
    for name, feature in made.features.items():
        other = back.features[name]
        assert (other.rows, other.missing, other.type) == (feature.rows, feature.missing, feature.type)
        assert other.classes.inferred == feature.classes.inferred
        assert other.cells.tolist() == feature.cells.tolist(), name
        assert other.distinct.estimate == feature.distinct.estimate
    for name in ("few", "many"):
        mine, other = made.features[name], back.features[name]
        assert other.cuts.tolist() == mine.cuts.tolist()
        assert (other.low, other.high, other.is_discrete) == (mine.low, mine.high, mine.is_discrete)
        assert other.quantiles == mine.quantiles
        assert (other.moments.count, other.moments.total, other.moments.negatives) == (
            mine.moments.count,
            mine.moments.total,
            mine.moments.negatives,
        )
        assert other.deviation == pytest.approx(mine.deviation)
    assert (back.features["text"].values, back.features["text"].once) == (("b", "a"), 1)
    assert back.features["text"].is_complete


def test_the_published_file_is_taken_over(baseline_of):
    back = profile_of(json.loads((FIXTURE / "statistics.json").read_text()))
    made = baseline_of(fixture_columns())
    for name, feature in made.features.items():
        other = back.features[name]
        assert other.cuts.tolist() == feature.cuts.tolist()
        assert other.cells.tolist() == feature.cells.tolist()
        assert other.classes.inferred == other.type == "Fractional"
        assert other.is_discrete


def test_a_file_of_2019_is_taken_over():
    back = profile_of(json.loads((SDK / "monitor" / "statistics.json").read_text()))
    message = back.features["message"]
    assert isinstance(message, Categorical)
    assert message.cells.tolist() == [418, 0, 0, 0]
    assert message.is_complete


def test_cells_follow_the_weights_of_a_compacted_sketch():
    values = np.random.default_rng(5).normal(size=20_000).round(3)
    feature = profile_of(numbers_document(values)).features["x"]
    exact = np.quantile(values, (0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99))
    below = (values[:, None] <= feature.cuts).sum(axis=0)
    assert len(feature.cuts) == 11
    assert not feature.is_discrete
    assert np.abs(feature.cuts - exact).max() < 0.05
    assert np.abs(feature.below_cuts - below).max() < 0.01 * len(values)
    assert feature.cells.sum() == feature.rows == feature.quantiles.count == 20_000
    assert feature.cells[0] == feature.cells[-2] == feature.cells[-1] == 0
    assert abs(feature.moments.negatives - (values < 0).sum()) < 200


def test_levels_longer_than_ours_keep_their_weight():
    values = np.random.default_rng(6).permutation(23_432).astype(float)
    document = numbers_document(values)
    data = document["features"][0]["numerical_statistics"]["distribution"]["kll"]["sketch"]["data"]
    assert max(map(len, data)) == 2127
    quantiles = profile_of(document).features["x"].quantiles
    assert quantiles.count == 23_432
    assert quantiles.quantile(0.5) == pytest.approx(11_716, abs=100)


def test_few_numbers_are_discrete_in_a_compacted_sketch_that_kept_both_ends():
    values = np.random.default_rng(7).integers(0, 3, 5_000)
    document = numbers_document(values)
    feature = profile_of(document).features["x"]
    assert (feature.cuts.tolist(), feature.is_discrete) == ([0, 1], True)
    document["features"][0]["numerical_statistics"]["max"] = 40
    feature = profile_of(document).features["x"]
    assert (feature.cuts.tolist(), feature.is_discrete, feature.high) == ([0, 1, 2], False, 40)


def test_without_a_sketch_the_buckets_make_the_cells():
    values = [0, 0, 1, 2, 5, 7, 9, 10, 10, 10]
    document = numbers_document(values)
    del document["features"][0]["numerical_statistics"]["distribution"]["kll"]["sketch"]
    feature = profile_of(document).features["x"]
    # A value on an edge belongs to the bucket above it.
    assert np.searchsorted(feature.cuts, [0, 1, 2]).tolist() == [0, 1, 2]
    assert feature.cells.tolist() == [0, 2, 1, 1, 0, 0, 1, 0, 1, 0, 4, 0, 0]
    assert feature.quantiles.count == 0
    constant = numbers_document([4, 4, 4])
    del constant["features"][0]["numerical_statistics"]["distribution"]["kll"]["sketch"]
    feature = profile_of(constant).features["x"]
    assert (feature.cuts.tolist(), feature.cells.tolist()) == ([], [0, 3, 0, 0])


def test_without_any_distribution_there_are_no_cuts():
    document = numbers_document([1, 2, 3], approximate_num_distinct_values=3)
    del document["features"][0]["numerical_statistics"]["distribution"]
    feature = profile_of(document).features["x"]
    assert (feature.cuts.tolist(), feature.cells.tolist(), feature.mean) == ([], [0, 3, 0, 0], 2.0)
    assert feature.distinct.estimate == 3
    bare = {"dataset": {"item_count": 4}, "features": [{"name": "n", "inferred_type": "Integral"}, {"name": "u"}]}
    number, unknown = profile_of(bare).features.values()
    assert (number.cells.tolist(), number.rows, number.missing) == ([0, 0, 0, 4], 4, 0)
    assert (unknown.type, unknown.missing, unknown.classes.inferred) == ("Unknown", 4, "Unknown")


def test_a_column_of_many_texts_keeps_its_distinct_count_and_knows_no_value():
    feature = profile_of(texts_document(None, 5_000, 10, distinct=2_500)).features["x"]
    assert (feature.values, feature.is_complete) == ((), False)
    assert feature.cells.tolist() == [5_000, 0, 10]
    assert feature.distinct.estimate == pytest.approx(2_500, rel=0.03)


def test_deequs_name_for_a_missing_value_is_no_value():
    feature = profile_of(texts_document({"NullValue": 2, "a": 5}, 5, 2)).features["x"]
    assert feature.values == ("a",)
    real = profile_of(texts_document({"NullValue": 2, "a": 3}, 5, 2)).features["x"]
    assert real.values == ("a", "NullValue")


def test_buckets_that_do_not_hold_all_leave_others():
    feature = profile_of(texts_document({"a": 3, "b": 4}, 10)).features["x"]
    assert (feature.values, feature.is_complete, feature.cells.tolist()) == (("b", "a"), False, [4, 3, 3, 0, 0])


def test_whole_numbers_and_fractions_are_the_same_to_the_reader():
    document = numbers_document([1, 2, 2, 5])
    ints = json.loads(json.dumps(document).replace(".0,", ",").replace(".0}", "}").replace(".0]", "]"))
    assert "2048.0" not in json.dumps(ints)
    a, b = (profile_of(d).features["x"] for d in (document, ints))
    assert a.cells.tolist() == b.cells.tolist()
    assert a.moments == b.moments


def test_negative_numbers_are_at_least_one_where_the_minimum_is_negative():
    document = numbers_document([1, 2, 3])
    document["features"][0]["numerical_statistics"]["min"] = -4
    assert profile_of(document).features["x"].moments.negatives == 1
    assert profile_of(numbers_document([0, 1])).features["x"].moments.negatives == 0
    assert profile_of(numbers_document([-2, -1, 0])).features["x"].moments.negatives == 2


def changed(path, value):
    document = copy.deepcopy(numbers_document([1, 2, 3]))
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return document


ABOUT = ("features", 0, "numerical_statistics")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "the document: []; an object would be right"),
        ({}, "dataset: is missing; an object would be right"),
        (changed(("dataset", "item_count"), "many"), "dataset.item_count: 'many'; a number would be right"),
        (changed(("dataset", "item_count"), -1), "dataset.item_count: -1; a count would be right"),
        (changed(("features",), None), "features: is missing; a list with an entry for each column would be right"),
        (changed(("features",), {}), "features: {}; a list would be right"),
        (changed(("features", 0), 3), "features[0]: 3; an object would be right"),
        (changed(("features", 0, "name"), 3), "features[0].name: 3; the column's name would be right"),
        (
            changed(("features", 0, "inferred_type"), "Boolean"),
            "feature 'x': inferred_type: 'Boolean'; one of Integral, Fractional, String, Unknown would be right",
        ),
        (changed((*ABOUT, "common"), None), "feature 'x': numerical_statistics.common: is missing"),
        (changed((*ABOUT, "mean"), True), "feature 'x': numerical_statistics.mean: True; a number would be right"),
        (changed((*ABOUT, "min"), "NaN"), "feature 'x': numerical_statistics.min: is missing; a number beside"),
        (changed((*ABOUT, "common", "num_present"), 2), "numerical_statistics.distribution: counts 3 values"),
        (
            changed((*ABOUT, "distribution", "kll", "sketch", "data"), [["a"]]),
            "feature 'x': numerical_statistics.distribution.kll.sketch.data: 'something else'; lists of finite numbers",
        ),
        (changed((*ABOUT, "distribution", "kll", "sketch", "data"), [[1], [float("nan")]]), "lists of finite numbers"),
        (texts_document({"a": 1.5}, 3), "string_statistics.distribution.categorical.buckets[0].count: 1.5; a count"),
        (texts_document({"a": 4}, 3), "feature 'x': string_statistics.distribution: counts 4 values, num_present says"),
    ],
)
def test_another_shape_is_refused_by_the_name_of_its_key(document, message):
    with pytest.raises(BaselineError) as refused:
        profile_of(document)
    assert message in str(refused.value)


def test_a_column_that_stands_twice_is_refused():
    document = numbers_document([1, 2])
    document["features"] *= 2
    with pytest.raises(BaselineError, match=r"features\[1\]\.name: 'x' stands twice"):
        profile_of(document)


def test_buckets_out_of_order_are_refused():
    document = numbers_document([1, 2])
    kll = document["features"][0]["numerical_statistics"]["distribution"]["kll"]
    del kll["sketch"]
    kll["buckets"].reverse()
    with pytest.raises(BaselineError, match=r"buckets\[1\]: .* in ascending order"):
        profile_of(document)


def test_cuts_are_the_smallest_values_that_reach_a_level():
    values = np.arange(1.0, 41.0)
    cuts, is_discrete = numeric_cuts(values, np.arange(1, 41))
    assert (cuts.tolist(), is_discrete) == ([1, 2, 4, 8, 12, 20, 28, 32, 36, 38], False)


def test_twenty_numbers_are_discrete_and_twenty_one_are_not():
    for number, expected in ((20, True), (21, False)):
        assert numeric_cuts(np.arange(float(number)), np.arange(1, number + 1))[1] is expected


def test_no_numbers_have_no_cuts():
    assert numeric_cuts(np.zeros(0), np.zeros(0, np.int64))[0].tolist() == []
    heavy = numeric_cuts(np.arange(30.0), np.array([*range(1, 30), 3_000]))
    assert heavy[0].tolist() == []
