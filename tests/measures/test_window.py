"""A profile is a sum: the same from any split of the rows and in any order of the parts."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Batch
from monitor.cells import numeric_cuts
from monitor.document import from_document, to_document
from monitor.feature import Categorical, Numeric
from monitor.measures.window import measure
from monitor.profile import Profile, Volume
from monitor.stats.distinct import Distinct

NUMBERS = st.one_of(
    st.none(),
    st.integers(-50, 50).map(str),
    st.floats(-1e6, 1e6).map(lambda x: f"{x:.3f}"),
    st.sampled_from(["nan", "NaN", "inf", "-inf", "1e400", "", "n/a", "true", "+ 3", ".5", "-0.0"]),
)
CATEGORIES = st.one_of(
    st.none(), st.sampled_from(["red", "green", "blue", "grey", "1", "2.5", "true", ""]), st.text(max_size=3)
)
ROWS = st.lists(st.tuples(NUMBERS, CATEGORIES, st.one_of(st.none(), st.integers(0, 10**6))), min_size=1, max_size=60)


def base(complete: bool = True) -> Profile:
    cuts, is_discrete = numeric_cuts(np.arange(-40.0, 40.0), np.arange(1, 81))
    return Profile(
        features={
            "x": Numeric(
                name="x", type="Fractional", cells=np.zeros(len(cuts) + 4, np.int64),
                cuts=cuts, low=-40.0, high=39.0, is_discrete=is_discrete,
            ),
            "c": Categorical(
                name="c", type="String", cells=np.zeros(5, np.int64),
                values=("red", "green"), known=("blue",), is_complete=complete,
            ),
            "gone": Numeric(name="gone", type="Integral", cells=np.zeros(4, np.int64)),
        }
    )  # fmt: skip


def batch(rows) -> Batch:
    numbers, categories, seconds = zip(*rows, strict=True)
    known = [s for s in seconds if s is not None]
    table = pa.RecordBatch.from_arrays(
        [pa.array(numbers, pa.string()), pa.array(categories, pa.string()), pa.array(numbers, pa.string())],
        names=["x", "c", "more"],
    )
    return Batch(
        rows=table,
        volume=Volume(
            records=len(rows) + 1,
            rows=len(rows),
            rejected={"not_json": 1},
            widths={"3": len(rows)},
            both=len(rows),
            first=datetime.fromtimestamp(min(known), UTC) if known else None,
            last=datetime.fromtimestamp(max(known), UTC) if known else None,
            with_id=len(rows),
            ids=Distinct.of(np.array([hash(str(r)) % 2**63 for r in rows], np.uint64)),
        ),
        seconds=np.array([s or 0 for s in seconds], np.int64),
        timed=np.array([s is not None for s in seconds], bool),
        outputs=("c",),
    )


def exact(profile: Profile) -> dict:
    """Everything that must be equal to the last bit; records and rejects differ with the number of batches."""
    document = to_document(profile)
    for feature in document["features"].values():
        for name in ("moments", "lengths", "by_order"):
            feature.pop(name, None)
    volume = document["volume"]
    return {**document, "volume": {**volume, "records": volume["records"] - volume["rejected"].pop("not_json", 0)}}


def same_moments(a, b) -> bool:
    left, right = a.to_document(), b.to_document()
    if a.count != b.count or left[6:] != right[6:]:
        return False
    size = max(abs(a.minimum), abs(a.maximum)) if a.count else 0.0
    return all(
        x == pytest.approx(y, rel=1e-9, abs=1e-9 * a.count * size**power)
        for x, y, power in zip(left[1:6], right[1:6], (1, 1, 2, 3, 4), strict=True)
    )


@settings(max_examples=150, deadline=None)
@given(ROWS, st.lists(st.integers(0, 60), max_size=5), st.randoms(use_true_random=False), st.booleans())
def test_any_split_and_any_order_of_the_parts_give_the_same_profile(rows, cuts, random, complete):
    whole = measure([batch(rows)], base(complete))
    places = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    pieces = [rows[a:b] for a, b in pairwise(places)]
    random.shuffle(pieces)
    parts = [measure([batch(piece)], base(complete)) for piece in pieces]
    together = parts[0]
    for part in parts[1:]:
        together += part
    streamed = measure([batch(piece) for piece in pieces], base(complete))
    for other in (together, streamed):
        assert exact(other) == exact(whole)
        assert same_moments(other.features["x"].moments, whole.features["x"].moments)
        assert same_moments(other.features["c"].lengths, whole.features["c"].lengths)


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_every_row_is_in_one_cell_and_every_count_adds_up(rows):
    profile = measure([batch(rows)], base())
    x, c, gone = (profile.features[name] for name in ("x", "c", "gone"))
    for feature in (x, c, gone):
        assert feature.cells.sum() == feature.rows == profile.rows == len(rows)
        assert feature.by_order.counts.sum() == len(rows)
    assert x.missing == sum(number is None for number, _, _ in rows)
    assert x.count + x.nan + x.infinite + x.text == x.present
    assert x.cells[-1] == x.missing + x.nan + x.infinite + x.text
    counted = x.classes
    assert counted.integral + counted.fractional + counted.boolean + counted.string == x.present
    assert x.quantiles.count == x.count
    assert c.cells[-1] == c.missing
    assert sum(c.unseen.values()) == c.cells[-2] or len(c.unseen) == 64
    assert (gone.absent, gone.missing) == (len(rows), len(rows))
    timed = sum(second is not None for _, _, second in rows)
    assert (x.by_time.counts.sum() if x.by_time else 0) == timed
    assert profile.extra == {"more": x.present}
    assert (x.role, c.role) == ("input", "prediction")


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_a_profile_goes_to_bytes_and_back(rows):
    profile = measure([batch(rows)], base()).settled()
    document = to_document(profile)
    back = from_document(Profile, json.loads(json.dumps(document, allow_nan=False)))
    assert to_document(back) == document
    assert to_document(back + profile) == to_document(profile + profile)
    assert type(back.features["x"]) is Numeric
    assert back.features["x"].cells.dtype == np.int64


def test_nan_infinite_text_and_missing_are_counted_apart():
    rows = [(text, None, None) for text in ("1", "2.5", "nan", "inf", "-inf", "soon", "true", None, "99")]
    x = measure([batch(rows)], base()).features["x"]
    assert (x.count, x.nan, x.infinite, x.text, x.missing) == (3, 1, 2, 2, 1)
    assert (x.above_range.count, x.below_range.count) == (1, 0)


def test_the_ends_of_the_range_are_inside_it():
    rows = [(text, None, None) for text in ("-40", "39", "-40.0000001", "39.0000001")]
    x = measure([batch(rows)], base()).features["x"]
    assert (x.below_range.count, x.above_range.count) == (1, 1)


def test_places_in_reading_order_go_on_from_batch_to_batch():
    first, second = batch([("1", None, None)] * 20), batch([("2", None, None)] * 20)
    second = replace(second, rows=second.rows.drop_columns(["more"]))
    x = measure([first, second], base()).features["x"]
    assert (x.by_order.level, x.by_order.first, x.by_order.counts.sum(axis=1).tolist()) == (1, 0, [2] * 20)


def test_an_empty_window_has_every_feature_and_no_rows():
    profile = measure([], base())
    assert (profile.rows, [f.rows for f in profile.features.values()]) == (0, [0, 0, 0])


def test_never_seen_values_are_told_only_of_a_complete_list():
    rows = [(None, text, None) for text in ("red", "green", "blue", "pink", None)]
    assert measure([batch(rows)], base()).features["c"].cells.tolist() == [1, 1, 1, 1, 1]
    assert measure([batch(rows)], base(complete=False)).features["c"].cells.tolist() == [1, 1, 2, 0, 1]


def test_a_sum_of_different_kinds_is_refused():
    other = Profile(features={**base().features, "x": base().features["c"]})
    with pytest.raises(TypeError, match="feature 'x': a numeric and a categorical one do not add up"):
        base() + other
