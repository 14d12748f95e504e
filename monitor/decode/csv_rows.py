"""Rows written as comma-separated text, one string each, into columns of text."""

import csv
import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as pacsv

from monitor.decode.payload import BOM, holds, lines_of, text_of, whole

Indices = NDArray[np.int64]
FIELD = r'(?:"(?:[^"]|"")*"|[^",\r\n][^,\r\n]*|)'
WELL_FORMED = f"^{FIELD}(?:,{FIELD})*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """`columns` of the rows at `taken`, ascending; how many columns others had, by count, and which they are; rows that
    are no CSV at all."""

    columns: list[pa.Array]
    taken: Indices
    widths: dict[str, int]
    misfits: Indices
    broken: Indices


def usual_width(rows: pa.StringArray) -> int:
    """The commonest number of columns; the smaller of two equally common; 0 without rows."""
    found = _commas(rows) + 1
    quoted = np.flatnonzero(_is_quoted(rows))
    if len(quoted):
        bare = pc.replace_substring_regex(rows.take(pa.array(quoted)), r'"(?:[^"]|"")*"', "")
        found[quoted] = _commas(bare) + 1
    widths, counts = np.unique(found, return_counts=True)
    return int(widths[np.argmax(counts)]) if len(widths) else 0


def split(rows: pa.StringArray, width: int) -> Split:
    """Columns of the rows that have `width` of them; an empty field is a missing value.

    Rows with quotes must be well-formed, so that no stray quote swallows the rows behind it; and it is proved that as
    many rows came out as went in.
    """
    odd = _is_quoted(rows)
    commas = _commas(rows) + 1
    fits = (commas == width) & ~odd
    if fits.all():
        return Split(columns=_parse(rows, width), taken=np.arange(len(rows)), widths={}, misfits=NONE, broken=NONE)
    plain = np.flatnonzero(fits)
    counts = dict(zip(*(part.tolist() for part in np.unique(commas[~fits & ~odd], return_counts=True)), strict=True))
    misfits = [np.flatnonzero(~fits & ~odd)]
    parts = [(_parse(rows.take(pa.array(plain)), width), plain)]
    broken = NONE
    quoted = np.flatnonzero(odd)
    if len(quoted):
        chosen = rows.take(pa.array(quoted))
        is_good = pc.match_substring_regex(chosen, WELL_FORMED).to_numpy(zero_copy_only=False)
        broken = quoted[~is_good]
        columns, kept, others = _parse_quoted(chosen.filter(pa.array(is_good)), width)
        good = quoted[is_good]
        parts.append((columns, good[kept]))
        misfits.append(good[~kept])
        for other in others:
            counts[other] = counts.get(other, 0) + 1
    columns, taken = _in_order(parts)
    return Split(
        columns=columns,
        taken=taken,
        widths={str(w): n for w, n in sorted(counts.items())},
        misfits=np.sort(np.concatenate(misfits)),
        broken=broken,
    )


NONE = np.zeros(0, np.int64)


def no_columns(rows: pa.StringArray) -> Split:
    """What becomes of rows below a first row that is no CSV: none of them can be read."""
    return Split(columns=[], taken=NONE, widths={}, misfits=NONE, broken=np.arange(len(rows)))


def lines(texts: pa.StringArray) -> tuple[pa.StringArray, Indices]:
    """The rows of payloads of one or several lines, and which payload each comes from.

    Line ends at the end of a payload end no row; those inside quotes belong to the value.
    """
    texts = trimmed(texts)
    every = np.arange(len(texts))
    if not holds(text_of(texts), (b"\n",)):
        return texts, every
    counts = pc.count_substring(texts, "\n").to_numpy(zero_copy_only=False).astype(np.int64) + 1
    quoted = (counts > 1) & pc.match_substring(texts, '"').to_numpy(zero_copy_only=False)
    parts = pc.split_pattern(texts, "\n")
    if quoted.any():
        careful = {i: _lines(texts[i].as_py()) for i in np.flatnonzero(quoted).tolist()}
        counts[quoted] = [len(found) for found in careful.values()]
        parts = pa.array([careful.get(i, part) for i, part in enumerate(parts.to_pylist())], pa.list_(pa.string()))
    return trimmed(pc.list_flatten(parts)), np.repeat(every, counts)


def trimmed(texts: pa.StringArray) -> pa.StringArray:
    """Without line ends at the end of each."""
    return pc.utf8_rtrim(texts, characters="\r\n") if holds(text_of(texts), (b"\n", b"\r")) else texts


def _lines(text: str) -> list[str]:
    """The rows of a payload with quotes, each as text again; the payload as it is where it is no CSV."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return [text]
    written = io.StringIO(newline="")
    found = []
    for row in rows:
        csv.writer(written, lineterminator="").writerow(row)
        found.append(written.getvalue())
        written.seek(0)
        written.truncate()
    return found


def _commas(rows: pa.StringArray) -> Indices:
    counts: NDArray[np.int32] = pc.count_substring(rows, ",").to_numpy(zero_copy_only=False)
    return counts.astype(np.int64)


def _is_quoted(rows: pa.StringArray) -> NDArray[np.bool_]:
    """Rows that hold a quote or a line end."""
    if not holds(text_of(rows), (b'"', b"\n", b"\r")):
        return np.zeros(len(rows), dtype=bool)
    found: NDArray[np.bool_] = pc.match_substring_regex(rows, '["\r\n]').to_numpy(zero_copy_only=False)
    return found


def _parse(rows: pa.StringArray, width: int) -> list[pa.Array]:
    """Columns of rows without quotes, all of this width."""
    columns = _read(rows, width, pacsv.ParseOptions(quote_char=False, ignore_empty_lines=False))
    if len(columns[0]) != len(rows):
        raise AssertionError(f"{len(rows)} payload rows became {len(columns[0])}")
    return columns


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
    if len(columns[0]) != kept.sum():
        raise AssertionError(f"{len(rows)} payload rows became {len(columns[0])} and {len(others)} of other widths")
    return columns, kept, others


def _read(rows: pa.StringArray, width: int, options: pacsv.ParseOptions) -> list[pa.Array]:
    if len(rows) == 0:
        return [pa.array([], pa.string())] * width
    text = lines_of(rows)
    if bytes(text[: len(BOM)]) == BOM:  # the reader would take the mark of UTF-8 away
        text = pa.py_buffer(BOM + text.to_pybytes())
    names = [str(i) for i in range(width)]
    table = pacsv.read_csv(
        pa.BufferReader(text),
        read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=max(text.size + 64, 1 << 16)),
        parse_options=options,
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    )
    return [whole(column) for column in table.columns]


def _in_order(parts: list[tuple[list[pa.Array], Indices]]) -> tuple[list[pa.Array], Indices]:
    """The columns of all parts, rows in their order."""
    parts = [part for part in parts if len(part[1])] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    taken = np.concatenate([at for _, at in parts])
    order = pa.array(np.argsort(taken, kind="stable"))
    columns = [pa.concat_arrays(list(arrays)).take(order) for arrays in zip(*(c for c, _ in parts), strict=True)]
    return columns, np.sort(taken)
