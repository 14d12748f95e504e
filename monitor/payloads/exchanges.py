"""Requests and answers of the same records put together; some records have one of them only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.batch import Batch, Expected
from monitor.payloads.agreeing import agreeing, places
from monitor.payloads.indices import each_once, ranks, without
from monitor.payloads.json_rows import Read, Refused, only
from monitor.payloads.sides import Table, Tables, json_side, left_over, side_by_side
from monitor.profile import Volume

Indices = NDArray[np.int64]
NONE = np.zeros(0, np.int64)
NO_PAYLOAD = "neither a request nor an answer with columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of each record, shape (count,) each. `when`: a window has still to choose, as a batch has it."""

    ids: pa.StringArray
    seconds: Indices
    timed: NDArray[np.bool_]
    about: pa.RecordBatch
    when: Indices | None = None


def exchanged(into: Read, out: Read, records: Indices, expected: Expected) -> tuple[Tables, int]:
    """The rows of these records, and how many of the records had both a request and an answer."""
    out = agreeing(out, places(into.parts), expected.sizes.columns)
    into = agreeing(into, places(out.parts), expected.sizes.columns)
    asked, answered = _told(into), _told(out)
    both = asked[np.isin(asked, answered)]
    neither = without(records, each_once(asked, answered))
    tables = [Tables(refused=tuple(Refused(payload=i, reason="no_payload", why=NO_PAYLOAD) for i in neither.tolist()))]
    for group in (both, without(asked, both), without(answered, both)):
        if len(group):
            right = json_side(_only(out, group)) if group[0] in answered else None
            known = expected if right is not None else _without_answers(expected, tables)
            left = json_side(_only(into, group), left_over(right, known)) if group[0] in asked else None
            tables.append(side_by_side(left, right, known))
    widths: Counter[str] = Counter()
    for part in tables:
        widths.update(part.widths)
    return Tables(
        tables=tuple(table for part in tables for table in part.tables),
        refused=tuple(r for part in tables for r in part.refused),
        widths=dict(sorted(widths.items())),
    ), len(both)


def _without_answers(expected: Expected, tables: Sequence[Tables]) -> Expected:
    """What is expected of requests that were not answered: the columns that the answers to others leave."""
    taken = {name for part in tables for table in part.tables for name in table.outputs}
    return replace(expected, names=tuple(name for name in expected.names if name not in taken))


def counted(tables: Tables, both: int) -> Volume:
    """What came of these records, but for the rows."""
    counts = Counter(r.reason for r in tables.refused)
    return Volume(rejected=dict(sorted(counts.items())), widths=tables.widths, both=both)


def batch_of(table: Table, known: Known) -> Batch:
    """The rows with what is known of their records."""
    found = Batch(
        rows=pa.RecordBatch.from_arrays(list(table.columns.values()), names=list(table.columns)),
        volume=Volume(rows=len(table.record)),
        seconds=known.seconds,
        timed=known.timed,
        outputs=table.outputs,
        positions=table.positions,
        ids=known.ids,
        about=known.about if known.about.num_columns else None,
        when=known.when,
    ).beside(table.record)
    return replace(found, places=ranks(table.record))


def _told(side: Read) -> Indices:
    """The records that a side says something of."""
    refused = np.array([r.payload for r in side.refused], dtype=np.int64)
    return each_once(*([refused] if len(refused) else []), *(part.payload for part in side.parts))


def _only(side: Read, group: Indices) -> Read:
    members = set(group.tolist())
    parts = [only(part, np.isin(part.payload, group)) for part in side.parts]
    return Read(
        parts=tuple(part for part in parts if len(part.payload)),
        refused=tuple(r for r in side.refused if r.payload in members),
    )
