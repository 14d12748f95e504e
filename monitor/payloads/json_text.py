"""JSON texts, one value each, to nested Arrow arrays: all at once, with the odd ones cut out.

pyarrow's reader stops at the first text that does not fit (broken, a key twice, a number where the others have a
text), and says which. That text is set aside and reading goes on behind it, so that each text is read twice at most.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import json as pajson

from monitor.payloads.json_alike import read_alike
from monitor.payloads.json_depth import deep, wide
from monitor.payloads.json_pieces import Piece, by_type
from monitor.payloads.texts import holds, offsets_of, text_of
from monitor.sizes import STANDARD

Indices = NDArray[np.int64]
SLICE_BYTES, SLICE_TEXTS = 512 << 10, 1024  # read at a time: every key that is new makes a column as long as the slice
FEW = 16  # texts that are set aside together where nobody says which of them is odd
FEW_UNUSUAL = 1 / 50  # of the texts
MOST_CUTS = 1 / 20  # of the texts; beyond, all that are left are set aside
ROW = re.compile(r" in row (\d+)$")
NONE = np.zeros(0, np.int64)
SPACES = (ord(" "), ord("\t"))
SHORTEST_OBJECT = len('{"":1}')  # that has a key
VALUE = "value"
OPENING = '{"value":'
# What a value is, by its first byte; an array also by the first byte of what is in it. 0: no value.
OBJECT, ARRAY = 1, 16
KINDS = np.zeros(256, np.uint8)
for _kind, _signs in enumerate(("{", '"', "tf", "n", "-0123456789", "["), start=OBJECT):
    KINDS[list(_signs.encode())] = _kind
KINDS[ord("[")] = ARRAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Pieces by type; the texts that fit none, for the careful path; those nested deeper than is safe."""

    pieces: tuple[Piece, ...]
    odd: Indices
    too_deep: Indices


def parse(
    texts: pa.StringArray, depth: int, schema: pa.Schema | None = None, columns: int = STANDARD.columns
) -> Parsed:
    """The values of all texts (none of them null); which texts stand together in a piece follows from their types.

    With a `schema` the values are objects with these keys, and others are passed over. Texts that would bring more
    than so many `columns` are set aside.
    """
    if holds(text_of(texts), (b"\n", b"\r")):  # a tab: between tokens it is as good, inside a string as wrong
        texts = pc.replace_substring_regex(texts, "[\r\n]", "\t")
    if any(np.isin(signs, SPACES).any() for signs in _ends(texts)):
        texts = pc.utf8_trim(texts, " \t")
    is_deep = deep(texts, depth)
    kinds = _kinds(texts, columns if schema is None else None)
    odd = [np.flatnonzero((kinds == 0) & ~is_deep)]
    pieces: list[Piece] = []
    names = set[str]()

    def take(found: Sequence[Piece], part: Indices, aside: Indices) -> None:
        names.update(*(_names(piece.values.type) for piece in found))
        if len(names) > columns:
            odd.append(part)
        else:
            odd.append(part[aside])
            pieces.extend(Piece(values=piece.values, at=part[piece.at]) for piece in found)

    for kind in np.unique(kinds[(kinds > 0) & ~is_deep]).tolist():
        at = np.flatnonzero((kinds == kind) & ~is_deep)
        if schema is None:
            quick, rest = read_alike(_chosen(texts, at))
            for piece in quick:
                take([replace(piece, at=np.arange(len(piece.at)))], at[piece.at], NONE)
            at = at[rest]
        for part in _slices(texts, at) if schema is None else [at]:
            if len(names) > columns:  # what follows is as absurd, and costs more with every column
                odd.append(part)
            else:
                take(*_of_part(texts, part, is_wrapped=kind != OBJECT, schema=schema))
    return Parsed(pieces=tuple(by_type(pieces)), odd=np.sort(np.concatenate(odd)), too_deep=np.flatnonzero(is_deep))


def _kinds(texts: pa.StringArray, columns: int | None) -> Indices:
    """What each text is, by `KINDS`; without a limit of columns only what may be a record of a schema."""
    first, last = _ends(texts)
    kinds = np.where((first == ord("{")) & (last != ord("}")), np.uint8(0), KINDS[first]).astype(np.int64)
    if columns is not None:
        kinds[wide(texts, columns)] = 0
    kinds[kinds == ARRAY] += KINDS[_byte(texts, offsets_of(texts)[:-1].astype(np.int64) + 1)][kinds == ARRAY]
    if columns is not None:
        kinds[(kinds == OBJECT) & (np.diff(offsets_of(texts)) < SHORTEST_OBJECT)] = 0
    else:
        kinds[(kinds != OBJECT) | _unusual(texts)] = 0
    return kinds


def _of_part(
    texts: pa.StringArray, part: Indices, *, is_wrapped: bool, schema: pa.Schema | None
) -> tuple[list[Piece], Indices, Indices]:
    found, aside = _read(_chosen(texts, part), is_wrapped, schema)
    return found, part, aside


def _unusual(texts: pa.StringArray) -> NDArray[np.bool_]:
    """The few texts that have not as many quotes as nearly all have: most of those that do not fit, before the reader
    stops at them."""
    quotes = np.flatnonzero(np.frombuffer(text_of(texts), np.uint8) == ord('"'))
    offsets = offsets_of(texts).astype(np.int64)
    counts = np.diff(np.searchsorted(quotes, offsets - offsets[0]))
    is_other = counts != np.bincount(counts, minlength=1).argmax()
    return is_other if is_other.sum() <= FEW_UNUSUAL * len(texts) else np.zeros(len(texts), dtype=bool)


def _names(kind: pa.DataType, prefix: str = "") -> Iterator[str]:
    """The dotted names of what is in an object."""
    if pa.types.is_list(kind):
        yield from _names(kind.value_type, prefix)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _names(field.type, f"{prefix}{field.name}.")
    else:
        yield prefix


def _ends(texts: pa.StringArray) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """First and last byte of each text, 0 where it is empty."""
    offsets = offsets_of(texts).astype(np.int64)
    return _byte(texts, offsets[:-1]), _byte(texts, offsets[1:] - 1)


def _byte(texts: pa.StringArray, at: Indices) -> NDArray[np.uint8]:
    """The byte at each of these places, 0 where it lies outside its text."""
    offsets = offsets_of(texts).astype(np.int64)
    codes = np.frombuffer(text_of(texts), np.uint8)
    found = np.zeros(len(texts), np.uint8)
    inside = np.flatnonzero((at >= offsets[:-1]) & (at < offsets[1:]))
    found[inside] = codes[at[inside] - offsets[0]]
    return found


def _slices(texts: pa.StringArray, at: Indices) -> Iterator[Indices]:
    """These texts, a part at a time."""
    if len(at):
        sizes = np.diff(offsets_of(texts).astype(np.int64))[at]
        cuts = np.flatnonzero(np.diff(np.cumsum(sizes) // SLICE_BYTES) | (np.arange(1, len(at)) % SLICE_TEXTS == 0)) + 1
        yield from np.split(at, cuts)


def _chosen(texts: pa.StringArray, at: Indices) -> pa.StringArray:
    if len(at) == len(texts):
        return texts
    is_stretch = len(at) and at[-1] - at[0] == len(at) - 1
    return texts.slice(int(at[0]), len(at)) if is_stretch else texts.take(pa.array(at))


def _read(texts: pa.StringArray, is_wrapped: bool, schema: pa.Schema | None) -> tuple[list[Piece], Indices]:
    """Pieces of these texts, and those set aside."""
    parts = (OPENING, texts, "}\n") if is_wrapped else (texts, "\n")
    lines = pc.binary_join_element_wise(*parts, "")
    pieces: list[Piece] = []
    odd: list[Indices] = [np.zeros(0, np.int64)]
    waiting = [(np.arange(len(texts)), True)]
    while waiting:
        at, is_first = waiting.pop()
        found, start, stretches, aside = _scanned(_chosen(lines, at), is_wrapped, schema)
        odd.append(at[aside])
        if found is not None:
            pieces.append(Piece(values=_values(found, is_wrapped), at=at[start:]))
        if sum(map(len, odd)) > _most_cuts(len(texts)) or (not len(aside) and len(at) <= FEW):
            odd += [at[stretch] for stretch in stretches]
        elif stretches and not len(aside):
            waiting += [(half, False) for half in np.array_split(at, 2)]
        elif stretches and is_first:  # what is left probably fits together
            waiting.append((at[np.concatenate(stretches)], False))
        else:
            waiting += [(at[stretch], False) for stretch in stretches]
    return pieces, np.sort(np.concatenate(odd))


def _most_cuts(count: int) -> float:
    return FEW + MOST_CUTS * count


def _scanned(
    lines: pa.StringArray, is_wrapped: bool, schema: pa.Schema | None
) -> tuple[pa.Table | None, int, list[Indices], Indices]:
    """The table of the lines behind the last odd one, if they fit, and where they start; stretches before, that fit;
    and which lines do not, as far as that is told.

    The longest stretch comes first: it says what the others have to fit.
    """
    aside: list[int] = []
    start, table = 0, None
    while start < len(lines) and len(aside) <= _most_cuts(len(lines)):
        table, bad = _table(lines[start:], is_wrapped, schema)
        if bad is None:
            break
        aside.append(start + bad)
        start += bad + 1
    edges = np.array([-1, *aside, *([] if table is not None else [len(lines)])])
    stretches = [np.arange(a + 1, b) for a, b in pairwise(edges.tolist())]
    stretches.sort(key=len, reverse=True)
    return table, start, [stretch for stretch in stretches if len(stretch)], np.array(aside, dtype=np.int64)


def _values(table: pa.Table, is_wrapped: bool) -> pa.Array:
    return table.column(0).combine_chunks() if is_wrapped else _structs(table)


def _structs(table: pa.Table) -> pa.StructArray:
    if table.num_columns == 0:
        return pa.array([{}] * table.num_rows, pa.struct([]))
    return table.to_struct_array().combine_chunks() if table.num_rows else pa.array([], pa.struct(table.schema))


def _table(lines: pa.StringArray, is_wrapped: bool, schema: pa.Schema | None) -> tuple[pa.Table | None, int | None]:
    """The table of these lines, if each of them is one value; else which of them is odd, if that is known."""
    try:
        table = _json(lines, schema)
        if table.num_rows != len(lines) or (is_wrapped and table.column_names != [VALUE]):
            return None, None
        # A text that looks like a time stays a text.
        plain = _plain(table.schema)
        if plain.equals(table.schema) and _is_valid(table):
            return table, None
        table = _json(lines, _plain(table.schema, also_null=not _is_valid(table)))
        return (table if _is_valid(table) else None), None
    except pa.ArrowInvalid as error:
        row = ROW.search(str(error))
        return None, int(row[1]) if row and int(row[1]) < len(lines) else None
    except pa.ArrowNotImplementedError:
        return None, None


def _json(lines: pa.StringArray, schema: pa.Schema | None) -> pa.Table:
    text = text_of(lines)
    return pajson.read_json(
        pa.BufferReader(text),
        read_options=pajson.ReadOptions(use_threads=False, block_size=text.size + 64),
        parse_options=pajson.ParseOptions(
            explicit_schema=schema, unexpected_field_behavior="ignore" if schema is not None else "infer"
        ),
    )


def _is_valid(table: pa.Table) -> bool:
    """Whether pyarrow has read what is there: of a list that begins with several nulls it may lose some, unless it is
    told the type beforehand."""
    try:
        table.validate()
    except pa.ArrowInvalid:
        return False
    return True


def _plain(schema: pa.Schema, *, also_null: bool = False) -> pa.Schema:
    """The same with texts in the place of times, and of what is always missing if that is asked for."""
    return pa.schema([(field.name, _without_times(field.type, also_null)) for field in schema])


def _without_times(kind: pa.DataType, also_null: bool) -> pa.DataType:
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _without_times(field.type, also_null)) for field in kind])
    if pa.types.is_list(kind):
        return pa.list_(_without_times(kind.value_type, also_null))
    return pa.string() if pa.types.is_temporal(kind) or (also_null and pa.types.is_null(kind)) else kind
