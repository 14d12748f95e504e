"""What is done when an alarm changes its state, and the mistakes that can be made there."""

from datetime import timedelta
from pathlib import Path

import pytest
from config.files import CHURN, loaded, mistakes

from monitor.acting import Action
from monitor.alarm import State

ALARMS = "alarms: {down: 'mean(score) < 0.2'}"


def written(text: str) -> str:
    return f"monitors: {{m: {{{CHURN}, {ALARMS},\n    actions: [{text}]}}}}\n"


def test_an_action_is_a_name_an_alarm_and_a_deed(tmp_path: Path) -> None:
    config = loaded(tmp_path, written("{name: retrain, alarm: down, command: sh --model 'my churn'}"))
    (one,) = config.monitors["m"].actions
    assert one.command == ("sh", "--model", "my churn")
    assert one.action == Action(name="retrain", alarm="down", state=State.ALARM, cooldown=timedelta(days=1))
    assert (one.limits.time, one.limits.memory) == (timedelta(hours=1), 4 << 30)


def test_a_command_may_be_a_list_and_nothing_in_it_is_a_shells(tmp_path: Path) -> None:
    config = loaded(tmp_path, written("{name: a, alarm: down, command: [echo, '$HOME; rm'], limits: {time: 5m}}"))
    (one,) = config.monitors["m"].actions
    assert one.command == ("echo", "$HOME; rm")
    assert one.limits.time == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{name: a, alarm: down}", "has nothing to do; one of command: ./retrain.sh or webhook: https://... would"),
        ("{name: a, alarm: down, command: x, webhook: 'https://a/'}", "has a command and a webhook; one of"),
        ("{name: a, alarm: down, command: []}", "is not a command; ./retrain.sh or [python3, retrain.py,"),
        ('{name: a, alarm: down, command: "x \'y"}', "cannot be parted into words: No closing quotation"),
        ("{name: a, alarm: down, command: x, secret_file: y}", "has secret_file, token_file or allow, which go with a"),
        ("{name: a, alarm: down, webhook: 'https://a/', limits: {time: 5m}}", "has limits, which go with a command"),
        (
            "{name: a, alarm: down, command: x, state: bad}",
            "'bad' is not known here; alarm, ok or insufficient_data would be right",
        ),
        ("{name: 'a b', alarm: down, command: x}", "is not a name; letters, digits, - and _ would be right"),
        ("{name: a, alarm: dwn, command: x}", "action 'a': alarm 'dwn': unknown; did you mean 'down'?"),
        (
            "{name: a, alarm: down, command: x}, {name: a, alarm: down, command: y}",
            "has two actions named 'a'; names of their own would be right",
        ),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(tmp_path: Path, text: str, words: str) -> None:
    (line,) = mistakes(tmp_path, written(text))
    assert line.startswith("driftd.yaml:2: monitor")
    assert words in line


def test_a_program_that_is_not_there_or_cannot_be_run_is_a_mistake_before_the_alarm_comes(tmp_path: Path) -> None:
    text = written("{name: a, alarm: down, command: ./train.sh --all}")
    (line,) = mistakes(tmp_path, text)
    assert line.endswith("train.sh', and there is no such file; the path of a program would be right")
    program = tmp_path / "train.sh"
    program.write_text("#!/bin/sh\n")
    (line,) = mistakes(tmp_path, text)
    assert line.endswith("train.sh', which is not executable; chmod +x, or its interpreter first")
    program.chmod(0o755)
    assert loaded(tmp_path, text).monitors["m"].actions[0].command == (str(tmp_path / "train.sh"), "--all")


def test_an_action_without_alarms_is_told_so(tmp_path: Path) -> None:
    text = f"monitors: {{m: {{{CHURN}, actions: [{{name: a, alarm: down, command: x}}]}}}}"
    (line,) = mistakes(tmp_path, text)
    assert "alarm 'down': unknown; there are none under `alarms`" in line
