import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feature import Numeric
from monitor.finding import at_most
from monitor.render.axis import multiples, round_step
from monitor.render.bars import NAMED, are_comparable, bars
from monitor.render.columns import FOOT, TOP
from monitor.render.drawing import WIDTH
from monitor.render.histogram import histogram
from monitor.render.interval import interval
from monitor.render.picture import picture
from monitor.render.sides import sides
from monitor.sagemaker.statistics import statistics
from monitor.sagemaker.taking_over import profile_of
from monitor.testing import categorical, numeric, profile

RNG = np.random.default_rng(7)
BELL = RNG.normal(50, 10, 2000).round(1)
TAIL = RNG.lognormal(3, 1.6, 2000).round(2)


def pair(kind, now, base):
    known = kind(base)
    return kind(now, known), known


def drawn(kind, now, base, most=NAMED):
    both = pair(kind, now, base)
    return picture(*both, bars(*both, most))


def labels(drawing):
    return [label.text for label in drawing.labels]


def rectangles(path):
    return [tuple(map(float, found)) for found in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z", path)]


def cells(kind, now, base, most=NAMED):
    return {bar.label: (bar.now, bar.base) for bar in bars(*pair(kind, now, base), most)}


NUMBERS = {
    "bell": BELL,
    "tail": TAIL,
    "whole": RNG.poisson(80, 2000),
    "mostly zeros": np.where(RNG.random(2000) < 0.997, 0, TAIL),
    "flag": [0, 1] * 50,
    "constant": [5.0] * 50,
    "huge": BELL * 1e300,
    "tiny": BELL * 1e-300,
    "close": 1e15 + BELL,
    "gaps": [None, *BELL[:500].tolist(), None],
    "odd": ["nan", "inf", "text", *BELL[:500].tolist()],
    "none": [None, None],
}


@pytest.mark.parametrize("now", NUMBERS)
@pytest.mark.parametrize("base", [name for name in NUMBERS if name != "odd"])
def test_every_row_is_in_a_bar_once_and_missing_is_the_last(now, base):
    a, b = pair(numeric if base != "none" else categorical, NUMBERS[now], NUMBERS[base])
    found = bars(a, b)
    assert (sum(bar.now for bar in found), sum(bar.base for bar in found)) == (a.rows, b.rows)
    assert (found[-1].label, found[-1].now, found[-1].base) == ("missing", a.missing, b.missing)


@pytest.mark.parametrize("now", NUMBERS)
@pytest.mark.parametrize("base", [name for name in NUMBERS if name != "odd"])
def test_every_picture_keeps_to_its_frame_and_shows_missing(now, base):
    found = drawn(numeric if base != "none" else categorical, NUMBERS[now], NUMBERS[base])
    boxes = rectangles(found.base)
    assert all(x >= 0 and x + width <= WIDTH + 0.2 for x, _, width, _ in boxes)
    assert all(y >= 0 and y + height <= found.height for _, y, _, height in boxes)
    assert all(0 <= float(label.x) <= WIDTH and 0 <= float(label.y) <= found.height for label in found.labels)
    assert "missing" in labels(found)
    assert not re.search("nan|inf|e[+-]", found.base + found.now + found.frame + found.marks)


@pytest.mark.parametrize("now", NUMBERS)
@pytest.mark.parametrize("base", [name for name in NUMBERS if name != "odd"])
def test_no_two_texts_of_one_line_touch(now, base):
    found = drawn(numeric if base != "none" else categorical, NUMBERS[now], NUMBERS[base])
    if base == "none":
        return
    line = sorted((float(t.x), len(t.text) * 5.6) for t in found.labels if float(t.y) == FOOT + 14)
    assert all(x + (w + v) / 2 < y for (x, w), (y, v) in pairwise(line)), labels(found)


def test_a_spread_is_drawn_in_equal_bins_of_the_features_units_whose_heights_are_shares_of_all_rows():
    now, base = pair(numeric, [*BELL[:900] + 5, *[None] * 100], BELL)
    found = histogram(now, base)
    assert np.allclose(np.diff(found.edges), found.edges[1] - found.edges[0])
    for shares, values, rows in ((found.now, BELL[:900] + 5, 1000), (found.base, BELL, 2000)):
        known, _ = np.histogram(values, found.edges)
        assert np.allclose(shares[1:-1] * rows, known)
        assert round(shares[0] * rows) == (values < found.edges[0]).sum()
        assert round(shares[-1] * rows) == (values >= found.edges[-1]).sum()


def test_the_highest_bar_of_a_picture_is_as_high_as_its_share_says():
    found = drawn(numeric, [0] * 3 + [1], [0] * 3 + [1])
    zero, one = sorted(rectangles(found.base))[:2]
    assert labels(found)[:3] == ["0 %", "25 %", "50 %"]
    assert zero[3] == pytest.approx(FOOT - TOP, abs=0.1)
    assert one[3] == pytest.approx((FOOT - TOP) / 3, abs=0.1)


def test_now_is_outlined_at_the_height_of_its_shares():
    found = drawn(numeric, [0] + [1] * 3, [0] * 3 + [1])
    heights = [float(y) for y in re.findall(r"V([\d.]+)H", found.now)]
    assert heights == [pytest.approx(FOOT - s * (FOOT - TOP), abs=0.1) for s in (1 / 3, 1.0, 0.0)]


def test_whole_numbers_have_bins_of_as_many_numbers_each():
    found = histogram(*pair(numeric, RNG.poisson(80, 500), RNG.poisson(80, 2000)))
    assert (np.diff(found.edges) % 1 == 0).all()
    assert (found.edges % 1 == 0.5).all()


def test_a_window_far_away_leaves_the_baseline_its_room_and_stands_at_the_end():
    found = drawn(numeric, BELL[:500] * 1000, BELL)
    edges = histogram(*pair(numeric, BELL[:500] * 1000, BELL)).edges
    assert BELL.max() <= edges[-1] < 2 * BELL.max()
    assert any(text.startswith("\u2265 ") for text in labels(found))
    assert "100 %" in labels(found)


def test_where_one_equal_bin_would_hold_most_of_the_baseline_each_cell_has_a_column():
    assert histogram(*pair(numeric, TAIL[:500], TAIL)) is None
    now, base = pair(numeric, TAIL[:500], TAIL)
    assert sides(now, base, NAMED).hint.endswith("the axis is not to scale.")


def test_a_baseline_taken_over_without_a_sketch_is_drawn_by_cell():
    document = statistics(profile({"x": BELL.tolist()}))
    distribution = document["features"][0]["numerical_statistics"]["distribution"]["kll"]
    del distribution["sketch"]
    base = profile_of(document).features["x"]
    assert isinstance(base, Numeric)
    now = numeric(BELL[:500], base)
    found = picture(now, base, bars(now, base))
    assert not found.is_binned
    assert base.quantiles.count == 0
    assert len(rectangles(found.base)) == len(base.cuts) + 1


def test_a_baseline_of_a_thousand_cuts_is_drawn_in_a_bounded_number_of_bars():
    base = replace(numeric(BELL), cuts=np.arange(1000.0), cells=np.ones(1004, dtype=np.int64), high=1000.0, missing=1)
    found = bars(base, base)
    assert len(found) < 70
    assert sum(bar.now for bar in found) == 1004


def test_numbers_that_print_alike_are_written_with_more_digits():
    found = cells(numeric, [1700000001, 1700000002], [1700000001, 1700000002])
    assert list(found) == ["1700000001", "1700000002", "missing"]


def test_below_and_above_the_baselines_range_stand_apart_where_rows_are():
    found = cells(numeric, [-1, 0, 1, 2, 2], [0, 1])
    assert found == {"below 0": (1, 0), "0": (1, 1), "1": (1, 1), "above 1": (2, 0), "missing": (0, 0)}
    assert "below 0" not in cells(numeric, [0], [0, 1])


def test_what_is_no_number_is_not_missing():
    assert cells(numeric, ["nan", "inf", "x", None, 1], [0, 1])["no number"] == (3, 0)
    assert cells(numeric, ["nan", "inf", "x", None, 1], [0, 1])["missing"] == (1, 0)


def test_categories_stand_commonest_first_then_the_others_the_unseen_and_the_missing():
    base = [name for i in range(30) for name in [f"v{i}"] * (60 - i)]
    found = bars(*pair(categorical, ["v0", "v29", "v29", "new", "new", "newer", None], base))
    names = [bar.label for bar in found]
    assert names[:3] == ["v0", "v1", "v2"]
    assert "v29" in names  # it moved furthest
    assert names[-3:] == ["other known", "never seen", "missing"]
    assert [(bar.now, bar.note) for bar in found[-3:]] == [(0, "18 values"), (3, "new 2, newer 1"), (1, "")]
    assert sum(bar.now for bar in found) == 7


def test_of_categories_so_many_have_a_bar_as_are_asked_for():
    base = [f"v{i:03}" for i in range(100)]
    assert [len(cells(categorical, base, base, most)) for most in (4, 8, 12)] == [7, 11, 15]


def test_a_category_pair_has_the_length_of_its_shares():
    found = drawn(categorical, ["a"] + ["b"] * 3, ["a"] * 3 + ["b"])
    now, base = ([box[2] for box in rectangles(path)] for path in (found.now, found.base))
    assert base[0] == pytest.approx(3 * base[1], abs=0.2)
    assert now == base[::-1]


def test_a_side_without_rows_has_no_bars():
    now, base = pair(numeric, [], BELL)
    found = picture(now, base, bars(now, base))
    assert rectangles(found.base)
    assert set(re.findall(r"V([\d.]+)", found.now)) == {"150"}
    assert sides(now, base, NAMED).rows[0].now == "none"


def test_what_is_not_on_both_sides_is_no_picture():
    number, text = numeric([1, 2]), categorical(["a"])
    assert not are_comparable(None, number)
    assert not are_comparable(number, None)
    assert not are_comparable(number, text)
    assert not are_comparable(number, numeric([1, 2, 3]))
    assert sides(number, text, NAMED) is None
    empty = numeric([], number)
    assert not are_comparable(empty, replace(empty))


def test_an_interval_is_drawn_with_its_limit():
    from monitor.estimate import share
    from monitor.feature import Share

    found = interval(at_most(share(Share(count=80, total=100)), 0.5))
    assert (found.marks, found.frame) != ("", "")
    assert rectangles(found.now)
    assert interval(at_most(3, 2)) is None


@given(st.lists(st.floats(-1e300, 1e300), max_size=60), st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_numbers_can_be_drawn(now, base):
    found = drawn(numeric, now, base)
    assert not re.search("nan|inf", found.base + found.now)


@given(st.floats(0, 1e300), st.integers(1, 40), st.booleans())
def test_a_span_is_cut_into_at_most_so_many_steps(span, most, whole):
    step = round_step(span, most, whole=whole)
    assert step == 0 or span / step <= most * (1 + 1e-6)


def test_steps_too_small_to_tell_numbers_apart_give_none():
    assert len(multiples(1e17, 1e17 + 32, 1.0)) == 0


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(1, 40))
def test_multiples_reach_from_one_end_beyond_the_other(low, span, most):
    high = low + span
    found = multiples(low, high, round_step(span, most))
    if len(found):
        assert found[0] <= low < found[1]
        assert found[-2] <= high < found[-1]
        assert len(found) <= most + 3
