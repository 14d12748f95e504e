"""Logs of any shape, JSON Lines or columnar: a layout says where id, time, request and answer stand in each record.

The requests and answers found are read by what `json_value` knows of payloads. A flat table is such a log too: each
record is its own request.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Block, Expected, Half, Sample
from monitor.decode.format import Format
from monitor.decode.halves import LINE, PATH
from monitor.decode.json_rows import Read, Refused, only
from monitor.decode.layout import Layout
from monitor.decode.paths import Path, value_at, walked
from monitor.decode.payload import hashes_of, redacted
from monitor.decode.payloads import read_side, told
from monitor.decode.records import Records, records
from monitor.decode.sagemaker import MOST_SAMPLES, NO_PAYLOAD, unreadable
from monitor.decode.sides import Table, Tables, json_side, left_over, side_by_side
from monitor.decode.times import moment, seconds_of
from monitor.profile import Volume
from monitor.stats.distinct import Distinct

Indices = NDArray[np.int64]


def decode(blocks: Iterator[Block], expected: Expected, layout: Layout) -> Iterator[Batch]:
    """Batches of each block; those of halves carry ids and places, by which they are paired later."""
    for block in blocks:
        if block.trouble:
            yield unreadable(block)
        else:
            yield from _batches(records(block, expected.sizes), block, expected, layout)


def _batches(found: Records, block: Block, expected: Expected, layout: Layout) -> Iterator[Batch]:
    ids, times = (_texts(found, paths, expected) for paths in (layout.id, layout.time))
    kinds = _kinds(found, layout, expected)
    counts = Counter(sample.reason for sample in found.rejects)
    seconds, timed = seconds_of(times)
    moments = seconds[timed]
    hashes = hashes_of(ids)
    halves = np.isin(kinds, (REQUEST, ANSWER)).sum()
    yield Batch(
        rows=NO_ROWS,
        volume=Volume(
            records=found.count - int(halves) + len(found.rejects),
            rejected=dict(sorted(counts.items())),
            first=moment(int(moments.min())) if len(moments) else None,
            last=moment(int(moments.max())) if len(moments) else None,
            with_id=len(hashes) if not halves else 0,
            ids=Distinct.of(hashes) if not halves else Distinct.empty(),
        ),
        rejects=found.rejects[:MOST_SAMPLES],
    )
    every: tuple[Half, ...] = (BOTH, REQUEST, ANSWER)
    for half in every:
        is_there = kinds == half
        if is_there.any():
            tables, both = _tables(found, is_there, half, expected, layout)
            yield replace(_refused(tables.refused, found, block), volume=_volume(tables, both))
            for table in tables.tables:
                yield _batch(table, half, ids, seconds, timed, _stood(found, block) if half else None)
    others = [Refused(payload=i, reason="other_kind", why=OTHER) for i in np.flatnonzero(kinds == NEITHER).tolist()]
    if others:
        yield _refused(others, found, block)


BOTH: Final = ""
REQUEST: Final = "request"
ANSWER: Final = "answer"
NEITHER: Final = "neither"
OTHER = "neither a request nor an answer"


def _volume(tables: Tables, both: int) -> Volume:
    counts = Counter(r.reason for r in tables.refused)
    return Volume(rejected=dict(sorted(counts.items())), widths=tables.widths, both=both)


def _kinds(found: Records, layout: Layout, expected: Expected) -> NDArray[np.str_]:
    """What each record is: both sides at once, or a half."""
    if not layout.kind:
        return np.full(found.count, BOTH)
    told = _texts(found, layout.kind, expected).dictionary_encode()
    words = [_half(text, layout) for text in told.dictionary.to_pylist()]
    codes = pc.fill_null(told.indices, len(words)).to_numpy(zero_copy_only=False)
    kinds: NDArray[np.str_] = np.array([*words, NEITHER])[codes]
    return kinds


def _half(text: str, layout: Layout) -> str:
    if fnmatchcase(text, layout.answer):  # first: `*request*` matches some answers' names too
        return ANSWER
    return REQUEST if fnmatchcase(text, layout.request) else NEITHER


def _texts(found: Records, paths: Sequence[Path], expected: Expected) -> pa.StringArray:
    """What stands at the first of these paths that leads somewhere, as text, a null where nothing does."""
    whole = pa.nulls(found.count, pa.string())
    for path in reversed(paths):
        for piece in found.pieces:
            values, left = walked(piece.values, path)
            if values is not None and not left and not pa.types.is_nested(values.type):
                whole = _placed(whole, piece.at, values.cast(pa.string()))
        for number, value in found.odd:
            text = value_at(value, path, expected.sizes.depth)
            if isinstance(text, str):
                whole = _placed(whole, np.array([number]), pa.array([str(text)]))
    return whole


def _placed(whole: pa.StringArray, at: Indices, texts: pa.StringArray) -> pa.StringArray:
    if len(at) == len(whole) and not texts.null_count and (np.diff(at) > 0).all():
        return texts
    mask = np.zeros(len(whole), dtype=bool)
    mask[at] = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    order = np.argsort(at, kind="stable")
    return pc.replace_with_mask(whole, pa.array(mask), texts.take(pa.array(order)).drop_null())


def _tables(
    found: Records, is_there: NDArray[np.bool_], half: Half, expected: Expected, layout: Layout
) -> tuple[Tables, int]:
    """The rows of these records, and how many of them had both a request and an answer."""
    chosen = np.flatnonzero(is_there)
    out = read_side(found, chosen, layout.outputs, expected, layout) if half != REQUEST else None
    into = read_side(found, chosen, layout.inputs, expected, layout) if half != ANSWER else None
    asked, answered = told(into), told(out)
    both = np.intersect1d(asked, answered)
    tables = [Tables(refused=_without_payload(np.setdiff1d(chosen, np.union1d(asked, answered))))]
    for group in (both, np.setdiff1d(asked, both), np.setdiff1d(answered, both)):
        if len(group):
            right = json_side(_only(out, group)) if out is not None and group[0] in answered else None
            width = left_over(right, expected)
            left = json_side(_only(into, group), width) if into is not None and group[0] in asked else None
            tables.append(side_by_side(left, right, expected))
    widths: Counter[str] = Counter()
    for part in tables:
        widths.update(part.widths)
    return Tables(
        tables=tuple(table for part in tables for table in part.tables),
        refused=tuple(r for part in tables for r in part.refused),
        widths=dict(sorted(widths.items())),
    ), len(both)


def _without_payload(numbers: Indices) -> tuple[Refused, ...]:
    return tuple(Refused(payload=i, reason="no_payload", why=NO_PAYLOAD) for i in numbers.tolist())


def _only(side: Read, group: Indices) -> Read:
    members = set(group.tolist())
    parts = [only(part, np.isin(part.payload, group)) for part in side.parts]
    return Read(
        parts=tuple(part for part in parts if len(part.payload)),
        refused=tuple(r for r in side.refused if r.payload in members),
    )


def _stood(found: Records, block: Block) -> pa.RecordBatch:
    """Where each record stood: a half that stays alone is told with its place."""
    path = pa.DictionaryArray.from_arrays(pa.array(np.zeros(found.count, np.int32)), pa.array([block.path]))
    return pa.RecordBatch.from_pydict({PATH: path.dictionary_decode(), LINE: pa.array(found.line)})


def _batch(
    table: Table,
    half: Half,
    ids: pa.StringArray,
    seconds: Indices,
    timed: NDArray[np.bool_],
    stood: pa.RecordBatch | None,
) -> Batch:
    at = table.record
    return Batch(
        rows=pa.RecordBatch.from_arrays(list(table.columns.values()), names=list(table.columns)),
        volume=Volume(rows=0 if half else len(at)),
        seconds=seconds[at],
        timed=timed[at],
        outputs=table.outputs,
        positions=table.positions,
        ids=ids.take(pa.array(at)),
        about=stood.take(pa.array(at)) if stood is not None else None,
        half=half,
        places=_places(at) if half else None,
    )


def _places(record: Indices) -> Indices:
    """Which row of its record each row is, from 0; rows of a record stand together."""
    firsts = np.flatnonzero(np.diff(record, prepend=-1))
    places: Indices = np.arange(len(record)) - np.repeat(firsts, np.diff(np.append(firsts, len(record))))
    return places


def _refused(refused: Sequence[Refused], found: Records, block: Block) -> Batch:
    """Counts of these records by reason, and the first of each as a sample."""
    counts = Counter(r.reason for r in refused)
    firsts = {r.reason: r for r in sorted(refused, key=lambda r: -r.payload)}
    samples = []
    for reason, first in sorted(firsts.items()):
        shape = redacted(found.texts[first.payload].as_py()) if found.texts is not None else ""
        line = int(found.line[first.payload])
        samples.append(Sample(path=block.path, line=line, reason=reason, why=first.why, shape=shape))
    return Batch(rows=NO_ROWS, volume=Volume(rejected=dict(sorted(counts.items()))), rejects=tuple(samples))


def format_of(layout: Layout, about: str) -> Format:
    """The format that reads logs of this layout."""
    names = [f'"{key}"'.encode() for key in layout.keys]
    return Format(
        about=about,
        recognises=lambda head: bool(names) and all(name in head for name in names),
        columns=frozenset(layout.keys),
        decode=partial(decode, layout=layout),
    )


OBJECTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{")  # the first of them, in a list or not
TABLE = Layout(inputs=((),))
JSONL = Format(
    about="flat JSON Lines: an object a row",
    recognises=lambda head: OBJECTS.match(head) is not None,
    decode=partial(decode, layout=TABLE),
)
PARQUET = Format(
    about="Parquet table", recognises=lambda head: head.startswith(b"PAR1"), decode=JSONL.decode, is_json=False
)
