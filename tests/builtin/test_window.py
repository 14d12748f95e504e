"""Rules about the window as a whole: volume, freshness, duplicates, missing_column, extra_column."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from asking import findings

from monitor.finding import Finding, Reason, Status
from monitor.profile import Profile
from monitor.stats.distinct import Distinct
from monitor.stats.hashes import hash_uint64
from monitor.testing import profile
from monitor.window import Window

COLUMNS: Mapping[str, Sequence[Any]] = {"age": [20, 30] * 300, "plan": ["a", "b"] * 300}
BASE = profile(dict(COLUMNS))
NOW = profile(dict(COLUMNS), BASE)
EMPTY = profile({name: [] for name in COLUMNS}, BASE)
START = datetime(2026, 1, 5, tzinfo=UTC)


def told(found: Sequence[Finding]) -> list[tuple[str | None, str, str]]:
    return [(f.feature, f.status.value, f.why) for f in found]


def read(now: Profile = NOW, **volume: Any) -> Profile:
    return replace(now, volume=replace(now.volume, **volume))


# volume


def test_volume_is_quiet_about_rows_that_were_read() -> None:
    assert told(findings("volume", NOW, BASE)) == [(None, "ok", "600 rows")]


def test_volume_finds_too_few_rows() -> None:
    assert told(findings("volume", NOW, BASE, min_rows=601)) == [(None, "violated", "600 rows")]


def test_volume_finds_records_that_cannot_be_read() -> None:
    now = read(records=660, rejected={"not_json": 50, "too_long": 10})
    assert told(findings("volume", now, BASE)) == [
        (None, "ok", "600 rows"),
        (None, "violated", "60 of 660 records could not be read: not_json 50, too_long 10"),
    ]
    assert findings("volume", now, BASE, max_rejected=0.2)[1].status is not Status.VIOLATED


def test_volume_of_an_empty_window_is_unknown() -> None:
    (found,) = findings("volume", EMPTY, BASE)
    assert (found.status, found.reason, found.why) == (Status.UNKNOWN, Reason.NO_DATA, "no row was read")


def test_volume_of_a_window_of_which_nothing_could_be_read_is_violated() -> None:
    now = read(EMPTY, records=500, rejected={"not_json": 500})
    assert [f.status.value for f in findings("volume", now, BASE)] == ["unknown", "violated"]


def test_volume_leaves_rows_of_another_width_to_missing_column() -> None:
    now = read(EMPTY, records=500, rejected={"column_count": 500}, widths={"1": 500})
    assert findings("volume", now, BASE) == ()


# freshness


def fresh(silence: timedelta | None) -> Sequence[Finding]:
    window = Window(start=START, end=START + timedelta(hours=1))
    now = replace(read(last=window.end - silence), window=window) if silence is not None else NOW
    return findings("freshness", now, BASE)


def test_freshness_finds_a_silence_at_the_windows_end() -> None:
    assert told(fresh(timedelta(minutes=31))) == [(None, "violated", "last capture at 2026-01-05 00:29:00 UTC")]
    assert told(fresh(timedelta(minutes=30))) == [(None, "ok", "last capture at 2026-01-05 00:30:00 UTC")]


def test_freshness_says_nothing_without_schedule_or_times() -> None:
    assert fresh(None) == ()
    assert findings("freshness", read(last=START), BASE) == ()
    window = Window(start=START, end=START + timedelta(hours=1))
    assert findings("freshness", replace(NOW, window=window), BASE) == ()


# duplicates


def with_ids(records: int, different: int, first: int = 0) -> Profile:
    hashes = hash_uint64(np.arange(first, first + different, dtype=np.uint64))
    return read(with_id=records, ids=Distinct.of(hashes))


def test_duplicates_finds_ids_that_repeat() -> None:
    assert told(findings("duplicates", with_ids(1000, 950), BASE)) == [
        (None, "violated", "5 % of 1000 records repeat an id")
    ]
    assert findings("duplicates", with_ids(1000, 990), BASE)[0].status is Status.OK
    assert findings("duplicates", with_ids(1000, 1000), BASE)[0].status is Status.OK


def test_duplicates_allows_for_the_error_of_an_estimate() -> None:
    """The estimate of 50,000 ids has a standard error of .8 %, nearly as much as the limit."""
    windows = [with_ids(50_000, 50_000, first) for first in range(0, 2_000_000, 50_000)]
    assert min(now.volume.ids.estimate for now in windows) < 0.99 * 50_000
    assert {findings("duplicates", now, BASE)[0].status for now in windows} == {Status.OK}
    assert findings("duplicates", with_ids(100_000, 50_000), BASE)[0].status is Status.VIOLATED


def test_duplicates_says_nothing_where_records_have_no_ids() -> None:
    assert findings("duplicates", NOW, BASE) == ()


# missing_column and extra_column


def test_missing_column_names_each_column_that_is_gone() -> None:
    now = profile({"plan": COLUMNS["plan"]}, BASE)
    assert told(findings("missing_column", now, BASE)) == [
        ("age", "violated", "column 'age' is in the baseline and in no row")
    ]
    assert [f.feature for f in findings("missing_column", profile({"other": [1] * 600}, BASE), BASE)] == ["age", "plan"]


def test_missing_column_is_quiet_when_all_are_there_even_if_empty() -> None:
    assert told(findings("missing_column", NOW, BASE)) == [(None, "ok", "all 2 columns of the baseline are there")]
    now = profile({"age": [None] * 600, "plan": COLUMNS["plan"]}, BASE)
    assert [f.status for f in findings("missing_column", now, BASE)] == [Status.OK]


def test_missing_column_does_not_miss_what_was_empty_in_the_baseline() -> None:
    base = profile({**COLUMNS, "never": [None] * 600})
    assert [f.status for f in findings("missing_column", profile(dict(COLUMNS), base), base)] == [Status.OK]


def test_missing_column_tells_both_widths_and_guesses_no_column() -> None:
    now = read(EMPTY, records=500, rejected={"column_count": 500}, widths={"1": 480, "3": 20})
    assert told(findings("missing_column", now, BASE)) == [
        (None, "violated", "500 of 500 rows have 1 columns; the baseline has 2")
    ]


def test_missing_column_of_an_empty_window_is_unknown() -> None:
    assert told(findings("missing_column", EMPTY, BASE)) == [(None, "unknown", "no row was read")]


def test_extra_column_names_each_column_that_is_new() -> None:
    now = profile({**COLUMNS, "new": ["x"] * 600, "rare": ["x"] + [None] * 599}, BASE)
    assert told(findings("extra_column", now, BASE)) == [
        ("new", "violated", "column 'new' has 600 values and is not in the baseline's 2 columns"),
        ("rare", "ok", "column 'rare' has 1 values and is not in the baseline's 2 columns"),
    ]


def test_extra_column_is_quiet_otherwise_and_unknown_of_an_empty_window() -> None:
    assert told(findings("extra_column", NOW, BASE)) == [(None, "ok", "no column but the baseline's")]
    assert told(findings("extra_column", EMPTY, BASE)) == [(None, "unknown", "no row was read")]
