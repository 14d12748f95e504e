"""Requests and answers that were logged apart: held as they came, paired by id, and only then read as rows.

Only both together tell what a list of plain values is, whether there are as many answers as questions, and which of
the baseline's columns are whose.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Expected, Half, Sample
from monitor.decode.mapped_sides import Payloads, rows_in
from monitor.payloads.exchanges import Known, batch_of, counted, exchanged
from monitor.payloads.indices import without
from monitor.payloads.json_pieces import Piece, by_type
from monitor.payloads.json_rows import Read, Refused
from monitor.payloads.json_value import written
from monitor.payloads.texts import hashes_of
from monitor.profile import Volume
from monitor.selection import Selection
from monitor.stats.distinct import Distinct

Indices = NDArray[np.int64]
MOST_WAITING_BYTES = 256 << 20  # of payloads of one kind whose other half has not come
TOGETHER = 65_536  # halves (or as many bytes as may wait) come before those that wait are looked through
ALONE = {"request": "a request whose answer was not found", "answer": "an answer whose request was not found"}
PAYLOAD = "payload"
PATH, LINE = "\tpath", "\tline"  # among what is known of a half; the tab is in no name that a layout keeps


def stood_at(known: Known, path: str, line: Indices) -> Known:
    """What is known of the records of a block, and where each of them stood."""
    where = {PATH: pa.array([path] * len(line), pa.string()), LINE: pa.array(line)}
    about = dict(zip(known.about.schema.names, known.about.columns, strict=True))
    return replace(known, about=pa.RecordBatch.from_pydict(where | about))


def halves_of(given: Payloads, chosen: Indices, half: Half, stood: Known) -> Iterator[Batch]:
    """The chosen records as batches of one column, the payload, null where there is none."""
    empty = without(chosen, given.records)
    pieces = [*given.pieces, Piece(values=pa.nulls(len(empty), pa.string()), at=empty)]
    if given.odd:
        texts = pa.array([value if type(value) is str else written(value) for _, value in given.odd], pa.string())
        pieces.append(Piece(values=texts, at=np.array([number for number, _ in given.odd], np.int64)))
    for piece in pieces:
        if len(piece.at):
            every = Batch(
                rows=NO_ROWS,
                volume=Volume(),
                half=half,
                ids=stood.ids,
                seconds=stood.seconds,
                timed=stood.timed,
                about=stood.about,
                when=stood.when,
            )
            yield replace(every.beside(piece.at), rows=pa.RecordBatch.from_arrays([piece.values], names=[PAYLOAD]))


def paired(batches: Iterable[Batch], expected: Expected, most: int = MOST_WAITING_BYTES) -> Iterator[Batch]:
    """The batches with halves put together and read; others pass through as they are.

    A half waits for its other one over all files, `most` bytes of each kind at a time. Of two with the same id the
    first request goes with the first answer. Halves that stay alone are counted as `unpaired`; but where there are no
    halves of the other kind at all, they are rows of their own.
    """
    requests, answers = list[Batch](), list[Batch]()
    seen = set[str]()
    fresh = size = 0
    for batch in batches:
        if not batch.half:
            yield batch
            continue
        seen.add(batch.half)
        if not batch.rows.num_rows:
            yield replace(batch, half="")
            continue
        (requests if batch.half == "request" else answers).append(batch)
        fresh, size = fresh + batch.rows.num_rows, size + batch.rows.nbytes
        if fresh >= TOGETHER or size > most:
            yield from _matched(requests, answers, expected)
            fresh = size = 0
            for waiting in (requests, answers):
                for batch in _too_many(waiting, most):
                    yield from _alone(batch, expected, is_whole=len(seen) == 1)
    yield from _matched(requests, answers, expected)
    for batch in (*requests, *answers):
        yield from _alone(batch, expected, is_whole=len(seen) == 1)


def _too_many(waiting: list[Batch], most: int) -> Iterator[Batch]:
    """The older ones of those that wait, until they are few enough."""
    while sum(batch.rows.nbytes for batch in waiting) > most:
        place = int(np.argmax([batch.rows.nbytes for batch in waiting]))
        batch = waiting.pop(place)
        count = batch.rows.num_rows
        older = (count + 1) // 2
        yield batch.take(np.arange(older))
        if older < count:
            waiting.insert(place, batch.take(np.arange(older, count)))


def _matched(requests: list[Batch], answers: list[Batch], expected: Expected) -> Iterator[Batch]:
    """Pairs among those that wait; what is paired waits no longer."""
    requests[:], answers[:] = _joined(requests), _joined(answers)
    for a in range(len(requests)):
        for b in range(len(answers)):
            left, right = _meeting(requests[a], answers[b])
            if len(left):
                yield from _together(requests[a].take(left), answers[b].take(right), expected)
                requests[a], answers[b] = _rest(requests[a], left), _rest(answers[b], right)
    requests[:] = [batch for batch in requests if batch.rows.num_rows]
    answers[:] = [batch for batch in answers if batch.rows.num_rows]


def _joined(batches: Sequence[Batch]) -> list[Batch]:
    """Batches whose payloads are of one type, or of types that fit each other, as one."""
    if len(batches) < 2:
        return list(batches)
    starts = np.cumsum([0, *(batch.rows.num_rows for batch in batches)])
    pieces = [
        Piece(values=batch.rows.column(0), at=np.arange(start, start + batch.rows.num_rows))
        for batch, start in zip(batches, starts, strict=False)
    ]
    about = pa.concat_tables([pa.Table.from_batches([b.about]) for b in batches], promote_options="default")
    whole = replace(
        batches[0],
        ids=pa.concat_arrays([b.ids for b in batches]),
        seconds=np.concatenate([b.seconds for b in batches if b.seconds is not None]),
        timed=np.concatenate([b.timed for b in batches if b.timed is not None]),
        when=None if batches[0].when is None else np.concatenate([b.when for b in batches if b.when is not None]),
        about=about.combine_chunks().to_batches()[0],
    )
    return [
        replace(whole.beside(piece.at), rows=pa.RecordBatch.from_arrays([piece.values], names=[PAYLOAD]))
        for piece in by_type(pieces)
    ]


def _meeting(request: Batch, answer: Batch) -> tuple[Indices, Indices]:
    """Records of both that have the same key."""
    mine, theirs = _keys(request), _keys(answer)
    found = pc.index_in(mine, value_set=theirs)
    left = np.flatnonzero(pc.and_(pc.is_valid(found), pc.is_valid(mine)).to_numpy(zero_copy_only=False))
    return left, found.take(pa.array(left)).to_numpy(zero_copy_only=False).astype(np.int64)


def _keys(batch: Batch) -> pa.StringArray:
    """Id, and how many of the same id stood before: different for each record; null without an id."""
    assert batch.ids is not None
    codes = pc.fill_null(batch.ids.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-2))
    ranks = np.empty(len(codes), np.int64)
    ranks[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(np.append(starts, len(codes))))
    return pc.binary_join_element_wise(batch.ids, pa.array(ranks).cast(pa.string()), "\t")


def _together(request: Batch, answer: Batch, expected: Expected) -> Iterator[Batch]:
    """The rows of pairs: the request's id and place, and its time unless only the answer has one."""
    assert request.seconds is not None
    assert request.timed is not None
    assert answer.seconds is not None
    assert answer.timed is not None
    seconds: Indices = np.where(request.timed, request.seconds, answer.seconds)
    known = replace(request, seconds=seconds, timed=request.timed | answer.timed)
    if request.when is not None:
        known = replace(known, when=np.where(request.timed | answer.timed, seconds, request.when))
    for at, is_counted in _parts(known, expected.selection):
        into, out = (rows_in(_at(batch, at).rows.column(0), expected) for batch in (request, answer))
        yield from _counted(_read(_at(known, at), into, out, expected), is_counted=is_counted)


def _parts(known: Batch, selection: Selection | None) -> Iterator[tuple[Indices, bool]]:
    """The places of those of a window, and that they count; where a column holds the time, also of the others."""
    every = np.arange(known.rows.num_rows)
    if selection is None or known.when is None:
        yield every, True
        return
    takes = selection.takes(known.when)
    for at, is_counted in ((every[takes], True), (every[~takes], False)):
        if len(at) and (is_counted or selection.column is not None):
            yield at, is_counted


def _at(batch: Batch, at: Indices) -> Batch:
    return batch if len(at) == batch.rows.num_rows else batch.take(at)


def _counted(batches: Iterator[Batch], *, is_counted: bool) -> Iterator[Batch]:
    yield from batches if is_counted else (batch.uncounted for batch in batches if batch.rows.num_rows)


def _alone(batch: Batch, expected: Expected, *, is_whole: bool) -> Iterator[Batch]:
    """Halves without the other: rows of their own where there are no others at all, else rejects."""
    for at, is_counted in _parts(batch, expected.selection):
        half = _at(batch, at)
        if is_whole:
            side, none = rows_in(half.rows.column(0), expected), Read(parts=(), refused=())
            read = _read(half, *((side, none) if half.half == "request" else (none, side)), expected)
            yield from _counted(read, is_counted=is_counted)
        elif is_counted:
            every = [Refused(payload=i, reason="unpaired", why=ALONE[half.half]) for i in range(len(at))]
            volume = Volume(records=len(every), rejected={"unpaired": len(every)})
            yield Batch(rows=NO_ROWS, volume=volume, rejects=_samples(every, half))


def _read(known: Batch, into: Read, out: Read, expected: Expected) -> Iterator[Batch]:
    assert known.ids is not None
    assert known.seconds is not None
    assert known.timed is not None
    assert known.about is not None
    count = known.rows.num_rows
    tables, both = exchanged(into, out, np.arange(count), expected)
    hashes = hashes_of(known.ids)
    volume = Volume(records=count, with_id=len(hashes), ids=Distinct.of(hashes)) + counted(tables, both)
    yield Batch(rows=NO_ROWS, volume=volume, rejects=_samples(tables.refused, known))
    about = known.about.select([name for name in known.about.schema.names if name not in (PATH, LINE)])
    by_rows = expected.selection is not None and expected.selection.column is not None
    when = known.when if by_rows else None
    of_records = Known(ids=known.ids, seconds=known.seconds, timed=known.timed, about=about, when=when)
    for table in tables.tables:
        yield batch_of(table, of_records)


def _samples(refused: Sequence[Refused], known: Batch) -> tuple[Sample, ...]:
    """The first of each reason, by where it stood."""
    assert known.about is not None
    firsts = {one.reason: one for one in sorted(refused, key=lambda r: -r.payload)}
    found = []
    for reason, first in sorted(firsts.items()):
        path, line = (known.about[name][first.payload].as_py() for name in (PATH, LINE))
        found.append(Sample(path=path, line=line, reason=reason, why=first.why))
    return tuple(found)


def _rest(batch: Batch, gone: Indices) -> Batch:
    return batch.take(without(np.arange(batch.rows.num_rows), gone))
