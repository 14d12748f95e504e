"""Requests and answers as columns: each side read by its encoding, then put side by side."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import Expected
from monitor.decode.csv_rows import Split, split, usual_width
from monitor.decode.json_rows import objects

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Columns of the records at `taken`; `names` is None where the encoding gives none."""

    columns: list[pa.Array]
    taken: Rows
    names: tuple[str, ...] | None = None
    widths: dict[str, int] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Both sides: named columns, those of the answer first. `positions`: the names are the baseline's, by place."""

    columns: dict[str, pa.Array]
    taken: Rows
    outputs: tuple[str, ...] = ()
    positions: bool = False
    widths: dict[str, int] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)


def read_csv(request: pa.StringArray | None, answer: pa.StringArray | None, expected: Expected) -> Table:
    """Both sides as comma-separated text: joined to one row each, the answer first."""
    given = [side for side in (answer, request) if side is not None]
    rows = given[0] if len(given) == 1 else pc.binary_join_element_wise(*given, ",")
    side = _csv_side(rows, len(expected.names) or usual_width(rows))
    names = expected.names or tuple(f"_c{i}" for i in range(len(side.columns)))
    count = usual_width(answer) if answer is not None else 0
    return Table(
        columns=dict(zip(names, side.columns, strict=True)),
        taken=side.taken,
        outputs=names[:count],
        positions=True,
        widths=side.widths,
        reasons=side.reasons,
    )


def read_mixed(
    request: pa.StringArray | None,
    request_is_json: bool,
    answer: pa.StringArray | None,
    answer_is_json: bool,
    expected: Expected,
) -> Table:
    """Sides of which at least one is JSON: names come from the keys, or from the baseline where there are none."""
    out = _side(answer, answer_is_json, 0, expected)
    into = _side(request, request_is_json, len(expected.names) - len(out.columns), expected)
    taken = (
        np.intersect1d(into.taken, out.taken)
        if answer is not None and request is not None
        else (into if answer is None else out).taken
    )
    out_names = _answer_names(out, into.names or (), expected)
    in_names = into.names if into.names is not None else _left_over(len(into.columns), out_names, expected)
    columns = {}
    for side, names in ((out, out_names), (into, in_names)):
        at = pa.array(np.searchsorted(side.taken, taken))
        columns.update({name: column.take(at) for name, column in zip(names, side.columns, strict=True)})
    return Table(
        columns=columns,
        taken=taken,
        outputs=out_names,
        widths=into.widths,
        reasons=out.reasons + into.reasons,
    )


def _side(rows: pa.StringArray | None, is_json: bool, width: int, expected: Expected) -> Side:
    if rows is None:
        return Side(columns=[], taken=np.zeros(0, np.int64), names=())
    if not is_json:
        return _csv_side(rows, width if width > 0 else usual_width(rows))
    found = objects(rows, expected.texts)
    return Side(
        columns=[found.table[name].combine_chunks() for name in found.table.column_names],
        taken=found.taken,
        names=tuple(found.table.column_names),
        reasons=_reasons(not_a_flat_object=len(found.broken)),
    )


def _csv_side(rows: pa.StringArray, width: int) -> Side:
    found: Split = split(rows, width)
    order = np.argsort(found.taken, kind="stable")
    columns = found.columns
    if len(order) and (np.diff(found.taken) < 0).any():
        columns = [column.take(pa.array(order)) for column in columns]
    reasons = _reasons(column_count=sum(found.widths.values()), not_csv=len(found.broken))
    return Side(columns=columns, taken=found.taken[order], widths=found.widths, reasons=reasons)


def _reasons(**counts: int) -> Counter[str]:
    return Counter({reason: count for reason, count in counts.items() if count})


def _answer_names(out: Side, taken_names: tuple[str, ...], expected: Expected) -> tuple[str, ...]:
    """The baseline's first names where the answer has none that the baseline knows, and the request does not use them."""
    if out.names is not None and (not expected.names or set(out.names) & set(expected.names)):
        return out.names
    first = expected.names[: len(out.columns)]
    if len(first) == len(out.columns) and not set(first) & set(taken_names):
        return first
    return out.names or tuple(f"output_{i}" for i in range(len(out.columns)))


def _left_over(count: int, used: tuple[str, ...], expected: Expected) -> tuple[str, ...]:
    free = tuple(name for name in expected.names if name not in used)
    return free if len(free) == count else tuple(f"_c{i}" for i in range(count))
