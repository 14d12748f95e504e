"""Lines to rows through a handler, in the child: each record becomes rows, is dropped, or is rejected with a reason."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import pyarrow as pa

from monitor.sagemaker.scripts import CapturedData, Refused, Row, Value, ordered, placed, rows_of
from monitor.scripts.answers import numbers_of, outputs
from monitor.scripts.loading import told

Kind: TypeAlias = Literal["capture", "object", "line"]

MOST_SAMPLES = 5  # in a piece, of a reason
RECORD = "record"  # the column that says which record a row came from
LARGEST = 2**63 - 1


class _Unread(Exception):
    """A line that holds no record; the reason."""


@dataclass(slots=True)
class Piece:
    """What became of some lines. `calls` of the handler, of which `failures` gave no answer that could be used."""

    ids: list[str | None] = field(default_factory=list)
    times: list[str | None] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    of: list[int] = field(default_factory=list)
    answers: dict[int, frozenset[float]] = field(default_factory=dict)
    records: int = 0
    both: int = 0
    dropped: int = 0
    calls: int = 0
    failures: int = 0
    is_placed: bool = False
    rejected: Counter[str] = field(default_factory=Counter)
    widths: Counter[str] = field(default_factory=Counter)
    samples: list[tuple[int, str, str]] = field(default_factory=list)

    def reject(self, line: int, reason: str, why: str = "") -> None:
        """Count a record that gives no row; keep the first few."""
        self.rejected[reason] += 1
        if self.rejected[reason] <= MOST_SAMPLES:
            self.samples.append((line, reason, why))

    def answer(self, texts: Sequence[str]) -> tuple[dict[str, Any], bytes]:
        """Counts as a document; ids and times of records, then rows, as two Arrow streams. `texts` hold no numbers."""
        records = _stream({"id": pa.array(self.ids, pa.string()), "time": pa.array(self.times, pa.string())})
        rows = _stream({RECORD: pa.array(self.of, pa.int64()), **_columns(self.rows, frozenset(texts))})
        counts = {name: getattr(self, name) for name in ("records", "both", "dropped", "calls", "failures")}
        more = {"rejected": self.rejected, "widths": self.widths, "samples": self.samples, "is_placed": self.is_placed}
        more["outputs"] = outputs(self.rows, self.of, self.answers)
        return {**counts, **more, "record_bytes": len(records)}, records + rows


def preprocessed(call: Callable[[Any], Any], path: str, kind: Kind, lines: bytes, expected: tuple[str, ...]) -> Piece:
    """Put each line's record to the handler."""
    piece = Piece()
    for number, line in enumerate(lines.split(b"\n")):
        if not line.strip():
            continue
        piece.records += 1
        try:
            record = _read(kind, line)
        except _Unread as error:
            piece.reject(number, str(error))
            continue
        _note(piece, record)
        _put(piece, call, path, record, number, expected)
    return piece


def _read(kind: Kind, line: bytes) -> Any:
    try:
        text = line.decode().removesuffix("\r")
        if kind == "line":
            return text
        record = json.loads(text)
        if "\\u" in text:
            json.dumps(record, ensure_ascii=False).encode()  # half of a surrogate pair is no text
        if not isinstance(record, dict):
            raise _Unread("not_a_capture" if kind == "capture" else "not_a_flat_object")
        return CapturedData.of(record) if kind == "capture" else record
    except UnicodeDecodeError:
        raise _Unread("not_utf8") from None
    except RecursionError:
        raise _Unread("too_deep") from None
    except ValueError:
        raise _Unread("not_json") from None
    except TypeError:
        raise _Unread("not_a_capture") from None


def _note(piece: Piece, record: Any) -> None:
    """Id and time before the handler has its hands on the record."""
    if not isinstance(record, CapturedData):
        piece.ids.append(None)
        piece.times.append(None)
        return
    piece.ids.append(_text(record.event_metadata.event_id))
    piece.times.append(_text(record.event_metadata.event_time))
    piece.answers[len(piece.ids) - 1] = numbers_of(record.endpoint_output)
    sides = (record.endpoint_input, record.endpoint_output)
    piece.both += all(side is not None and side.data is not None for side in sides)


def _put(
    piece: Piece, call: Callable[[Any], Any], path: str, record: Any, line: int, expected: tuple[str, ...]
) -> None:
    piece.calls += 1
    try:
        rows = rows_of(call(record))
    except MemoryError:
        raise
    except Refused as error:
        piece.failures += 1
        piece.reject(line, "preprocess_answer", str(error))
        return
    except (Exception, SystemExit) as error:  # noqa: BLE001  a handler may raise anything
        piece.failures += 1
        piece.reject(line, "preprocess_failed", told(error, path))
        return
    named = [placed(tuple(row), expected) for row in rows]
    if None in named:
        width = len(rows[named.index(None)])
        piece.widths[str(width)] += 1
        piece.reject(line, "column_count", f"{width} columns without names; {len(expected)} would be right")
        return
    piece.dropped += not rows
    for row, names in zip(rows, named, strict=True):
        piece.is_placed |= names != tuple(row)
        piece.rows.append(dict(zip(names or (), row.values(), strict=True)))
        piece.of.append(len(piece.ids) - 1)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _columns(rows: Sequence[Row], texts: frozenset[str]) -> dict[str, pa.Array]:
    names = ordered({name for row in rows for name in row})
    return {f"_{name}": column([row.get(name) for row in rows], is_text=name in texts) for name in names}


def column(values: Sequence[Value], *, is_text: bool = False) -> pa.Array:
    """int64, double or bool where all values are; texts otherwise, whole numbers among them with all their digits.

    >>> column([1, None]).type, column([1, 0.5]).type, column([1, "a"]).to_pylist()
    (DataType(int64), DataType(double), ['1', 'a'])
    """
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds and kinds <= {int, float} and not is_text:
        if kinds == {int} and all(value is None or -LARGEST <= int(value) <= LARGEST for value in values):
            return pa.array(values, pa.int64())
        return pa.array([None if value is None else _float(value) for value in values], pa.float64(), from_pandas=False)
    return pa.array(list(_texts(values)), pa.string())


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of more than 308 digits
        return float("inf") if value > 0 else float("-inf")


def _texts(values: Sequence[Value]) -> Iterator[str | None]:
    for value in values:
        if isinstance(value, bool):
            yield "true" if value else "false"
        elif isinstance(value, float) and value.is_integer():
            yield str(int(value))
        else:
            yield None if value is None else str(value)


def _stream(columns: dict[str, pa.Array]) -> bytes:
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())
