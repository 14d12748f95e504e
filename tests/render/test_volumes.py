from datetime import UTC, datetime, timedelta

from monitor.render.timeaxis import MOST_COLUMNS
from monitor.render.volumes import FOOT, TOP, volumes
from monitor.window import Window

START, HOUR = datetime(2026, 1, 5, tzinfo=UTC), timedelta(hours=1)


def hours(count):
    return [Window(start=START + n * HOUR, end=START + (n + 1) * HOUR) for n in range(count)]


def drawn(rows, rejected):
    windows = hours(len(rows))
    return volumes(windows, rows, rejected, Window(start=START, end=START + max(1, len(rows)) * HOUR))


def test_rows_are_filled_and_rejected_ones_hatched_on_top_of_them() -> None:
    found = drawn([100, 50], [0, 50])
    assert found.base.count("z") == 2
    (top,) = found.now.split("z")[:-1]
    assert float(top.split(" ")[1].split("h")[0]) == TOP
    assert [one.text for one in found.labels[:3]] == ["0", "50", "100"]


def test_a_window_without_rows_has_no_bar() -> None:
    assert drawn([0, 0], [0, 0]).base == ""
    assert drawn([], []).base == ""


def test_of_more_windows_than_can_be_told_apart_the_mean_is_drawn() -> None:
    many = 2 * MOST_COLUMNS
    found = drawn([0, 100] * MOST_COLUMNS, [0] * many)
    assert found.base.count("z") == MOST_COLUMNS
    assert [one.text for one in found.labels if one.anchor == "end"][-1] == "50"
    assert all(float(part.split("v")[1].split("h")[0]) == FOOT - TOP for part in found.base.split("z")[:-1])
