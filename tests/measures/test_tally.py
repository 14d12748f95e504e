"""A tally is a sum: each row that has a time in one stretch, whatever the order of the rows."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Batch
from monitor.history import History
from monitor.measures.stretches import Hours, stretches
from monitor.measures.tally import Tally
from monitor.measures.window import measure
from monitor.profile import Profile, Volume
from monitor.schedule import Every, Schedule
from monitor.survey import cells, count_texts, survey, texts_of

ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 9)),
        st.one_of(st.none(), st.sampled_from(["a", "b", "c"])),
        st.one_of(st.none(), st.integers(0, 3 * 86400)),
    ),
    min_size=1,
    max_size=80,
)
DAILY = Schedule(ends=Every(every=timedelta(days=1)))


def batch(numbers, texts, seconds) -> Batch:
    rows = pa.RecordBatch.from_pydict({"x": pa.array(numbers, pa.float64()), "c": pa.array(texts, pa.string())})
    timed = np.array([second is not None for second in seconds], bool)
    return Batch(
        rows=rows,
        volume=Volume(records=len(numbers), rows=len(numbers)),
        seconds=np.array([second or 0 for second in seconds], np.int64),
        timed=timed,
    )


def counted(batches: list[Batch], schedule: Schedule | None = None) -> tuple[Profile, History | None]:
    hours = Hours()
    found = survey(hours.watching(batches))
    texts = texts_of(found)
    count_texts(batches, found, texts)
    base = cells(found, texts)
    if not len(hours.at):
        return measure(batches, base), None
    tally = Tally(stretches(hours, 20, schedule), base)
    return measure(batches, base, tally), tally.history()


@settings(max_examples=80)
@given(ROWS, st.randoms(use_true_random=False), st.sampled_from([None, DAILY]))
def test_any_split_and_order_of_rows_give_the_same_bytes(rows, random, schedule) -> None:
    _, whole = counted([batch(*zip(*rows, strict=True))], schedule)
    shuffled = random.sample(rows, len(rows))
    pieces = [shuffled[:1], shuffled[1:]] if len(rows) > 1 else [shuffled]
    _, parts = counted([batch(*zip(*piece, strict=True)) for piece in pieces], schedule)
    assert (whole is None) == (parts is None)
    if whole is not None:
        assert parts.packed() == whole.packed()
        assert parts.digest == whole.digest


@settings(max_examples=80)
@given(ROWS)
def test_the_rows_of_each_hour_are_those_whose_time_lies_in_it(rows) -> None:
    profile, history = counted([batch(*zip(*rows, strict=True))])
    dated = [row for row in rows if row[2] is not None]
    if not dated:
        assert history is None
        return
    assert history.rows.sum() == len(dated)
    for i in range(len(history)):
        inside = [row for row in dated if history.starts[i] <= row[2] < history.ends[i]]
        assert history.rows[i] == len(inside) > 0
        for name, place in (("x", 0), ("c", 1)):
            counts, missing = history.of(name)
            assert missing[i] == sum(row[place] is None for row in inside)
            assert counts[i].sum() == len(inside)
    if len(dated) == len(rows):
        for name, feature in profile.features.items():
            counts, missing = history.of(name)
            assert counts.sum(axis=0).tolist() == feature.cells.tolist()
            assert missing.sum() == feature.missing


def test_a_column_that_some_rows_lack_is_missing_there() -> None:
    first = batch([1, 2], ["a", "b"], [0, 1])
    later = batch([3, 4], ["a", "b"], [7200, 7201])
    later = Batch(rows=later.rows.select(["x"]), volume=later.volume, seconds=later.seconds, timed=later.timed)
    _, history = counted([first, later], Schedule(ends=Every(every=timedelta(hours=1))))
    assert history.of("c")[1].tolist() == [0, 2]
    assert history.of("x")[1].tolist() == [0, 0]


def test_rows_that_came_after_the_first_pass_are_in_no_stretch() -> None:
    hours = Hours()
    known = batch([1, 2], ["a", "b"], [0, 3599])
    base = cells(*(lambda found: (found, texts_of(found)))(survey(hours.watching([known]))))
    tally = Tally(stretches(hours, 20), base)
    measure([known, batch([1, 1, 1], ["a", "a", "a"], [-1, 3600, 10**9])], base, tally)
    assert tally.history().rows.tolist() == [2]


@pytest.mark.parametrize(("times", "least", "most"), [(1, 1.0, 1.0), (5, 4.0, 6.0)])
def test_rows_that_repeat_each_other_are_told_from_an_hourly_wander(times: int, least: float, most: float) -> None:
    rng = np.random.default_rng(2)
    hours, rows = 200, 600
    level = np.repeat(rng.normal(0, 0.5, hours), rows // times)
    x = np.repeat(level + rng.normal(size=len(level)), times)
    seconds = np.repeat(
        np.sort(rng.integers(0, 3600, (hours, rows // times)), axis=1) + 3600 * np.arange(hours)[:, None], times
    )
    texts = np.repeat(rng.choice(list("ab"), len(level)), times)
    profile, history = counted([batch(x, texts, seconds.tolist())])
    assert all(least <= history.effects[name] <= most for name in ("x", "c"))
    # The effect over all of it takes the wander for repetition: what is to be learned would count as chance.
    assert profile.settled().features["x"].design_effect > 10
