"""Alarms on a monitor's own numbers, and the mistakes that can be made there."""

from pathlib import Path

import pytest
from config.files import CHURN, loaded, mistakes

from monitor.alarm import Alarm, Comparison, Missing


def alarms(folder: Path, text: str):
    return loaded(folder, f"monitors: {{m: {{{CHURN}, alarms: {text}}}}}\n").monitors["m"].alarms


def test_a_text_alone_is_the_condition(tmp_path: Path) -> None:
    line = alarms(tmp_path, "{low: 'mean(score) < 0.9 * avg(mean(score), 1d)'}")["low"]
    assert line.severity == "warning"
    assert line.alarm("low") == Alarm(
        name="low", comparison=Comparison.MORE, threshold=0.0, breaches=2, windows=3, missing=Missing.MISSING
    )


def test_how_many_windows_and_what_missing_ones_are_can_be_said(tmp_path: Path) -> None:
    line = alarms(tmp_path, "{few: {when: rows < 100, of: 1 of 5, missing: breaching, severity: page}}")["few"]
    found = line.alarm("few")
    assert (found.breaches, found.windows, found.missing, line.severity) == (1, 5, Missing.BREACHING, "page")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{low: 'meen(score) < 1'}", "meen"),
        ("{low: 'rows + 1'}", "is a number and no condition; a comparison such as rows < 100 would be right"),
        ("{low: {when: rows < 1, of: 3 of 2}}", "is not so many of so many windows; 2 of 3 would be right"),
        ("{low: {when: rows < 1, of: often}}", "is not so many of so many windows"),
        ("{'a b': rows < 1}", "has 'a b', which is no name; letters, digits, - and _ would be right"),
        ("[rows]", "are not alarms by name"),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(tmp_path: Path, text: str, words: str) -> None:
    told = mistakes(tmp_path, f"monitors: {{m: {{{CHURN}, alarms: {text}}}}}\n")
    assert len(told) == 1
    assert told[0].startswith("driftd.yaml:1: monitors.m.alarms")
    assert words in told[0]
