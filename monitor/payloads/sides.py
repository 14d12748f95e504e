"""Requests and answers as columns: each side read by its encoding, then put side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import Expected
from monitor.payloads.csv_rows import Split, columns_of, lines, split, usual_width
from monitor.payloads.json_rows import Read, Refused, only, without
from monitor.payloads.json_shape import Rows
from monitor.profile import add_counts

Indices = NDArray[np.int64]
NOT_CSV = "a stray quote or line end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of the records as rows, in parts of one shape each, and the records that give none."""

    parts: tuple[Rows, ...] = ()
    refused: tuple[Refused, ...] = ()
    widths: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Both sides: named columns, those of the answer first, and the record of each row, shape (rows,).

    `positions`: the names are the baseline's, by place.
    """

    columns: dict[str, pa.Array]
    record: Indices
    outputs: tuple[str, ...] = ()
    positions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The rows of some records. Every record is in one of the tables or refused."""

    tables: tuple[Table, ...] = ()
    refused: tuple[Refused, ...] = ()
    widths: dict[str, int] = field(default_factory=dict)


def read_csv(request: pa.StringArray | None, answer: pa.StringArray | None, expected: Expected) -> Tables:
    """Both sides as comma-separated text, a row each: joined to one row, the answer first."""
    count = usual_width(answer) if answer is not None else 0
    found = _apart(request, answer, count, expected) or _joined(request, answer, expected)
    names = expected.names or tuple(f"_c{i}" for i in range(len(found.columns)))
    columns = dict(zip(names, found.columns, strict=True))
    table = Table(columns=columns, record=found.taken, outputs=names[:count], positions=True)
    refused = _refused(found.misfits, "column_count") + _refused(found.broken, "not_csv", NOT_CSV)
    return Tables(tables=(table,) if len(found.taken) else (), refused=refused, widths=found.widths)


def _joined(request: pa.StringArray | None, answer: pa.StringArray | None, expected: Expected) -> Split:
    given = [side for side in (answer, request) if side is not None]
    rows = given[0] if len(given) == 1 else pc.binary_join_element_wise(*given, ",")
    return split(rows, len(expected.names) or usual_width(rows))


def _apart(
    request: pa.StringArray | None, answer: pa.StringArray | None, count: int, expected: Expected
) -> Split | None:
    """Both sides without joining them, where each has the same columns in all rows."""
    if request is None or answer is None:
        return None
    width = len(expected.names) - count if expected.names else usual_width(request)
    first = columns_of(answer, count)
    second = columns_of(request, width) if first is not None else None
    if first is None or second is None:
        return None
    return Split(columns=[*first, *second], taken=np.arange(len(answer)), misfits=NONE, had=NONE, broken=NONE)


def csv_side(texts: pa.StringArray, width: int = 0) -> Side:
    """Comma-separated payloads of one or several rows; `width` is the usual one where it is not told."""
    rows, payload = lines(texts)
    found = split(rows, width if width > 0 else usual_width(rows))
    lost = (_refused(payload[found.misfits], "column_count"), _refused(payload[found.broken], "not_csv", NOT_CSV))
    columns = {str(i): column for i, column in enumerate(found.columns)}
    widths = np.full(len(found.taken), len(columns), np.int64)
    part = Rows(columns=columns, payload=payload[found.taken], widths=widths)
    refused = tuple({r.payload: r for r in (*lost[1], *lost[0])}.values())
    return Side(parts=(without(part, _payloads(refused)),), refused=refused, widths=found.widths)


def json_side(found: Read, width: int = 0) -> Side:
    """JSON payloads; where columns have no names all rows must have `width` of them, or as many as most have."""
    bare = [part.widths for part in found.parts if part.widths is not None]
    if bare and not width:
        values, counts = np.unique(np.concatenate(bare), return_counts=True)
        width = int(values[np.argmax(counts)])
    parts, refused, widths = [], list(found.refused), dict[str, int]()
    for part in found.parts:
        wrong = NONE if part.widths is None else np.unique(part.payload[part.widths != width])
        parts.append(_trimmed(without(part, wrong)))
        if part.widths is not None and len(wrong):
            refused += _refused(wrong, "column_count")
            widths = add_counts(widths, Counter(map(str, _widest(part.payload, part.widths, wrong).tolist())))
    kept = tuple(part for part in parts if len(part.payload))
    return Side(parts=kept, refused=tuple(refused), widths=widths)


def _widest(payload: Indices, widths: Indices, chosen: Indices) -> Indices:
    """The number of columns of the widest row of each chosen payload."""
    there = np.isin(payload, chosen)
    widest = np.zeros(len(chosen), np.int64)
    np.maximum.at(widest, np.searchsorted(chosen, payload[there]), widths[there])
    return widest


def side_by_side(request: Side | None, answer: Side | None, expected: Expected) -> Tables:
    """Rows of both sides joined by record; a side that is not there leaves the other alone."""
    given = [side for side in (answer, request) if side is not None]
    refused = tuple({r.payload: r for side in reversed(given) for r in side.refused}.values())
    gone = _payloads(refused)
    ins, outs = ([*_without(side, gone)] if side is not None else None for side in (request, answer))
    if ins is None or outs is None:
        tables = [_table(o, None, expected) for o in outs or ()] + [_table(None, i, expected) for i in ins or ()]
    else:
        tables = [_table(*pair, expected) for o in outs for i in ins if (pair := _pair(o, i)) is not None]
    there = np.concatenate([NONE, *(table.record for table in tables)])
    if ins is not None and outs is not None:
        refused += _differ(outs, ins, there)
    widths = dict[str, int]()
    for side in given:
        widths = add_counts(widths, side.widths)
    return Tables(tables=tuple(table for table in tables if len(table.record)), refused=refused, widths=widths)


def left_over(answer: Side | None, expected: Expected) -> int:
    """How many of the baseline's columns most answers leave to the request; 0 where nothing is expected."""
    if answer is None or not answer.parts:
        return len(expected.names)
    usual = max(answer.parts, key=lambda part: len(part.payload))
    names, _ = _names(usual, expected.names, (), is_answer=True)
    return sum(name not in names for name in expected.names)


def _without(side: Side, gone: Indices) -> list[Rows]:
    return [without(part, gone) for part in side.parts]


def _pair(o: Rows, i: Rows) -> tuple[Rows, Rows] | None:
    """The rows of the records that both parts have, and have equally many of."""
    if np.array_equal(o.payload, i.payload):
        return o, i
    good = _agreeing(o, i)
    return (_ordered(o, good), _ordered(i, good)) if len(good) else None


def _agreeing(o: Rows, i: Rows) -> Indices:
    """The records of which both have equally many rows."""
    records, counts = np.unique(o.payload, return_counts=True)
    others, theirs = np.unique(i.payload, return_counts=True)
    both, mine, yours = np.intersect1d(records, others, assume_unique=True, return_indices=True)
    agreeing: Indices = both[counts[mine] == theirs[yours]]
    return agreeing


def _ordered(part: Rows, records: Indices) -> Rows:
    """The rows of these records, in their order."""
    chosen = _trimmed(only(part, np.isin(part.payload, records)))
    if (np.diff(chosen.payload) >= 0).all():
        return chosen
    order = np.argsort(chosen.payload, kind="stable")
    at = pa.array(order)
    columns = {name: column.take(at) for name, column in chosen.columns.items()}
    widths = None if chosen.widths is None else chosen.widths[order]
    return replace(chosen, columns=columns, payload=chosen.payload[order], widths=widths, lists=None)


def _differ(outs: Sequence[Rows], ins: Sequence[Rows], told: Indices) -> tuple[Refused, ...]:
    """The records whose sides have different numbers of rows."""
    there = np.union1d(*(np.concatenate([NONE, *(p.payload for p in parts)]) for parts in (outs, ins)))
    lost = np.setdiff1d(there, told)
    counts = [dict(zip(*_counted(parts), strict=True)) for parts in (ins, outs)] if len(lost) else []
    return tuple(
        Refused(
            payload=r,
            reason="rows_differ",
            why=f"{counts[0].get(r, 0)} rows in the request, {counts[1].get(r, 0)} in the answer",
        )
        for r in lost.tolist()
    )


NONE = np.zeros(0, np.int64)


def _counted(parts: Sequence[Rows]) -> tuple[list[int], list[int]]:
    records, counts = np.unique(np.concatenate([NONE, *(p.payload for p in parts)]), return_counts=True)
    return records.tolist(), counts.tolist()


def _table(out: Rows | None, into: Rows | None, expected: Expected) -> Table:
    taken = tuple(into.columns) if into is not None and into.widths is None else ()
    out_names, out_placed = _names(out, expected.names, taken, is_answer=True)
    left = tuple(name for name in expected.names if name not in out_names)
    in_names, in_placed = _names(into, left, (), is_answer=False)
    columns = dict(zip(out_names, out.columns.values() if out is not None else (), strict=True))
    columns |= dict(zip(in_names, into.columns.values() if into is not None else (), strict=True))
    record = out.payload if out is not None else into.payload if into is not None else NONE
    return Table(
        columns=columns,
        record=record,
        outputs=tuple(name for name in out_names if name not in in_names),
        positions=out_placed or in_placed,
    )


def _names(
    part: Rows | None, known: Sequence[str], taken: Sequence[str], *, is_answer: bool
) -> tuple[tuple[str, ...], bool]:
    """The columns' names: their own where the baseline knows one of them, else the baseline's by place if that fits.

    An answer takes the baseline's first names, a request all that are left.
    """
    if part is None:
        return (), False
    own = tuple(part.columns) if part.widths is None else ()
    if own and (not known or set(own) & set(known)):
        return own, False
    count = len(part.columns)
    placed = tuple(known[:count])
    if len(placed) == count and not set(placed) & set(taken) and (is_answer or len(known) == count):
        return placed, True
    prefix = "output_" if is_answer else "_c"
    return own or tuple(f"{prefix}{i}" for i in range(count)), not own


def _trimmed(part: Rows) -> Rows:
    """Without the columns that only rows left out have: by their number columns take the baseline's names."""
    if part.widths is None or not len(part.widths):
        return part
    width = int(part.widths.max())
    return replace(part, columns=dict(list(part.columns.items())[:width])) if width < len(part.columns) else part


def _refused(records: Indices, reason: str, why: str = "") -> tuple[Refused, ...]:
    return tuple(Refused(payload=r, reason=reason, why=why) for r in np.unique(records).tolist())


def _payloads(refused: Sequence[Refused]) -> Indices:
    return np.array([r.payload for r in refused], dtype=np.int64)
