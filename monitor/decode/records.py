"""The records of a block, of lines of JSON or of rows of a columnar file, as nested Arrow arrays and odd ones apart."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import Block, Expected, Sample
from monitor.decode.times import FIRST, LAST, PER_SECOND
from monitor.payloads.json_exact import EXACT, has_inexact
from monitor.payloads.json_pieces import Piece
from monitor.payloads.json_text import parse
from monitor.payloads.json_value import Misfit, loaded
from monitor.payloads.texts import BOM, lines_in, redacted, utf8_lines

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """`count` records: structs in pieces by type, and those read one by one as (number, value).

    `line` is where each record stood, shape (count,); `texts` the lines as they were written, where they were texts,
    and `text` which of them each record is in.
    """

    count: int
    pieces: tuple[Piece, ...]
    odd: tuple[tuple[int, dict[str, Any]], ...]
    line: Indices
    rejects: tuple[Sample, ...]
    texts: pa.StringArray | None = None
    text: Indices = field(default_factory=lambda: np.zeros(0, np.int64))

    def shape(self, number: int) -> str:
        """What this record looks like."""
        return redacted(self.texts[int(self.text[number])].as_py()) if self.texts is not None else ""

    def only(self, chosen: NDArray[np.bool_]) -> "Records":
        """These records, numbered anew, and all rejects."""
        number = np.cumsum(chosen) - 1
        kept = [(piece, chosen[piece.at]) for piece in self.pieces]
        pieces = [Piece(values=p.values.filter(pa.array(mask)), at=number[p.at[mask]]) for p, mask in kept]
        return replace(
            self,
            count=int(chosen.sum()),
            pieces=tuple(piece for piece in pieces if len(piece.at)),
            odd=tuple((int(number[i]), value) for i, value in self.odd if chosen[i]),
            line=self.line[chosen],
            text=self.text[chosen] if len(self.text) else self.text,
        )


def records(block: Block, expected: Expected) -> Records:
    """All records of a block; lines that are no JSON object are among the rejects."""
    return _of_lines(block, expected) if block.rows is None else _of_rows(block)


def _of_lines(block: Block, expected: Expected) -> Records:
    sizes = expected.sizes
    data = block.data.removeprefix(BOM) if block.is_first else block.data
    clean, broken = utf8_lines(data)
    texts, numbers = lines_in(clean)
    raw = data.split(b"\n", int(broken[-1]) + 1) if len(broken) else []
    rejects = [
        Sample(path=block.path, line=block.line + n, reason="not_utf8", shape=redacted(raw[n])) for n in broken.tolist()
    ]
    parsed = parse(texts, sizes.depth, columns=sizes.columns)
    pieces = [piece for piece in parsed.pieces if pa.types.is_struct(piece.values.type)]
    aside = [piece.at for piece in parsed.pieces if not pa.types.is_struct(piece.values.type)]
    for place, piece in enumerate(pieces):
        lost = has_inexact(piece.values, expected.texts)
        if lost.any():
            aside.append(piece.at[lost])
            pieces[place] = Piece(values=piece.values.filter(pa.array(~lost)), at=piece.at[~lost])
    odd: list[tuple[int, dict[str, Any]]] = []
    for index in np.sort(np.concatenate([parsed.odd, parsed.too_deep, *aside])).tolist():
        text = texts[index].as_py()
        try:
            value = loaded(text, sizes.depth, sizes.values)
            found = value if isinstance(value, list) and text.lstrip()[:1] == "{" else [value]  # objects on one line
            if not all(isinstance(item, dict) for item in found):
                raise Misfit("not_an_object", "a record is a JSON object")
            odd += [(index, item) for item in found]
        except Misfit as fault:
            line = block.line + int(numbers[index])
            rejects.append(Sample(path=block.path, line=line, reason=fault.reason, why=fault.why, shape=redacted(text)))
    return _numbered(pieces, odd, block.line + numbers, sorted(rejects, key=lambda r: r.line), texts)


def _numbered(
    pieces: list[Piece], odd: list[tuple[int, dict[str, Any]]], line: Indices, rejects: list[Sample], texts: pa.Array
) -> Records:
    """Records numbered from 0 without gaps, in the order of their lines."""
    at = np.concatenate([*(piece.at for piece in pieces), np.array([i for i, _ in odd], np.int64)]).astype(np.int64)
    order = np.argsort(at, kind="stable")
    number = np.empty(len(at), np.int64)
    number[order] = np.arange(len(at))
    placed, start = [], 0
    for piece in pieces:
        placed.append(Piece(values=piece.values, at=number[start : start + len(piece.at)]))
        start += len(piece.at)
    return Records(
        count=len(at),
        pieces=tuple(placed),
        odd=tuple((int(number[start + i]), value) for i, (_, value) in enumerate(odd)),
        line=line[at[order]],
        rejects=tuple(rejects),
        texts=texts,
        text=at[order],
    )


def _of_rows(block: Block) -> Records:
    assert block.rows is not None
    rows = block.rows
    columns = {name: plain(column) for name, column in zip(rows.schema.names, rows.columns, strict=True)}
    values = pa.StructArray.from_arrays(list(columns.values()), names=list(columns)) if columns else None
    pieces = (Piece(values=values, at=np.arange(len(values))),) if values is not None else ()
    count = len(values) if values is not None else 0
    return Records(count=count, pieces=pieces, odd=(), line=block.line + np.arange(count), rejects=())


def plain(column: pa.Array) -> pa.Array:
    """A column of a columnar file in the types that batches hold: int64, double, bool, texts, and nests of them.

    Times become ISO 8601 texts (of UTC where they have a zone), durations seconds, bytes the text they are (hexadecimal
    digits where they are none).
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain(column.dictionary_decode())
    if pa.types.is_struct(kind):
        parts = [plain(part) for part in column.flatten()]
        mask = pc.is_null(column)
        return pa.StructArray.from_arrays(parts, names=[f.name for f in kind], mask=mask) if parts else column
    if pa.types.is_map(kind):
        return _text(column)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _list(column)
    if pa.types.is_boolean(kind) or pa.types.is_string(kind):
        return column
    if pa.types.is_integer(kind):
        return column.cast(pa.float64() if kind == pa.uint64() and _is_large(column) else pa.int64(), safe=False)
    if pa.types.is_decimal(kind):
        return _decimal(column)
    if pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_duration(kind):
        return pc.divide(column.cast(pa.int64()).cast(pa.float64(), safe=False), float(PER_SECOND[kind.unit]))
    return _text(column)


def _decimal(column: pa.Array) -> pa.Array:
    """Numbers; whole ones that a double cannot hold exactly (ids) keep their digits."""
    numbers = column.cast(pa.float64())
    if (pc.max(pc.abs(numbers)).as_py() or 0) < EXACT:
        return numbers
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:  # a fraction among them, or more than 64 bits
        return numbers


def _is_large(column: pa.Array) -> bool:
    most = pc.max(column).as_py()
    return most is not None and most >= 2**63


def _list(column: pa.Array) -> pa.ListArray:
    as_list = column if pa.types.is_list(column.type) else column.cast(pa.list_(column.type.value_type))
    lengths = pc.fill_null(pc.list_value_length(as_list), 0).to_numpy(zero_copy_only=False)
    offsets = np.append(0, np.cumsum(lengths)).astype(np.int32)
    mask = pc.is_null(as_list) if as_list.null_count else None
    return pa.ListArray.from_arrays(pa.array(offsets), plain(as_list.flatten()), mask=mask)


def _text(column: pa.Array) -> pa.StringArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _stamp(column)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        try:
            return column.cast(pa.binary()).cast(pa.string())
        except pa.ArrowInvalid:
            return pa.array([None if value is None else value.hex() for value in column.to_pylist()], pa.string())
    try:
        return column.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())


def _stamp(column: pa.Array) -> pa.StringArray:
    """ISO 8601, in UTC where there is a zone; a number that is no time of the years 1 to 9999 as it is."""
    kind, numbers = column.type, column.cast(pa.int64())
    most = min(LAST, (2**63 - 1) // PER_SECOND[kind.unit])
    seconds = pc.floor(pc.divide(numbers.cast(pa.float64(), safe=False), float(PER_SECOND[kind.unit])))
    known = pc.and_(pc.greater_equal(seconds, float(max(FIRST, -most))), pc.less_equal(seconds, float(most)))
    inside = pc.if_else(known, column, pa.scalar(None, kind)).cast(pa.timestamp(kind.unit, "UTC" if kind.tz else None))
    texts = pc.strftime(inside.cast(pa.timestamp("us", inside.type.tz), safe=False), "%Y-%m-%dT%H:%M:%S")
    texts = pc.binary_join_element_wise(texts, "Z", "") if kind.tz else texts
    return pc.coalesce(texts, numbers.cast(pa.string()))
