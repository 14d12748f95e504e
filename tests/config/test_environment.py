"""Names of the environment in a configuration."""

from pathlib import Path

import pytest
from config.files import CHURN, loaded, mistakes, written

from monitor.config.load import rule_folders

HOST = {"HOST": "db", "EMPTY": "", "TRICKY": "x}, baseline: {a: b"}


def state(folder: Path, value: str) -> str:
    config = loaded(folder, f"state: '{value}'\nmonitors: {{m: {{{CHURN}}}}}", environment=HOST)
    return config.state.name


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        ("${HOST}", "db"),
        ("a-${HOST}-b-${HOST}", "a-db-b-db"),
        ("${NONE:-else}", "else"),
        ("${HOST:-else}", "db"),
        ("x${EMPTY}", "x"),
        ("x${EMPTY:-else}", "x"),
        ("x${NONE:-}", "x"),
        ("$${HOST}", "${HOST}"),
        ("$.path", "$.path"),
        ("a$", "a$"),
    ],
)
def test_names_are_filled_in(tmp_path: Path, value: str, becomes: str) -> None:
    assert state(tmp_path, value) == becomes


def test_a_value_brings_no_structure_with_it(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"monitors: {{m: {{{CHURN}, labels: {{a: '${{TRICKY}}'}}}}}}", environment=HOST)
    assert config.monitors["m"].labels == {"a": HOST["TRICKY"]}


def test_included_files_are_filled_in_too(tmp_path: Path) -> None:
    written(tmp_path, f"monitors: {{m: {{{CHURN}, endpoint: '${{HOST}}'}}}}", "more.yaml")
    assert loaded(tmp_path, "include: more.yaml", environment=HOST).monitors["m"].endpoint.name == "db"


def test_folders_of_rules_are_found_through_the_environment(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    path = written(tmp_path, "rules: ['${HOST}']")
    assert rule_folders(path, HOST) == (tmp_path / "db",)


def test_a_name_that_is_not_set_is_told_with_the_line(tmp_path: Path) -> None:
    assert mistakes(tmp_path, f"state: '${{NONE}}'\nmonitors: {{m: {{{CHURN}}}}}", environment=HOST) == [
        "driftd.yaml:1: state: environment variable 'NONE' is not set; set it, or write ${NONE:-default}"
    ]
    assert mistakes(tmp_path, f"state: '${{NO NE}}'\nmonitors: {{m: {{{CHURN}}}}}", environment=HOST) == [
        "driftd.yaml:1: state: has a '${' that names nothing; ${NAME}, ${NAME:-default} or $${ would be right"
    ]
