"""Rows written as comma-separated text, one string each, into columns of text."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as pacsv

from monitor.payloads.csv_cells import MOST_BYTES, cells
from monitor.payloads.texts import BOM, holds, lines_of, offsets_of, text_of, whole

Indices = NDArray[np.int64]
FIELD = r'(?:"(?:[^"]|"")*"|[^",\r\n][^,\r\n]*|)'
ROW = re.compile(f"({FIELD}(?:,{FIELD})*)(\r?\n|\\Z)")
WELL_FORMED = f"^{FIELD}(?:,{FIELD})*$"
FIELDS = re.compile(f"(?:^|(?<=,)){FIELD}(?=,|\\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """`columns` of the rows at `taken`, ascending; which rows had another number of columns, ascending, and how many;
    rows that are no CSV at all."""

    columns: list[pa.StringArray]
    taken: Indices
    misfits: Indices
    had: Indices
    broken: Indices

    @property
    def widths(self) -> dict[str, int]:
        """How many rows had how many columns, of those with another number."""
        return counts_of(self.had)


def usual_width(rows: pa.StringArray) -> int:
    """The commonest number of columns; the smaller of two equally common; 0 without rows."""
    found = _counts(rows, ",") + 1
    quoted = np.flatnonzero(_is_quoted(rows))
    if len(quoted):
        bare = pc.replace_substring_regex(rows.take(pa.array(quoted)), r'"(?:[^"]|"")*"', "")
        found[quoted] = _counts(bare, ",") + 1
    widths, counts = np.unique(found, return_counts=True)
    return int(widths[np.argmax(counts)]) if len(widths) else 0


def columns_of(rows: pa.StringArray, width: int) -> list[pa.StringArray] | None:
    """The columns where all rows have `width` of them and none is quoted; else None."""
    return None if _is_quoted(rows).any() else cells(rows, width)


def split(rows: pa.StringArray, width: int, *, is_certain: bool = False) -> Split:
    """Columns of the rows that have `width` of them; an empty field is a missing value.

    Rows with quotes must be well-formed, so that no stray quote swallows the rows behind it; `is_certain`: they are
    known to be. Where not as many rows come out of the reader as went in, they are read one by one.
    """
    odd = _is_quoted(rows)
    if odd.all() and len(rows):
        return _quoted(rows, np.arange(len(rows)), width, is_certain=is_certain)
    if not odd.any() and (columns := cells(rows, width)) is not None:
        return Split(columns=columns, taken=np.arange(len(rows)), misfits=NONE, had=NONE, broken=NONE)
    commas = _counts(rows, ",") + 1
    fits = (commas == width) & ~odd
    taken, misfits = np.flatnonzero(fits), np.flatnonzero(~fits & ~odd)
    columns = cells(rows.take(pa.array(taken)), width) or []
    plain = Split(columns=columns, taken=taken, misfits=misfits, had=commas[misfits], broken=NONE)
    return _together(plain, _quoted(rows, np.flatnonzero(odd), width, is_certain=is_certain)) if odd.any() else plain


def _quoted(rows: pa.StringArray, at: Indices, width: int, *, is_certain: bool) -> Split:
    """The same of the rows with quotes, which stand at these places."""
    chosen = rows if len(at) == len(rows) else rows.take(pa.array(at))
    good, broken = at, NONE
    if not is_certain:
        is_good = pc.match_substring_regex(chosen, WELL_FORMED).to_numpy(zero_copy_only=False)
        good, broken = at[is_good], at[~is_good]
        chosen = chosen.filter(pa.array(is_good)) if len(broken) else chosen
    columns, kept, others = _parse_quoted(chosen, width)
    had = np.array(others, np.int64)
    return Split(columns=columns, taken=good[kept], misfits=good[~kept], had=had, broken=broken)


def _together(plain: Split, quoted: Split) -> Split:
    """Both, with the rows in order."""
    taken = np.append(plain.taken, quoted.taken)
    misfits = np.append(plain.misfits, quoted.misfits)
    order, by_misfit = np.argsort(taken, kind="stable"), np.argsort(misfits, kind="stable")
    columns = plain.columns if len(plain.taken) else quoted.columns
    if len(plain.taken) and len(quoted.taken):
        at, pairs = pa.array(order), zip(plain.columns, quoted.columns, strict=True)
        columns = [pa.concat_arrays(pair).take(at) for pair in pairs]
    return Split(
        columns=columns,
        taken=taken[order],
        misfits=misfits[by_misfit],
        had=np.append(plain.had, quoted.had)[by_misfit],
        broken=quoted.broken,
    )


NONE = np.zeros(0, np.int64)
QUOTED = np.frombuffer(b'"\r\n', np.uint8)


def no_columns(rows: pa.StringArray) -> Split:
    """What becomes of rows below a first row that is no CSV: none of them can be read."""
    return Split(columns=[], taken=NONE, misfits=NONE, had=NONE, broken=np.arange(len(rows)))


def counts_of(widths: Indices) -> dict[str, int]:
    """How often each width is there."""
    found, counts = np.unique(widths, return_counts=True)
    return {str(width): int(count) for width, count in zip(found, counts, strict=True)}


def lines(texts: pa.StringArray) -> tuple[pa.StringArray, Indices]:
    """The rows of payloads of one or several lines, and which payload each comes from.

    Line ends at the end of a payload end no row; those inside quotes belong to the value.
    """
    every = np.arange(len(texts))
    if not holds(text_of(texts), (b"\n", b"\r")):
        return texts, every
    texts = trimmed(texts)
    if not holds(text_of(texts), (b"\n",)):
        return texts, every
    counts = _counts(texts, "\n") + 1
    several = every[counts > 1]
    quoted = pc.match_substring(texts.take(pa.array(several)), '"').to_numpy(zero_copy_only=False)
    careful = {index: _lines(texts[index].as_py()) for index in several[quoted].tolist()}
    if quoted.all() and all(len(found) == 1 for found in careful.values()):
        return texts, every
    plain = np.setdiff1d(every, several[quoted])
    rows = trimmed(pc.list_flatten(pc.split_pattern(texts.take(pa.array(plain)), "\n")))
    payload = np.repeat(plain, counts[plain])
    if not careful:
        return rows, payload
    payload = np.concatenate([payload, np.repeat([*careful], [len(found) for found in careful.values()])])
    rows = pa.concat_arrays([rows, pa.array([row for found in careful.values() for row in found], pa.string())])
    order = np.argsort(payload, kind="stable")
    return rows.take(pa.array(order)), payload[order]


def trimmed(texts: pa.StringArray) -> pa.StringArray:
    """Without line ends at the end of each."""
    return pc.utf8_rtrim(texts, characters="\r\n") if holds(text_of(texts), (b"\n", b"\r")) else texts


def _lines(text: str) -> list[str]:
    """The rows of a payload with quotes, each as it is written; the payload as it is where it is no CSV."""
    found, at = [], 0
    while at <= len(text):
        row = ROW.match(text, at)
        if row is None:
            return [text]
        found.append(row[1])
        at = row.end() if row[2] else len(text) + 1
    return found


def _counts(rows: pa.StringArray, sign: str) -> Indices:
    """How often each row holds the sign, of one byte."""
    text = text_of(rows)
    if text.size > MOST_BYTES:  # each place would take a word of memory
        counts: NDArray[np.int32] = pc.count_substring(rows, sign).to_numpy(zero_copy_only=False)
        return counts.astype(np.int64)
    places, offsets = np.flatnonzero(np.frombuffer(text, np.uint8) == ord(sign)), offsets_of(rows).astype(np.int64)
    found: Indices = np.diff(np.searchsorted(places, offsets - offsets[0]))
    return found


def _is_quoted(rows: pa.StringArray) -> NDArray[np.bool_]:
    """Rows that hold a quote or a line end."""
    signs = np.frombuffer(text_of(rows), np.uint8)
    found = np.zeros(len(rows), dtype=bool)
    is_low = signs <= ord('"')  # spaces, line ends and little else
    if is_low.any():
        places = np.flatnonzero(is_low)
        places = places[np.isin(signs[places], QUOTED)]
        offsets = offsets_of(rows).astype(np.int64)
        found[np.searchsorted(offsets[1:] - offsets[0], places, side="right")] = True
    return found


def _parse_quoted(rows: pa.StringArray, width: int) -> tuple[list[pa.Array], NDArray[np.bool_], list[int]]:
    """Columns of well-formed rows that have this width, which rows these are, and the widths of the others."""
    kept, others = np.ones(len(rows), dtype=bool), []

    def skip(row: pacsv.InvalidRow) -> str:
        kept[row.number - 1] = False
        others.append(int(row.actual_columns))
        return "skip"

    columns = _read(
        rows, width, pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip)
    )
    if columns is None or len(columns[0]) != kept.sum():
        return one_by_one(rows, width)
    return columns, kept, others


def one_by_one(rows: pa.StringArray, width: int) -> tuple[list[pa.Array], NDArray[np.bool_], list[int]]:
    """The same for well-formed rows, without the reader: for a block of which it cannot be proved that as many rows
    came out as went in."""
    fields = [[unquoted(field) for field in FIELDS.findall(row)] for row in rows.to_pylist()]
    kept = np.array([len(row) == width for row in fields], dtype=bool)
    chosen = [row for row in fields if len(row) == width]
    columns = [pa.array([row[place] for row in chosen], pa.string()) for place in range(width)]
    return columns, kept, [len(row) for row in fields if len(row) != width]


def unquoted(field: str) -> str | None:
    """The value of a field; an empty one is missing.

    >>> unquoted('"say ""x"" twice"'), unquoted("007"), unquoted("")
    ('say "x" twice', '007', None)
    """
    return (field[1:-1].replace('""', '"') if field[:1] == '"' else field) or None


@cache
def _pool() -> pa.MemoryPool:
    """Memory for the reader's columns. It asks for as much for each as the whole text has and gives most of it back,
    which the C library's allocator answers with holes: three times the memory for 50 columns."""
    return pa.mimalloc_memory_pool() if "mimalloc" in pa.supported_memory_backends() else pa.default_memory_pool()


def _read(rows: pa.StringArray, width: int, options: pacsv.ParseOptions) -> list[pa.Array] | None:
    """What the reader makes of the rows; None where it refuses them."""
    if len(rows) == 0:
        return [pa.array([], pa.string())] * width
    text = lines_of(rows)
    if bytes(text[: len(BOM)]) == BOM:  # the reader would take the mark of UTF-8 away
        text = pa.py_buffer(BOM + text.to_pybytes())
    names = [str(i) for i in range(width)]
    size = max(text.size + 64, 1 << 16)
    try:
        table = pacsv.read_csv(
            pa.BufferReader(text),
            memory_pool=_pool(),
            read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=size),
            parse_options=options,
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [whole(column) for column in table.columns]
