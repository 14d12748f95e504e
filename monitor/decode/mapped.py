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
from monitor.decode.chosen import of_records, unread
from monitor.decode.format import Format, Times
from monitor.decode.halves import halves_of, stood_at
from monitor.decode.heads import has_record
from monitor.decode.layout import Layout
from monitor.decode.mapped_sides import at_path, payloads_at, read_payloads
from monitor.decode.paths import Path, name_of
from monitor.decode.records import Records, records
from monitor.decode.sagemaker import MOST_SAMPLES
from monitor.decode.times import moment, seconds_of
from monitor.decode.unmixed import unmixed
from monitor.payloads.exchanges import Known, batch_of, counted, exchanged
from monitor.payloads.json_rows import Refused
from monitor.payloads.texts import hashes_of
from monitor.profile import Volume
from monitor.selection import Selection
from monitor.stats.distinct import Distinct

Indices = NDArray[np.int64]
Kinds = NDArray[np.int8]
BOTH, REQUEST, ANSWER, NEITHER, ELSEWHERE = range(5)  # what a record is
HALVES: Final[dict[int, Half]] = {REQUEST: "request", ANSWER: "answer"}
UTC = r" UTC$"  # as BigQuery writes times
REFUSED = {
    NEITHER: ("other_kind", "neither a request nor an answer"),
    ELSEWHERE: ("not_here", "the payload was put in another place, as the record says"),
}


def decode(blocks: Iterator[Block], expected: Expected, layout: Layout) -> Iterator[Batch]:
    """Batches of each block; those of halves hold payloads as they came, to be paired later."""
    for block in blocks:
        if block.trouble:
            yield from unread(block, expected)
        elif expected.selection is None:
            found = records(block, expected)
            known, kinds = _known(found, layout, expected.sizes.depth), _kinds(found, layout, expected.sizes.depth)
            yield from _batches(found, known, kinds, block, expected, layout)
        else:
            yield from _windowed(block, expected, layout, expected.selection)


def _windowed(block: Block, expected: Expected, layout: Layout, selection: Selection) -> Iterator[Batch]:
    """The batches of what a window takes, and of what it may take yet: rows by a column's time, halves with their
    others'."""
    depth = expected.sizes.depth
    found = records(block, expected)
    known, kinds = _known(found, layout, depth), _kinds(found, layout, depth)
    times, by_rows = _by_column(found, known, layout, selection.column, depth)
    for kind, half in HALVES.items():  # told whether they are of this window or not
        if (kinds == kind).any():
            yield Batch(rows=NO_ROWS, volume=Volume(), half=half)
    for part in of_records(found, block, expected, times, _is_half(kinds), by_rows=by_rows):
        if part.found is not found:
            known, kinds = _known(part.found, layout, depth), _kinds(part.found, layout, depth)
        of_part = replace(known, when=part.when)
        for batch in _batches(part.found, of_part, kinds, block, expected, layout):
            chosen = batch if by_rows or batch.half else replace(batch, when=None)
            if part.is_counted:
                yield chosen
            elif chosen.rows.num_rows:
                yield chosen.uncounted


def _by_column(found: Records, known: Known, layout: Layout, column: str | None, depth: int) -> tuple[Times, bool]:
    """When the records were, and whether their rows have still to be asked.

    In a flat table the record is the row, and its time the column's.
    """
    if column is not None and layout.inputs == TABLE.inputs and not layout.time:
        seconds, timed = seconds_of(_texts(found, ((column,),), depth))
        if timed.any():
            return Times(line=found.line, seconds=seconds, timed=timed), False
    return Times(line=found.line, seconds=known.seconds, timed=known.timed), column is not None


def times(block: Block, expected: Expected, layout: Layout) -> Times:
    """When the records of a block were."""
    found = records(block, expected)
    known = _known(found, layout, expected.sizes.depth)
    return Times(line=found.line, seconds=known.seconds, timed=known.timed)


def _batches(
    found: Records, known: Known, kinds: Kinds, block: Block, expected: Expected, layout: Layout
) -> Iterator[Batch]:
    yield _count(found, known, kinds)
    whole = np.flatnonzero(kinds == BOTH)
    if len(whole):
        yield from _wholes(found, whole, known, block, expected, layout)
    if _is_half(kinds).any():
        yield from _halves(found, known, kinds, block, layout, expected.sizes.depth)
    for kind, (reason, why) in REFUSED.items():
        lost = np.flatnonzero(kinds == kind).tolist()
        if lost:
            yield _refused([Refused(payload=i, reason=reason, why=why) for i in lost], found, block)


def _known(found: Records, layout: Layout, depth: int) -> Known:
    seconds, timed = seconds_of(pc.replace_substring_regex(_texts(found, layout.time, depth), UTC, "Z"))
    besides = {name_of(path): _texts(found, (path,), depth) for path in layout.besides}
    about = pa.RecordBatch.from_pydict(besides) if besides else NO_ROWS
    return Known(ids=_texts(found, layout.id, depth), seconds=seconds, timed=timed, about=about)


def _count(found: Records, known: Known, kinds: Kinds) -> Batch:
    """How many records there are, and their times; a half is counted when it is paired."""
    counts = Counter(sample.reason for sample in found.rejects)
    moments = known.seconds[known.timed]
    is_half = _is_half(kinds)
    hashes = hashes_of(known.ids.filter(pa.array(~is_half)))
    volume = Volume(
        records=int((~is_half).sum()) + len(found.rejects),
        rejected=dict(sorted(counts.items())),
        first=moment(int(moments.min())) if len(moments) else None,
        last=moment(int(moments.max())) if len(moments) else None,
        with_id=len(hashes),
        ids=Distinct.of(hashes),
    )
    return Batch(rows=NO_ROWS, volume=volume, rejects=found.rejects[:MOST_SAMPLES])


def _wholes(
    found: Records, chosen: Indices, known: Known, block: Block, expected: Expected, layout: Layout
) -> Iterator[Batch]:
    """Records with the request and the answer in them."""
    sides = (layout.inputs, layout.outputs)
    into, out = (payloads_at(found, chosen, paths, layout, expected.sizes.depth) for paths in sides)
    tables, both = exchanged(read_payloads(into, expected), read_payloads(out, expected), chosen, expected)
    yield replace(_refused(tables.refused, found, block), volume=counted(tables, both))
    for table in tables.tables:
        yield batch_of(table, known)


def _halves(found: Records, known: Known, kinds: Kinds, block: Block, layout: Layout, depth: int) -> Iterator[Batch]:
    """Records that are a request or an answer, as they came."""
    halves: dict[Half, tuple[Path, ...]] = {"request": layout.inputs, "answer": layout.outputs}
    chosen = {half: np.flatnonzero(kinds == kind) for kind, half in HALVES.items()}
    given = {half: payloads_at(found, chosen[half], paths, layout, depth) for half, paths in halves.items()}
    stood = stood_at(known, block.path, found.line)
    for half in halves:  # told first of all: which halves there are
        if len(chosen[half]):
            refused = given[half].refused
            yield replace(_refused(refused, found, block, records=len(refused)), half=half)
    for half in halves:
        others = given["answer" if half == "request" else "request"]
        own = replace(given[half], pieces=unmixed(given[half].pieces, others.pieces))
        yield from halves_of(own, chosen[half], half, stood)


def _kinds(found: Records, layout: Layout, depth: int) -> Kinds:
    """What each record is: both sides at once, a half, or nothing that can be read."""
    kinds: Kinds = np.full(found.count, BOTH, np.int8)
    if layout.kind:
        told = _texts(found, layout.kind, depth).dictionary_encode()
        words = [_half(text, layout) for text in told.dictionary.to_pylist()]
        codes = pc.fill_null(told.indices, len(words)).to_numpy(zero_copy_only=False)
        kinds = np.array([*words, NEITHER], np.int8)[codes]
    if layout.elsewhere:
        gone = pc.is_valid(_texts(found, layout.elsewhere, depth)).to_numpy(zero_copy_only=False)
        kinds[gone & (kinds != NEITHER)] = ELSEWHERE
    return kinds


def _is_half(kinds: Kinds) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (kinds == REQUEST) | (kinds == ANSWER)
    return found


def _half(text: str, layout: Layout) -> int:
    if any(fnmatchcase(text, pattern) for pattern in layout.answer):  # first: `*request*` matches some answers' names
        return ANSWER
    return REQUEST if any(fnmatchcase(text, pattern) for pattern in layout.request) else NEITHER


def _texts(found: Records, paths: Sequence[Path], depth: int) -> pa.StringArray:
    """What stands at the first of these paths that leads somewhere, as text, a null where nothing does."""
    whole = pa.nulls(found.count, pa.string())
    every = np.arange(found.count)
    for path in reversed(paths):
        given = at_path(found, every, path, depth)
        for piece in given.pieces:
            if not pa.types.is_nested(piece.values.type):
                whole = _placed(whole, piece.at, piece.values.cast(pa.string()))
        texts = [(number, str(value)) for number, value in given.odd if isinstance(value, str)]
        if texts:
            numbers, found_there = zip(*texts, strict=True)
            whole = _placed(whole, np.array(numbers), pa.array(found_there))
    return whole


def _placed(whole: pa.StringArray, at: Indices, texts: pa.StringArray) -> pa.StringArray:
    if len(at) == len(whole) and not texts.null_count and (np.diff(at) > 0).all():
        return texts
    mask = np.zeros(len(whole), dtype=bool)
    mask[at] = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    order = np.argsort(at, kind="stable")
    return pc.replace_with_mask(whole, pa.array(mask), texts.take(pa.array(order)).drop_null())


def _refused(refused: Sequence[Refused], found: Records, block: Block, records: int = 0) -> Batch:
    """Counts of these records by reason, and the first of each as a sample."""
    counts = Counter(r.reason for r in refused)
    firsts = {r.reason: r for r in sorted(refused, key=lambda r: -r.payload)}
    samples = []
    for reason, first in sorted(firsts.items()):
        line, shape = int(found.line[first.payload]), found.shape(first.payload)
        samples.append(Sample(path=block.path, line=line, reason=reason, why=first.why, shape=shape))
    volume = Volume(records=records, rejected=dict(sorted(counts.items())))
    return Batch(rows=NO_ROWS, volume=volume, rejects=tuple(samples))


def format_of(layout: Layout, about: str) -> Format:
    """The format that reads logs of this layout."""
    names = [[key.encode() for key in keys] for keys in layout.keys]
    return Format(
        about=about,
        recognises=lambda head: any(has_record(head, keys) for keys in names),
        columns=tuple(frozenset(keys) for keys in layout.keys),
        decode=partial(decode, layout=layout),
        reads_tables=True,
        times=partial(times, layout=layout),
        layout=layout,
    )


OBJECTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{")  # the first of them, in a list or not
TABLE = Layout(inputs=((),))
JSONL = Format(
    about="flat JSON Lines: an object a row",
    recognises=lambda head: OBJECTS.match(head) is not None,
    decode=partial(decode, layout=TABLE),
    reads_tables=True,
)
PARQUET = Format(
    about="Parquet table",
    recognises=lambda head: head.startswith(b"PAR1"),
    decode=JSONL.decode,
    is_json=False,
    reads_tables=True,
)
