"""Captures: rows of a table as SageMaker's data capture writes them, thousands of lines at a time."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.speed.columns import SEED, Width, drawn

START = datetime(2026, 1, 5, tzinfo=UTC)
PART_ROWS = 1_000_000  # records of a part are spread over a day, and have a seed of their own
BLOCK_ROWS = 50_000

HEAD = '{"captureData":{"endpointInput":{"observedContentType":"text/csv","mode":"INPUT","data":"'
MIDDLE = (
    '","encoding":"CSV"},"endpointOutput":{"observedContentType":"text/csv; charset=utf-8","mode":"OUTPUT","data":"'
)
EVENT = '","encoding":"CSV"}},"eventMetadata":{"eventId":"'
TIME = '","inferenceTime":"'
TAIL = '"},"eventVersion":"0"}\n'


def payloads(table: pa.Table) -> pa.Array:
    """Each row as a line of CSV; a cell without a value is empty."""
    texts = [pc.fill_null(column.cast(pa.string()), "") for column in table.itercolumns()]
    return pc.binary_join_element_wise(*texts, ",").combine_chunks()


def lines(table: pa.Table, scores: np.ndarray, first: int) -> pa.Array:
    """Each row as a line of JSON, the first of them being record number `first` of its part."""
    number = np.arange(first, first + table.num_rows)
    at = pa.array(number * (86_400 * 10**6 // PART_ROWS), pa.int64()).cast(pa.duration("us"))
    times = pc.add(pa.scalar(START.replace(tzinfo=None), pa.timestamp("us")), at).cast(pa.timestamp("s"), safe=False)
    ids = pc.utf8_lpad(pa.array(number * 2_654_435_761 % 2**32).cast(pa.string()), 12, "0")
    event = pc.binary_join_element_wise("5eed0000-aaaa-bbbb-cccc-", ids, "")
    told = pc.strftime(times, "%Y-%m-%dT%H:%M:%SZ")
    parts = (HEAD, payloads(table), MIDDLE, pa.array(scores).cast(pa.string()), EVENT, event, TIME, told, TAIL)
    return pc.binary_join_element_wise(*parts, "")


def write(path: Path, width: Width, rows: int, part: int = 0) -> None:
    """One file with the first rows of a part."""
    rng = np.random.default_rng([SEED, 1, part, width.columns])
    with path.open("wb") as file:
        for first in range(0, rows, BLOCK_ROWS):
            table = drawn(width, BLOCK_ROWS, rng)  # always a whole block: the first rows are those of a longer file
            scores = rng.random(BLOCK_ROWS).round(6)
            count = min(BLOCK_ROWS, rows - first)
            written = lines(table.slice(0, count), scores[:count], first)
            file.write(text_of(written))


def text_of(strings: pa.Array) -> memoryview:
    """The bytes of all strings, one after the other."""
    offsets = np.frombuffer(strings.buffers()[1], np.int32)[strings.offset :][: len(strings) + 1]
    return memoryview(strings.buffers()[2])[offsets[0] : offsets[-1]]


def training(path: Path, width: Width, rows: int) -> None:
    """The table that the baseline is made of, with a header."""
    rng = np.random.default_rng([SEED, 0, width.columns])
    table = drawn(width, rows, rng)
    scores = pa.array(rng.random(rows).round(6))
    text = payloads(table.add_column(0, "score", scores))
    header = ",".join(["score", *width.names])
    path.write_text("\n".join([header, *text.to_pylist(), ""]))


def split(path: Path, folder: Path, files: int) -> None:
    """The lines of a file over many files."""
    text = path.read_bytes()
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")) + 1
    cuts = [0, *(int(ends[len(ends) * number // files - 1]) for number in range(1, files + 1))]
    folder.mkdir(parents=True)
    for number in range(files):
        (folder / f"{number:05}.jsonl").write_bytes(text[cuts[number] : cuts[number + 1]])
