"""Comma-separated tables, with or without a header row."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode.chosen import unread
from monitor.decode.csv_lines import joined
from monitor.decode.format import Format
from monitor.decode.times import seconds_of
from monitor.payloads.csv_rows import counts_of, no_columns, split
from monitor.payloads.texts import BOM, blanks, lines_in, redacted, utf8_lines
from monitor.profile import Volume

Indices = NDArray[np.int64]
NUMBER = re.compile(r"[-+]? ?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|nan|inf(inity)?", re.IGNORECASE)
LONGEST_HEADER_BYTES = 1 << 16
MOST_SAMPLES = 5  # of a kind, in a block
STRAY = "a stray quote or line end"
NO_HEADER = "the first row is not CSV, or one of its fields is longer than 131,072 characters"


def decode(blocks: Iterator[Block], expected: Expected) -> Iterator[Batch]:
    """A batch for each block. Columns take the header's names, or by place the baseline's, or `_c0`, `_c1`, ...

    A quoted value that the end of a block cuts in two goes on in the next.
    """
    names: tuple[str, ...] = ()
    positions, is_first = False, True
    rest, rest_line, path = b"", 0, ""
    for block in blocks:
        if block.trouble:
            yield from unread(block, expected)
            continue
        data, line, path = rest + block.data, rest_line if rest else block.line, block.path
        if is_first:  # of those that can be read
            is_first = False
            data = data.removeprefix(BOM)
            data = data if b"\n" in data else data.replace(b"\r", b"\n")
            names, positions, data, skipped = _names(data, expected)
            line += skipped
        read, rest, rest_line = _read(data, names, line, is_last=False)
        yield _batch(_windowed(read, names, path, expected), names, positions, path)
    if rest:
        read = _read(rest, names, rest_line, is_last=True)[0]
        yield _batch(_windowed(read, names, path, expected), names, positions, path)


def header_lines(data: bytes, expected: Expected) -> int:
    """How many lines at the start of a file are its header, with blank ones before it; 0 where it has none."""
    return _names(data, expected)[3]


def _names(data: bytes, expected: Expected) -> tuple[tuple[str, ...], bool, bytes, int]:
    """The columns' names, whether they are by place, the data after the header, and the lines it took."""
    first, second, rest, lines = _first_rows(data)
    if expected.header == "yes" or (expected.header == "auto" and _is_header(first, second, expected)):
        return _unique(first), False, rest, lines
    for names in (expected.whole, expected.names):
        if len(first) == len(names):
            return names, True, data, 0
    return tuple(f"_c{i}" for i in range(len(first))), True, data, 0


def _first_rows(data: bytes) -> tuple[list[str], list[str], bytes, int]:
    """The first two rows that are not blank, the data behind the first, and the lines up to there."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    line = cut = data.find(b"\n", start) + 1 or len(data)
    quotes = data.count(b'"', start, cut)
    while quotes % 2 and cut < len(data) and cut - start < LONGEST_HEADER_BYTES:
        end = data.find(b"\n", cut) + 1 or len(data)
        quotes += data.count(b'"', cut, end)
        cut = end
    cut = line if quotes % 2 else cut  # a stray quote
    return _row(data[start:cut]), _row(data[cut : cut + LONGEST_HEADER_BYTES]), data[cut:], data.count(b"\n", 0, cut)


def _row(data: bytes) -> list[str]:
    """The first row that is not blank; none where it is no CSV."""
    try:
        rows = csv.reader(io.StringIO(data.decode(errors="replace"), newline=""))
        return next((row for row in rows if row), [])
    except csv.Error:
        return []


def _is_header(first: list[str], second: list[str], expected: Expected) -> bool:
    """No field is a number or empty, nor all the same; and the second row has a number, or the names are expected."""
    if not first or any(not name.strip() or NUMBER.fullmatch(name.strip()) for name in first):
        return False
    if len(first) > 1 and len(set(first)) == 1:
        return False
    return bool(set(first) & set(expected.names)) or not second or any(NUMBER.fullmatch(f.strip()) for f in second)


def _unique(names: list[str]) -> tuple[str, ...]:
    """The names without spaces around them; one that was there before gets the first free of .1, .2, ..."""
    names = [name.strip() for name in names]
    unique: dict[str, None] = {}
    given, seen = frozenset(names), Counter[str]()
    for name in names:
        chosen = name
        while chosen in unique or (chosen != name and chosen in given):
            seen[name] += 1
            chosen = f"{name}.{seen[name]}"
        unique[chosen] = None
    return tuple(unique)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """Columns of rows, and where in the file each row stood; the lines that are none, by reason, and how many columns
    those of another width had."""

    columns: list[pa.Array]
    line: Indices
    rejects: Mapping[str, Indices]
    had: Indices
    data: bytes
    first: int


def _read(data: bytes, names: tuple[str, ...], line: int, *, is_last: bool) -> tuple[_Read, bytes, int]:
    """The rows of some lines; the lines at the end that need more to be a row, and where they begin."""
    width = len(names)
    clean, not_utf8 = utf8_lines(data)
    texts, numbers = lines_in(clean, blank=True, trim="\n")  # a blank line or a \r may belong to a value
    if len(not_utf8):
        kept = ~np.isin(numbers, not_utf8)
        texts, numbers = texts.filter(pa.array(kept)), numbers[kept]
    whole = joined(texts, width, is_last=is_last)
    if width != 1:  # in one column a blank line is a missing value
        whole = whole.without(blanks(whole.rows))
    found = split(whole.rows, width, is_certain=whole.is_certain) if width else no_columns(whole.rows)
    at = line + numbers[whole.at]
    not_csv = np.sort(np.concatenate([line + numbers[whole.broken], at[found.broken]]))
    rejects = {"not_utf8": line + not_utf8, "not_csv": not_csv, "column_count": at[found.misfits]}
    read = _Read(columns=found.columns, line=at[found.taken], rejects=rejects, had=found.had, data=data, first=line)
    if not len(whole.open):
        return read, b"", 0
    first = int(numbers[whole.open[0]])
    return read, _from_line(data, first), line + first


def _windowed(read: _Read, names: tuple[str, ...], path: str, expected: Expected) -> _Read:
    """What a window takes of it, by the column that holds the time."""
    selection = expected.selection
    if selection is None:
        return read
    seconds, timed = np.zeros(len(read.line), np.int64), np.zeros(len(read.line), dtype=bool)
    if selection.column in names and len(read.line):
        seconds, timed = seconds_of(read.columns[names.index(selection.column)])
    when, beside = selection.times(path, read.line, seconds, timed, np.concatenate([*read.rejects.values()]))
    takes, takes_reject = selection.takes(when), selection.takes(beside)
    if takes.all() and takes_reject.all():
        return read
    ends = np.cumsum([len(lines) for lines in read.rejects.values()])
    masks = dict(zip(read.rejects, np.split(takes_reject, ends[:-1]), strict=True))
    return replace(
        read,
        columns=[column.filter(pa.array(takes)) for column in read.columns],
        line=read.line[takes],
        rejects={reason: lines[masks[reason]] for reason, lines in read.rejects.items()},
        had=read.had[masks["column_count"]],
    )


def _batch(read: _Read, names: tuple[str, ...], positions: bool, path: str) -> Batch:
    rows = len(read.line)
    counts = {reason: len(lines) for reason, lines in sorted(read.rejects.items()) if len(lines)}
    why = {"not_csv": STRAY if names else NO_HEADER}
    samples = tuple(
        Sample(path=path, line=line, reason=reason, why=why.get(reason, ""), shape=_shape(read.data, line - read.first))
        for reason, lines in read.rejects.items()
        for line in lines[:MOST_SAMPLES].tolist()
    )
    volume = Volume(records=rows + sum(counts.values()), rows=rows, rejected=counts, widths=counts_of(read.had))
    table = pa.RecordBatch.from_arrays(read.columns, names=list(names)) if rows else NO_ROWS
    return Batch(rows=table, volume=volume, positions=positions, rejects=samples)


def _from_line(data: bytes, number: int) -> bytes:
    """The bytes from this line on."""
    at = 0
    for _ in range(number):
        at = data.index(b"\n", at) + 1
    return data[at:]


def _shape(data: bytes, number: int) -> str:
    return redacted(_from_line(data, number)[:400].split(b"\n")[0])


FORMAT = Format(
    about="comma-separated table, with a header or without",
    recognises=lambda head: bool(head.strip()) and not head.lstrip(BOM + b" \t\r\n").startswith((b"{", b"[")),
    decode=decode,
    is_json=False,
)
