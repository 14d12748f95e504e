"""Outcomes are counted whatever they are written as."""

import numpy as np
import pyarrow as pa
import pytest
from outcomes import quality

ONES = (
    ["1", "1.0", "true"],
    pa.array([1, 1, 1]),
    pa.array([1.0, 1.0, 1.0]),
    pa.array([True, True, True]),
    [" 1", "1 ", "1e0"],
)


@pytest.mark.parametrize("ones", ONES)
def test_a_class_is_one_whatever_it_is_written_as(ones):
    found = quality("binary", ones, ["1", "1", "0"])
    assert found.outcome.cells.tolist() == [[0, 0], [1, 2]]
    assert quality("multiclass", ones, ["1", "1", "0"]).outcome.cells.tolist() == [[0, 0, 0], [1, 2, 0], [0, 0, 0]]


def test_a_probability_is_positive_from_the_threshold_on():
    found = quality("binary", [1, 1, 0, 0], None, [0.5, 0.49, 0.7, 0.1])
    assert found.outcome.cells.tolist() == [[1, 1], [1, 1]]
    assert quality("binary", [1, 1, 0, 0], None, [0.5, 0.49, 0.7, 0.1], threshold=0.71).outcome.cells.tolist() == [
        [2, 0],
        [2, 0],
    ]


def test_a_prediction_goes_before_the_probability_and_a_missing_one_is_taken_from_it():
    found = quality("binary", ["yes", "yes", "no"], ["no", None, "no"], [0.9, 0.9, 0.2], positive="yes")
    assert found.outcome.cells.tolist() == [[1, 0], [1, 1]]
    assert found.outcome.scores.count == 3
    assert found.outcome.negative == "no"


def test_a_probability_beyond_nought_and_one_is_none():
    found = quality("binary", [1, 0, 1], None, ["1.5", "-0.1", "0.8"])
    assert (found.unpredicted, found.outcome.scores.count) == (2, 1)


def test_labels_that_are_no_numbers_are_counted_as_unreadable():
    found = quality("regression", ["1.5", "three", "", None, "inf"], [1, 1, 1, 1, 1])
    assert (found.labelled, found.unreadable, found.outcome.errors.count) == (3, 2, 1)


def test_rows_without_a_prediction_are_counted_apart():
    found = quality("regression", ["1.5", "2", "3"], ["1", None, "x"])
    assert (found.rows, found.unpredicted, found.labelled) == (3, 2, 1)
    assert quality("multiclass", ["a"], None).unpredicted == 1


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_no_rows_are_no_rows(kind):
    assert quality(kind, [], []).judged == 0


def test_absurd_numbers_end_nothing():
    found = quality("regression", [1e308, -1e308, 0.0], [-1e308, 1e308, 1e-320])
    assert found.judged == 3


def test_zeros_have_no_relative_error_and_what_lies_below_minus_one_no_logarithm():
    found = quality("regression", [0.0, 2.0, -5.0], [1.0, 1.0, 1.0]).outcome
    assert (found.relative.count, found.relative.total) == (2, pytest.approx(0.5 + 1.2))
    assert found.logarithmic.count == 2


def test_labels_of_a_slice_are_read_where_they_lie():
    rng = np.random.default_rng(0)
    truth, said = (pa.array(rng.integers(0, 3, 100).astype(str)) for _ in range(2))
    assert (
        quality("multiclass", truth.slice(40), said.slice(40)).outcome.cells.tolist()
        == quality("multiclass", truth.to_pylist()[40:], said.to_pylist()[40:]).outcome.cells.tolist()
    )
