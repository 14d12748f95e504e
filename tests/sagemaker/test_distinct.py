import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sagemaker.distinct import ApproximateDistinct, _bias
from monitor.sagemaker.hll_bias import BIASES, RAW_ESTIMATES
from monitor.stats.hashes import hash_bytes


def hashes_of(texts):
    raw = [text.encode() for text in texts]
    return hash_bytes(np.frombuffer(b"".join(raw), np.uint8), np.cumsum([0, *map(len, raw)]))


def numbered(start, stop, form="{}"):
    return hashes_of(map(form.format, range(start, stop)))


def nearest_bias(raw):
    """The six tabled estimates nearest to `raw`, found by sorting all distances."""
    nearest = sorted(range(len(RAW_ESTIMATES)), key=lambda i: abs(RAW_ESTIMATES[i] - raw))[:6]
    return sum(BIASES[i] for i in nearest) / 6


def slow_estimate(hashes):
    """One hash at a time, written from the description: the oracle."""
    longest = [0] * 512
    for value in hashes.tolist():
        padded = ((value << 9) & (2**64 - 1)) | 256
        longest[value >> 55] = max(longest[value >> 55], 64 - padded.bit_length() + 1)
    unused = longest.count(0)
    if unused and 512 * math.log(512 / unused) <= 400:
        return round(512 * math.log(512 / unused))
    raw = 0.7213 / (1 + 1.079 / 512) * 512**2 / sum(2.0**-rank for rank in longest)
    return round(raw - nearest_bias(raw)) if raw < 2560 else round(raw)


def test_the_table_is_whole_each_bias_is_that_of_a_whole_number_of_values():
    assert len(RAW_ESTIMATES) == len(BIASES) == 201
    counts = np.subtract(RAW_ESTIMATES, BIASES)
    assert np.abs(counts - counts.round()).max() < 1e-9
    assert np.diff(counts.round()).min() >= 11
    assert (counts[0].round(), counts[-1].round()) == (1, 2560)
    assert np.diff(RAW_ESTIMATES).min() > 0


@pytest.mark.parametrize("total", [0, 1, 2, 3, 10, 54, 83, 300, 420, 500, 700, 1200, 2000, 2600, 4838, 18_561, 23_432])
@pytest.mark.parametrize("form", ["{}", "{}.0", "zip code {:09d} of a long street name"])
def test_estimates_equal_the_scalar_algorithm(total, form):
    hashes = numbered(0, total, form)
    assert ApproximateDistinct.of(hashes).estimate == slow_estimate(hashes)


def test_estimates_are_plain_counts_while_few_share_a_register():
    assert [ApproximateDistinct.of(numbered(0, total)).estimate for total in range(6)] == [0, 1, 2, 3, 4, 5]


def test_errors_are_those_of_512_registers():
    errors = [ApproximateDistinct.of(numbered(k * 3000, (k + 1) * 3000)).estimate / 3000 - 1 for k in range(40)]
    # 1.04 / sqrt(512) = 4.6 %; a published run shows 24,000 for 23,432 and 18,010 for 18,561 values.
    assert np.std(errors) == pytest.approx(0.046, rel=0.4)
    assert abs(np.mean(errors)) < 0.022


@given(st.lists(st.text(max_size=12)), st.lists(st.text(max_size=12)))
def test_states_add_up(a, b):
    one, two = ApproximateDistinct.of(hashes_of(a)), ApproximateDistinct.of(hashes_of(b))
    assert one + two == two + one == ApproximateDistinct.of(hashes_of(a + b))
    assert one + ApproximateDistinct.empty() == one


@pytest.mark.parametrize("raw", [300.0, 369.0, 380.0, 390.9, 1000.25, 2540.0, 2553.768])
def test_the_bias_is_the_mean_of_the_six_nearest(raw):
    assert _bias(raw) == pytest.approx(nearest_bias(raw), abs=1e-9)


def test_beyond_the_table_the_bias_is_the_mean_of_its_last_five():
    assert _bias(2559.9) == sum(BIASES[-5:]) / 5


def test_a_state_of_the_wrong_size_is_refused():
    with pytest.raises(ValueError, match="3 registers; 512 would be right"):
        ApproximateDistinct(registers=np.zeros(3, np.uint8))
    assert ApproximateDistinct.empty() != 0
