"""Roles of columns and the condition on rows, as they are configured."""

from pathlib import Path

import pytest
import yaml
from config.files import CHURN, loaded, mistakes, one

from monitor.condition import Null
from monitor.config.columns import roles_of
from monitor.config.show import show
from monitor.errors import ConfigError
from monitor.roles import Roles

WHOLE = (
    "columns: {prediction: score, probability: [p, 'q_*'], truth: y, id: request_id, time: ts, "
    "version: model_version, exclude: '*_id', categorical: [zip]}"
)
ROLES = Roles(
    prediction=("score",),
    probability=("p", "q_*"),
    truth="y",
    id="request_id",
    time="ts",
    version="model_version",
    exclude=("*_id",),
    categorical=("zip",),
)


def test_every_role_is_read_and_shown_and_read_again(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"monitors: {{m: {{{CHURN}, {WHOLE}, where: 'test_traffic is null'}}}}")
    monitor = config.monitors["m"]
    assert monitor.columns.roles == ROLES
    assert monitor.condition == Null("test_traffic")
    shown = yaml.safe_load(show(config))["monitors"]["m"]
    assert shown["columns"]["probability"] == ["p", "q_*"]
    assert shown["where"] == "test_traffic is null"
    assert loaded(tmp_path, show(config)).monitors["m"].columns == monitor.columns


def test_without_them_no_column_has_a_role_and_every_row_counts(tmp_path: Path) -> None:
    monitor = loaded(tmp_path, f"monitors: {{m: {{{CHURN}}}}}").monitors["m"]
    assert (monitor.columns.roles, monitor.condition) == (Roles(), None)


def test_a_mistake_in_a_condition_has_its_file_line_key_and_place(tmp_path: Path) -> None:
    text = "monitors:\n  m:\n    captures: c\n    baseline: b\n    where: 'test_traffic == '\n"
    assert mistakes(tmp_path, text) == [
        "driftd.yaml:5: monitors.m.where: 'test_traffic == ' ends after '=='; a value such as 3 or 'yes' would be right"
    ]
    assert one(tmp_path, f"{CHURN}, where: 5") == [
        "monitors.m.where: 5 is not a condition; a text such as 'test_traffic is null' would be right"
    ]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("{id: 5}", ".id: 5 is not the name of a column; a text such as request_id would be right"),
        ("{time: ''}", ".time: '' is not the name of a column; a text such as request_id would be right"),
        ("{truth: [a, b]}", ".truth: a list is not the name of a column; a text such as request_id would be right"),
        ("{id: a, time: a}", ": column 'a' is id and time; one role each would be right"),
        ("{prediction: y, truth: y}", ": column 'y' is truth and prediction; one role each would be right"),
        ("{timestamp: ts}", ": unknown key 'timestamp'; did you mean 'time'?"),
    ],
)
def test_mistakes_in_roles_are_told(tmp_path: Path, columns: str, told: str) -> None:
    found = one(tmp_path, f"{CHURN}, columns: {columns}")
    assert found == [f"monitors.m.columns{told}"]


def test_roles_from_python_are_held_against_the_same_grammar() -> None:
    given = {"prediction": "score", "probability": ("p", "q_*"), "truth": "y", "id": "request_id", "time": "ts"}
    more = {"version": "model_version", "exclude": ["*_id"], "categorical": "zip"}
    assert roles_of({**given, **more}) == ROLES
    with pytest.raises(ConfigError) as caught:
        roles_of({"id": 5, "predictoin": "score"})
    assert str(caught.value).splitlines() == [
        "columns: id: 5 is not the name of a column; a text such as request_id would be right",
        "columns: unknown key 'predictoin'; did you mean 'prediction'?",
    ]
