"""Dated folders: which names are times, and which are none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.dated import Dated, dated

HOURS = st.datetimes(datetime(1970, 1, 1), datetime(2999, 12, 30)).map(
    lambda at: at.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
)


@given(
    HOURS,
    st.sampled_from(["%Y/%m/%d/%H", "year=%Y/month=%m/day=%d/hour=%H", "dt=%Y-%m-%d-%H", "date=%Y-%m-%d/hour=%H"]),
)
def test_every_form_of_an_hour_is_that_hour(at, form):
    found = dated(["captures", "churn", *at.strftime(form.replace("%Y", f"{at.year:04}")).split("/"), "part-0"])
    assert found.hour is not None
    assert (found.hour.start, found.hour.length) == (at, timedelta(hours=1))


@given(HOURS, st.sampled_from(["%Y/%m/%d", "year=%Y/month=%m/day=%d", "dt=%Y-%m-%d", "date=%Y-%m-%d", "day=%Y-%m-%d"]))
def test_every_form_of_a_day_is_that_day(at, form):
    found = dated(at.strftime(form.replace("%Y", f"{at.year:04}")).split("/"))
    assert found.hour is not None
    assert (found.hour.start, found.hour.length) == (at.replace(hour=0), timedelta(days=1))


def test_a_month_has_its_length_and_a_year_none():
    span = dated(["2024", "02"]).span
    assert span is not None
    assert (span.start, span.end) == (datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC))
    assert dated(["2024", "12"]).span.end == datetime(2025, 1, 1, tzinfo=UTC)
    assert dated(["2024"]).span is None
    assert dated(["2024", "02"]).hour is None


@pytest.mark.parametrize(
    "path", ["2026", "2026/13", "2026/02/31", "0000/01/01", "9999/01/01", "26/01/05", "2026/1/5", "2026/models/01/05",
             "year=2026/01/05", "2026/month=01/day=05", "model=2026-01-05", "dt=2026-02-30", "2026-01-05", "01/05/09"]
)  # fmt: skip
def test_other_names_are_no_days(path):
    assert dated(path.split("/")).hour is None


def test_numbers_below_a_day_that_are_no_hours_change_nothing():
    day = dated(["2026", "01", "05"])
    for found in (
        day.below("24"),
        day.below("hour=09"),
        day.below("x").below("09"),
        Dated().below("dt=2026-01-05").below("07"),
    ):
        assert found.hour == day.hour


def test_a_date_further_down_counts_from_there():
    assert dated(["2025", "12", "05", "captures", "2026", "01", "06"]) == dated(["2026", "01", "06"])
