import csv
import json
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sagemaker.kll import Kll, _sorted_as_java

# What the real container wrote for a hundred rows; origin and licence in the README beside it.
FIXTURE = Path(__file__).parents[1] / "data" / "sagemaker_sdk" / "quality_check_step" / "data_quality"


class SlowSketch:
    """One value at a time, with a flag for the offset that flips: the oracle."""

    def __init__(self, k=2048, c=0.64):
        self.k, self.c = k, c
        self.buffers, self.compressions, self.offsets = [[]], [0], [0]

    def capacity(self, height):
        return 2 * (ceil(self.k * self.c**height / 2) + 1)

    def update(self, value):
        self.buffers[0].append(value)
        if sum(map(len, self.buffers)) > sum(map(self.capacity, range(len(self.buffers)))):
            self.condense()

    def condense(self):
        for height, buffer in enumerate(self.buffers):
            if len(buffer) >= self.capacity(height):
                if height + 1 == len(self.buffers):
                    self.buffers.append([])
                    self.compressions.append(0)
                    self.offsets.append(0)
                if self.compressions[height] % 2 == 1:
                    self.offsets[height] = 1 - self.offsets[height]
                self.compressions[height] += 1
                even = len(buffer) // 2 * 2
                self.buffers[height + 1].extend(sorted(buffer[:even])[self.offsets[height] :: 2])
                self.buffers[height] = buffer[even:]
                return

    def rank(self, edge, inclusive):
        return sum(
            2**height
            for height, buffer in enumerate(self.buffers)
            for item in buffer
            if item < edge or (inclusive and item == edge)
        )


def sketch_of(values, sizes=(), k=2048):
    sketch = Kll(k)
    place = 0
    for size in [*sizes, len(values)]:
        sketch.extend(values[place : place + size])
        place += size
    return sketch


def slow_of(values, k=2048):
    slow = SlowSketch(k)
    for value in values.tolist():
        slow.update(value)
    return slow


def test_a_hundred_rows_give_the_containers_own_sketch_and_buckets_to_the_last_bit():
    with (FIXTURE / "baseline_dataset.csv").open() as lines:
        columns = np.array([[float(field) for field in row] for row in csv.reader(lines)]).T
    features = json.loads((FIXTURE / "statistics.json").read_text())["features"]
    assert len(features) == len(columns) == 6
    for values, feature in zip(columns, features, strict=True):
        expected = feature["numerical_statistics"]["distribution"]["kll"]
        sketch = sketch_of(values)
        assert sketch.data == expected["sketch"]["data"]
        assert {"c": sketch.c, "k": sketch.k} == expected["sketch"]["parameters"]
        buckets = [(b["lower_bound"], b["upper_bound"], b["count"]) for b in expected["buckets"]]
        assert sketch.buckets(values.min(), values.max()) == buckets


def test_deequs_own_expected_values():
    # KLLProfileTest.scala: k = 2, the values 1..6 and 1..30, two buckets.
    six = sketch_of(np.arange(1.0, 7.0), k=2)
    assert six.data == [[5, 6], [1, 3]]
    assert six.buckets(1, 6, 2) == [(1, 3.5, 4), (3.5, 6, 2)]
    thirty = sketch_of(np.arange(1.0, 31.0), k=2)
    assert thirty.data == [[27, 28, 29, 30], [25], [1, 6, 10, 15, 19, 23]]
    assert thirty.buckets(1, 30, 2) == [(1, 15.5, 16), (15.5, 30, 14)]


def test_2050_values_are_all_held_in_their_order_and_one_more_compacts():
    values = np.arange(2050.0)[::-1]
    sketch = sketch_of(values)
    assert sketch.data == [values.tolist()]
    sketch.extend(np.array([-5.0]))
    assert sketch.data == [[-5], list(range(0, 2050, 2))]
    assert sketch.count == 2051


def test_the_offset_flips_at_every_second_compaction():
    sketch = Kll()
    kept = []
    for _ in range(6):
        sketch._levels[0] = np.arange(5.0)
        kept.append(sketch._compacted(0).tolist())
    assert kept == [[0, 2], [1, 3], [1, 3], [0, 2], [0, 2], [1, 3]]
    assert sketch._levels[0].tolist() == [4]


@pytest.mark.parametrize("seed", range(4))
def test_chunks_give_what_one_value_at_a_time_gives(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=rng.integers(10_000, 30_000)).round(rng.integers(1, 5))
    slow = slow_of(values)
    for sizes in ((), (1, 2049, 1, 7000), (3000,) * 9):
        assert sketch_of(values, sizes).data == slow.buffers
    sketch = sketch_of(values)
    assert sketch.count == len(values)
    for lower, upper, count in sketch.buckets(values.min(), values.max())[:-1]:
        assert count == slow.rank(upper, False) - slow.rank(lower, False)
    lower, upper, count = sketch.buckets(values.min(), values.max())[-1]
    assert count == slow.rank(upper, True) - slow.rank(lower, False)


@settings(deadline=None)
@given(st.lists(st.integers(-20, 20).map(float), max_size=300), st.lists(st.integers(0, 60)), st.integers(2, 40))
def test_any_chunks_of_any_values_at_any_size_of_sketch(values, sizes, k):
    array = np.array(values, float)
    assert sketch_of(array, sizes, k).data == slow_of(array, k).buffers


def test_the_sizes_that_a_published_run_of_23432_rows_had():
    sketch = sketch_of(np.random.default_rng(1).normal(size=23_432))
    assert [len(level) for level in sketch.data] == [266, 1093, 2127, 1, 779]


def test_a_constant_column_has_equal_edges_and_its_weight_in_the_last_bucket():
    sketch = sketch_of(np.full(10_000, 4.5))
    assert sketch.buckets(4.5, 4.5) == [(4.5, 4.5, 0)] * 9 + [(4.5, 4.5, 10_000)]


def test_nothing_added_is_one_empty_level():
    sketch = Kll()
    sketch.extend(np.zeros(0))
    assert sketch.data == [[]]
    assert sketch.count == 0


def test_zeros_are_sorted_by_their_sign():
    values = _sorted_as_java(np.array([0.0, 1.0, -0.0, 0.0, -2.0, -0.0]))
    assert values.tolist() == [-2, 0, 0, 0, 0, 1]
    assert np.signbit(values).tolist() == [True, True, True, False, False, False]
