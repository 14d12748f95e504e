"""SageMaker's ground truth: a label a line, or those of all rows of a payload, to rows of a table of labels.

`{"groundTruthData": {"data": "1", "encoding": "CSV"}, "eventMetadata": {"eventId": "..."}}`, where `eventId` is the
capture's `inferenceId` if that has one, else its `eventId`. Data are a label (CSV), JSON, or either in base64:
`1`, `{"label": 1}`, `{"instances": [{"label": 0}, ...]}`. Several labels, by lines, commas or a list, are those of the
payload's rows in their order. A capture with its label in it, as Model Monitor merges them, is read likewise.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode.chosen import unread
from monitor.decode.envelope import texts_of
from monitor.payloads.base64_text import decoded
from monitor.payloads.texts import redacted
from monitor.profile import Volume

KEY, PLACE, LABEL = "id", "place", "label"
OURS = ("label",)
"""What the answers are in batches of ours."""
MOST_SAMPLES = 5  # in a block
SEVERAL = r'[\n,"\[{\r]'
NO_ID = "neither an inferenceId nor an eventId"
UNCLEAR = 'no label in it; 1, {"label": 1} or {"instances": [{"label": 1}]} would be right'
Mask = NDArray[np.bool_]


def decode(blocks: Iterator[Block], expected: Expected) -> Iterator[Batch]:
    """Rows of three columns: `id`, `place` (of the row in its record) and `label`, a text."""
    for block in blocks:
        if block.trouble:
            yield from unread(block, expected)
        else:
            yield _batch(block, expected)


def _batch(block: Block, expected: Expected) -> Batch:
    columns, lines, rejects = texts_of(block, expected.sizes)
    key = pc.coalesce(columns["inference_id"], columns["id"])
    data, wrong = _plain(columns["truth"], columns["truth_encoding"])
    faults: dict[int, tuple[str, str]] = dict.fromkeys(np.flatnonzero(wrong).tolist(), ("not_base64", ""))
    faults |= dict.fromkeys(_where(pc.is_null(columns["truth"])), ("no_label", "no groundTruthData"))
    faults |= dict.fromkeys(_where(pc.or_(pc.is_null(key), pc.equal(key, ""))), ("no_id", NO_ID))
    good = np.setdiff1d(np.arange(len(key)), np.fromiter(faults, np.int64, len(faults)))
    record, place, label, unclear = labels_in(data.take(pa.array(good)))
    faults |= dict.fromkeys(good[unclear].tolist(), ("label_unclear", UNCLEAR))
    for at, (reason, why) in sorted(faults.items()):
        shape = redacted(data[at].as_py() or "")
        rejects.append(Sample(path=block.path, line=int(lines[at]), reason=reason, why=why, shape=shape))
    rows = {KEY: key.take(pa.array(good[record])), PLACE: pa.array(place), LABEL: label}
    return Batch(
        rows=pa.RecordBatch.from_pydict(rows) if len(label) else NO_ROWS,
        volume=Volume(
            records=len(key) + len(rejects) - len(faults),
            rows=len(label),
            rejected=dict(sorted(Counter(sample.reason for sample in rejects).items())),
        ),
        outputs=OURS,
        rejects=tuple(sorted(rejects, key=lambda sample: sample.line)[:MOST_SAMPLES]),
    )


def _where(mask: pa.BooleanArray) -> list[int]:
    found: list[int] = np.flatnonzero(pc.fill_null(mask, True).to_numpy(zero_copy_only=False)).tolist()
    return found


def _plain(data: pa.StringArray, encoding: pa.StringArray) -> tuple[pa.StringArray, Mask]:
    """The data with base64 undone, and those that are none; they are null."""
    packed = pc.fill_null(pc.equal(pc.utf8_upper(encoding), "BASE64"), False).to_numpy(zero_copy_only=False)
    packed &= pc.is_valid(data).to_numpy(zero_copy_only=False)
    wrong = np.zeros(len(data), dtype=bool)
    if packed.any():
        texts, broken, binary = decoded(data.filter(pa.array(packed)))
        wrong[packed] = broken | binary
        data = pc.replace_with_mask(data, pa.array(packed), texts)
    return data, wrong


def labels_in(data: pa.StringArray) -> tuple[NDArray[np.int64], NDArray[np.int64], pa.StringArray, NDArray[np.int64]]:
    """Of each label the number of its text, its place among that text's labels and itself; and texts without labels.

    >>> texts = pa.array(["1", '{"label": 0}', '{"instances": [{"label": 0}, {"label": 1}]}', "{}"])
    >>> record, place, label, unclear = labels_in(texts)
    >>> record.tolist(), place.tolist(), label.to_pylist(), unclear.tolist()
    ([0, 1, 2, 2], [0, 0, 0, 1], ['1', '0', '0', '1'], [3])
    """
    told = pc.utf8_trim_whitespace(data)
    odd = pc.or_(pc.match_substring_regex(told, SEVERAL), pc.equal(told, "")).to_numpy(zero_copy_only=False)
    plain = np.flatnonzero(~odd)
    at = np.flatnonzero(odd)
    if not len(at):
        return plain, np.zeros(len(plain), np.int64), told, at
    words = told.take(pa.array(at)).dictionary_encode()  # nearly always few
    known = [_labels_of(text) for text in words.dictionary.to_pylist()]
    several = [known[code] for code in words.indices.to_pylist()]
    counts = np.array([len(labels) for labels in several], np.int64)
    record = np.concatenate([plain, np.repeat(at, counts)])
    place = np.concatenate([np.zeros(len(plain), np.int64), *(np.arange(count) for count in counts.tolist())])
    label = pa.concat_arrays(
        [told.take(pa.array(plain)), pa.array([one for labels in several for one in labels], pa.string())]
    )
    order = np.argsort(record, kind="stable")
    return record[order], place[order], label.take(pa.array(order)), at[counts == 0]


def _labels_of(text: str) -> tuple[str, ...]:
    """The labels of a payload; none where there is one of which it is not clear what it is."""
    if text[:1] in ("{", "[", '"'):
        try:
            return _of_value(json.loads(text, parse_int=str, parse_float=str))
        except (ValueError, RecursionError):
            if text[:1] != '"':
                return ()
    found = [part.strip().strip('"') for line in text.splitlines() for part in line.split(",")]
    return tuple(found) if all(found) else ()


def _of_value(value: Any) -> tuple[str, ...]:
    rows = _rows(value)
    found = [_label(row) for row in rows]
    return tuple(label for label in found if label is not None) if None not in found else ()


def _rows(value: Any) -> list[Any]:
    """A list, or the only one in an object: the labels of several rows."""
    if isinstance(value, Mapping):
        lists = [item for item in value.values() if isinstance(item, list)]
        return lists[0] if len(lists) == 1 and LABEL not in value else [value]
    return value if isinstance(value, list) else [value]


def _label(value: Any) -> str | None:
    """The label of a row: itself, what stands under `label`, or the only thing there is."""
    if isinstance(value, Mapping | list):
        inside = [value[LABEL]] if isinstance(value, Mapping) and LABEL in value else list(_items(value))
        return _label(inside[0]) if len(inside) == 1 and not isinstance(inside[0], Mapping | list) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) and value else None


def _items(value: Any) -> Any:
    return value.values() if isinstance(value, Mapping) else value
