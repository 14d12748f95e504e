"""Requests and answers that were logged apart, paired by id and by place in the record."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Sample
from monitor.decode.payload import hashes_of
from monitor.profile import Volume
from monitor.stats.distinct import Distinct

Indices = NDArray[np.int64]
MOST_WAITING = 200_000  # rows whose other half has not come
TOGETHER_ROWS = 65_536  # come before those that wait are looked through
WHY = "a {} whose other half was not found"
PATH, LINE = "path", "line"  # where each half stood, among what is known of it


def paired(batches: Iterable[Batch], most: int = MOST_WAITING) -> Iterator[Batch]:
    """The batches with halves put together; others pass through as they are.

    A half waits for its other one over all files, `most` rows of each kind at a time. Of two with the same id the first
    request goes with the first answer. Halves that stay alone are counted as `unpaired`; but where there are no halves
    of the other kind at all, they are rows of their own.
    """
    requests, answers = list[Batch](), list[Batch]()
    seen = set[str]()
    fresh = 0
    for batch in batches:
        if not batch.half:
            yield batch
            continue
        seen.add(batch.half)
        (requests if batch.half == "request" else answers).append(batch)
        fresh += batch.rows.num_rows
        if fresh >= TOGETHER_ROWS:
            yield from _matched(requests, answers)
            fresh = 0
            for waiting in (requests, answers):
                while sum(b.rows.num_rows for b in waiting) > most:
                    yield _alone(waiting.pop(0), is_whole=len(seen) == 1)
    yield from _matched(requests, answers)
    for batch in (*requests, *answers):
        yield _alone(batch, is_whole=len(seen) == 1)


def _matched(requests: list[Batch], answers: list[Batch]) -> Iterator[Batch]:
    """Pairs among those that wait; what is paired waits no longer."""
    requests[:], answers[:] = _joined(requests), _joined(answers)
    for a in range(len(requests)):
        for b in range(len(answers)):
            left, right = _meeting(requests[a], answers[b])
            if len(left):
                yield _together(requests[a], left, answers[b], right)
                requests[a], answers[b] = _rest(requests[a], left), _rest(answers[b], right)
    requests[:] = [batch for batch in requests if batch.rows.num_rows]
    answers[:] = [batch for batch in answers if batch.rows.num_rows]


def _joined(batches: Sequence[Batch]) -> list[Batch]:
    """Batches of the same columns as one."""
    groups: dict[tuple[object, ...], list[Batch]] = {}
    for batch in batches:
        kinds = tuple((field.name, str(field.type)) for field in batch.rows.schema)
        groups.setdefault((kinds, batch.outputs, batch.positions), []).append(batch)
    return [_one(members) if len(members) > 1 else members[0] for members in groups.values()]


def _one(members: Sequence[Batch]) -> Batch:
    return replace(
        members[0],
        rows=pa.concat_batches([b.rows for b in members]),
        seconds=np.concatenate([b.seconds for b in members if b.seconds is not None]),
        timed=np.concatenate([b.timed for b in members if b.timed is not None]),
        ids=pa.concat_arrays([b.ids for b in members]),
        about=pa.concat_batches([b.about for b in members]),
        places=np.concatenate([b.places for b in members if b.places is not None]),
    )


def _meeting(request: Batch, answer: Batch) -> tuple[Indices, Indices]:
    """Rows of both that have the same key."""
    mine, theirs = _keys(request), _keys(answer)
    found = pc.index_in(mine, value_set=theirs)
    left = np.flatnonzero(pc.is_valid(found).to_numpy(zero_copy_only=False))
    return left, found.take(pa.array(left)).to_numpy(zero_copy_only=False).astype(np.int64)


def _keys(batch: Batch) -> pa.StringArray:
    """Id, place in the record, and how many with both stood before: different for each row; null without an id."""
    assert batch.ids is not None
    assert batch.places is not None
    keys = pc.binary_join_element_wise(batch.ids, pa.array(batch.places).cast(pa.string()), "\t")
    codes = pc.fill_null(keys.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-2))
    ranks = np.empty(len(codes), np.int64)
    ranks[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(np.append(starts, len(codes))))
    return pc.binary_join_element_wise(keys, pa.array(ranks).cast(pa.string()), "\t")


def _together(request: Batch, left: Indices, answer: Batch, right: Indices) -> Batch:
    """The rows of both sides, the answer's columns first."""
    into, out = request.rows.take(pa.array(left)), answer.rows.take(pa.array(right))
    columns = dict(zip(out.schema.names, out.columns, strict=True))
    columns |= dict(zip(into.schema.names, into.columns, strict=True))
    found = _chosen(request, left)
    outputs = tuple(name for name in answer.outputs if name not in request.rows.schema.names)
    rows = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return _counted(replace(found, rows=rows, outputs=outputs), both=True)


def _counted(batch: Batch, *, both: bool) -> Batch:
    """The batch as rows of their own: records, ids and rows told."""
    assert batch.places is not None
    firsts = batch.places == 0
    hashes = hashes_of(batch.ids.filter(pa.array(firsts))) if batch.ids is not None else np.zeros(0, np.uint64)
    volume = Volume(
        records=int(firsts.sum()),
        rows=batch.rows.num_rows,
        both=int(firsts.sum()) if both else 0,
        with_id=len(hashes),
        ids=Distinct.of(hashes),
    )
    return replace(batch, volume=volume, half="", places=None)


def _alone(batch: Batch, *, is_whole: bool) -> Batch:
    """Halves without the other: rows of their own where there are no others at all, else rejects."""
    if is_whole:
        return _counted(batch, both=False)
    assert batch.places is not None
    assert batch.about is not None
    firsts = np.flatnonzero(batch.places == 0)
    if not len(firsts):
        return Batch(rows=NO_ROWS, volume=Volume())
    path, line = (batch.about[name][int(firsts[0])].as_py() for name in (PATH, LINE))
    volume = Volume(records=len(firsts), rejected={"unpaired": len(firsts)})
    sample = Sample(path=path, line=line, reason="unpaired", why=WHY.format(batch.half))
    return Batch(rows=NO_ROWS, volume=volume, rejects=(sample,))


def _rest(batch: Batch, gone: Indices) -> Batch:
    kept = np.setdiff1d(np.arange(batch.rows.num_rows), gone)
    return _chosen(batch, kept)


def _chosen(batch: Batch, rows: Indices) -> Batch:
    at = pa.array(rows)
    return replace(
        batch,
        rows=batch.rows.take(at),
        seconds=None if batch.seconds is None else batch.seconds[rows],
        timed=None if batch.timed is None else batch.timed[rows],
        ids=None if batch.ids is None else batch.ids.take(at),
        about=None if batch.about is None else batch.about.take(at),
        places=None if batch.places is None else batch.places[rows],
    )
