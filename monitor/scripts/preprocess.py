"""Batches of what a preprocessor script makes of the records."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.child.limits import ChildFailed
from monitor.child.parent import Child
from monitor.decode.csv_table import header_lines
from monitor.decode.format import Decode
from monitor.decode.sagemaker import unreadable
from monitor.decode.times import moment, seconds_of
from monitor.payloads.texts import BOM, hashes_of
from monitor.profile import Volume
from monitor.reading import Reading
from monitor.scripts.records import RECORD, Kind
from monitor.scripts.said import Said
from monitor.scripts.script import Script, ScriptFailed
from monitor.stats.distinct import Distinct

PIECE_BYTES = 256 << 10  # some hundred records a call: what one call may take of time is for these


class Preprocessed:
    """The batches of a reading with the script in the place of the formats; may be read more than once.

    Each pass has a process of its own, so that nothing which a script remembers shows in the next. Raises ScriptFailed
    where the process breaks, and at the end of a pass in which no record got through. `said` is what it said in the
    last pass.
    """

    def __init__(self, reading: Reading, script: Script) -> None:
        self.reading = reading
        self.script = script
        self.said = Said()

    @property
    def files(self) -> Sequence[object]:
        return self.reading.files

    @property
    def digest(self) -> str:
        return self.reading.digest

    @property
    def digests(self) -> dict[str, str]:
        return self.reading.digests

    @property
    def formats(self) -> dict[str, str]:
        return self.reading.formats

    def __iter__(self) -> Iterator[Batch]:
        self.said = Said()
        with self.script.running() as (child, home):
            one = _Pass(self.script, child, home, self.said)
            yield from self.reading.through(one.decode_of)
        one.raise_if_none_got_through()


class _Pass:
    """One process over all files."""

    def __init__(self, script: Script, child: Child, home: str, said: Said) -> None:
        self._script, self._child, self._home, self._said = script, child, home, said
        self._tally: Counter[str] = Counter()
        self._first = ""

    def decode_of(self, format: str) -> Decode:
        """What stands in the place of a format's decode."""
        kind: Kind = "capture" if format == "sagemaker" else "line" if format == "csv" else "object"

        def decode(blocks: Iterator[Block], expected: Expected) -> Iterator[Batch]:
            for block in blocks:
                if block.trouble:
                    yield unreadable(block)
                elif block.rows is not None:
                    yield _not_lines(block)
                else:
                    for lines, number in _pieces(*_body(block, kind, expected)):
                        yield self._batch(lines, block.path, number, kind, expected)

        return decode

    def raise_if_none_got_through(self) -> None:
        """A script that fails on every record is broken, not the records."""
        calls = self._tally["calls"]
        if calls and self._tally["failures"] == calls:
            raise self._failed(f"{self._first}; so with each of {calls} records")

    def _failed(self, why: str) -> ScriptFailed:
        return ScriptFailed("preprocess", f"{self._script.path.name}: {why}")

    def _batch(self, lines: bytes, path: str, number: int, kind: Kind, expected: Expected) -> Batch:
        task = {
            "do": "preprocess",
            "path": str(self._script.path),
            "home": self._home,
            "kind": kind,
            "expected": expected.names,
            "texts": sorted(expected.texts),
        }
        try:
            answer, data = self._child.call(task, lines)
        except ChildFailed as error:
            raise self._failed(error.why) from None
        self._said.take(answer["said"], answer["more"])
        self._tally.update(calls=answer["calls"], failures=answer["failures"])
        samples = tuple(
            Sample(path=path, line=number + at, reason=reason, why=why) for at, reason, why in answer["samples"]
        )
        if answer["failures"] and not self._first:
            self._first = next(sample.why for sample in samples if sample.reason.startswith("preprocess"))
        cut = answer["record_bytes"]
        return _batch(answer, _table(data[:cut]), _table(data[cut:]), samples, is_dated=kind == "capture")


def _batch(
    answer: dict[str, Any],
    records: pa.RecordBatch,
    rows: pa.RecordBatch,
    samples: tuple[Sample, ...],
    *,
    is_dated: bool,
) -> Batch:
    seconds, timed = seconds_of(records["time"])
    times = seconds[timed]
    hashes = hashes_of(records["id"])
    volume = Volume(
        records=answer["records"],
        rows=rows.num_rows,
        rejected=dict(sorted(answer["rejected"].items())),
        widths=dict(sorted(answer["widths"].items())),
        both=answer["both"],
        dropped=answer["dropped"],
        first=moment(int(times.min())) if len(times) else None,
        last=moment(int(times.max())) if len(times) else None,
        with_id=len(hashes),
        ids=Distinct.of(hashes),
    )
    if not rows.num_rows:
        return Batch(rows=NO_ROWS, volume=volume, rejects=samples)
    at = rows[RECORD].to_numpy()
    columns = [name for name in rows.schema.names if name != RECORD]
    return Batch(
        rows=rows.select(columns).rename_columns([name.removeprefix("_") for name in columns]),
        volume=volume,
        seconds=seconds[at] if is_dated else None,
        timed=timed[at] if is_dated else None,
        outputs=tuple(answer["outputs"]),
        positions=answer["is_placed"],
        rejects=samples,
        ids=records["id"].take(rows[RECORD]),
    )


def _table(data: bytes) -> pa.RecordBatch:
    with pa.ipc.open_stream(pa.py_buffer(data)) as stream:
        return stream.read_next_batch()


def _body(block: Block, kind: Kind, expected: Expected) -> tuple[bytes, int]:
    """The lines of a block without a mark of UTF-8 and a table's header, and the number of the first."""
    if not block.is_first:
        return block.data, block.line
    data = block.data.removeprefix(BOM)
    skipped = header_lines(data, expected) if kind == "line" else 0
    for _ in range(skipped):
        data = data.partition(b"\n")[2]
    return data, block.line + skipped


def _pieces(data: bytes, number: int) -> Iterator[tuple[bytes, int]]:
    """Whole lines, a piece at a time, with the number of the first."""
    start = 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + PIECE_BYTES) + 1
        end = end or data.find(b"\n", start) + 1 or len(data)
        if len(data) - start <= PIECE_BYTES:
            end = len(data)
        piece = data[start:end]
        yield piece, number
        start, number = end, number + piece.count(b"\n")


def _not_lines(block: Block) -> Batch:
    count = block.rows.num_rows if block.rows is not None else 0
    why = "a preprocessor script is given lines of text, and this file holds columns"
    sample = Sample(path=block.path, line=block.line, reason="unreadable", why=why)
    return Batch(rows=NO_ROWS, volume=Volume(records=count, rejected={"unreadable": count}), rejects=(sample,))
