"""Alarms that ask for alarms: names that nobody knows, and circles, are told where they are written."""

from pathlib import Path
from textwrap import indent

import pytest
from config.files import mistakes


def told(folder: Path, alarms: str) -> list[str]:
    """The mistakes; the first alarm stands in line 6."""
    head = "monitors:\n  m:\n    captures: c\n    baseline: b\n    alarms:\n"
    return [line.removeprefix("driftd.yaml:") for line in mistakes(folder, head + indent(alarms, "      "))]


def test_unknown_names_are_told_at_their_line_with_what_may_be_meant(tmp_path: Path) -> None:
    alarms = "low: rows < 1\nboth: {composite: ALARM(lo) and OK(few)}\nfew: {when: rows < 2, suppressor: bot}\n"
    assert told(tmp_path, alarms) == [
        "7: monitors.m.alarms.both.composite: alarm 'lo': unknown; did you mean 'low'?",
        "8: monitors.m.alarms.few.suppressor: alarm 'bot': unknown; did you mean 'both'?",
    ]


def test_an_alarm_that_is_alone_has_nothing_to_ask_for(tmp_path: Path) -> None:
    (line,) = told(tmp_path, "a: {composite: OK(b)}\n")
    assert line.endswith("alarm 'b': unknown; there is no other alarm; one more under `alarms` would be right")


@pytest.mark.parametrize(
    ("alarms", "lines"),
    [
        ("a: {composite: ALARM(a)}", ["6: monitors.m.alarms.a.composite: asks for itself: a -> a; "]),
        (
            "x: rows < 1\nb: {composite: ALARM(x) or OK(a)}\na: {composite: not OK(b)}\nc: {composite: ALARM(a)}",
            ["8: monitors.m.alarms.a.composite: asks for itself: a -> b -> a; a condition without that would be right"],
        ),
        (
            "a: {composite: OK(b)}\nb: {composite: OK(a)}\nc: {composite: OK(d)}\nd: {composite: OK(c)}",
            [
                "6: monitors.m.alarms.a.composite: asks for itself: a -> b -> a",
                "8: monitors.m.alarms.c.composite: asks",
            ],
        ),
        (
            "a: {when: rows < 1, suppressor: a}\nb: rows < 3",
            ["6: monitors.m.alarms.a.suppressor: is the alarm itself; one of b would be right"],
        ),
        (
            "a: {when: rows < 1, suppressor: b}\nb:\n  when: rows < 3\n  suppressor: {wait: 1m, alarm: a}",
            [
                "6: monitors.m.alarms.a.suppressor: goes in a circle: a -> b -> a; while all are in alarm nobody "
                "would be told; one without a suppressor would be right"
            ],
        ),
    ],
)
def test_circles_are_told(tmp_path: Path, alarms: str, lines: list[str]) -> None:
    found = told(tmp_path, alarms)
    assert len(found) == len(lines)
    for one, begin in zip(found, lines, strict=True):
        assert one.startswith(begin)


def test_a_suppressor_with_periods_is_told_at_its_own_line(tmp_path: Path) -> None:
    alarms = "low:\n  when: rows < 3\n  suppressor:\n    wait: 1m\n    alarm: on\n"
    assert told(tmp_path, alarms) == [
        "10: monitors.m.alarms.low.suppressor.alarm: alarm 'on': unknown; "
        "there is no other alarm; one more under `alarms` would be right"
    ]


def test_what_an_alarm_asks_for_may_ask_whether_that_is_withheld(tmp_path: Path) -> None:
    good = "a: {when: rows < 1, suppressor: b}\nb: {composite: ALARM(a) and DURING(deploy)}\n"
    (line,) = told(tmp_path, f"{good}c: {{composite: OK(d)}}\n")
    assert "alarm 'd': unknown" in line
