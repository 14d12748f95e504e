"""Anything at all may stand in a capture file: no traceback, no hang, bounded memory, every record told of."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import fuzzing
import monsters
import pytest

from monitor.sources import files

TESTS = Path(__file__).parents[1]
MOST_MEGABYTES = 1500
SCALE = 1 / 100


def alone(*command: object) -> str:
    """What a script of the tests prints, run in a process of its own: one that crashes takes nothing with it."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", *map(str, command)],
        capture_output=True,
        text=True,
        timeout=1500,
        cwd=TESTS.parent,
        env={"PYTHONPATH": f"{TESTS.parent}:{TESTS}"},
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout


def test_broken_lines_and_files_are_told_of_and_measured_within_bounds() -> None:
    *_, records, peak = map(int, alone(TESTS / "fuzzing.py", 11, 3000, 300).split())
    assert records > 3000
    assert peak < MOST_MEGABYTES


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_hundred_thousand_broken_lines_and_files_are_told_of_and_measured_within_bounds(seed: int) -> None:
    *_, records, peak = map(int, alone(TESTS / "fuzzing.py", seed, 21_000, 4_000).split())
    assert records > 21_000
    assert peak < MOST_MEGABYTES


def is_right(name: str, told: dict[str, Any]) -> None:
    _, _, rows, reason, why = monsters.MONSTERS[name]
    assert rows is None or told["rows"] == rows
    assert set(told["rejected"]) == ({reason} if reason else set())
    assert not reason or why in told["why"][reason]


@pytest.mark.parametrize("name", monsters.MONSTERS)
def test_a_small_monster_meets_a_small_limit_that_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HARMLESS_BYTES", int(files.HARMLESS_BYTES * SCALE))
    monsters.write(name, SCALE, tmp_path / "monster")
    volume, whys = monsters.read(tmp_path / "monster", monsters.sizes(SCALE))
    is_right(name, {"rows": volume.rows, "rejected": volume.rejected, "why": whys})


@pytest.mark.slow
@pytest.mark.parametrize("name", monsters.MONSTERS)
def test_a_monster_meets_a_limit_that_is_named_within_bounds(name: str) -> None:
    told = json.loads(alone(TESTS / "monsters.py", name, 1))
    is_right(name, told)
    assert told["peak"] < MOST_MEGABYTES


def test_what_the_batches_promise_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("y,a,b\n0.5,1,x\n0.5,1\n")
    found = fuzzing.read(tmp_path / "f", fuzzing.EXPECTED[1])
    assert (found.records, found.rows, found.rejected) == (2, 1, {"column_count": 1})
