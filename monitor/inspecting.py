"""Inspecting: what a file of captures is, whether it can be read, what its columns are, and the YAML that reads it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.batch import Batch, Expected, Sample
from monitor.decode.format import Format
from monitor.guess import guessed_columns, guessed_layout
from monitor.inspection import Inspection
from monitor.place import Place
from monitor.profile import Volume
from monitor.reading import Reading
from monitor.sizes import STANDARD, Sizes
from monitor.sources.files import blocks
from monitor.sources.listing import Listed
from monitor.survey import Column, survey

MOST_SAMPLES = 8
FIRST_RECORDS = 20


def inspect(path: Place, format: str | Format = "auto", header: str = "auto", sizes: Sizes = STANDARD) -> Inspection:
    """One pass over a file or folder; nothing is expected of it. Raises InputError for a path that does not exist."""
    reading = Reading([path], Expected(header=header, sizes=sizes), format)
    seen = _Seen()
    columns = survey(seen.watch(reading))
    counts: dict[str, int] = {}
    for name in reading.formats.values():
        counts[name] = counts.get(name, 0) + 1
    chosen = next(iter(counts), "auto") if len(counts) == 1 else "auto"
    layout = guessed_layout(_records(reading.files)) if chosen == "jsonl" and format == "auto" else None
    return Inspection(
        path=path,
        files=len(reading.files),
        formats=counts,
        volume=seen.volume,
        columns=columns,
        rejects=tuple(seen.samples),
        positions=seen.positions,
        extra=tuple(seen.extra),
        yaml=_yaml(path, format if isinstance(format, str) and format != "auto" else chosen, layout, columns, seen),
        is_mapped=layout is not None,
    )


class _Seen:
    """What passes by besides the rows."""

    def __init__(self) -> None:
        self.volume = Volume()
        self.samples: list[Sample] = []
        self.reasons: set[str] = set()
        self.positions = False
        self.extra: dict[str, None] = {}

    def watch(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The same batches."""
        for batch in batches:
            self.volume += batch.volume
            self.positions = self.positions or batch.positions
            self.extra.update(dict.fromkeys(batch.about.schema.names if batch.about is not None else ()))
            for sample in batch.rejects:  # of every reason the first, then as many as there is room for
                if sample.reason not in self.reasons or len(self.samples) < MOST_SAMPLES:
                    self.reasons.add(sample.reason)
                    self.samples.append(sample)
            yield batch


def _records(files: Sequence[Path | Listed]) -> list[dict[str, Any]]:
    """The first records of the first file, as far as they are JSON objects."""
    first = next((block for path in files for block in blocks(path)), None)
    found = []
    for line in (first.data if first is not None else b"").splitlines()[:FIRST_RECORDS]:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        found += [record] if isinstance(record, dict) else []
    return found


def _yaml(
    path: Place, format: str, layout: Mapping[str, Any] | None, columns: Mapping[str, Column], seen: _Seen
) -> dict[str, Any]:
    """A monitor that reads this: its captures, and the columns that look like an id, a time, a prediction."""
    name = path.name.partition(".")[0] or "mine"
    captures: dict[str, Any] = {"path": str(path), "format": layout or format}
    monitor: dict[str, Any] = {"captures": captures, "baseline": f"baselines/{name}"}
    has_own = layout is not None or seen.volume.with_id or seen.volume.first is not None
    roles = {} if has_own else guessed_columns(columns, seen.volume.rows)
    if roles:
        monitor["columns"] = roles
    return {"monitors": {name: monitor}}
