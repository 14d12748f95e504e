"""The law for all rules: each way of breaking it is told."""

import textwrap
from pathlib import Path

import pytest

from monitor.finding import Status, at_most
from monitor.testing import categorical, faults, numeric, profile

HEAD = """
import itertools
from monitor import *

calls = itertools.count()
"""


def told(tmp_path: Path, body: str, subject: str = "Numeric", doc: str = "Violated beyond `most`.") -> list[str]:
    path = tmp_path / "mine.py"
    rule = f'''
@rule
def mine(now: {subject}, base: {subject}, *, most: float = 1.0) -> Finding:
    """{doc}"""
    {body}
'''
    path.write_text(textwrap.dedent(HEAD) + rule)
    return faults(path)


def test_a_good_rule_has_no_fault(tmp_path: Path) -> None:
    assert told(tmp_path, "return at_most(mean_difference(now, base), most)") == []


def test_an_option_that_is_not_in_the_docstring_is_told(tmp_path: Path) -> None:
    body = "return at_most(mean_difference(now, base), most)"
    assert told(tmp_path, body, doc="Violated at times.") == ["mine: option most is not in the docstring"]


def test_a_noisy_rule_is_told(tmp_path: Path) -> None:
    """Without an interval every fresh sample lies beyond a tight limit."""
    (fault,) = told(tmp_path, "return at_most(abs(now.mean - base.mean), 0) if now.count else unknown('no_data')")
    assert fault == "mine: violated on 20 of 20 fresh samples of the baseline at n = 200"


def test_a_rule_that_is_sure_of_an_empty_window_is_told(tmp_path: Path) -> None:
    faults_told = told(tmp_path, "return at_most(now.rows * 0, 0)", subject="Profile")
    assert faults_told == ["mine: OK on an empty window; return unknown(...), or give at_most an estimate"]


def test_a_rule_that_is_violated_when_now_is_base_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, "return at_most(2, most, why='two')")
    assert "mine: violated when now is base: two" in found


def test_a_rule_that_answers_at_random_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, "return at_most(mean_difference(now, base), most, why=str(next(calls)))")
    assert found == ["mine: two answers to one question"]


def test_a_rule_that_breaks_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, "return 1 / 0")
    assert found == ["mine: it breaks: ZeroDivisionError: division by zero (5 features are not judged)"]


def test_a_rule_that_breaks_on_small_or_empty_windows_only_is_told(tmp_path: Path) -> None:
    noisy, empty = told(tmp_path, "return at_most(4000 // now.rows // 2, most)", subject="Profile")
    assert noisy.startswith("mine: violated on 20 of 20")
    assert empty.startswith("mine: it breaks on an empty window")
    found = told(tmp_path, "return at_most(1 // now.rows, most)", subject="Profile")
    assert found == ["mine: it breaks on an empty window: ZeroDivisionError: integer division or modulo by zero"]
    (fault,) = told(tmp_path, "return at_most(1 // now.count, most)")
    assert fault.startswith("mine: it breaks on columns without values: ZeroDivisionError")


def test_a_rule_about_predictions_is_tried_on_one(tmp_path: Path) -> None:
    found = told(tmp_path, "return at_most(2 if now.role == 'prediction' else unknown('none') and 0, most)")
    assert "mine: violated when now is base: " in found


def test_an_example_that_is_wrong_is_told_with_what_came_out(tmp_path: Path) -> None:
    doc = "Violated beyond `most`.\n\n    >>> 1 + 1\n    3\n    "
    (fault,) = told(tmp_path, "return at_most(mean_difference(now, base), most)", doc=doc)
    assert "Expected:\n    3" in fault
    assert "Got:\n    2" in fault


def test_a_file_that_does_not_load_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("1 / 0\n")
    assert faults(path) == [f"{path}:1: ZeroDivisionError: division by zero"]


def test_every_rule_of_a_file_is_tried(tmp_path: Path) -> None:
    path = tmp_path / "two.py"
    rules = "".join(
        f'@rule\ndef {name}(now: Profile, base: Profile) -> Finding:\n    """Violated."""\n    return at_most(2, 1)\n'
        for name in ("one", "two")
    )
    path.write_text(f"from monitor import *\n\n{rules}")
    assert {fault.split(":")[0] for fault in faults(path)} == {"one", "two"}


@pytest.mark.parametrize("subject", ["pandas.DataFrame", "Numeric"])
def test_a_rule_that_needs_rows_or_an_option_is_only_read(tmp_path: Path, subject: str) -> None:
    path = tmp_path / "mine.py"
    need = ", *, need: int" if subject == "Numeric" else ""
    path.write_text(
        "import pandas\nfrom monitor import *\n\n@rule\n"
        f'def mine(now: {subject}, base: Profile{need}) -> Finding:\n    """Violated by `need`."""\n    return 1 / 0\n'
    )
    assert faults(path) == []


# Features from plain lists


def test_features_from_plain_lists() -> None:
    base = numeric([1, 2, 3, 4])
    now = numeric([1, None, "x", 9], base)
    assert (now.rows, now.missing, now.text, now.count) == (4, 1, 1, 2)
    assert now.cuts.tolist() == base.cuts.tolist()
    assert at_most(now.out_of_range.count, 0).status is Status.VIOLATED
    texts = categorical(["a", "b", "a"])
    assert categorical(["c", "a"], texts).unseen == {"c": 1}


def test_a_window_of_a_table_lies_on_the_cells_of_its_baseline() -> None:
    base = profile({"a": [1, 2, 3], "b": ["x", "y", "x"]})
    now = profile({"a": [7], "c": [1]}, base)
    assert list(now.features) == ["a", "b"]
    assert (now.features["b"].absent, dict(now.extra)) == (1, {"c": 1})


def test_a_rule_about_model_quality_is_put_to_predictions_with_their_truth(tmp_path: Path) -> None:
    good = 'return at_least(metric_difference(metrics_of(now)["accuracy"], metrics_of(base)["accuracy"]), -most)'
    assert told(tmp_path, good, "ModelQuality") == []
    body = 'return at_least(metrics_of(now)["accuracy"].value - metrics_of(base)["accuracy"].value, 0)'
    (fault,) = told(tmp_path, body, "ModelQuality")
    assert fault.startswith("mine: violated on ")
