"""Scores by class: the same from any split, exact while few, and near enough beyond."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import random_scores
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from monitor.document import from_document, to_document
from monitor.quality.scored import average_precision
from monitor.scores import MOST_PLACES, Scores
from monitor.stats.auc import auc_of_counts


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(0, 9000), st.lists(st.floats(0, 1), max_size=4), st.sampled_from([2, 16]))
def test_scores_add_up_from_any_split(seed, rows, cuts, digits):
    truth, chance = random_scores(np.random.default_rng(seed), rows, digits)
    whole = Scores.of(chance, truth == 1)
    edges = [0, *sorted(int(cut * rows) for cut in cuts), rows]
    parts = [Scores.of(chance[a:b], truth[a:b] == 1) for a, b in itertools.pairwise(edges)]
    total = sum(reversed(parts), Scores())
    assert total.fineness == whole.fineness
    assert total.places.tolist() == whole.places.tolist()
    assert total.counts.tolist() == whole.counts.tolist()
    assert total.calibration == pytest.approx(whole.calibration)
    if rows:
        assert total.losses.mean == pytest.approx(whole.losses.mean, rel=1e-12)
    assert len(total.places) <= MOST_PLACES


@pytest.mark.parametrize("shape", [(2.0, 2.0), (0.6, 1.4), (0.5, 400.0), (40000.0, 40000.0), (1.0, 1.0)])
def test_many_scores_are_within_a_thousandth_of_exact_wherever_they_lie(shape):
    rng = np.random.default_rng(3)
    chance = rng.beta(*shape, 200_000)
    rank = chance.argsort().argsort() / len(chance)
    truth = rng.random(len(chance)) < 0.05 + 0.3 * rank
    found = Scores.of(chance, truth)
    assert found.fineness is not None
    assert auc_of_counts(found.counts[1], found.counts[0]).value == pytest.approx(
        roc_auc_score(truth, chance), abs=1e-3
    )
    assert average_precision(found).value == pytest.approx(average_precision_score(truth, chance), abs=1e-3)
    assert found.losses.mean == pytest.approx(log_loss(truth, chance), rel=1e-9)
    assert found.squares.mean == pytest.approx(brier_score_loss(truth, chance), rel=1e-9)


def test_a_document_holds_every_number():
    truth, chance = random_scores(np.random.default_rng(1), 500)
    found = Scores.of(chance, truth == 1)
    document = json.loads(json.dumps(to_document(found)))
    assert to_document(from_document(Scores, document)) == document
    assert from_document(Scores, document).counts.tolist() == found.counts.tolist()


def test_certainties_that_fail_cost_much_and_not_infinity():
    found = Scores.of(np.array([0.0, 1.0]), np.array([True, False]))
    assert found.losses.mean == pytest.approx(-np.log(np.finfo(float).eps))
