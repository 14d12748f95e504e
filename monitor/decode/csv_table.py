"""Comma-separated tables, with or without a header row."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
from pyarrow import csv as pacsv

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode.format import Format
from monitor.decode.payload import BOM, is_utf8, last_row, whole
from monitor.decode.sagemaker import unreadable
from monitor.profile import Volume

NUMBER = re.compile(r"[-+]? ?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|nan|inf(inity)?", re.IGNORECASE)
LONGEST_HEADER_BYTES = 1 << 16
MOST_SAMPLES = 5  # of a kind, in a block


def decode(blocks: Iterator[Block], expected: Expected) -> Iterator[Batch]:
    """A batch for each block. Columns take the header's names, or by place the baseline's, or `_c0`, `_c1`, ..."""
    names: tuple[str, ...] = ()
    positions = False
    for block in blocks:
        if block.trouble:
            yield unreadable(block)
            continue
        data, line = block.data, block.line
        if block.is_first:
            data = data.removeprefix(BOM)
            data = data if b"\n" in data else data.replace(b"\r", b"\n")
            names, positions, data, skipped = _names(data, expected)
            line += skipped
        if data.strip() or (data and len(names) == 1):  # in one column a blank line is a missing value
            yield _batch(data, names, positions, block.path, line)


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


def _batch(data: bytes, names: tuple[str, ...], positions: bool, path: str, line: int) -> Batch:
    widths: Counter[str] = Counter()
    data, faults = _readable(data)
    samples = [
        Sample(path=path, line=line + at, reason=reason) for reason, bad in faults.items() for at in bad[:MOST_SAMPLES]
    ]

    def skip(row: pacsv.InvalidRow) -> str:
        widths[str(row.actual_columns)] += 1
        if len(samples) < MOST_SAMPLES:
            samples.append(Sample(path=path, line=line + (row.number or 1) - 1, reason="column_count"))
        return "skip"

    counts = Counter({reason: len(bad) for reason, bad in faults.items()})
    try:
        columns = _parse(data, names, skip)
    except (pa.ArrowInvalid, csv.Error) as error:
        why = str(error).splitlines()[0][:200]
        samples, columns, widths = [Sample(path=path, line=line, reason="not_csv", why=why)], [], Counter()
        counts["not_csv"] += sum(bool(text.strip()) for text in data.split(b"\n"))
    if widths:
        counts["column_count"] += widths.total()
    rows = len(columns[0]) if columns else 0
    table = pa.RecordBatch.from_arrays(columns, names=list(names)) if rows else NO_ROWS
    volume = Volume(
        records=rows + counts.total(),
        rows=rows,
        rejected=dict(sorted(counts.items())),
        widths=dict(sorted(widths.items())),
    )
    return Batch(rows=table, volume=volume, positions=positions, rejects=tuple(samples))


def _readable(data: bytes) -> tuple[bytes, dict[str, list[int]]]:
    """The data without the lines that cannot be read, and where those stood, by reason."""
    faults: dict[str, list[int]] = {}
    if not is_utf8(data):
        lines = data.split(b"\n")
        faults["not_utf8"] = [at for at, text in enumerate(lines) if not is_utf8(text)]
        data = b"\n".join(text for text in lines if is_utf8(text))
    while data.count(b'"') % 2:
        start, opened = last_row(data, len(data))
        if opened < 0:
            break
        end = data.find(b"\n", opened) + 1 or len(data)
        faults.setdefault("not_csv", []).append(data.count(b"\n", 0, start))
        data = data[:start] + data[end:]
    return data, faults


def _parse(data: bytes, names: tuple[str, ...], skip: object) -> list[pa.Array]:
    if not names:
        raise csv.Error("the first row is not CSV, or one of its fields is longer than 131,072 characters")
    if not data or (len(names) > 1 and not data.strip()):
        return []
    table = pacsv.read_csv(
        pa.BufferReader(data),
        read_options=pacsv.ReadOptions(
            column_names=list(names), use_threads=False, block_size=max(len(data) + 64, 1 << 16)
        ),
        parse_options=pacsv.ParseOptions(
            newlines_in_values=True, ignore_empty_lines=len(names) > 1, invalid_row_handler=skip
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    )
    return [whole(column) for column in table.columns]


FORMAT = Format(
    about="comma-separated table, with a header or without",
    recognises=lambda head: bool(head.strip()) and not head.lstrip(BOM + b" \t\r\n").startswith((b"{", b"[")),
    decode=decode,
    quoted=True,
)
