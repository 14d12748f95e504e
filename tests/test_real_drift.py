"""Data whose changes are known, through the product as it ships."""

from pathlib import Path

import pytest

from benchmarks import real_drift
from monitor.backtesting import timeline

DATA = Path(__file__).parent / "data" / "drift"


def test_nobody_is_called_before_the_car_loans_change_and_at_once_when_they_do() -> None:
    case = real_drift.car_loan(DATA)
    found, plan = real_drift.ours(case)
    assert plan.learning < found.windows == 100
    (first, *_) = found.alarms
    assert case.change is not None
    assert first[0].at == case.change + case.every
    assert "salary_range" in {episode.feature for episode in first}


def test_the_electricity_market_changes_on_its_day_363() -> None:
    case = real_drift.elec2(DATA)
    base, schedule = real_drift.baseline(case)
    plan = real_drift.plan_of(case, base, schedule)
    looks = [look for look, _ in zip(real_drift.looks(case, base), range(246), strict=False)]
    found = timeline(looks, plan)
    assert case.change is not None
    before = [group for group in found.alarms if group[0].at <= case.change]
    (first, *_) = [group for group in found.alarms if group[0].at > case.change]
    assert first[0].at == case.change + case.every
    assert {episode.feature for episode in first} == {"transfer", "vicdemand", "vicprice"}
    assert len(before) <= 16  # half a year of summer against a winter, of 243 days
    assert {episode.feature for group in before for episode in group} <= {"nswdemand", "nswprice"}


@pytest.mark.parametrize("of", [real_drift.car_loan, real_drift.elec2])
def test_windows_meet_and_begin_where_the_baseline_ends(of: object) -> None:
    case = of(DATA)  # type: ignore[operator]
    assert case.windows[0].start == case.split
    assert all(a.end == b.start for a, b in zip(case.windows, case.windows[1:], strict=False))
    assert len(case.base) + sum(len(case.part(w.start, w.end)) for w in case.windows) == len(case.rows)
