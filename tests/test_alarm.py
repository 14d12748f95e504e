"""Settings and points of alarms: nonsense is refused, with what would be right."""

from typing import Any

import pytest
from alarms import window

from monitor.alarm import Alarm, Comparison, Point, State

SOUND: dict[str, Any] = {"name": "low", "comparison": Comparison.LESS, "threshold": 0.9}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "alarm '': a name of printable characters would be right"),
        ({"name": "a\nb"}, r"alarm 'a\nb': a name of printable characters would be right"),
        ({"breaches": 4}, "alarm 'low': breaches 4 must be from 1 to windows 3"),
        ({"breaches": 0}, "alarm 'low': breaches 0 must be from 1 to windows 3"),
        ({"breaches": 0, "windows": 0}, "alarm 'low': breaches 0 must be from 1 to windows 0"),
        ({"threshold": None}, "alarm 'low': threshold None must be a finite number"),
        ({"threshold": float("nan")}, "alarm 'low': threshold nan must be a finite number"),
        ({"comparison": Comparison.BELOW}, "alarm 'low': 'below' asks for a band, so that no threshold is right"),
        ({"min_samples": -1}, "alarm 'low': min_samples -1 must be 0 or more"),
    ],
)
def test_an_alarm_of_no_sense_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match="alarm") as caught:
        Alarm(**(SOUND | change))
    assert str(caught.value) == told


def test_an_alarm_takes_two_of_three_windows_and_looks_at_five_where_nothing_else_is_said() -> None:
    alarm = Alarm(**SOUND)
    assert (alarm.breaches, alarm.windows, alarm.looked_at, alarm.missing) == (2, 3, 5, "missing")
    assert Alarm(**(SOUND | {"name": "café / score low"})).name == "café / score low"


@pytest.mark.parametrize("limits", [(2.0, 1.0), (float("nan"), 1.0), (0.0, float("nan"))])
def test_a_band_that_is_none_is_refused(limits: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="the lower must not be above the upper; None where there is no band"):
        Point(window=window(0), value=1.0, limits=limits)


def test_a_band_may_be_open_or_a_single_value_and_samples_are_not_negative() -> None:
    assert Point(window=window(0), value=1.0, limits=(float("-inf"), 1.0)).limits == (float("-inf"), 1.0)
    assert Point(window=window(0), value=1.0, limits=(1.0, 1.0), samples=0).samples == 0
    with pytest.raises(ValueError, match="samples -1: must be 0 or more"):
        Point(window=window(0), value=1.0, samples=-1)


def test_states_have_the_names_that_cloudwatch_gives_them() -> None:
    assert [state.upper() for state in State] == ["OK", "ALARM", "INSUFFICIENT_DATA"]
