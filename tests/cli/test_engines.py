"""`driftd check --engine`: where files are read."""

from pathlib import Path

import command
import daemons  # noqa: F401  what a worker first looks at is not to be pytest
import pytest
import splits

from monitor.cli.engine import by_size
from monitor.engines.processes import Processes
from monitor.place import place


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    base, captures = splits.small(tmp_path_factory.mktemp("small"))
    assert base.home is not None
    return base.home, captures


def test_a_check_by_processes_finds_what_one_process_finds(small: tuple[Path, Path]) -> None:
    base, captures = small
    one = command.check(captures, base)
    other = command.check(captures, base, "--engine", "processes")
    assert (other.code, other.err) == (one.code, "")
    assert other.report["inputs"] == one.report["inputs"]
    assert other.violated() == one.violated()


def test_a_note_says_why_everything_is_read_by_one(small: tuple[Path, Path], tmp_path: Path) -> None:
    base, captures = small
    (tmp_path / "rows.py").write_text(
        "import pandas\nfrom monitor import *\n\n@rule\ndef rows(now: pandas.DataFrame, base: Profile) -> Finding:\n"
        '    """Counts them."""\n    return at_least(len(now), 1)\n'
    )
    ran = command.check(captures, base, "--engine", "processes", "--rules", tmp_path)
    assert ran.err == (
        "driftd: engine: everything is read by this process alone: "
        "a rule asks for rows, evenly spread over all that there are\n"
    )
    assert {f["rule"]: f["value"] for f in ran.report["findings"]}["rows"] == 1500


def test_a_master_is_sparks_alone(small: tuple[Path, Path]) -> None:
    base, captures = small
    ran = command.check(captures, base, "--engine", "processes", "--master", "local[2]")
    assert ran.code == 2
    assert "--master 'local[2]': engine processes has none; --engine spark would be right" in ran.err


def test_large_files_are_read_by_all_cores_unless_an_engine_is_named(tmp_path: Path):
    file = tmp_path / "captures.jsonl"
    file.write_bytes(b"x" * 100)
    assert by_size([tmp_path, tmp_path / "not there"], large=101) == "local"
    assert isinstance(by_size([tmp_path], large=100), Processes)
    assert by_size([place("s3://bucket/captures")], large=1) == "local"  # not asked how large they are
