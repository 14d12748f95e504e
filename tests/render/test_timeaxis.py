from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.render.drawing import LETTER
from monitor.render.timeaxis import LEFT, MOST_TICKS, RIGHT, TimeAxis
from monitor.window import Window

START = datetime(2026, 1, 5, tzinfo=UTC)


def axis(**length):
    return TimeAxis(stretch=Window(start=START, end=START + timedelta(**length)))


def test_a_moment_has_its_place_and_what_lies_outside_stands_at_the_end() -> None:
    day = axis(days=1)
    assert day.at(START + timedelta(hours=12)) == (LEFT + RIGHT) / 2
    assert (day.at(START - timedelta(hours=1)), day.at(START + timedelta(days=9))) == (LEFT, RIGHT)


@pytest.mark.parametrize(
    ("length", "first", "second"),
    [
        ({"minutes": 30}, "5 Jan 00:00", "5 Jan 00:15"),
        ({"days": 1}, "5 Jan 00:00", "5 Jan 06:00"),
        ({"days": 7}, "5 Jan", "6 Jan"),
        ({"days": 31}, "5 Jan", "12 Jan"),
        ({"days": 364}, "2 Mar 2026", "1 Jun 2026"),
    ],
)
def test_ticks_are_round_and_written_as_they_need_be(length: dict[str, int], first: str, second: str) -> None:
    assert [one.text for one in axis(**length).labels(9)][:2] == [first, second]


@pytest.mark.parametrize("hours", [0.01, 1, 5, 24, 30, 100, 168, 700, 2200, 9000, 90_000])
def test_there_are_few_labels_none_on_another_and_none_beside_the_axis(hours: float) -> None:
    labels = axis(hours=hours).labels(9)
    spans = [(float(a.x) - len(a.text) * LETTER / 2, float(a.x) + len(a.text) * LETTER / 2) for a in labels]
    assert len(labels) <= MOST_TICKS + 1
    assert all(a[1] < b[0] for a, b in pairwise(spans))
    assert all(a >= LEFT - 0.1 and b <= RIGHT + 0.1 for a, b in spans)
