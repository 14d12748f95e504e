"""`problem` in a configuration: a kind alone, or all of it; what is wrong is told where it stands."""

import re
from pathlib import Path

import pytest

from monitor.config.columns import problem_of
from monitor.config.load import load
from monitor.errors import ConfigError
from monitor.problem import Problem

CHURN = "monitors: {m: {captures: c, baseline: b, columns: {prediction: [said, other], truth: y}, problem: %s}}"


def problem(folder: Path, text: str) -> Problem:
    path = folder / "driftd.yaml"
    path.write_text(CHURN % text)
    found = load(path).monitors["m"].asked
    assert found is not None
    return found


def test_a_text_alone_is_its_kind_and_columns_say_where_answers_are(tmp_path: Path) -> None:
    assert problem(tmp_path, "binary") == Problem(kind="binary", prediction="said", truth="y")


def test_classes_may_be_written_as_numbers_or_truth_values(tmp_path: Path) -> None:
    found = problem(
        tmp_path, "{kind: binary, positive: true, threshold: 0.2, costs: {'1.0': {'0': 100}, 'false': {'1': -5.5}}}"
    )
    assert (found.positive, found.threshold) == ("1", 0.2)
    assert found.costs == {"1": {"0": 100.0}, "0": {"1": -5.5}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ternary", "problem: 'ternary'"),
        (
            "{kind: binary, positive: nan}",
            "positive: 'nan' is not a class; a text or a number such as 1 would be right",
        ),
        ("{kind: binary, threshold: 2}", "threshold: 2"),
        ("{kind: binary, costs: [1]}", "is not what each error costs; {'1': {'0': 100}, '0': {'1': 5}}"),
        (
            "{kind: binary, costs: {'1': {'0': dear}}}",
            "has the cost 'dear'; a number would be right, negative where it earns",
        ),
        ("{positive: 1}", "key 'kind' is missing; `problem: binary` would be right"),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        problem(tmp_path, text)


def test_python_says_it_alike() -> None:
    assert problem_of("regression") == Problem(kind="regression")
    assert problem_of({"kind": "binary", "positive": "yes"}).positive == "yes"
    with pytest.raises(ConfigError, match="kind"):
        problem_of("ternary")
