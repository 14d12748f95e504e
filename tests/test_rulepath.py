"""The rule path: the shipped rules and a user's folders, looked at in a child process."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.child.limits import Limits
from monitor.errors import RuleError
from monitor.rulepath import PRESET, REQUIRED, find, preset, rule_files, shipped

RULE = '''
from datetime import timedelta
from monitor import Finding, Numeric, rule, skip

@rule
def {name}(
    now: Numeric, base: Numeric, *, most: float = 1.0, wait: timedelta = timedelta(hours=2), need: int
) -> Finding:
    """Never violated, whatever `most`, `wait` and `need` are."""
    return skip("never")
'''


def write(folder: Path, name: str, text: str | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(text if text is not None else RULE.format(name=name))
    return path


def test_without_folders_there_are_the_shipped_rules() -> None:
    found = find()
    assert found.rules.keys() == shipped().keys() > set(PRESET)
    assert (found.users, found.transforms, found.shipped) == ((), (), tuple(found.rules))


def test_a_users_rule_is_described_as_written_and_its_file_never_runs_here(tmp_path: Path) -> None:
    path = write(tmp_path / "rules", "mine")
    before = set(sys.modules)
    found = find([tmp_path / "rules"])
    assert not [name for name in set(sys.modules) - before if "mine" in name]
    mine = found.rules["mine"]
    assert (found.users, mine.subject, mine.path) == (("mine",), "Numeric", str(path.resolve()))
    assert {name: (o.type, o.is_required) for name, o in mine.options.items()} == {
        "most": (float, False),
        "wait": (timedelta, False),
        "need": (int, True),
    }
    assert mine.options["wait"].default == timedelta(hours=2)
    with pytest.raises(RuleError, match="in a child process only"):
        mine.judge(None, None)


def test_transforms_are_found_with_their_file(tmp_path: Path) -> None:
    path = write(tmp_path / "rules", "t", "from monitor import transform\n@transform\ndef halve(batch): return batch\n")
    assert find([tmp_path / "rules"]).transforms == ((str(path.resolve()), "halve"),)


def test_every_mistake_has_a_line_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    write(folder, "drift")
    write(folder, "mine")
    write(folder, "also", RULE.format(name="mine"))
    write(folder, "broken", "1 / 0\n")
    with pytest.raises(RuleError) as caught:
        find([folder])
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert "broken.py:1: ZeroDivisionError" in lines[0]
    assert "rule 'drift' is already defined in" in lines[1]
    assert "rule 'mine' is already defined in" in lines[2]
    assert lines[2].endswith("give it another name")


def test_a_file_that_hangs_when_it_is_loaded_is_a_mistake_and_no_hang(tmp_path: Path) -> None:
    write(tmp_path / "rules", "hangs", "while True: pass\n")
    with pytest.raises(RuleError, match=r"hangs\.py: cannot be loaded: "):
        find([tmp_path / "rules"], Limits(seconds=0.5))


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"nowhere: no such folder; give one that holds rule files"):
        find([tmp_path / "nowhere"])


def test_tests_hidden_and_private_files_are_no_rule_files(tmp_path: Path) -> None:
    for name in ("b", "a", "_private", ".hidden", "test_a"):
        write(tmp_path, name, "")
    (tmp_path / "notes.txt").write_text("")
    assert [path.stem for path in rule_files(tmp_path)] == ["a", "b"]


def test_the_preset_asks_every_rule_and_requires_four() -> None:
    checks = preset(shipped())
    assert tuple(check.rule.name for check in checks) == PRESET
    assert {check.rule.name for check in checks if check.required} == set(REQUIRED)
    assert set(REQUIRED) == {"volume", "missing_column", "completeness", "drift"}


def test_where_windows_are_followed_the_preset_leaves_to_drift_what_drift_follows() -> None:
    names = [check.rule.name for check in preset(shipped(), is_followed=True)]
    assert [name for name in PRESET if name not in names] == ["mean_shift", "prediction_drop", "prediction_outliers"]
