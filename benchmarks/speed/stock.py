"""Stock: the data sets in a folder, each made when it is first asked for, with driftd's baseline beside."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.speed import captures
from benchmarks.speed.columns import SEED, STORED, Width, drawn

TABLE = Width(floats=30, wholes=5, texts=15, draws=STORED, most_values=200)
MOST_VALUES = 2_000_000
SHIFT = 0.5  # of the first three floats of the table, so that there is something to be found


@dataclass(frozen=True, slots=True)
class Data:
    """Files (or a folder of them) to be judged, the raw baseline, and driftd's baseline made of it."""

    files: tuple[Path, ...]
    raw: Path
    baseline: Path
    rows: int

    @property
    def megabytes(self) -> float:
        found = [file for path in self.files for file in (path.iterdir() if path.is_dir() else [path])]
        return sum(file.stat().st_size for file in found) / 1e6


@dataclass(frozen=True, slots=True)
class Stock:
    """`training` is how many rows a baseline of captures is made of, fewer where there are many columns."""

    folder: Path
    training: int = 20_000

    def captures(self, rows: int, columns: int = 50, files: int = 1) -> Data:
        """Captures of so many features and a score; beyond a million, and where it says so, in several files."""
        width, place = Width.of(columns), self.folder / f"captures-{columns}"
        raw, baseline = place / "training.csv", place / "baseline"
        if not baseline.exists():
            place.mkdir(parents=True, exist_ok=True)
            captures.training(raw, width, min(self.training, MOST_VALUES // columns))
            learn(raw, baseline)
        parts = -(-rows // captures.PART_ROWS)
        found = tuple(self._part(place, width, min(rows, captures.PART_ROWS), part) for part in range(parts))
        if files > 1:
            folder = place / f"{rows}-in-{files}"
            if not folder.exists():
                captures.split(found[0], folder, files)
            found = (folder,)
        return Data(found, raw, baseline, rows)

    def table(self, rows: int) -> Data:
        """A Parquet table of 50 columns and one of a tenth of its rows to compare with, three columns moved."""
        place = self.folder / "table"
        now, raw, baseline = place / f"{rows}.parquet", place / f"{rows}-before.parquet", place / f"{rows}-baseline"
        if not baseline.exists():
            place.mkdir(parents=True, exist_ok=True)
            rng = np.random.default_rng([SEED, 2])
            pq.write_table(drawn(TABLE, rows // 10, rng), raw)
            pq.write_table(drawn(TABLE, rows, rng, SHIFT), now)
            learn(raw, baseline)
        return Data((now,), raw, baseline, rows)

    def _part(self, place: Path, width: Width, rows: int, part: int) -> Path:
        path = place / f"{rows}-{part}.jsonl"
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            captures.write(unfinished, width, rows, part)
            unfinished.rename(path)
        return path


def learn(raw: Path, baseline: Path) -> None:
    """`driftd baseline make`."""
    command = [sys.executable, "-m", "monitor", "baseline", "make", str(raw), "--out", str(baseline)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
