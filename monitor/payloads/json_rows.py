"""Payloads written as JSON, one text each, to rows with columns."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.json_columns import column_of, columns_of
from monitor.payloads.json_exact import beyond, inexact
from monitor.payloads.json_pieces import MOST_CELLS
from monitor.payloads.json_shape import Rows, Shaped, shaped
from monitor.payloads.json_text import parse
from monitor.payloads.json_value import Misfit, Row, Value, loaded, value_of
from monitor.payloads.texts import holds, text_of
from monitor.sizes import STANDARD, Sizes

Indices = NDArray[np.int64]
EMPTY = "an empty list or object"
NEXT_LINE = r"\}[ \t]*\r?\n\s*\{"  # between two objects: JSON allows no line end inside a string


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A payload that gives no rows: its number, the reason to count it under, and why."""

    payload: int
    reason: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Rows, in parts of one shape each, and the payloads that give none. Every payload is in one of them."""

    parts: tuple[Rows, ...]
    refused: tuple[Refused, ...]


def read(texts: pa.StringArray, *, as_text: Collection[str] = (), sizes: Sizes = STANDARD) -> Read:
    """The rows of all payloads. Columns hold int64, double, bool or text; a key that a row lacks is a missing value.

    `as_text` names columns that are counted as text: numbers in them keep all their digits. Payloads that do not parse
    together with the others take the careful path one by one, to the same rows; numbers beside texts become texts.
    """
    values = _listed(texts)
    parsed = parse(values, sizes.depth, columns=sizes.columns)
    found = Shaped()
    for piece in parsed.pieces:
        found += shaped(piece.values, piece.at, sizes.columns)
    parts, aside = _exact(found.rows, np.concatenate([_inexact(found.rows, as_text), _blank(found.rows)]))
    careful = np.unique(np.concatenate([parsed.odd, found.left, aside]))
    refused = [Refused(payload=i, reason="no_payload", why=EMPTY) for i in found.empty.tolist()]
    why = f"more than {sizes.depth} brackets inside each other (limit `depth`)"
    refused += [Refused(payload=i, reason="too_deep", why=why) for i in parsed.too_deep.tolist()]
    kept, lost = _careful(texts, careful, as_text, sizes)
    together = _together([*parts, *kept], as_text)
    return Read(parts=tuple(together), refused=tuple(sorted([*refused, *lost], key=lambda r: r.payload)))


def read_values(values: pa.Array, *, as_text: Collection[str] = (), sizes: Sizes = STANDARD) -> Read:
    """The rows of values that came nested, not as text."""
    found = shaped(values, np.arange(len(values)), sizes.columns)
    left = np.unique(found.left)
    texts = [json.dumps(values[index].as_py()) for index in left.tolist()]
    kept, lost = _careful(pa.array(texts, pa.string()), np.arange(len(left)), as_text, sizes)
    again = renumbered(Read(parts=tuple(kept), refused=tuple(lost)), left)
    refused = [Refused(payload=i, reason="no_payload", why=EMPTY) for i in found.empty.tolist()]
    return Read(parts=tuple(_together([*found.rows, *again.parts], as_text)), refused=(*refused, *again.refused))


def read_odd(found: Sequence[tuple[int, Any]], *, as_text: Collection[str] = (), sizes: Sizes = STANDARD) -> Read:
    """The rows of values that were read one by one, each with its number."""
    refused: list[Refused] = []
    values: list[tuple[int, Value]] = []
    for number, value in found:
        try:
            values.append((number, value_of(value, sizes)))
        except Misfit as misfit:
            refused.append(Refused(payload=number, reason=misfit.reason, why=misfit.why))
    kept, too_many = _bounded(values, as_text, sizes)
    return Read(parts=tuple(kept), refused=(*refused, *too_many))


def renumbered(found: Read, numbers: Indices) -> Read:
    """The same rows, payload i called numbers[i]."""
    return Read(
        parts=tuple(
            replace(
                part,
                payload=numbers[part.payload],
                lists=None if part.lists is None else (part.lists[0], numbers[part.lists[1]]),
            )
            for part in found.parts
        ),
        refused=tuple(replace(r, payload=int(numbers[r.payload])) for r in found.refused),
    )


def together(reads: Sequence[Read], as_text: Collection[str] = ()) -> Read:
    """Several reads of different payloads as one."""
    return Read(
        parts=tuple(_together([part for one in reads for part in one.parts], as_text)),
        refused=tuple(r for one in reads for r in one.refused),
    )


def _listed(texts: pa.StringArray) -> pa.StringArray:
    """JSON Lines payloads (objects line by line) as a list of them."""
    if not holds(text_of(texts), (b"\n",)):
        return texts
    several = pc.match_substring_regex(texts, NEXT_LINE)
    if not several.true_count:
        return texts
    # The tab makes sure that two lines of a broken string do not become a whole one.
    lists = pc.binary_join_element_wise("[", pc.replace_substring_regex(texts, NEXT_LINE, "},\t{"), "]", "")
    return pc.if_else(several, lists, texts)


def _exact(parts: Sequence[Rows], aside: Indices) -> tuple[list[Rows], Indices]:
    """The parts without these payloads, and which they are."""
    aside = np.unique(aside)
    return [without(part, aside) for part in parts] if len(aside) else list(parts), aside


def _inexact(parts: Sequence[Rows], as_text: Collection[str]) -> Indices:
    """The payloads whose numbers have lost digits that matter: in columns that count as text, or may: without names."""
    lost = [np.zeros(0, np.int64)]
    for part in parts:
        for name, column in part.columns.items():
            if pa.types.is_floating(column.type) and name in as_text:
                lost.append(part.payload[inexact(column)])
            elif pa.types.is_floating(column.type) and as_text and part.widths is not None:
                lost.append(part.payload[beyond(column)])
    return np.concatenate(lost)


def _blank(parts: Sequence[Rows]) -> Indices:
    """The payloads in which nothing but nulls was found: beside others, a key that is not there looks the same."""
    found = [np.zeros(0, np.int64)]
    for part in parts:
        blank = np.full(len(part.payload), part.lists is None)
        for column in part.columns.values():
            if not blank.any():
                break
            blank &= column.is_null().to_numpy(zero_copy_only=False)
        found.append(np.setdiff1d(part.payload[blank], part.payload[~blank]))
    return np.concatenate(found)


def without(part: Rows, gone: Indices) -> Rows:
    """The rows that come from other payloads than these."""
    return only(part, ~np.isin(part.payload, gone))


def only(part: Rows, kept: NDArray[np.bool_]) -> Rows:
    """The rows that are kept, whole payloads of them."""
    if kept.all():
        return part
    at = pa.array(np.flatnonzero(kept))
    lists = part.lists
    if lists is not None:
        there = np.isin(lists[1], part.payload[kept])
        lists = (lists[0].filter(pa.array(there)), lists[1][there])
    return Rows(
        columns={name: column.take(at) for name, column in part.columns.items()},
        payload=part.payload[kept],
        widths=None if part.widths is None else part.widths[kept],
        lists=lists,
    )


def _careful(
    texts: pa.StringArray, at: Indices, as_text: Collection[str], sizes: Sizes
) -> tuple[list[Rows], list[Refused]]:
    """These payloads one by one."""
    refused: list[Refused] = []
    found: list[tuple[int, Any]] = []
    for index in at.tolist():
        try:
            found.append((index, loaded(texts[index].as_py(), sizes.depth, sizes.values)))
        except Misfit as misfit:
            refused.append(Refused(payload=index, reason=misfit.reason, why=misfit.why))
    kept = read_odd(found, as_text=as_text, sizes=sizes)
    return list(kept.parts), refused + list(kept.refused)


def _bounded(
    found: Sequence[tuple[int, Value]], as_text: Collection[str], sizes: Sizes
) -> tuple[list[Rows], list[Refused]]:
    """The rows of values read one by one; where all their names make too many columns, of those with common names."""
    refused: list[Refused] = []
    names = Counter(name for _, value in found for name in {name for row in value.rows for name in row})
    most = min(sizes.columns, MOST_CELLS // max(len(found), 1))
    if len(names) > most:
        why = f"{len(names)} in {len(found)} odd records together, more than may be (limit `columns`: {sizes.columns})"
        common = {name for name, _ in names.most_common(most)}
        fits = [common.issuperset(name for row in value.rows for name in row) for _, value in found]
        refused = [
            Refused(payload=i, reason="too_many_columns", why=why)
            for (i, _), fit in zip(found, fits, strict=True)
            if not fit
        ]
        found = list(compress(found, fits))
    kinds: dict[tuple[bool, bool], list[tuple[int, Value]]] = {}
    for index, value in found:
        kinds.setdefault((value.is_named, value.other is not None), []).append((index, value))
    return [_rows_of(members, as_text) for members in kinds.values()], refused


def _rows_of(members: Sequence[tuple[int, Value]], as_text: Collection[str]) -> Rows:
    rows = [row for _, value in members for row in value.rows]
    payload = np.repeat([index for index, _ in members], [len(value.rows) for _, value in members])
    is_named = members[0][1].is_named
    lists = None
    if members[0][1].other is not None:
        plain = [_plain(value.rows) for _, value in members]
        flat = column_of([item for values in plain for item in values])
        offsets = np.cumsum([0, *map(len, plain)])
        lists = (pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat), np.array([i for i, _ in members]))
    return Rows(
        columns=columns_of(rows, as_text, is_named=is_named),
        payload=payload.astype(np.int64),
        widths=None if is_named else np.array([len(row) for row in rows], np.int64),
        lists=lists,
    )


def _plain(rows: Sequence[Row]) -> list[Any]:
    """The list that was read as one row, or as a row each."""
    return [item for row in rows for item in row.values()]


def _together(parts: Sequence[Rows], as_text: Collection[str]) -> list[Rows]:
    """Parts of one form whose types fit each other as one, in the order of their payloads."""
    groups: list[Rows] = []
    for part in parts:
        if not len(part.payload):
            continue
        for place, known in enumerate(groups):
            both = _united(known, part, as_text)
            if both is not None:
                groups[place] = both
                break
        else:
            groups.append(part)
    return [replace(part, columns={n: _told(column) for n, column in part.columns.items()}) for part in groups]


def _told(column: pa.Array) -> pa.Array:
    """A column of nothing but nulls as text."""
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column


def _united(a: Rows, b: Rows, as_text: Collection[str]) -> Rows | None:
    if a.lists is not None or b.lists is not None or (a.widths is None) != (b.widths is None):
        return None
    if any(a.columns[name].type != b.columns[name].type for name in {*a.columns} & {*b.columns} & {*as_text}):
        return None  # as a fraction a whole number may lose digits
    if len({*a.columns, *b.columns}) * (len(a.payload) + len(b.payload)) > MOST_CELLS:
        return None
    try:
        tables = [pa.table(dict(part.columns)) for part in (a, b)]
        table = pa.concat_tables(tables, promote_options="permissive").combine_chunks()
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return None
    payload = np.concatenate([a.payload, b.payload])
    order = np.argsort(payload, kind="stable")
    table = table.take(pa.array(order))
    widths = None if a.widths is None or b.widths is None else np.concatenate([a.widths, b.widths])[order]
    columns: Mapping[str, pa.Array] = {name: table[name].combine_chunks() for name in table.column_names}
    return replace(a, columns=columns, payload=payload[order], widths=widths)
