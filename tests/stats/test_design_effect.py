"""The design effect: one for independent rows, m where each stands m times in a row."""

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.slices import stretches_of
from monitor.stats.design_effect import design_effect


def slices(values: NDArray[np.int64], width: int = 10) -> NDArray[np.int64]:
    stretches, _, _ = stretches_of(np.arange(len(values)))
    counts = np.zeros((stretches.max() + 1, width), dtype=np.int64)
    np.add.at(counts, (stretches, values), 1)
    return counts


def effects(times: int, windows: int = 200, rows: int = 1000) -> NDArray[np.float64]:
    rng = np.random.default_rng(11)
    drawn = (np.repeat(rng.integers(0, 10, rows // times), times) for _ in range(windows))
    return np.array([design_effect(slices(values))[0] for values in drawn])


def test_independent_rows_have_an_effect_of_one() -> None:
    assert effects(1).mean() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("times", [2, 5])
def test_rows_that_stand_several_times_in_a_row_have_that_effect(times: int) -> None:
    assert effects(times).mean() == pytest.approx(times, rel=0.12)


def test_a_hand_worked_example() -> None:
    """Eight slices of 20 rows, four all in the first cell and four all in the second: share 1/2 at the one cut.

    Between: 8 x 20 x (1/2)^2 = 40; binomial 1/4; so 40 / (7 x 1/4) = 160/7.
    """
    counts = np.array([[20, 0], [0, 20]] * 4)
    assert design_effect(counts) == (pytest.approx(160 / 7), 7)


def test_empty_slices_do_not_count() -> None:
    counts = np.array([[20, 0], [0, 20]] * 4 + [[0, 0]] * 5)
    assert design_effect(counts) == (pytest.approx(160 / 7), 7)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_too_few_slices_say_nothing(count: int) -> None:
    assert design_effect(np.ones((count, 3), dtype=np.int64)) == (1.0, 0)


def test_a_constant_column_says_nothing() -> None:
    assert design_effect(np.array([[5, 0]] * 20)) == (1.0, 0)
    assert design_effect(np.array([[5]] * 20)) == (1.0, 0)


def test_slices_of_unequal_size_are_weighed() -> None:
    rng = np.random.default_rng(2)
    sizes = rng.integers(1, 200, 20)
    found = [design_effect(rng.multinomial(sizes, [0.25] * 4))[0] for _ in range(300)]
    assert np.mean(found) == pytest.approx(1.0, abs=0.06)


def test_values_too_rare_to_tell_say_nothing() -> None:
    """One row in a hundred, 32 slices of 31 rows: a third of a row is expected in each."""
    rare = (np.random.default_rng(1).random(1000) < 0.01).astype(np.int64)
    assert design_effect(slices(rare, 2)) == (1.0, 0)
