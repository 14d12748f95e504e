"""AUC against scikit-learn, its interval against simulation (A15)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from sklearn.metrics import roc_auc_score

from benchmarks.verdicts.auc import rows
from monitor.stats.auc import Auc, auc

SCORES = st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=40)


@settings(max_examples=200, deadline=None)
@given(SCORES, SCORES)
def test_the_value_is_scikit_learns_and_the_variance_delongs_by_all_pairs(positives, negatives):
    found = auc(np.array(positives), np.array(negatives))
    truth = np.repeat([1, 0], [len(positives), len(negatives)])
    assert found.value == pytest.approx(roc_auc_score(truth, [*positives, *negatives]), abs=1e-12)
    if min(len(positives), len(negatives)) > 1:
        pairs = np.sign(np.subtract.outer(positives, negatives)) / 2 + 0.5
        expected = pairs.mean(axis=1).var(ddof=1) / len(positives) + pairs.mean(axis=0).var(ddof=1) / len(negatives)
        assert found.variance == pytest.approx(expected, abs=1e-12)


def test_the_interval_covers_at_300_rows_with_one_in_ten_positive():
    rng = np.random.default_rng(15)
    shift, tries = 1.0, 2000
    truth = float(ndtr(shift / np.sqrt(2)))
    covered = 0
    for _ in range(tries):
        low, high = auc(rng.normal(shift, 1, 30), rng.normal(0, 1, 270)).interval()
        covered += low <= truth <= high
    assert covered / tries >= 0.92
    assert covered / tries <= 0.97


def test_no_mistake_is_no_certainty():
    found = auc(np.arange(20.0) + 100, np.arange(500.0) / 100)
    low, high = found.interval()
    assert found.value == 1
    assert 0.7 < low < 0.9
    assert high < 1
    assert auc(np.zeros(20), np.ones(500)).interval()[1] == pytest.approx(1 - low, abs=1e-12)


def test_too_few_of_a_class_have_no_interval_and_none_has_no_value():
    assert np.isnan(auc(np.arange(14.0), np.arange(100.0)).interval()).all()
    assert np.isnan(auc(np.zeros(0), np.zeros(3)).value)
    assert np.isnan(auc(np.zeros(1), np.zeros(3)).variance)
    assert Auc(0.7, 0.001, 14, 100).logit[1] == np.inf


def test_equal_scores_are_a_half():
    assert auc(np.zeros(50), np.zeros(70)).value == 0.5


def test_the_row_of_the_table_is_kept() -> None:
    (row,) = rows(15, long=False)
    assert (row.name, row.passed) == ("A15", True)
