"""What a look says of features two by two."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from monitor import arrays
from monitor.policy.layout import layout_of, look_of
from monitor.policy.look import Look, regrouped
from monitor.testing import profile
from monitor.window import Window

HOUR = timedelta(hours=1)
START = datetime(2026, 1, 5, tzinfo=UTC)


def columns(rng, rows, rho=0.5):
    a = rng.normal(size=rows)
    b = rho * a + np.sqrt(1 - rho**2) * rng.normal(size=rows)
    return {"a": a.tolist(), "b": b.tolist(), "text": ["x"] * rows, "c": rng.normal(size=rows).tolist()}


def look(base, rng, rows=1000, number=0, rho=0.5):
    window = Window(start=START + number * HOUR, end=START + (number + 1) * HOUR)
    return look_of(profile(columns(rng, rows, rho), base), base, window)


def together(first, second):
    """Of two hours in a row."""
    return regrouped([first, second], [Window(start=START, end=START + 2 * HOUR)])[0]


def test_a_look_holds_z_and_precision_by_the_layouts_pairs():
    rng = np.random.default_rng(1)
    base = profile(columns(rng, 20_000))
    layout = layout_of(base)
    assert layout.pairs == (("a", "b"), ("a", "c"), ("b", "c"))
    assert layout.joint[0] == pytest.approx([np.arctanh(0.49), 0, 0], abs=0.03)
    assert layout.joint[1].tolist() == [19_997.0] * 3
    seen = look(base, rng)
    assert seen.joint.shape == (2, 3)
    assert seen.joint[1].tolist() == [997.0] * 3


def test_a_look_comes_back_from_its_bytes_and_one_from_before_has_no_pairs():
    rng = np.random.default_rng(2)
    seen = look(profile(columns(rng, 2_000)), rng)
    data = seen.packed()
    np.testing.assert_array_equal(Look.unpacked(data).joint, seen.joint)
    head, parts = arrays.unpacked(data)
    old = arrays.packed(head, {name: part for name, part in parts.items() if name != "joint"})
    assert Look.unpacked(old).joint.shape == (2, 0)
    later = replace(seen, window=Window(start=START + HOUR, end=START + 2 * HOUR))
    assert together(Look.unpacked(old), later).joint.shape == (2, 0)


def test_looks_add_up_by_precision():
    rng = np.random.default_rng(3)
    base = profile(columns(rng, 2_000))
    few, many = look(base, rng, 100), look(base, rng, 3_000, 1)
    both = together(few, many).joint
    assert both[1].tolist() == [97.0 + 2997.0] * 3
    assert both[0] == pytest.approx((97 * few.joint[0] + 2997 * many.joint[0]) / 3094, abs=1e-6)
    nothing = look_of(profile({name: [] for name in base.features}, base), base, many.window)
    np.testing.assert_array_equal(together(few, nothing).joint, few.joint)


def test_rows_that_repeat_each_other_count_for_fewer():
    rng = np.random.default_rng(4)
    base = profile(columns(rng, 4_000))
    once = columns(rng, 400)
    repeated = {name: np.repeat(values, 40).tolist() for name, values in once.items()}
    now = profile(repeated, base)
    assert look_of(now, base, look(base, rng).window).joint[1].max() < 0.2 * 16_000


def test_a_baseline_from_before_has_pairs_and_says_nothing_of_them():
    rng = np.random.default_rng(5)
    base = replace(profile(columns(rng, 2_000)), joint=None)
    layout = layout_of(base)
    assert layout.pairs == (("a", "b"), ("a", "c"), ("b", "c"))
    assert layout.joint[1].tolist() == [0.0] * 3
    assert look(base, rng).joint.shape == (2, 3)


def test_no_two_numbers_no_pairs():
    base = profile({"a": [1, 2, 3], "text": ["x", "y", "z"]})
    assert layout_of(base).pairs == ()
    window = Window(start=START, end=START + HOUR)
    assert look_of(profile({"a": [1], "text": ["x"]}, base), base, window).joint.shape == (2, 0)
