"""Requests and answers as columns: each side read by its encoding, then put side by side."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import Expected
from monitor.decode.csv_rows import Split, split, usual_width
from monitor.decode.json_rows import objects
from monitor.decode.payload import whole
from monitor.profile import add_counts

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Columns of the records at `taken`, the others by reason; `names` is None where the encoding gives none."""

    columns: list[pa.Array]
    taken: Rows
    names: tuple[str, ...] | None = None
    widths: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, Rows] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Both sides: named columns, those of the answer first. `positions`: the names are the baseline's, by place."""

    columns: dict[str, pa.Array]
    taken: Rows
    outputs: tuple[str, ...] = ()
    positions: bool = False
    widths: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, Rows] = field(default_factory=dict)


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
        rejected=side.rejected,
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
    known = _side(request, True, 0, expected) if request_is_json else None
    out_names = _answer_names(out, (known.names if known else None) or (), expected)
    left = sum(name not in out_names for name in expected.names)
    into = known or _side(request, False, left, expected)
    in_names = into.names if into.names is not None else _left_over(len(into.columns), out_names, expected)
    taken, rejected = _paired(out, into, answer is not None, request is not None)
    columns = {}
    for side, names in ((out, out_names), (into, in_names)):
        at = pa.array(np.searchsorted(side.taken, taken))
        columns.update({name: column.take(at) for name, column in zip(names, side.columns, strict=True)})
    if not columns and len(taken):  # objects without keys
        rejected["no_payload"], taken = taken, taken[:0]
    return Table(
        columns=columns,
        taken=taken,
        outputs=tuple(name for name in out_names if name not in in_names),
        widths=add_counts(out.widths, into.widths),
        rejected=rejected,
    )


def _paired(out: Side, into: Side, has_answer: bool, has_request: bool) -> tuple[Rows, dict[str, Rows]]:
    """The records that no side rejects, and the others by reason: the answer's where both sides reject one."""
    if not (has_answer and has_request):
        side = out if has_answer else into
        return side.taken, dict(side.rejected)
    lost = np.concatenate([*out.rejected.values(), np.zeros(0, np.int64)])
    rejected = dict(out.rejected)
    for reason, rows in into.rejected.items():
        also = np.setdiff1d(rows, lost)
        if len(also):
            rejected[reason] = np.union1d(rejected.get(reason, also), also)
    return np.intersect1d(into.taken, out.taken), rejected


def _side(rows: pa.StringArray | None, is_json: bool, width: int, expected: Expected) -> Side:
    if rows is None:
        return Side(columns=[], taken=np.zeros(0, np.int64), names=())
    if not is_json:
        return _csv_side(rows, width if width > 0 else usual_width(rows))
    found = objects(rows, expected.texts)
    return Side(
        columns=[whole(column) for column in found.table.columns],
        taken=found.taken,
        names=tuple(found.table.column_names),
        rejected=_by_reason(not_a_flat_object=found.broken),
    )


def _csv_side(rows: pa.StringArray, width: int) -> Side:
    found: Split = split(rows, width)
    order = np.argsort(found.taken, kind="stable")
    columns = found.columns
    if len(order) and (np.diff(found.taken) < 0).any():
        columns = [column.take(pa.array(order)) for column in columns]
    others = np.ones(len(rows), dtype=bool)
    others[found.taken] = others[found.broken] = False
    rejected = _by_reason(column_count=np.flatnonzero(others), not_csv=found.broken)
    return Side(columns=columns, taken=found.taken[order], widths=found.widths, rejected=rejected)


def _by_reason(**rows: Rows) -> dict[str, Rows]:
    return {reason: at for reason, at in rows.items() if len(at)}


def _answer_names(out: Side, taken_names: tuple[str, ...], expected: Expected) -> tuple[str, ...]:
    """The baseline's first names, where it knows none of the answer's and the request does not use them."""
    if out.names is not None and (not expected.names or set(out.names) & set(expected.names)):
        return out.names
    first = expected.names[: len(out.columns)]
    if len(first) == len(out.columns) and not set(first) & set(taken_names):
        return first
    return out.names or tuple(f"output_{i}" for i in range(len(out.columns)))


def _left_over(count: int, used: tuple[str, ...], expected: Expected) -> tuple[str, ...]:
    free = tuple(name for name in expected.names if name not in used)
    return free if len(free) == count else tuple(f"_c{i}" for i in range(count))
