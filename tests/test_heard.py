"""The benchmark that counts what somebody would hear, on so little that it can be counted by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from lives import explain, window

from benchmarks.incidents import COLUMNS, Heard, after, heard, table
from benchmarks.real_drift import Case
from monitor.cause import Cause
from monitor.finding import Finding, Status


def violated(rule: str, feature: str | None = None) -> Finding:
    return Finding(status=Status.VIOLATED, rule=rule, feature=feature)


def counted(*course: Sequence[Finding]) -> Heard:
    found = Heard()
    for number, findings in enumerate(course):
        found = after(found, [*findings, Finding(status=Status.OK, rule="volume")], window(number), explain)
    return found


def test_each_stage_leaves_less() -> None:
    broken = [violated("completeness", "a"), violated("drift", "a"), violated("range", "a"), violated("range", "b")]
    found = counted(broken, broken, [], [])
    assert [getattr(found, name) for name in COLUMNS] == [4, 8, 4, 2, 2, 2, 2]
    assert [(one.cause, one.features) for one in found.ever] == [(Cause.PIPELINE, ("a",)), (Cause.SHAPE, ("b",))]


def test_what_does_not_go_on_is_a_group_that_nobody_hears_of() -> None:
    once = [violated("range", "a")]
    found = counted(once, [], [], once, [], [], [])
    assert (found.groups, found.persistent, found.incidents, found.told) == (2, 0, 0, 0)
    twice = counted(once, [], once, [], [])
    assert (twice.groups, twice.persistent, twice.incidents, twice.told) == (2, 1, 1, 1)


def test_a_unit_that_changes_for_a_week_is_one_incident_of_a_case() -> None:
    draw, start = np.random.default_rng(1), datetime(2026, 1, 5, tzinfo=UTC)
    every, count = timedelta(days=1), 34 * 200
    rows = pd.DataFrame({"weight": draw.gamma(4, 20, count), "age": draw.normal(40, 9, count)})
    rows["time"] = pd.Timestamp(start) + pd.to_timedelta(np.arange(count) * (every / 200))
    split, change = start + 24 * every, start + 27 * every
    rows.loc[rows.time >= change, "weight"] *= 1000
    found = heard(Case(name="scales", rows=rows, split=split, every=every, change=change))
    (one,) = found.ever
    assert (one.cause, one.features, one.first.start) == (Cause.UNIT_OR_SCALE, ("weight",), change)
    assert (found.windows, found.groups, found.persistent, found.told) == (10, 7, 7, 1)
    assert found.findings == 21, "range, outliers and skew, on seven days"
    head, line = table([("scales", found)])
    assert head.split() == list(COLUMNS)
    assert line.split() == ["scales", *(str(getattr(found, name)) for name in COLUMNS)]
