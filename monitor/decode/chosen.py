"""The records of a block that a window takes, told before their payloads are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode.envelope import Envelopes
from monitor.decode.format import Format, Times
from monitor.decode.records import Records, records
from monitor.profile import Volume
from monitor.selection import NONE, Selection

Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Records, by which time each of them is chosen, and whether they count as read.

    Those that do not count are there for rows or halves among them that the window may take yet.
    """

    found: Records
    when: Indices
    is_counted: bool = True


def unread(block: Block, expected: Expected) -> Iterator[Batch]:
    """A line, a file, or the rest of one, that cannot be read: one record, rejected."""
    if expected.selection is None or expected.selection.takes_untimed(block.path):
        sample = Sample(path=block.path, line=block.line, reason=block.reason, why=block.trouble)
        yield Batch(rows=NO_ROWS, volume=Volume(records=1, rejected={block.reason: 1}), rejects=(sample,))


def of_envelopes(found: Envelopes, path: str, selection: Selection | None) -> Iterator[tuple[Envelopes, bool]]:
    """Those taken, and that they count. Where a column holds the time, also the others, whose rows may be taken."""
    if selection is None:
        yield found, True
        return
    when, beside = selection.times(path, found.line, found.seconds, found.timed, lines_of(found.rejects))
    takes = selection.takes(when)
    if selection.column is not None:
        found = replace(found, when=when)
    rejects = tuple(compress(found.rejects, selection.takes(beside)))
    if takes.all() and len(rejects) == len(found.rejects):
        yield found, True
        return
    if takes.any() or rejects:
        yield replace(found.take(np.flatnonzero(takes)), rejects=rejects), True
    if selection.column is not None and not takes.all():
        yield found.take(np.flatnonzero(~takes)), False


def of_records(
    found: Records, block: Block, expected: Expected, times: Times, is_half: Mask, *, by_rows: bool
) -> Iterator[Part]:
    """Those taken; then others that do not count: halves near the window and, `by_rows`, all the rest.

    Where only some are, their lines are read once more by themselves: records of the same block agree on their columns,
    and those of other windows have no say in it.
    """
    selection = expected.selection
    assert selection is not None
    when, beside = selection.times(block.path, times.line, times.seconds, times.timed, lines_of(found.rejects))
    takes, takes_reject = selection.takes(when), selection.takes(beside)
    if is_half.any():
        selection.mark_halves(block.path)
    if takes.all() and takes_reject.all():
        yield Part(found=found, when=when)
        return
    if takes.any() or takes_reject.any():
        yield _only(Part(found=found, when=when), takes, takes_reject, block, expected)
    others = ~takes & (by_rows | (is_half & selection.is_near(when)))
    if others.any():
        none = np.zeros(len(found.rejects), dtype=bool)
        yield replace(_only(Part(found=found, when=when), others, none, block, expected), is_counted=False)


def of_lines(block: Block, format: Format, expected: Expected) -> Iterator[tuple[Block, bool]]:
    """The block with the lines taken, blank ones in the place of others, and that they count. Where a column holds the
    time, also the block with the others."""
    selection = expected.selection
    if selection is None:
        yield block, True
        return
    known = Times(line=NONE, seconds=NONE, timed=NONE > 0)
    if format.times is not None:
        known = format.times(block, expected)
    line, first = np.unique(known.line, return_index=True)  # a line goes by the first record in it
    filled = np.array([i for i, text in enumerate(block.data.split(b"\n"), block.line) if text.strip()], np.int64)
    rest = np.setdiff1d(filled, line)
    when, beside = selection.times(block.path, line, known.seconds[first], known.timed[first], rest)
    lines = np.concatenate([line, rest])
    takes = selection.takes(np.concatenate([when, beside]))
    if takes.all():
        yield block, True
        return
    if takes.any():
        yield replace(block, data=blanked(block.data, lines[takes] - block.line)), True
    if selection.column is not None:
        yield replace(block, data=blanked(block.data, lines[~takes] - block.line)), False


def _only(whole: Part, chosen: Mask, rejects: Mask, block: Block, expected: Expected) -> Part:
    """The chosen records as if the others had not been there."""
    found, when = whole.found, whole.when
    if block.rows is not None:
        return Part(found=found.only(chosen), when=when[chosen])
    lines = np.union1d(found.line[chosen], lines_of(found.rejects)[rejects])
    alone = records(replace(block, data=blanked(block.data, lines - block.line)), expected)
    there = chosen[np.isin(found.line, lines)]  # where a line holds several records, some may be of another window
    if len(there) != alone.count:  # a line that is a record only beside others, or only by itself
        return Part(found=alone, when=when[np.minimum(np.searchsorted(found.line, alone.line), len(when) - 1)])
    return Part(found=alone if there.all() else alone.only(there), when=when[chosen])


def blanked(data: bytes, kept: Indices) -> bytes:
    """The lines with these numbers, from 0, each in its place: blank ones stand for the others."""
    lines = data.split(b"\n")
    blank = [b""] * len(lines)
    for number in kept.tolist():
        blank[number] = lines[number]
    return b"\n".join(blank)


def lines_of(samples: Sequence[Sample]) -> Indices:
    """Where each of them stood."""
    return np.array([sample.line for sample in samples], np.int64)
