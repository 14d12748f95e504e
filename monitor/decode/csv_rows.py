"""Rows written as comma-separated text, one string each, into columns of text."""

import csv
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as pacsv

from monitor.decode.payload import BOM, holds, lines_of, text_of, whole

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """`columns` of the rows at `taken`; how many columns the others had, by count; rows that are no CSV at all."""

    columns: list[pa.Array]
    taken: Indices
    widths: dict[str, int]
    broken: Indices


def usual_width(rows: pa.StringArray) -> int:
    """The commonest number of columns; the smaller of two equally common; 0 without rows."""
    found = _commas(rows) + 1
    for index in np.flatnonzero(_is_odd(rows)).tolist():
        found[index] = len(_fields(rows[index].as_py()) or ())
    widths, counts = np.unique(found[found > 0], return_counts=True)
    return int(widths[np.argmax(counts)]) if len(widths) else int(len(rows) > 0)


def split(rows: pa.StringArray, width: int) -> Split:
    """Columns of the rows that have `width` of them; an empty field is a missing value.

    Rows with quotes or stray line ends are read one by one; all others are parsed at once, and it is proved that as
    many rows came out as went in.
    """
    odd = _is_odd(rows)
    commas = _commas(rows) + 1
    fits = (commas == width) & ~odd
    if fits.all():
        return Split(columns=_parse(rows, width), taken=np.arange(len(rows)), widths={}, broken=np.zeros(0, np.int64))
    plain = np.flatnonzero(fits)
    columns = _parse(rows.take(pa.array(plain)), width)
    others, counts = np.unique(commas[~fits & ~odd], return_counts=True)
    widths = {str(w): int(n) for w, n in zip(others.tolist(), counts.tolist(), strict=True)}
    careful, broken, records = [], [], []
    for index in np.flatnonzero(odd).tolist():
        fields = _fields(rows[index].as_py())
        if fields is None:
            broken.append(index)
        elif len(fields) != width:
            widths[str(len(fields))] = widths.get(str(len(fields)), 0) + 1
        else:
            careful.append(index)
            records.append(fields)
    if records:
        extra = [pa.array(column, pa.string()) for column in zip(*records, strict=True)]
        columns = [pa.concat_arrays([a, b]) for a, b in zip(columns, extra, strict=True)]
    taken = np.concatenate([plain, np.array(careful, dtype=np.int64)])
    return Split(columns=columns, taken=taken, widths=widths, broken=np.array(broken, dtype=np.int64))


def _commas(rows: pa.StringArray) -> Indices:
    counts: NDArray[np.int32] = pc.count_substring(rows, ",").to_numpy(zero_copy_only=False)
    return counts.astype(np.int64)


def _is_odd(rows: pa.StringArray) -> NDArray[np.bool_]:
    """Rows that hold a quote or a line end, or begin with the mark of UTF-8, which the parser would take away."""
    odd: NDArray[np.bool_] = pc.starts_with(rows, BOM.decode()).to_numpy(zero_copy_only=False)
    if holds(text_of(rows), (b'"', b"\n", b"\r")):
        odd = odd | pc.match_substring_regex(rows, '["\r\n]').to_numpy(zero_copy_only=False)
    return odd


def _parse(rows: pa.StringArray, width: int) -> list[pa.Array]:
    if len(rows) == 0:
        return [pa.array([], pa.string())] * width
    text = lines_of(rows)
    names = [str(i) for i in range(width)]
    table = pacsv.read_csv(
        pa.BufferReader(text),
        read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=max(text.size + 64, 1 << 16)),
        parse_options=pacsv.ParseOptions(quote_char=False, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    )
    if table.num_rows != len(rows):
        raise AssertionError(f"{len(rows)} payload rows became {table.num_rows}")
    return [whole(column) for column in table.columns]


def _fields(row: str) -> list[str | None] | None:
    """Fields of one row with quotes; None where it is no single CSV row."""
    try:
        lines = list(csv.reader([row], strict=True))
    except csv.Error:
        return None
    if len(lines) != 1:
        return None
    return [field or None for field in lines[0]]
