"""Golden samples: files in the shape that others publish, and beside each exactly what is read of them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.batch import Batch, Expected
from monitor.decode.format import Format
from monitor.profile import Volume
from monitor.reading import Reading

GOLDEN = Path(__file__).parent / "golden"


def read(
    paths: Sequence[Path], names: Sequence[str] = (), format: str | Format = "auto"
) -> tuple[dict[str, Any], dict[str, str]]:
    """What is read of the files, in the form of the golden files, and what each file was read as."""
    reading = Reading(paths, Expected(names=tuple(names)), format)
    batches = list(reading)
    volume = sum((batch.volume for batch in batches), Volume())
    rows = [row for batch in batches for row in _rows(batch)]
    told = {
        "names": list(names),
        "records": volume.records,
        "both": volume.both,
        "rejected": dict(volume.rejected),
        "rows": sorted(rows, key=lambda row: row["id"] or ""),
    }
    assert volume.rows == len(rows)
    if any("about" in row for row in rows):
        told["rows"] = [{**row, "about": row.get("about", {})} for row in told["rows"]]
    return told, {Path(path).name: name for path, name in reading.formats.items()}


def expected(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _rows(batch: Batch) -> list[dict[str, Any]]:
    """Rows with their id, their time, the answer's values and the request's; missing values are left out."""
    rows = []
    about = batch.about.to_pylist() if batch.about is not None else [None] * batch.rows.num_rows
    for place, values in enumerate(batch.rows.to_pylist()):
        is_timed = batch.seconds is not None and batch.timed is not None and batch.timed[place]
        time = datetime.fromtimestamp(int(batch.seconds[place]), UTC) if is_timed else None
        row = {
            "id": batch.ids[place].as_py() if batch.ids is not None else None,
            "time": f"{time:%Y-%m-%dT%H:%M:%SZ}" if time is not None else None,
            "out": {k: v for k, v in values.items() if v is not None and k in batch.outputs},
            "in": {k: v for k, v in values.items() if v is not None and k not in batch.outputs},
        }
        if about[place]:
            row["about"] = {k: v for k, v in about[place].items() if v is not None}
        rows.append(row)
    return rows
