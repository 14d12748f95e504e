import json

import datasketches
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stats.quantiles import BUFFER_SIZE, Quantiles

BATCH = 65_536


def summary_of(values, batch=BATCH):
    total = Quantiles.empty()
    for start in range(0, len(values), batch):
        total = total + Quantiles.of_sorted(np.sort(values[start : start + batch]))
    return total


def rank_error(summary, values):
    """The greatest distance between the summary's distribution function and the true one."""
    held, weights = summary.cdf()
    truth = np.searchsorted(np.sort(values), held, side="right") / len(values)
    share = weights / summary.count
    # Just below a held value the summary's function still has its former height.
    below = np.searchsorted(np.sort(values), held, side="left") / len(values)
    return max(np.abs(share - truth).max(), np.abs(np.append(0, share[:-1]) - below).max())


def as_text(state):
    return json.dumps(state.to_document())


def samples(count):
    rng = np.random.default_rng(7)
    return {
        "normal": rng.normal(size=count),
        "lognormal": rng.lognormal(sigma=2, size=count),
        "ascending": np.arange(count, dtype=float),
        "descending": np.arange(count, dtype=float)[::-1],
        "few values": rng.integers(0, 5, count).astype(float),
        "sawtooth": np.arange(count) % 4096.0,
    }


def test_few_values_are_held_exactly_in_any_order():
    values = np.random.default_rng(1).permutation(np.arange(BUFFER_SIZE, dtype=float))
    parts = [Quantiles.of_sorted(np.sort(part)) for part in np.split(values, [5, 700, 701])]
    summary = parts[2] + parts[0] + (parts[3] + parts[1])
    assert summary.is_exact
    assert summary == Quantiles.of_sorted(np.sort(values))
    shares = np.linspace(0, 1, 301)
    assert summary.quantile(shares).tolist() == np.quantile(values, shares, method="inverted_cdf").tolist()


def test_one_more_value_than_fits_halves_the_level():
    summary = Quantiles.of_sorted(np.arange(2048.0)) + Quantiles.of_sorted(np.array([5000.0]))
    assert [len(level) for level in summary.levels] == [1, 1024]
    assert summary.levels[0].tolist() == [5000]
    assert summary.levels[1].tolist() == list(range(0, 2048, 2))
    assert summary.compactions == (1, 0)
    again = summary + Quantiles.of_sorted(np.arange(2048.0))
    # The second turn of level 0: the lowest stays, and the upper one of each pair goes up.
    assert again.levels[0].tolist() == [0]
    assert again.levels[1].tolist()[-1] == 5000


def test_thinning_takes_the_middle_of_each_run_and_splits_the_rest_by_its_binary_digits():
    summary = Quantiles.of_sorted(np.arange(4 * 2048 + 3.0))
    assert [len(level) for level in summary.levels] == [1, 1, 2048]
    assert summary.levels[2][:3].tolist() == [2, 6, 10]
    assert summary.levels[1].tolist() == [8193]
    assert summary.levels[0].tolist() == [8194]


@given(st.lists(st.integers(0, 10**6), max_size=4))
@settings(deadline=None, max_examples=30)
def test_the_count_is_exact_whatever_the_sizes(sizes):
    total = Quantiles.empty()
    for size in sizes:
        total = total + Quantiles.of_sorted(np.broadcast_to(np.float64(3), size))
    assert total.count == sum(sizes)
    assert all(len(level) <= BUFFER_SIZE for level in total.levels)
    assert total.quantile(0.5) == 3 or not total.count


numbers = st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30)


@given(numbers, numbers, st.integers(1, 400))
@settings(deadline=None)
def test_the_sides_of_a_sum_may_be_exchanged(a, b, times):
    one, two = (Quantiles.of_sorted(np.sort(np.tile(np.array(side, float), times))) for side in (a, b))
    assert as_text(one + two) == as_text(two + one)
    assert as_text(one + Quantiles.empty()) == as_text(one)


@pytest.mark.parametrize("name", list(samples(1)))
def test_the_rank_error_over_batches_is_small(name):
    values = samples(1_000_000)[name]
    whole = summary_of(values)
    assert whole.count == 1_000_000
    assert rank_error(whole, values) <= 0.003
    split = [summary_of(part) for part in np.array_split(values, 7)]
    assert rank_error(sum(split[1:], split[0]), values) <= 0.003


def test_a_tree_of_merges_does_not_lean_to_one_side():
    values = np.random.default_rng(3).normal(size=2048 * 256)
    row = [Quantiles.of_sorted(np.sort(part)) for part in np.split(values, 256)]
    while len(row) > 1:
        row = [one + two for one, two in zip(row[::2], row[1::2], strict=True)]
    assert row[0].count == len(values)
    assert rank_error(row[0], values) <= 0.001


def test_many_small_batches_are_as_good_as_a_few_large_ones():
    values = np.random.default_rng(4).normal(size=300_000)
    assert rank_error(summary_of(values, batch=1000), values) <= 0.001


def test_the_error_is_of_the_order_of_a_published_sketch():
    values = samples(400_000)["normal"]
    sketch = datasketches.kll_doubles_sketch(2048)
    sketch.update(values)
    probes = np.sort(values)[:: len(values) // 1000]
    truth = np.searchsorted(np.sort(values), probes, side="right") / len(values)
    theirs = np.abs(np.array([sketch.get_rank(probe, True) for probe in probes]) - truth).max()
    held, weights = summary_of(values).cdf()
    ours = np.abs(np.append(0, weights)[np.searchsorted(held, probes, side="right")] / len(values) - truth).max()
    assert ours <= 3 * theirs
    assert ours <= sketch.normalized_rank_error(False)


def test_a_share_does_not_miss_its_rank_by_rounding():
    summary = Quantiles.of_sorted(np.arange(1.0, 101.0))
    assert summary.quantile(np.arange(1, 101) / 100).tolist() == list(range(1, 101))


def test_both_zeros_are_one_value():
    assert as_text(Quantiles.of_sorted(np.array([0.0, -0.0]))) == as_text(Quantiles.of_sorted(np.array([-0.0, 0.0])))


def test_an_empty_summary_has_no_quantile():
    empty = Quantiles.of_sorted(np.zeros(0))
    assert empty == Quantiles.empty() == empty + empty
    assert empty.count == 0
    assert np.isnan(empty.quantile(0.5))
    assert np.isnan(empty.quantile(np.array([0.1, 0.2]))).all()
    assert [side.shape for side in empty.cdf()] == [(0,), (0,)]


@pytest.mark.parametrize("count", [0, 10, 10_000])
def test_documents_give_the_state_back(count):
    state = summary_of(np.random.default_rng(5).normal(size=count), batch=1500)
    back = Quantiles.from_document(json.loads(as_text(state)))
    assert back == state
    more = Quantiles.of_sorted(np.arange(2000.0))
    assert as_text(back + more) == as_text(state + more)


@pytest.mark.parametrize("values", [[2.0, 1.0], [1.0, np.nan], [np.nan], [1.0, np.inf], [-np.inf, 1.0]])
def test_values_that_are_not_finite_and_ascending_are_refused(values):
    with pytest.raises(ValueError, match="not finite and ascending"):
        Quantiles.of_sorted(np.array(values))


@pytest.mark.parametrize("share", [-0.1, 1.5, np.nan])
def test_a_share_outside_its_range_is_refused(share):
    with pytest.raises(ValueError, match="from 0 to 1 would be right"):
        Quantiles.empty().quantile(share)


def test_a_state_of_the_wrong_form_is_refused():
    with pytest.raises(ValueError, match=r"levels of \[1\] items with 0 counts"):
        Quantiles(levels=(np.zeros(1),))
    with pytest.raises(ValueError, match="up to 2048 items"):
        Quantiles(levels=(np.zeros(2049),), compactions=(0,))
    assert Quantiles.empty() != 0


@pytest.mark.parametrize("count", [0, 1, 512, 513, 1000, 2048, 5000, 100_000])
def test_a_coarse_summary_keeps_the_count_and_nearly_the_ranks(count: int) -> None:
    values = np.sort(np.random.default_rng(count).lognormal(size=count))
    whole = Quantiles.empty()
    for part in np.array_split(values, max(1, count // 2000)):
        whole = whole + Quantiles.of_sorted(part)
    coarse = whole.coarse()
    assert coarse.count == count
    assert sum(map(len, coarse.levels)) <= 512 + 16
    assert Quantiles.from_document(json.loads(json.dumps(coarse.to_document()))) == coarse
    if count > 100:
        shares = np.linspace(0.02, 0.98, 97)
        ranks = np.searchsorted(values, coarse.quantile(shares), side="right") / count
        assert np.abs(ranks - shares).max() <= 0.01
        assert (coarse + coarse).count == 2 * count


@given(st.integers(1, 80), st.integers(1, 80), st.sampled_from([1000, 4096, 5000, 32768]))
@settings(max_examples=30, deadline=None)
def test_two_summaries_of_many_batches_add_up_however_full_their_levels_are(mine: int, theirs: int, size: int) -> None:
    rng = np.random.default_rng(mine * 100 + theirs)
    sides = []
    for batches in (mine, theirs):
        side = Quantiles.empty()
        for _ in range(batches):
            side += Quantiles.of_sorted(np.sort(rng.random(size)))
        sides.append(side)
    both = sides[0] + sides[1]
    assert both.count == (mine + theirs) * size
    assert max(map(len, both.levels)) <= BUFFER_SIZE
    assert abs(both.quantile(0.5) - 0.5) < 0.05
