"""Sums of features together: against numpy, from any split, with gaps, within bounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.document import from_document, to_document
from monitor.joint import FURTHEST, MOST_FEATURES, Joint
from monitor.measures import joint as measures
from monitor.profile import Profile
from monitor.testing import profile

NONE = 255


def empty(rng: np.random.Generator, size: int) -> Joint:
    scores = np.zeros((size, measures.WIDEST), np.int8)
    scores[:, :16] = rng.integers(-FURTHEST, FURTHEST + 1, (size, 16))
    return Joint.empty(tuple(f"f{i}" for i in range(size)), scores)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 70), st.integers(0, 700), st.floats(0, 1), st.floats(0, 1))
def test_sums_are_numpys_and_add_up_from_any_split(seed, size, rows, gaps, at):
    rng = np.random.default_rng(seed)
    spec = empty(rng, size)
    codes = rng.integers(0, 16, (size, rows)).astype(np.uint8)
    codes[rng.random((size, rows)) < gaps * rng.choice([0.0, 1.0], (size, 1))] = NONE
    whole = measures.joint(spec, codes)
    scores = np.where(codes < NONE, np.take_along_axis(spec.scores, codes.astype(int) % 32, axis=1), 0).astype(np.int64)
    there = (codes < NONE).astype(np.int64)
    upper = np.triu_indices(size)
    assert whole.sums.tolist() == scores.sum(axis=1).tolist()
    assert whole.products.tolist() == (scores @ scores.T)[upper].tolist()
    assert whole.both.tolist() == (there @ there.T)[upper].tolist()
    cut = int(at * rows)
    total = measures.joint(spec, codes[:, cut:]) + measures.joint(spec, codes[:, :cut])
    assert to_document(total) == to_document(whole)


def test_the_largest_scores_in_every_row_are_still_exact():
    spec = Joint.empty(("a", "b"), np.full((2, measures.WIDEST), FURTHEST, np.int8))
    found = measures.joint(spec, np.zeros((2, 65536), np.uint8))
    assert found.products.tolist() == [FURTHEST**2 * 65536] * 3


def correlated(rng: np.random.Generator, rows: int, rho: float) -> dict[str, list[float]]:
    a = rng.normal(size=rows)
    b = rho * a + np.sqrt(1 - rho**2) * rng.normal(size=rows)
    return {"a": a.tolist(), "b": np.exp(2 * b).tolist(), "text": ["x"] * rows}


def test_correlations_are_those_of_ranks_whatever_the_units():
    rng = np.random.default_rng(2)
    base = profile(correlated(rng, 20_000, 0.6))
    assert base.joint.pairs == (("a", "b"),)
    assert base.joint.correlations[0] == pytest.approx(0.6, abs=0.03)  # b is far from normal
    assert base.joint.rows.tolist() == [20_000]


def test_missing_values_leave_a_correlation_as_it_is():
    rng = np.random.default_rng(3)
    base = profile(correlated(rng, 20_000, 0.6))
    columns = correlated(rng, 20_000, 0.6)
    for name, share in (("a", 0.3), ("b", 0.2)):
        gone = rng.random(20_000) < share
        columns[name] = [None if gap else value for value, gap in zip(columns[name], gone, strict=True)]
    now = profile(columns, base)
    assert now.joint.correlations[0] == pytest.approx(base.joint.correlations[0], abs=0.02)
    assert now.joint.rows[0] == pytest.approx(0.56 * 20_000, rel=0.05)


def test_a_shift_with_missing_values_leaves_a_correlation_as_it_is():
    rng = np.random.default_rng(33)
    base = profile(correlated(rng, 20_000, 0.6))
    columns = correlated(rng, 40_000, 0.6)
    shifted = {**columns, "a": [a + 0.7 for a in columns["a"]], "b": [b * np.exp(1.4) for b in columns["b"]]}
    whole = profile(shifted, base).joint.correlations[0]
    for name in ("a", "b"):
        gone = rng.random(40_000) < 0.4
        shifted[name] = [None if gap else value for value, gap in zip(shifted[name], gone, strict=True)]
    assert profile(shifted, base).joint.correlations[0] == pytest.approx(whole, abs=0.03)


def test_the_baselines_rows_as_a_window_are_the_baseline():
    rng = np.random.default_rng(4)
    columns = correlated(rng, 3_000, 0.3)
    base = profile(columns)
    assert to_document(profile(columns, base).joint) == to_document(base.joint)


def test_a_baseline_from_before_is_measured_by_its_cells():
    rng = np.random.default_rng(5)
    base = profile(correlated(rng, 5_000, 0.5))
    document = to_document(base)
    del document["joint"]
    old = from_document(Profile, document)
    assert old.joint is None
    assert "joint" not in to_document(old)
    now = profile(correlated(rng, 5_000, 0.5), old)
    assert now.joint.correlations[0] == pytest.approx(base.joint.correlations[0], abs=0.05)
    assert (now + profile(correlated(rng, 100, 0.5), old)).joint.rows.tolist() == [5_100]


def test_columns_without_variation_are_left_out_and_one_alone_has_no_pair():
    rng = np.random.default_rng(6)
    columns = {**correlated(rng, 200, 0.5), "constant": [7] * 200, "empty": [None] * 200}
    assert profile(columns).joint.features == ("a", "b")
    assert profile({"a": columns["a"], "text": columns["text"]}).joint is None


def test_a_feature_that_stands_still_in_a_window_has_no_correlation():
    rng = np.random.default_rng(7)
    base = profile(correlated(rng, 500, 0.5))
    now = profile({"a": [0.0] * 100, "b": [1.0] * 100, "text": ["x"] * 100}, base)
    assert np.isnan(now.joint.correlations).all()
    assert np.isnan(now.joint.fisher()).all()
    assert np.isnan(profile({"a": [], "b": [], "text": []}, base).joint.fisher()).all()


def test_of_many_features_outputs_and_the_first_are_followed():
    rng = np.random.default_rng(8)
    columns = {f"c{i}": rng.normal(size=50).tolist() for i in range(MOST_FEATURES + 5)}
    base = profile(columns)
    assert base.joint.features == tuple(columns)[:MOST_FEATURES]
    features = base.features
    answer = features[f"c{MOST_FEATURES + 4}"]
    object.__setattr__(answer, "role", "prediction")
    chosen = measures.unmeasured(features, measures.counted_shares(features)).features
    assert chosen == (*tuple(columns)[: MOST_FEATURES - 1], answer.name)


def test_joint_sums_on_other_cells_do_not_add_up():
    rng = np.random.default_rng(9)
    with pytest.raises(TypeError, match="other cells"):
        empty(rng, 3) + empty(rng, 3)


def test_fifty_features_take_few_bytes():
    rng = np.random.default_rng(10)
    spec = empty(rng, 50)
    found = measures.joint(spec, rng.integers(0, 16, (50, 1000)).astype(np.uint8))
    assert len(to_document(found)["sums"]) < 7_000
