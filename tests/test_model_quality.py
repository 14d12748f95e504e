"""The state of outcomes adds up, from any split and in any order, and comes back from a document and from bytes."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import quality, random_scores

from monitor.document import from_document, to_document
from monitor.engines.packing import of_bytes, to_bytes
from monitor.model_quality import MOST_CLASSES, ModelQuality
from monitor.problem import Problem

KINDS = ("binary", "multiclass", "regression")


def rows_of(kind: str, rng: np.random.Generator, rows: int) -> dict[str, list[object]]:
    if kind == "binary":
        truth, chance = random_scores(rng, rows)
        return {"truth": [None if x % 7 == 3 else int(t) for x, t in enumerate(truth)], "chance": chance.tolist()}
    if kind == "multiclass":
        names = rng.integers(0, 130, (2, rows)).astype(str)
        return {"truth": names[0].tolist(), "said": np.where(rng.random(rows) < 0.5, *names).tolist()}
    truth = rng.normal(1e6, 3, rows)
    return {"truth": truth.tolist(), "said": (truth + rng.normal(0.5, 1, rows) * (truth - 1e6)).tolist()}


def told(found: ModelQuality) -> dict[str, object]:
    """Numbers that a split may not change, but for rounding."""
    outcome = found.outcome
    whole = {"rows": found.rows, "labelled": found.labelled, "unpredicted": found.unpredicted}
    if hasattr(outcome, "cells"):
        return {**whole, "cells": outcome.cells.tolist()}
    return {
        **whole,
        "leaning": outcome.leaning,
        "errors": tuple(outcome.errors.to_document()),
    }


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), rows=st.integers(1, 800), at=st.floats(0, 1), also=st.floats(0, 1))
def test_parts_add_up_to_the_whole(kind, seed, rows, at, also):
    columns = rows_of(kind, np.random.default_rng(seed), rows)
    whole = quality(kind, **columns)
    first, second = sorted((int(at * rows), int(also * rows)))
    parts = [
        quality(kind, **{k: v[a:b] for k, v in columns.items()})
        for a, b in ((second, rows), (0, first), (first, second))
    ]
    total = sum(parts, ModelQuality.empty(whole.problem))
    expected = told(whole)
    for name, found in told(total).items():
        assert found == (expected[name] if name == "cells" else pytest.approx(expected[name], rel=1e-6, abs=1e-6)), name
    assert (parts[0] + (parts[1] + parts[2])).labelled == whole.labelled


def test_of_too_many_classes_the_same_are_kept_in_any_order_and_what_is_right_stays_right():
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 1000, 20_000)
    said = np.where(rng.random(20_000) < 0.7, truth, rng.integers(0, 1000, 20_000))
    whole = quality("multiclass", truth, said)
    backwards = sum(
        (quality("multiclass", truth[a : a + 700], said[a : a + 700]) for a in reversed(range(0, 20_000, 700))),
        ModelQuality.empty(whole.problem),
    )
    assert len(whole.outcome.classes) == MOST_CLASSES
    assert whole.outcome.classes == backwards.outcome.classes
    assert whole.outcome.cells.tolist() == backwards.outcome.cells.tolist()
    assert whole.outcome.right.sum() == backwards.outcome.right.sum() == (truth == said).sum()


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_and_bytes_bring_back_the_same(kind):
    found = quality(kind, **rows_of(kind, np.random.default_rng(2), 300))
    document = json.loads(json.dumps(to_document(found)))
    assert to_document(from_document(ModelQuality, document)) == document
    assert to_document(of_bytes(ModelQuality, to_bytes(found, "1"), "1")) == document


def test_two_problems_do_not_add_up():
    with pytest.raises(TypeError, match="qualities of two problems do not add up"):
        ModelQuality.empty(Problem(kind="binary")) + ModelQuality.empty(Problem(kind="regression"))


def test_coverage_is_the_share_of_predictions_that_have_a_label():
    found = quality("binary", ["1", None, "0", "nan", None], ["1", "1", "0", "1", None])
    assert (found.rows, found.unpredicted, found.labelled, found.unreadable, found.judged) == (5, 1, 3, 1, 2)
    assert found.coverage == 0.75
    assert np.isnan(ModelQuality.empty(found.problem).coverage)
