"""Odd lines among good ones: what can be read is read, and what cannot is counted, to the line."""

from pathlib import Path

import fuzzing
import pytest

from benchmarks import odd_lines as planting
from monitor.batch import Expected
from monitor.profile import Volume
from monitor.reading import Reading


def is_as_planted(path: Path, encoding: str, count: int, share: float) -> None:
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
def test_odd_captures_are_read_or_rejected_as_planted(tmp_path: Path, encoding: str, share: float) -> None:
    is_as_planted(tmp_path / "f", encoding, 10_000 if share < 0.1 else 2_000, share)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["CSV", "JSON"])
@pytest.mark.parametrize("share", [0.001, 0.01])
def test_odd_captures_of_a_long_file_are_read_or_rejected_as_planted(
    tmp_path: Path, encoding: str, share: float
) -> None:
    is_as_planted(tmp_path / "f", encoding, 300_000, share)
