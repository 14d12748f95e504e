"""Alarms on a monitor's own numbers, and the mistakes that can be made there."""

from datetime import timedelta
from pathlib import Path

import pytest
from config.files import CHURN, loaded, mistakes

from monitor.alarm import Alarm, Comparison, Missing, State
from monitor.composite import Both, During, Not, Stands
from monitor.config.bands import Band
from monitor.config.grammar import Monitor
from monitor.config.show import document
from monitor.formats import known
from monitor.formula.words import Reference
from monitor.suppression import Suppressor

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
LOW = "low: mean(score) < 0.2"


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


def test_a_band_alone_is_its_number(tmp_path: Path) -> None:
    line = alarms(tmp_path, "{odd: {band: mean(score)}}")["odd"]
    assert line.band == Band(of="mean(score)")
    assert line.alarm("odd") == Alarm(name="odd", comparison=Comparison.OUTSIDE)
    assert line.formula == Reference("mean", "score")
    assert (line.band.widths, line.band.history, line.band.limits, line.band.timezone) == (3.0, 4 * WEEK, None, None)


def test_everything_of_a_band_can_be_said(tmp_path: Path) -> None:
    keys = "{of: mean(score), side: below, widths: 2, history: 2w, limits: [0, 1], timezone: Europe/Berlin}"
    line = alarms(tmp_path, f"{{odd: {{band: {keys}, of: 1 of 1, missing: ignore}}}}")["odd"]
    assert line.alarm("odd").comparison is Comparison.BELOW
    assert line.band == Band.model_validate(
        {
            "of": "mean(score)",
            "side": "below",
            "widths": 2,
            "history": "2w",
            "limits": [0, 1],
            "timezone": "Europe/Berlin",
        }
    )


def test_a_composite_asks_how_others_stand(tmp_path: Path) -> None:
    found = alarms(tmp_path, f"{{both: {{composite: ALARM(low) and not DURING(deploy), severity: page}}, {LOW}}}")[
        "both"
    ]
    assert found.combination == Both((Stands("low", State.ALARM), Not(During("deploy"))))
    assert (found.formula, found.of, found.missing, found.severity) == (None, None, None, "page")


def test_a_suppressor_is_a_name_and_may_have_periods(tmp_path: Path) -> None:
    found = alarms(tmp_path, f"{{on: {{composite: DURING(deploy)}}, a: {{when: rows < 1, suppressor: on}}, {LOW}}}")
    assert found["a"].suppressor.word == Suppressor(name="on", wait=timedelta(0), extension=timedelta(0))
    assert found["low"].suppressor is None
    more = "{alarm: low, wait: 10m, extension: 1h}"
    found = alarms(tmp_path, f"{{{LOW}, a: {{when: rows < 1, suppressor: {more}}}}}")
    assert found["a"].suppressor.word == Suppressor(name="low", wait=timedelta(minutes=10), extension=HOUR)


def test_what_a_monitor_writes_takes_the_place_of_another_kind_in_the_defaults(tmp_path: Path) -> None:
    kinds = {"when": "rows < 2", "band": "rows", "composite": "DURING(deploy)"}
    for default in kinds:
        for written in kinds:
            text = f"defaults: {{alarms: {{a: {{{default}: {kinds[default]}, severity: page}}}}}}\n"
            text += f"monitors: {{m: {{{CHURN}, alarms: {{a: {{{written}: {kinds[written]}}}}}}}}}\n"
            line = loaded(tmp_path, text).monitors["m"].alarms["a"]
            assert [kind for kind in kinds if getattr(line, kind) is not None] == [written]
            assert line.severity == "page"


def test_a_monitor_that_is_sent_to_a_worker_is_read_as_the_same(tmp_path: Path) -> None:
    text = "{odd: {band: {of: rows, limits: [0, 9]}, suppressor: low}, both: {composite: OK(low)}, low: rows < 1}"
    monitor = loaded(tmp_path, f"monitors: {{m: {{{CHURN}, alarms: {text}}}}}\n").monitors["m"]
    context = {"folder": tmp_path, "formats": known(), "name": "m", "places": {}}
    assert Monitor.model_validate(document(monitor), context=context).alarms == monitor.alarms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{low: 'meen(score) < 1'}", "meen"),
        ("{low: 'rows + 1'}", "is a number and no condition; a comparison such as rows < 100 would be right"),
        ("{low: {when: rows < 1, of: 3 of 2}}", "is not so many of so many windows; 2 of 3 would be right"),
        ("{low: {when: rows < 1, of: often}}", "is not so many of so many windows"),
        ("{'a b': rows < 1}", "has 'a b', which is no name; letters, digits, - and _ would be right"),
        ("[rows]", "are not alarms by name"),
        ("{low: {severity: page}}", "alarms.low: asks for nothing; one of when, band and composite would be right"),
        (
            "{low: {when: rows < 1, band: rows}}",
            "low: has when and band; one of when, band and composite would be right",
        ),
        ("{low: {wen: rows < 1}}", "unknown key 'wen'; did you mean 'when'?"),
        (
            "{odd: {band: rows < 1}}",
            "odd.band: 'rows < 1' is a condition and no number; mean(score) would be right, or",
        ),
        ("{odd: {band: 3}}", "is not a number of the monitor; mean(score) would be right"),
        ("{odd: {band: {side: above}}}", "odd.band: key 'of' is missing; `of: mean(score)` would be right"),
        ("{odd: {band: {of: rows, side: over}}}", "band.side: 'over' is not known here; outside, above or below"),
        (
            "{odd: {band: {of: rows, widths: 0}}}",
            "0 is not how many widths a band has to each side; above 0 and up to 100",
        ),
        ("{odd: {band: {of: rows, limits: [1, 0]}}}", "band.limits: has 1 and 0; the lower one first would be right"),
        ("{odd: {band: {of: rows, limits: 1}}}", "is not the lowest and the highest that the number can be; [0, 1]"),
        ("{odd: {band: {of: rows, timezone: Berlin}}}", "'Berlin' is not a time zone; did you mean"),
        (
            "{a: {composite: [x]}}",
            "a list is not a condition on other alarms; ALARM(a) and not ALARM(b) would be right",
        ),
        ("{a: {composite: TRUE and}}", "alarms.a.composite: 'TRUE and' ends after 'and'; a state such as"),
        (
            "{a: {composite: DURING(x), of: 1 of 1, missing: ignore}}",
            "has of and missing beside composite, which asks how other alarms stand and counts no windows; "
            "of and missing at those alarms would be right",
        ),
        ("{a: {when: rows < 1, suppressor: {wait: 1m}}}", "suppressor: key 'alarm' is missing; `alarm: deploying`"),
        (
            "{a: {when: rows < 1, suppressor: {alarm: b, wait: 367d}}, b: rows < 2}",
            "a.suppressor: suppressor 'b': wait 367 days, 0:00:00 must be from 0 to 366 days",
        ),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(tmp_path: Path, text: str, words: str) -> None:
    told = mistakes(tmp_path, f"monitors: {{m: {{{CHURN}, alarms: {text}}}}}\n")
    assert len(told) == 1
    assert told[0].startswith("driftd.yaml:1: monitors.m.alarms")
    assert words in told[0]
