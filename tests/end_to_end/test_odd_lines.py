"""Odd lines among good ones: what can be read is read, and what cannot is counted, to the line."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import fuzzing
import pytest

from monitor.batch import Expected
from monitor.profile import Volume
from monitor.reading import Reading

PLACE = Path(__file__).parents[2] / "benchmarks" / "odd_lines.py"


@pytest.fixture(scope="module")
def planting() -> ModuleType:
    """The benchmark that plants them; it takes its clean rows from its neighbour."""
    sys.path.insert(0, str(PLACE.parent))
    spec = importlib.util.spec_from_file_location("odd_lines", PLACE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(PLACE.parent))
    return module


def is_as_planted(planting: ModuleType, path: Path, encoding: str, count: int, share: float) -> None:
    planted = planting.write(path, encoding, count, share, seed=3)
    texts = frozenset(planting.COLUMNS[1 + planting.NUMERIC :])
    volume, untimed, changed = Volume(), 0, 0
    for batch in Reading([path], Expected(names=tuple(planting.COLUMNS), texts=texts)):
        fuzzing.obeyed(batch)
        volume += batch.volume
        if batch.rows.num_rows:
            assert batch.timed is not None
            untimed += int((~batch.timed).sum())
            values = batch.rows[planting.COLUMNS[planting.WHOLE]].to_pylist()
            changed += sum(str(value).startswith("v") for value in values)
            assert batch.rows.schema.names == planting.COLUMNS or encoding == "JSON"
    assert volume.records == count
    assert (volume.rows, untimed) == (planted.rows, planted.untimed)
    assert volume.rejected == dict(sorted(planted.rejected.items()))
    assert abs(changed - volume.rows / 2) < count * share + 1


@pytest.mark.parametrize("encoding", ["CSV", "JSON"])
@pytest.mark.parametrize("share", [0.001, 0.01, 0.2])
def test_odd_captures_are_read_or_rejected_as_planted(
    planting: ModuleType, tmp_path: Path, encoding: str, share: float
) -> None:
    is_as_planted(planting, tmp_path / "f", encoding, 10_000 if share < 0.1 else 2_000, share)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["CSV", "JSON"])
@pytest.mark.parametrize("share", [0.001, 0.01])
def test_odd_captures_of_a_long_file_are_read_or_rejected_as_planted(
    planting: ModuleType, tmp_path: Path, encoding: str, share: float
) -> None:
    is_as_planted(planting, tmp_path / "f", encoding, 300_000, share)
