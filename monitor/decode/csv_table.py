"""Comma-separated tables, with or without a header row."""

import csv
import re
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
from pyarrow import csv as pacsv

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode.format import Format
from monitor.decode.payload import whole
from monitor.decode.sagemaker import unreadable
from monitor.profile import Volume

NUMBER = re.compile(r"[-+]? ?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|nan|inf(inity)?", re.IGNORECASE)
BOM = b"\xef\xbb\xbf"


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
            names, positions, data, skipped = _names(data, expected)
            line += skipped
        if data.strip():
            yield _batch(data, names, positions, block.path, line)


def _names(data: bytes, expected: Expected) -> tuple[tuple[str, ...], bool, bytes, int]:
    """The columns' names, whether they are by place, the data after the header, and the lines it took."""
    first, second, rest, lines = _first_rows(data)
    if expected.header == "yes" or (expected.header == "auto" and _is_header(first, second, expected)):
        return _unique(first), False, rest, lines
    if len(first) == len(expected.names):
        return expected.names, True, data, 0
    return tuple(f"_c{i}" for i in range(len(first))), True, data, 0


def _first_rows(data: bytes) -> tuple[list[str], list[str], bytes, int]:
    cut = data.find(b"\n") + 1 or len(data)
    while data.count(b'"', 0, cut) % 2 and cut < len(data):
        cut = data.find(b"\n", cut) + 1 or len(data)
    head = data[: cut + 65536].decode(errors="replace")
    rows = csv.reader(head.splitlines(keepends=True))
    first = next(rows, [])
    return first, next(rows, []), data[cut:], data.count(b"\n", 0, cut)


def _is_header(first: list[str], second: list[str], expected: Expected) -> bool:
    """No field is a number or empty, none stands twice; and the second row has a number, or the names are expected."""
    if not first or any(not name.strip() or NUMBER.fullmatch(name.strip()) for name in first):
        return False
    if len(set(first)) != len(first):
        return False
    return bool(set(first) & set(expected.names)) or not second or any(NUMBER.fullmatch(f.strip()) for f in second)


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        name = name.strip()
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}.{seen[name] - 1}")
    return tuple(unique)


def _batch(data: bytes, names: tuple[str, ...], positions: bool, path: str, line: int) -> Batch:
    widths: Counter[str] = Counter()
    samples: list[Sample] = []

    def skip(row: pacsv.InvalidRow) -> str:
        widths[str(row.actual_columns)] += 1
        if len(samples) < 5:
            samples.append(Sample(path=path, line=line + (row.number or 1) - 1, reason="column_count"))
        return "skip"

    data, bad = _valid_utf8(data)
    try:
        columns = _parse(data, names, skip)
    except pa.ArrowInvalid as error:
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        why = str(error).splitlines()[0][:200]
        sample = Sample(path=path, line=line, reason="not_csv", why=why)
        return Batch(rows=NO_ROWS, volume=Volume(records=lines, rejected={"not_csv": lines}), rejects=(sample,))
    samples.extend(Sample(path=path, line=line + at, reason="not_utf8") for at in bad[:5])
    rows = len(columns[0]) if columns else 0
    reasons = {"column_count": sum(widths.values()), "not_utf8": len(bad)}
    volume = Volume(
        records=rows + sum(reasons.values()),
        rows=rows,
        rejected={reason: count for reason, count in reasons.items() if count},
        widths=dict(sorted(widths.items())),
    )
    table = pa.RecordBatch.from_arrays(columns, names=list(names))
    return Batch(rows=table, volume=volume, positions=positions, rejects=tuple(samples))


def _valid_utf8(data: bytes) -> tuple[bytes, list[int]]:
    """The data without the lines that are no UTF-8, and where those stood."""
    try:
        data.decode()
    except UnicodeDecodeError:
        lines = data.split(b"\n")
        bad = [at for at, text in enumerate(lines) if text.decode(errors="replace").encode() != text]
        dropped = set(bad)
        return b"\n".join(text for at, text in enumerate(lines) if at not in dropped), bad
    return data, []


def _parse(data: bytes, names: tuple[str, ...], skip: object) -> list[pa.Array]:
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
