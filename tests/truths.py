"""Labels and label files, as small as tests let them be."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from monitor.truth.delivery import Delivery, Form
from monitor.truth.join import Known
from monitor.truth.labels import UNTOLD, Labels

Row = tuple[str, int, str, int | None]
"""Id, place, label, time."""


def labels(*rows: Row) -> Labels:
    return Labels(
        key=pa.array([row[0] for row in rows], pa.string()),
        place=np.array([row[1] for row in rows], np.int64),
        label=pa.array([row[2] for row in rows], pa.string()),
        when=np.array([UNTOLD if row[3] is None else row[3] for row in rows], np.int64),
    )


def rows_of(found: Labels | Known) -> list[Row]:
    known = found.labels if isinstance(found, Known) else found
    columns = (known.key.to_pylist(), known.place.tolist(), known.label.to_pylist(), known.when.tolist())
    return [(k, p, label, None if when == UNTOLD else when) for k, p, label, when in zip(*columns, strict=True)]


def line(event: Any, data: Any, encoding: str | None = "CSV") -> str:
    """A line of SageMaker's ground truth."""
    truth = {"data": data} if encoding is None else {"data": data, "encoding": encoding}
    return json.dumps({"groundTruthData": truth, "eventMetadata": {"eventId": event}, "eventVersion": "0"})


def written(path: Path, lines: Iterable[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    return path


def delivered(path: Path, **form: Any) -> tuple[Sequence[Row], Delivery]:
    """The labels of a file, and what the delivery says of it."""
    delivery = Delivery(path, Form(**form))
    return rows_of(Labels.of(list(delivery))), delivery
