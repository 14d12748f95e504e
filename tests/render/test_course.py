"""A feature over windows: bands, lines, gaps, and what lies behind them."""

import re
from datetime import UTC, datetime, timedelta

from monitor.render.course import Step, bands, values
from monitor.window import Window

START, HOUR = datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1)
BASE = (10.0, 20.0, 30.0, 40.0, 50.0)


def step(hour: int, value: object, mark: str = "", told: str = "") -> Step:
    window = Window(start=START + hour * HOUR, end=START + (hour + 1) * HOUR)
    return Step(window=window, value=value, mark=mark, told=told, href="there" if told else "")  # type: ignore[arg-type]


def layers(steps: list[Step], base: tuple[float, ...] | None = BASE) -> dict[str, str]:
    found = bands(steps, base)
    assert found is not None
    return dict(found.layers)


def test_every_window_is_as_wide_as_it_is_long() -> None:
    (path,) = [d for kind, d in dict(layers([step(0, BASE), step(1, BASE)])).items() if kind == "now-line"]
    ends = [float(x) for x in re.findall(r"H([\d.]+)", path)]
    assert ends[0] - 6 == ends[1] - ends[0]


def test_a_window_without_numbers_is_a_gap_and_so_is_one_that_there_is_not() -> None:
    assert layers([step(0, BASE), step(1, BASE)])["now-line"].count("M") == 1
    assert layers([step(0, BASE), step(1, None), step(2, BASE)])["now-line"].count("M") == 2
    assert layers([step(0, BASE), step(2, BASE)])["now-line"].count("M") == 2


def test_the_baseline_lies_behind_the_windows_and_has_the_same_scale() -> None:
    found = layers([step(0, BASE)])
    assert list(found) == ["g", "base-wide", "base-half", "base-line", "now-wide", "now-half", "now-line"]
    (base,), (now,) = (re.findall(r"^M[\d.]+ ([\d.]+)", found[kind]) for kind in ("base-line", "now-line"))
    assert base == now  # the same median, at the same height


def test_what_is_violated_or_unknown_is_marked_below() -> None:
    found = layers([step(0, BASE, "violated"), step(1, BASE, "unknown"), step(2, BASE)])
    assert found["mark-violated"].count("M") == found["mark-unknown"].count("M") == 1


def test_a_reader_is_told_what_he_points_at_and_where_it_leads() -> None:
    found = values([step(0, 0.2, told="20 %")], [0.1], "shares")
    assert found is not None
    assert [(one.told, one.href) for one in found.spots] == [("20 %", "there")]


def test_a_share_has_its_limit_beside_it() -> None:
    found = values([step(0, 0.2), step(1, 0.3)], [0.1, None], "shares")
    assert found is not None
    kinds = dict(found.layers)
    assert kinds["limit"].count("H") == 1
    assert [one.text for one in found.labels][:2] == ["0 %", "10 %"]


def test_where_there_is_no_number_there_is_no_picture() -> None:
    assert bands([step(0, None)], BASE) is None
    assert bands([], None) is None
    assert values([step(0, None)], [None], "shares") is None


def test_numbers_that_are_all_the_same_have_a_picture_too() -> None:
    assert bands([step(0, (7.0,) * 5)], None) is not None
    assert values([step(0, 0.0)], [None], "shares") is not None
    assert bands([step(0, (float("inf"),) * 5)], None) is None
