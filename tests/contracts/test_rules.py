"""The law for all rules, put to every shipped one and to the worked example."""

from pathlib import Path

import pytest

import monitor.builtin
from monitor.judge import SUBJECTS
from monitor.rule import SUBJECTS as NAMES
from monitor.rulepath import PRESET, shipped
from monitor.testing import faults

FOLDER = Path(monitor.builtin.__path__[0])
FILES = sorted(path for path in FOLDER.glob("*.py") if path.stem != "__init__")
EXAMPLE = Path(__file__).parents[2] / "rules" / "refund_share.py"


OPT_IN = ("adwin", "domain_classifier", "page_hinkley", "reconstruction")


def test_twenty_one_rules_are_shipped_a_file_each_and_all_but_those_that_need_rows_are_in_the_preset() -> None:
    assert len(FILES) == 21
    assert [path.stem for path in FILES] == sorted(shipped()) == sorted([*PRESET, *OPT_IN])
    assert len(set(PRESET)) == len(PRESET)
    assert all("Not in the preset" in shipped()[name].doc for name in OPT_IN)


@pytest.mark.parametrize("path", [*FILES, EXAMPLE], ids=lambda path: path.stem)
def test_a_shipped_rule_obeys_the_law(path: Path) -> None:
    assert faults(path) == []


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_rule_has_a_manual_page_and_limits_with_defaults(name: str) -> None:
    found = shipped()[name]
    assert found.doc.startswith("Violated ")
    assert not [option for option, said in found.options.items() if said.is_required]
    assert found.options


def test_every_subject_that_a_rule_may_name_is_one_that_the_judge_asks_about() -> None:
    assert set(NAMES) == {*SUBJECTS, "Profile", "ModelQuality", "DataFrame"}
