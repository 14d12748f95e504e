"""One rule file, loaded by its path: what it defines, and how its mistakes are told."""

import textwrap
from pathlib import Path

import pytest

from monitor.errors import RuleError
from monitor.rulefile import load

GOOD = '''
from monitor import Finding, Numeric, rule, skip, transform
from other_rules import elsewhere

LIMIT = 3

@rule
def mine(now: Numeric, base: Numeric, *, most: float = 1.0) -> Finding:
    """Never violated, whatever `most` is."""
    return skip("never")

@transform
def second(batch): return batch

@transform
def first(batch): return batch

def helper(): return elsewhere
'''
OTHER = '''
from monitor import Finding, Numeric, rule, skip

@rule
def elsewhere(now: Numeric, base: Numeric) -> Finding:
    """Not of the file that imports it."""
    return skip("never")
'''


def write(path: Path, text: str) -> Path:
    path.write_text(textwrap.dedent(text))
    return path


def test_a_file_defines_its_own_rules_and_transforms_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "other_rules.py", OTHER)
    monkeypatch.syspath_prepend(str(tmp_path))
    path = write(tmp_path / "good.py", GOOD)
    found = load(path)
    assert list(found.rules) == ["mine"]
    assert (found.rules["mine"].path, found.rules["mine"].doc) == (
        str(path),
        "Never violated, whatever `most` is.",
    )
    assert list(found.transforms) == ["first", "second"]
    assert found.module.LIMIT == 3


def test_two_files_of_one_name_are_two_files(tmp_path: Path) -> None:
    for folder, limit in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "same.py", f"LIMIT = {limit}")
    modules = [load(tmp_path / folder / "same.py").module for folder in ("a", "b", "a")]
    assert [module.LIMIT for module in modules] == [1, 2, 1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import math\n\nmath.nonsense\n", r"bad\.py:3: AttributeError: module 'math' has no attribute 'nonsense'"),
        ("def f(:\n", r"bad\.py:1: SyntaxError"),
        ("import no_such_module_anywhere\n", r"bad\.py:1: ModuleNotFoundError: No module named 'no_such_module"),
        ("def f():\n    return 1 / 0\n\nf()\n", r"bad\.py:2: ZeroDivisionError"),
        ("from monitor import rule\n@rule\ndef f(x: int): pass\n", r"bad\.py: rule 'f': its parameters must be"),
    ],
)
def test_a_file_that_does_not_load_is_told_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=message):
        load(write(tmp_path / "bad.py", text))


def test_a_file_that_leaves_does_not_take_the_program_along(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"leaves\.py:2: SystemExit: 3"):
        load(write(tmp_path / "leaves.py", "import sys\nsys.exit(3)\n"))


@pytest.mark.parametrize("name", ["missing.py", "notes.txt"])
def test_what_is_no_python_file_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=name):
        load(tmp_path / name)
