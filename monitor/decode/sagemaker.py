"""SageMaker data capture: JSON Lines with the request and the answer as text, CSV or JSON.

The answer's columns come first, as in the baseline that SageMaker asks for. Columns without names take the
baseline's by place. A CSV payload of several lines is as many rows, which share id and time.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode.envelope import PATHS, Envelopes, envelopes
from monitor.decode.format import Format
from monitor.decode.payload import hashes_of, holds, text_of
from monitor.decode.sides import read_csv, read_mixed
from monitor.decode.times import moment, seconds_of
from monitor.profile import Volume
from monitor.stats.distinct import Distinct

MOST_SAMPLES = 5  # in a block
Rows = NDArray[np.int64]


def decode(blocks: Iterator[Block], expected: Expected) -> Iterator[Batch]:
    """What each block held, then a batch for each pair of encodings in it."""
    for block in blocks:
        if block.trouble:
            yield unreadable(block)
            continue
        found = envelopes(block)
        yield _counted(found)
        for kinds, rows in _by_encoding(found):
            group = _taken(found, rows)
            yield from (_batch(kinds, part, expected, block) for part in _single_rows(kinds, group))


def unreadable(block: Block) -> Batch:
    """A file, or the rest of one, that cannot be read: one record, rejected."""
    sample = Sample(path=block.path, line=block.line, reason="unreadable", why=block.trouble)
    return Batch(rows=NO_ROWS, volume=Volume(records=1, rejected={"unreadable": 1}), rejects=(sample,))


def _counted(found: Envelopes) -> Batch:
    reasons = Counter(sample.reason for sample in found.rejects)
    seconds, timed = seconds_of(found.time)
    times = seconds[timed]
    both = pc.and_(pc.is_valid(found.input), pc.is_valid(found.output))
    hashes = hashes_of(found.id)
    volume = Volume(
        records=len(found) + len(found.rejects),
        rejected=dict(sorted(reasons.items())),
        both=both.true_count,
        first=moment(int(times.min())) if len(times) else None,
        last=moment(int(times.max())) if len(times) else None,
        with_id=len(hashes),
        ids=Distinct.of(hashes),
    )
    return Batch(rows=NO_ROWS, volume=volume, rejects=found.rejects[:MOST_SAMPLES])


def _by_encoding(found: Envelopes) -> Iterator[tuple[tuple[str, str], Rows]]:
    """Rows by (request, answer) encoding; a side without data is ''."""
    if len(found) == 0:
        return
    sides = []
    for data, encoding in ((found.input, found.input_encoding), (found.output, found.output_encoding)):
        sides.append(pc.if_else(pc.is_valid(data), pc.utf8_upper(pc.fill_null(encoding, "CSV")), ""))
    both = pc.binary_join_element_wise(*sides, "\t").dictionary_encode()
    codes = both.indices.to_numpy()
    for code, name in enumerate(both.dictionary.to_pylist()):
        left, _, right = name.partition("\t")
        yield (left, right), np.flatnonzero(codes == code)


def _taken(found: Envelopes, rows: Rows) -> Envelopes:
    if len(rows) == len(found):
        return found
    return Envelopes(**{name: getattr(found, name).take(pa.array(rows)) for name in PATHS})


def _single_rows(kinds: tuple[str, str], found: Envelopes) -> Iterator[Envelopes]:
    """The records with one row a payload, and those with several, split and paired with the rows of the answer.

    Where the two sides differ in their number of rows the payload is left whole, and is then rejected for its line
    ends. Only payloads without quotes are split: a line end inside quotes belongs to the value.
    """
    trimmed = {
        name: pc.utf8_rtrim(getattr(found, name), characters="\r\n")
        if name in ("input", "output")
        else getattr(found, name)
        for name in PATHS
    }
    present = [trimmed[name] for name, kind in zip(("input", "output"), kinds, strict=True) if kind]
    if (
        kinds[0] not in ("CSV", "")
        or kinds[1] not in ("CSV", "")
        or not any(holds(text_of(s), (b"\n",)) for s in present)
    ):
        yield Envelopes(**trimmed)
        return
    counts = [pc.count_substring(side, "\n").to_numpy(zero_copy_only=False) for side in present]
    quoted = np.logical_or.reduce([pc.match_substring(side, '"').to_numpy(zero_copy_only=False) for side in present])
    several = (counts[0] > 0) & ~quoted & np.logical_and.reduce([c == counts[0] for c in counts])
    whole = Envelopes(**trimmed)
    yield _taken(whole, np.flatnonzero(~several))
    part = _taken(whole, np.flatnonzero(several))
    of = np.repeat(np.arange(len(part)), counts[0][several] + 1)
    repeated = {name: getattr(part, name).take(pa.array(of)) for name in PATHS}
    for name, kind in zip(("input", "output"), kinds, strict=True):
        if kind:
            repeated[name] = pc.utf8_rtrim(
                pc.list_flatten(pc.split_pattern(getattr(part, name), "\n")), characters="\r"
            )
    yield Envelopes(**repeated)


def _batch(kinds: tuple[str, str], found: Envelopes, expected: Expected, block: Block) -> Batch:
    unknown = [kind for kind in kinds if kind not in ("CSV", "JSON", "")]
    if unknown or kinds == ("", ""):
        reason = f"encoding_{unknown[0].lower()}" if unknown else "no_payload"
        return _refused(Counter({reason: len(found)}), block)
    request, answer = (found.input if kinds[0] else None), (found.output if kinds[1] else None)
    if "JSON" in kinds:
        table = read_mixed(request, kinds[0] == "JSON", answer, kinds[1] == "JSON", expected)
    else:
        table = read_csv(request, answer, expected)
    seconds, timed = seconds_of(found.time.take(pa.array(table.taken)))
    refused = _refused(table.reasons, block)
    return Batch(
        rows=pa.RecordBatch.from_arrays(list(table.columns.values()), names=list(table.columns)),
        volume=refused.volume + Volume(rows=len(table.taken), widths=table.widths),
        seconds=seconds,
        timed=timed,
        outputs=table.outputs,
        positions=table.positions,
        rejects=refused.rejects,
    )


def _refused(reasons: Counter[str], block: Block) -> Batch:
    samples = tuple(Sample(path=block.path, line=block.line, reason=reason) for reason in sorted(reasons))
    return Batch(rows=NO_ROWS, volume=Volume(rejected=dict(sorted(reasons.items()))), rejects=samples)


FORMAT = Format(
    about="SageMaker data capture (JSON Lines)",
    recognises=lambda head: b'"captureData"' in head,
    decode=decode,
)
