"""SageMaker data capture: JSON Lines with the request and the answer as text: CSV, JSON, JSON Lines or base64 of them.

The answer's columns come first, as in the baseline that SageMaker asks for. Columns without names take the
baseline's by place. A payload of several rows is as many rows, which share id and time.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode.chosen import of_envelopes, unread
from monitor.decode.envelope import Envelopes, envelopes
from monitor.decode.format import Format, Times
from monitor.decode.times import moment
from monitor.decode.transform import parted
from monitor.payloads.agreeing import agreeing, places
from monitor.payloads.base64_text import decoded
from monitor.payloads.csv_rows import lines, trimmed
from monitor.payloads.exchanges import NO_PAYLOAD
from monitor.payloads.indices import ranks
from monitor.payloads.json_rows import Refused, read
from monitor.payloads.sides import Table, Tables, csv_side, json_side, left_over, read_csv, side_by_side
from monitor.payloads.texts import hashes_of, only_text, redacted
from monitor.profile import Volume
from monitor.stats.distinct import Distinct

Indices = NDArray[np.int64]
MOST_SAMPLES = 5  # in a block
Kinds = NDArray[np.int8]
KINDS = ("", "CSV", "JSON", "BASE64", "OTHER")  # of a side; '' without data
NONE, CSV, JSON, BASE64, OTHER = range(len(KINDS))
BARE_NUMBER = r"^\s*-?[0-9][-+.eE0-9]*\s*$"
LOOKS_LIKE_JSON = r"^\s*[\[{]"
ONLY = "only CSV, JSON and BASE64 are read"


def decode(blocks: Iterator[Block], expected: Expected) -> Iterator[Batch]:
    """What each block held, then batches for each pair of encodings in it."""
    for batches in expected.each(_made, _steps(blocks, expected)):
        yield from batches


Step = Callable[[], Sequence[Batch]]


def _made(step: Step) -> Sequence[Batch]:
    return step()


def _steps(blocks: Iterator[Block], expected: Expected) -> Iterator[Step]:
    """What is to be made of each block, in order: what a window takes of it goes by the blocks before."""

    def opened(block: Block) -> tuple[Block, Envelopes | None]:
        return block, None if block.trouble else envelopes(block, expected.sizes)

    for block, whole in expected.each(opened, blocks):
        if whole is None:
            yield partial(list, [*unread(block, expected)])
            continue
        for found, is_counted in of_envelopes(whole, block.path, expected.selection):
            yield partial(_all_of, found, block, expected, is_counted=is_counted)


def _all_of(found: Envelopes, block: Block, expected: Expected, *, is_counted: bool) -> Sequence[Batch]:
    batches = _decoded(found, block, expected)
    return [*batches] if is_counted else [batch.uncounted for batch in batches if batch.rows.num_rows]


def _decoded(found: Envelopes, block: Block, expected: Expected) -> Iterator[Batch]:
    yield _counted(found)
    found, kinds, refused = _plain(found)
    if refused:
        yield _refused(refused, found, block)
    gone = {r.payload for r in refused}
    for pair, rows in _by_kind(kinds):
        at = np.array([r for r in rows.tolist() if r not in gone], np.int64) if gone else rows
        if len(at):
            yield from _batches(pair, found if len(at) == len(found) else found.take(at), expected, block)


def times(block: Block, expected: Expected) -> Times:
    """When the records of a block were."""
    found = envelopes(block, expected.sizes)
    return Times(line=found.line, seconds=found.seconds, timed=found.timed)


def _counted(found: Envelopes) -> Batch:
    reasons = Counter(sample.reason for sample in found.rejects)
    times = found.seconds[found.timed]
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
    return Batch(rows=NO_ROWS, volume=volume, rejects=_first_of_each(found.rejects))


def _first_of_each(rejects: Sequence[Sample]) -> tuple[Sample, ...]:
    """Few samples, and of every reason one."""
    firsts = {sample.reason: sample for sample in reversed(rejects)}
    others = [sample for sample in rejects if sample is not firsts[sample.reason]]
    return tuple([*firsts.values(), *others][:MOST_SAMPLES]) if rejects else ()


def _plain(found: Envelopes) -> tuple[Envelopes, list[Kinds], list[Refused]]:
    """The records with base64 undone, the kind of each side, and those that cannot be undone."""
    sides: dict[str, pa.StringArray] = {}
    kinds: list[Kinds] = []
    refused: dict[int, Refused] = {}
    for name in ("input", "output"):
        data, kind = getattr(found, name), _kind(getattr(found, name), getattr(found, f"{name}_encoding"))
        at = np.flatnonzero(kind == BASE64)
        if len(at):
            texts, wrong, binary = decoded(data.take(pa.array(at)))
            for index in np.flatnonzero(wrong | binary).tolist():
                reason = "not_base64" if wrong[index] else "not_utf8"
                refused[int(at[index])] = Refused(payload=int(at[index]), reason=reason, why=f"the {name} in base64")
            mask = np.zeros(len(data), dtype=bool)
            mask[at] = True
            data = pc.replace_with_mask(data, pa.array(mask), texts)
            told = pc.match_substring(getattr(found, f"{name}_type").take(pa.array(at)), "json")
            kind[at] = np.where(_holds(told) | _holds(pc.match_substring_regex(texts, LOOKS_LIKE_JSON)), JSON, CSV)
        sides[name] = data
        # JSON that is a number and nothing else is the same as a CSV row of one column.
        at = np.flatnonzero(kind == JSON)
        kind[at[_holds(pc.match_substring_regex(data.take(pa.array(at)), BARE_NUMBER))]] = CSV
        kinds.append(kind)
    return replace(found, **sides), kinds, list(refused.values())


def _kind(data: pa.StringArray, encoding: pa.StringArray) -> Kinds:
    """The place of each in `KINDS`; comma-separated where it is not told."""
    only = only_text(encoding)
    if only is not None:  # as nearly always
        kind: Kinds = np.full(len(data), KINDS.index(only.upper()) if only.upper() in KINDS else OTHER, np.int8)
    else:
        told = encoding.dictionary_encode()
        known = pc.index_in(pc.utf8_upper(told.dictionary), value_set=pa.array(KINDS[:OTHER]))
        codes = np.append(pc.fill_null(known, OTHER).to_numpy(), CSV).astype(np.int8)
        kind = codes[pc.fill_null(told.indices, len(codes) - 1).to_numpy()]
    kind[kind == NONE] = OTHER
    if data.null_count:
        kind[pc.is_null(data).to_numpy(zero_copy_only=False)] = NONE
    return kind


def _holds(told: pa.BooleanArray) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.fill_null(told, False).to_numpy(zero_copy_only=False)
    return found


def _by_kind(kinds: Sequence[Kinds]) -> Iterator[tuple[tuple[str, str], Indices]]:
    """Rows by the kinds of (request, answer), in the order in which these come."""
    both = kinds[0] * len(KINDS) + kinds[1]
    codes, firsts = np.unique(both, return_index=True)
    for code in codes[np.argsort(firsts)].tolist():
        yield (KINDS[code // len(KINDS)], KINDS[code % len(KINDS)]), np.flatnonzero(both == code)


def _batches(kinds: tuple[str, str], found: Envelopes, expected: Expected, block: Block) -> Iterator[Batch]:
    if kinds == ("", "") or "OTHER" in kinds:
        reason, why = ("encoding_other", ONLY) if "OTHER" in kinds else ("no_payload", NO_PAYLOAD)
        yield _refused([Refused(payload=i, reason=reason, why=why) for i in range(len(found))], found, block)
        return
    request, answer = (found.input if kinds[0] else None), (found.output if kinds[1] else None)
    if "JSON" in kinds:
        tables = _mixed(request, kinds[0], answer, kinds[1], expected)
    else:
        tables = _csv(request, answer, expected)
    refused = _refused(tables.refused, found, block)
    if tables.refused or tables.widths:
        yield replace(refused, volume=refused.volume + Volume(widths=tables.widths))
    for table in tables.tables:
        yield _batch(table, found)


def _mixed(
    request: pa.StringArray | None, into: str, answer: pa.StringArray | None, out: str, expected: Expected
) -> Tables:
    """Sides of which at least one is JSON."""
    sizes, as_text = expected.sizes, expected.texts
    into_read = read(request, as_text=as_text, sizes=sizes) if request is not None and into == "JSON" else None
    out_read = read(answer, as_text=as_text, sizes=sizes) if answer is not None and out == "JSON" else None
    if out_read is not None and request is not None:
        asked = lines(request)[1] if into_read is None else places(into_read.parts)
        out_read = agreeing(out_read, asked, sizes.columns)
    if into_read is not None and answer is not None:
        told = lines(answer)[1] if out_read is None else places(out_read.parts)
        into_read = agreeing(into_read, told, sizes.columns)
    right = json_side(out_read) if out_read is not None else csv_side(answer) if answer is not None else None
    width = left_over(right, expected)
    left = json_side(into_read, width) if into_read is not None else None
    if left is None and request is not None:
        left = csv_side(request, width)
    elif left is None and right is not None:
        left, right = parted(right)
    return side_by_side(left, right, expected)


def _csv(request: pa.StringArray | None, answer: pa.StringArray | None, expected: Expected) -> Tables:
    """Comma-separated text on both sides, or on the only one; several rows are paired one by one."""
    given = {name: side for name, side in (("answer", answer), ("request", request)) if side is not None}
    rows = {name: lines(side) for name, side in given.items()}
    if len(rows) == 2:
        rows["answer"] = _one_line_answers(trimmed(given["answer"]), *rows["answer"], rows["request"][1])
    payload = next(iter(rows.values()))[1]
    if all(len(texts) == len(given[name]) for name, (texts, _) in rows.items()):
        return read_csv(_texts(rows, "request"), _texts(rows, "answer"), expected)
    refused: tuple[Refused, ...] = ()
    if len(rows) == 2 and not np.array_equal(rows["answer"][1], rows["request"][1]):
        counts = {name: np.bincount(at, minlength=len(given[name])) for name, (_, at) in rows.items()}
        wrong = np.flatnonzero(counts["answer"] != counts["request"])
        why = "{} rows in the request, {} in the answer"
        refused = tuple(
            Refused(payload=r, reason="rows_differ", why=why.format(counts["request"][r], counts["answer"][r]))
            for r in wrong.tolist()
        )
        kept = {name: ~np.isin(at, wrong) for name, (_, at) in rows.items()}
        rows = {n: (texts.filter(pa.array(kept[n])), at[kept[n]]) for n, (texts, at) in rows.items()}
        payload = rows["answer"][1]
    found = read_csv(_texts(rows, "request"), _texts(rows, "answer"), expected)
    return Tables(
        tables=tuple(replace(table, record=payload[table.record]) for table in found.tables),
        refused=refused + tuple(replace(r, payload=int(payload[r.payload])) for r in found.refused),
        widths=found.widths,
    )


def _texts(rows: Mapping[str, tuple[pa.StringArray, Indices]], name: str) -> pa.StringArray | None:
    return rows[name][0] if name in rows else None


def _one_line_answers(
    answers: pa.StringArray, rows: pa.StringArray, payload: Indices, asked: Indices
) -> tuple[pa.StringArray, Indices]:
    """Answers to several rows that stand on one line, separated by commas: a row each."""
    if len(asked) == len(answers):  # each payload has a row at least, so all have one
        return rows, payload
    counts = np.bincount(asked, minlength=len(answers))
    commas = pc.count_substring(answers, ",").to_numpy(zero_copy_only=False)
    fits = (counts > 1) & (np.bincount(payload, minlength=len(answers)) == 1) & (commas == counts - 1)
    fits &= ~pc.match_substring(answers, '"').to_numpy(zero_copy_only=False)
    if not fits.any():
        return rows, payload
    return lines(pc.if_else(pa.array(fits), pc.replace_substring(answers, ",", "\n"), answers))


def _batch(table: Table, found: Envelopes) -> Batch:
    at = None if np.array_equal(table.record, np.arange(len(found))) else pa.array(table.record)
    about = {
        name: column if at is None else column.take(at)
        for name in ("inference_id", "custom_attributes", "truth")
        if (column := getattr(found, name)).null_count < len(column)
    }
    return Batch(
        rows=pa.RecordBatch.from_arrays(list(table.columns.values()), names=list(table.columns)),
        volume=Volume(rows=len(table.record)),
        seconds=found.seconds if at is None else found.seconds[table.record],
        timed=found.timed if at is None else found.timed[table.record],
        outputs=table.outputs,
        positions=table.positions,
        ids=found.id if at is None else found.id.take(at),
        about=pa.RecordBatch.from_pydict(about) if about else None,
        when=found.when if found.when is None or at is None else found.when[table.record],
        places=None if at is None else ranks(table.record),
    )


def _refused(refused: Sequence[Refused], found: Envelopes, block: Block) -> Batch:
    """Counts of these records by reason, and the first of each as a sample."""
    counts = Counter(r.reason for r in refused)
    firsts: Mapping[str, Refused] = {r.reason: r for r in sorted(refused, key=lambda r: -r.payload)}
    samples = []
    for reason, first in sorted(firsts.items()):
        text = next((t for t in (found.input[first.payload].as_py(), found.output[first.payload].as_py()) if t), "")
        line = int(found.line[first.payload])
        samples.append(Sample(path=block.path, line=line, reason=reason, why=first.why, shape=redacted(text)))
    return Batch(rows=NO_ROWS, volume=Volume(rejected=dict(sorted(counts.items()))), rejects=tuple(samples))


FORMAT = Format(
    about="SageMaker data capture (JSON Lines)",
    recognises=lambda head: b'"captureData"' in head or b'"groundTruthData"' in head,
    decode=decode,
    times=times,
)
