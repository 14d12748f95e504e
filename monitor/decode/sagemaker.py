"""SageMaker data capture: JSON Lines with the request and the answer as text, CSV or JSON.

The answer's columns come first, as in the baseline that SageMaker asks for. Columns without names take the
baseline's by place. A CSV payload of several lines is as many rows, which share id and time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode.envelope import Envelopes, envelopes
from monitor.decode.format import Format
from monitor.decode.payload import hashes_of, holds, text_of
from monitor.decode.sides import read_csv, read_mixed
from monitor.decode.times import moment, seconds_of
from monitor.profile import Volume
from monitor.stats.distinct import Distinct

MOST_SAMPLES = 5  # in a block
ENCODINGS = ("CSV", "JSON", "BASE64")
WHY = {
    "not_csv": "a stray quote or line end, or several rows whose number differs between request and answer",
    "not_a_flat_object": "nested values, several objects, or no JSON object",
    "no_payload": "neither a request nor an answer with columns",
    "encoding_base64": "only CSV and JSON are read",
    "encoding_other": "only CSV and JSON are read",
}
BARE_NUMBER = r"^\s*-?[0-9][-+.eE0-9]*\s*$"
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
            group = found if len(rows) == len(found) else found.take(rows)
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
        told = pc.utf8_upper(pc.fill_null(encoding, "CSV"))
        known = pc.if_else(pc.is_in(told, value_set=pa.array(ENCODINGS)), told, "OTHER")
        known = pc.if_else(_is_bare_number(data, known), "CSV", known)
        sides.append(pc.if_else(pc.is_valid(data), known, ""))
    both = pc.binary_join_element_wise(*sides, "\t").dictionary_encode()
    codes = both.indices.to_numpy()
    for code, name in enumerate(both.dictionary.to_pylist()):
        left, _, right = name.partition("\t")
        yield (left, right), np.flatnonzero(codes == code)


def _is_bare_number(data: pa.StringArray, kinds: pa.StringArray) -> pa.BooleanArray:
    """JSON payloads that are a number and nothing else: the same as a CSV row of one column."""
    is_json = pc.equal(kinds, "JSON")
    if not is_json.true_count:
        return is_json
    return pc.and_(is_json, pc.fill_null(pc.match_substring_regex(data, BARE_NUMBER), False))


def _single_rows(kinds: tuple[str, str], found: Envelopes) -> Iterator[Envelopes]:
    """The records with one row a payload, and those with several, split and paired with the rows of the answer.

    Where the two sides differ in their number of rows the payload is left whole, and is then rejected for its line
    ends. Only payloads without quotes are split: a line end inside quotes belongs to the value.
    """
    names = [name for name, kind in zip(("input", "output"), kinds, strict=True) if kind]
    sides = {name: _trimmed(getattr(found, name)) for name in names}
    found = replace(found, **sides)
    if not {*kinds} <= {"CSV", ""} or not any(holds(text_of(side), (b"\n",)) for side in sides.values()):
        yield found
        return
    counts = np.array([pc.count_substring(side, "\n").to_numpy(zero_copy_only=False) for side in sides.values()])
    quoted = [pc.match_substring(side, '"').to_numpy(zero_copy_only=False) for side in sides.values()]
    several = (counts[0] > 0) & (counts == counts[0]).all(axis=0) & ~np.logical_or.reduce(quoted)
    if not several.all():
        yield found.take(np.flatnonzero(~several))
    part = found.take(np.repeat(np.flatnonzero(several), counts[0][several] + 1))
    at = pa.array(np.flatnonzero(several))
    rows = {name: pc.list_flatten(pc.split_pattern(side.take(at), "\n")) for name, side in sides.items()}
    yield replace(part, **{name: _trimmed(side) for name, side in rows.items()})


def _trimmed(side: pa.StringArray) -> pa.StringArray:
    """Without line ends at the end of each."""
    return pc.utf8_rtrim(side, characters="\r\n") if holds(text_of(side), (b"\n", b"\r")) else side


def _batch(kinds: tuple[str, str], found: Envelopes, expected: Expected, block: Block) -> Batch:
    unknown = [kind for kind in kinds if kind not in ("CSV", "JSON", "")]
    if unknown or kinds == ("", ""):
        reason = f"encoding_{unknown[0].lower()}" if unknown else "no_payload"
        return _refused({reason: np.arange(len(found))}, found, block)
    request, answer = (found.input if kinds[0] else None), (found.output if kinds[1] else None)
    if "JSON" in kinds:
        table = read_mixed(request, kinds[0] == "JSON", answer, kinds[1] == "JSON", expected)
    else:
        table = read_csv(request, answer, expected)
    refused = _refused(table.rejected, found, block)
    if not len(table.taken):
        return replace(refused, volume=refused.volume + Volume(widths=table.widths))
    seconds, timed = seconds_of(found.time.take(pa.array(table.taken)))
    return Batch(
        rows=pa.RecordBatch.from_arrays(list(table.columns.values()), names=list(table.columns)),
        volume=refused.volume + Volume(rows=len(table.taken), widths=table.widths),
        seconds=seconds,
        timed=timed,
        outputs=table.outputs,
        positions=table.positions,
        rejects=refused.rejects,
    )


def _refused(rejected: Mapping[str, Rows], found: Envelopes, block: Block) -> Batch:
    """Counts of the records at these places by reason, and the first of each as a sample."""
    samples = tuple(
        Sample(path=block.path, line=int(found.line[rows[0]]), reason=reason, why=WHY.get(reason, ""))
        for reason, rows in sorted(rejected.items())
    )
    counts = {reason: len(rows) for reason, rows in sorted(rejected.items())}
    return Batch(rows=NO_ROWS, volume=Volume(rejected=counts), rejects=samples)


FORMAT = Format(
    about="SageMaker data capture (JSON Lines)",
    recognises=lambda head: b'"captureData"' in head,
    decode=decode,
)
