"""Who is woken, who is told, what waits; and the cap on pages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ladder import Firing, Rung
from monitor.routing import Cap, Route, Routed, capped, route_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(rung: Rung, severity: str = "warning", *, is_output: bool = False) -> Firing:
    return Firing(rule="r", feature="f", rung=rung, severity=severity, is_output=is_output)


@pytest.mark.parametrize(
    ("firing", "route"),
    [
        (at(Rung.FRESHNESS), Route.PAGE),
        (at(Rung.VOLUME), Route.NOTIFY),
        (at(Rung.SCHEMA), Route.NOTIFY),
        (at(Rung.MISSING), Route.NOTIFY),
        (at(Rung.DRIFT), Route.DIGEST),
        (at(Rung.DRIFT, is_output=True), Route.PAGE),
        (replace(at(Rung.DRIFT), is_asked=True), Route.NOTIFY),
        (replace(at(Rung.DRIFT, "info"), is_asked=True), Route.DIGEST),
        (at(Rung.QUALITY), Route.PAGE),
        (at(Rung.DRIFT, "page"), Route.PAGE),
        (at(Rung.FRESHNESS, "info"), Route.DIGEST),
        (at(Rung.DRIFT, "info", is_output=True), Route.DIGEST),
    ],
)
def test_each_goes_where_it_belongs(firing: Firing, route: Route) -> None:
    assert route_of([firing]) is route


def test_the_most_urgent_decides_so_that_inputs_page_when_quality_moves_with_them() -> None:
    assert route_of([at(Rung.DRIFT), at(Rung.SCHEMA)]) is Route.NOTIFY
    assert route_of([at(Rung.DRIFT), at(Rung.QUALITY)]) is Route.PAGE
    assert route_of([]) is Route.DIGEST


def test_a_page_beyond_the_cap_goes_to_the_digest_and_says_why() -> None:
    cap = Cap(most=2, per=timedelta(hours=6))
    pages = [NOW - timedelta(hours=hours) for hours in (1, 2)]
    assert capped(Route.PAGE, cap, pages[:1], NOW) == Routed(route=Route.PAGE)
    assert capped(Route.PAGE, cap, pages, NOW) == Routed(
        route=Route.NOTIFY, why="not paged: 2 pages went out within 6 hours, and the cap is 2"
    )
    assert capped(Route.NOTIFY, cap, pages, NOW) == Routed(route=Route.NOTIFY)


def test_pages_of_longer_ago_do_not_count() -> None:
    cap = Cap(most=1, per=timedelta(hours=6))
    assert capped(Route.PAGE, cap, [NOW - timedelta(hours=6)], NOW).route is Route.PAGE
    assert capped(Route.PAGE, cap, [NOW - timedelta(hours=6) + timedelta(seconds=1)], NOW).route is Route.NOTIFY


@given(st.lists(st.integers(0, 5000), max_size=60).map(sorted), st.integers(0, 4), st.integers(1, 900))
def test_no_stretch_ever_has_more_pages_than_the_cap(minutes: list[int], most: int, per: int) -> None:
    cap, pages = Cap(most=most, per=timedelta(minutes=per)), []
    for minute in minutes:
        at = NOW + timedelta(minutes=minute)
        if capped(Route.PAGE, cap, pages, at).route is Route.PAGE:
            pages.append(at)
    for page in pages:
        assert sum(page - cap.per < other <= page for other in pages) <= most


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"most": -1}, "page cap of -1 pages: 0 or more would be right"),
        ({"per": timedelta(0)}, "page cap per 0:00:00: a stretch of time above 0 would be right"),
    ],
)
def test_a_cap_that_is_none_is_refused(wrong: dict, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Cap(**wrong)
