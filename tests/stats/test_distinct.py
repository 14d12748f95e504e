import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stats.distinct import EXACT_LIMIT, PRECISION, Distinct, _sigma, _tau, registers
from monitor.stats.hashes import hash_uint64


def hashes_of(start, stop):
    return hash_uint64(np.arange(start, stop, dtype=np.uint64))


def as_text(state):
    return json.dumps(state.to_document())


def scalar_registers(hashes, precision):
    result = [0] * 2**precision
    for value in hashes.tolist():
        index = value >> (64 - precision)
        bits = format(value % 2 ** (64 - precision), f"0{64 - precision}b")
        result[index] = max(result[index], len(bits) - len(bits.lstrip("0")) + 1)
    return result


@pytest.mark.parametrize("precision", [9, 14])
def test_registers_equal_those_of_a_loop_even_at_the_extremes(precision):
    powers = np.uint64(1) << np.arange(64, dtype=np.uint64)
    hashes = np.concatenate((hashes_of(0, 5000), powers, powers - np.uint64(1), ~powers))
    assert registers(hashes, precision).tolist() == scalar_registers(hashes, precision)
    for value in hashes[5000:]:
        assert registers(value[None], precision).tolist() == scalar_registers(value[None], precision)


ranges = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 1500)), max_size=5)


@settings(deadline=None)
@given(ranges, ranges)
def test_states_add_up_exactly_also_when_the_sets_overflow(a, b):
    one, two = (np.concatenate([hashes_of(s, s + n) for s, n in side] + [hashes_of(0, 0)]) for side in (a, b))
    whole = Distinct.of(np.concatenate((one, two)))
    assert as_text(Distinct.of(one) + Distinct.of(two)) == as_text(whole)
    assert as_text(Distinct.of(two) + Distinct.of(one)) == as_text(whole)
    assert whole.is_exact == (len(np.unique(np.concatenate((one, two)))) <= EXACT_LIMIT)


@pytest.mark.parametrize("total", [EXACT_LIMIT, EXACT_LIMIT + 1, EXACT_LIMIT + 40])
def test_the_set_becomes_registers_only_beyond_the_limit(total):
    parts = Distinct.of(hashes_of(0, 600)) + Distinct.of(hashes_of(500, total))
    assert parts == Distinct.of(np.repeat(hashes_of(0, total), 3))
    assert parts.is_exact == (total <= EXACT_LIMIT)
    assert parts.estimate == pytest.approx(total, rel=0.03)


def test_few_values_are_counted_exactly():
    assert Distinct.empty().estimate == 0
    assert (Distinct.empty() + Distinct.of(hashes_of(0, 0))).estimate == 0
    assert Distinct.of(np.tile(hashes_of(0, 1000), 50)).estimate == 1000


@pytest.mark.parametrize("total", [1_100, 5_000, 20_000, 60_000, 200_000, 1_000_000])
def test_many_values_are_counted_within_three_per_cent(total):
    assert Distinct.of(hashes_of(0, total)).estimate == pytest.approx(total, rel=0.03)


def test_the_error_over_many_sets_is_that_of_the_theory():
    errors = [Distinct.of(hashes_of(k * 50_000, (k + 1) * 50_000)).estimate / 50_000 - 1 for k in range(40)]
    # 1.04 / sqrt(m) = 0.81 %; the mean of 40 lies within three standard errors, 0.39 %.
    assert np.std(errors) == pytest.approx(0.0081, rel=0.4)
    assert abs(np.mean(errors)) < 0.0039


def test_documents_give_the_state_back():
    for state in (Distinct.empty(), Distinct.of(hashes_of(0, 9)), Distinct.of(hashes_of(0, 5000))):
        back = Distinct.from_document(json.loads(as_text(state)))
        assert back == state
        assert back + Distinct.of(hashes_of(3, 2000)) == state + Distinct.of(hashes_of(3, 2000))


def test_a_state_of_the_wrong_size_is_refused():
    with pytest.raises(ValueError, match="2 registers; up to 1024 hashes, or 16384 registers"):
        Distinct(registers=np.zeros(2, np.uint8))
    assert Distinct.empty() != 0


def test_sigma_and_tau_follow_their_series():
    assert _sigma(0.0) == 0
    assert _sigma(1.0) == np.inf
    assert _sigma(0.5) == pytest.approx(0.5 + sum(0.5 ** (2**k) * 2 ** (k - 1) for k in range(1, 12)))
    assert _tau(0.0) == _tau(1.0) == 0
    assert _tau(0.5) == pytest.approx((0.5 - sum((1 - 0.5 ** (2**-k)) ** 2 * 2**-k for k in range(1, 40))) / 3)


def test_saturated_registers_follow_the_formula():
    highest = 64 - PRECISION + 1
    half = np.repeat(np.array([highest - 1, highest], np.uint8), 2**PRECISION // 2)
    total = 2**PRECISION * (0.5 + _tau(0.5)) * 2.0 ** (1 - highest)
    assert Distinct(registers=half).estimate == pytest.approx(2 ** (2 * PRECISION) / (2 * np.log(2) * total))
    assert Distinct(registers=np.full(2**PRECISION, highest, np.uint8)).estimate == np.inf


@pytest.mark.parametrize("count", [0, 1, 127, 128, 1000, 1024, 3000, 100_000])
def test_what_is_kept_coarsely_is_read_again_and_adds_up(count: int) -> None:
    hashes = np.random.default_rng(count).integers(0, 2**64, count, dtype=np.uint64)
    coarse = Distinct.of(hashes).coarse()
    assert Distinct.from_document(json.loads(json.dumps(coarse.to_document()))) == coarse
    assert coarse.estimate == pytest.approx(count, rel=0.03)
    parts = [Distinct.of(part).coarse() for part in np.array_split(hashes, 3)]
    together = parts[0] + parts[1] + parts[2]
    assert together.estimate == pytest.approx(count, rel=0.03)
    assert together.estimate == pytest.approx(coarse.estimate, rel=1e-9 if count >= 400 else 0.03)
