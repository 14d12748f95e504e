"""Alarms as `driftd config check` shows them."""

from pathlib import Path

from config.files import CHURN, loaded

from monitor.config.overview import lines


def told(folder: Path, alarms: str, more: str = "") -> list[str]:
    return list(lines(loaded(folder, f"monitors: {{m: {{{CHURN}{more}, alarms: {alarms}}}}}").monitors["m"]))


def test_each_alarm_is_a_line(tmp_path: Path) -> None:
    alarms = "{low: mean(score) < 0.2, odd: {band: mean(score), of: 1 of 2}, deploying: {composite: DURING(deploy)}, "
    alarms += "both: {composite: ALARM(low) and ALARM(odd), suppressor: deploying}}"
    assert told(tmp_path, alarms) == [
        "alarm low: mean(score) < 0.2, 2 of 3 windows",
        "alarm odd: mean(score) outside what is usual, 1 of 2 windows",
        "alarm deploying: DURING(deploy)",
        "alarm both: ALARM(low) and ALARM(odd); withheld while deploying is in alarm",
    ]
    assert told(tmp_path, "{}") == []


def test_each_action_is_a_line_with_no_more_of_an_address_than_its_host(tmp_path: Path) -> None:
    actions = "[{name: retrain, alarm: low, command: [sh, -c, echo 1]}, "
    actions += "{name: tell, alarm: low, state: ok, webhook: 'https://u:secret@h.example.com/token', cooldown: 2h}]"
    assert told(tmp_path, "{low: mean(score) < 0.2}", f", actions: {actions}")[1:] == [
        "action retrain: sh -c 'echo 1', when low comes into alarm; at most once in 1 day",
        "action tell: webhook to h.example.com, when low comes into ok; at most once in 2 hours",
    ]


def test_what_is_odd_about_a_formula_is_told_of_conditions_and_of_bands(tmp_path: Path) -> None:
    assert told(tmp_path, "{low: '1 < 2'}")[1].startswith("  odd: `1 < 2` asks for no series")
    (odd,) = told(tmp_path, "{odd: {band: 'avg(rows, 20m)'}}")[1:]
    assert odd.startswith("  odd: `avg(rows, 20m)` is shorter than a window (1 hour)")
    (odd,) = told(tmp_path, "{odd: {band: 'lag(rows, 3w)'}}", ", retention: {results: 1w, reports: 1w}")[1:2]
    assert "looks back 3 weeks, and windows are kept for 1 week" in odd


def test_a_history_that_is_too_short_or_gone_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "{odd: {band: rows}}", ", schedule: 1w")[1:] == [
        "  odd: history 4 weeks has 4 windows, and 20 are needed to learn from; 20 weeks or more would be right"
    ]
    assert told(tmp_path, "{odd: {band: {of: rows, history: 20w}}}", ", schedule: 1w")[1:] == []
    assert told(tmp_path, "{odd: {band: rows}}", ", retention: {results: 2w}")[1:] == [
        "  odd: history 4 weeks, and windows are kept for 2 weeks; "
        "a shorter history, or a longer retention would be right"
    ]


def test_labels_that_nobody_asks_for_are_told(tmp_path: Path) -> None:
    (odd,) = told(tmp_path, "{}", ", truth: labels")
    assert odd.startswith("odd: truth without a problem: labels are held against predictions only if the baseline")
    assert told(tmp_path, "{}", ", truth: labels, problem: binary") == []
