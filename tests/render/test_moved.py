"""What the median of a feature did, in words."""

import numpy as np

from monitor.feature import Feature
from monitor.render.moved import median
from monitor.testing import profile


def side(values: object, base: object = None) -> Feature:
    known = None if base is None else profile({"x": list(base)})  # type: ignore[call-overload]
    return profile({"x": list(values)}, known).features["x"]  # type: ignore[call-overload]


def test_a_median_that_moved_is_told_with_the_interval_that_chance_leaves() -> None:
    base = np.arange(1.0, 1001.0)
    told = median(side(base * 1.5, base), side(base))
    assert told.startswith("median 500 in the baseline, 750 now: +50 % (95 % sure of +")
    assert told.endswith(" %)")


def test_what_chance_explains_is_said_to_be_that_with_how_large_it_may_be() -> None:
    base = np.arange(1.0, 1001.0)
    told = median(side(base[::3], base), side(base))
    assert told.startswith("median 500 in the baseline, 499 now: -0.2 % (95 % sure of -")
    assert told.endswith(" %, so that it may be chance)")


def test_around_nothing_it_is_told_in_the_features_own_unit() -> None:
    base = np.arange(-500.0, 501.0)
    assert "now: +200 (95 % sure of +" in median(side(base + 200, base), side(base))


def test_without_numbers_on_both_sides_nothing_is_told() -> None:
    numbers, texts = side(range(100)), side("ab" * 50)
    assert median(None, numbers) == median(numbers, None) == median(texts, texts) == ""
