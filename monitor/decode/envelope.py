"""The records of a SageMaker capture file: JSON objects, one a line, around the payloads."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import json as pajson

from monitor.batch import Block, Sample
from monitor.decode.payload import BOM, MOST_OPENED, is_utf8, whole

SIDE = pa.struct([("data", pa.string()), ("encoding", pa.string())])
METADATA = pa.struct([("eventId", pa.string()), ("inferenceTime", pa.string())])
SCHEMA = pa.schema(
    [
        ("captureData", pa.struct([("endpointInput", SIDE), ("endpointOutput", SIDE)])),
        ("eventMetadata", METADATA),
    ]
)
PATHS = {
    "input": ("captureData", "endpointInput", "data"),
    "input_encoding": ("captureData", "endpointInput", "encoding"),
    "output": ("captureData", "endpointOutput", "data"),
    "output_encoding": ("captureData", "endpointOutput", "encoding"),
    "id": ("eventMetadata", "eventId"),
    "time": ("eventMetadata", "inferenceTime"),
}
Texts = tuple[str | None, ...]
DECODER = json.JSONDecoder(parse_int=float)  # a whole number of any length; int refuses the longest


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelopes:
    """Six text columns, a row for each record that could be read, and samples of the lines that could not.

    `line` is where in the file each record stood, shape (n,).
    """

    input: pa.StringArray
    input_encoding: pa.StringArray
    output: pa.StringArray
    output_encoding: pa.StringArray
    id: pa.StringArray
    time: pa.StringArray
    line: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    rejects: tuple[Sample, ...] = ()

    def __len__(self) -> int:
        return len(self.input)

    def take(self, rows: NDArray[np.int64]) -> "Envelopes":
        """The records at these places, repeated or not."""
        at = pa.array(rows)
        return Envelopes(**{name: getattr(self, name).take(at) for name in PATHS}, line=self.line[rows])


def envelopes(block: Block) -> Envelopes:
    """Read a block of lines at once; where that is not safe or does not work, line by line."""
    data = block.data.removeprefix(BOM) if block.is_first else block.data
    lines = _lines(data)
    if lines and is_utf8(data):
        try:
            found = _columns(_parse(data))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            found = None
        if found is not None and len(found) == lines:
            return replace(found, line=np.arange(block.line, block.line + lines))
    return _one_by_one(data, block)


def _lines(data: bytes) -> int:
    """How many lines there are, if each begins and ends as an object does and none is deep; 0 otherwise.

    Then no object reaches into the next line: after its `}` a `{` would have to follow, which JSON does not allow.
    """
    codes = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(codes == ord("\n"))
    if len(codes) and codes[-1] != ord("\n"):
        ends = np.append(ends, len(codes))
    starts = np.append(0, ends[:-1] + 1)
    sizes = ends - starts
    if not len(ends) or sizes.min() < len("{}"):
        return 0
    last = codes[ends - 1]
    last = np.where(last == ord("\r"), codes[ends - 2], last)
    if (codes[starts] != ord("{")).any() or (last != ord("}")).any():
        return 0
    return 0 if sizes.max() > MOST_OPENED and _is_deep(codes, ends) else len(ends)


def _is_deep(codes: NDArray[np.uint8], ends: NDArray[np.int64]) -> bool:
    """Whether a line opens more brackets than are safe: the parser's stack would end the process."""
    opened = np.flatnonzero((codes | 0x20) == ord("{"))  # the bit by which [ and { differ
    line = np.searchsorted(ends, opened)
    return bool((line[MOST_OPENED:] == line[:-MOST_OPENED]).any())


def _parse(lines: bytes) -> pa.Table:
    return pajson.read_json(
        pa.BufferReader(lines),
        read_options=pajson.ReadOptions(use_threads=False, block_size=len(lines) + 64),
        parse_options=pajson.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="ignore"),
    )


def _columns(table: pa.Table) -> Envelopes:
    parts = {name: whole(table[name]) for name in SCHEMA.names}
    return Envelopes(**{name: pc.struct_field(parts[path[0]], list(path[1:])) for name, path in PATHS.items()})


def _one_by_one(data: bytes, block: Block) -> Envelopes:
    records: list[Texts] = []
    numbers: list[int] = []
    rejects: list[Sample] = []
    for number, line in enumerate(data.split(b"\n"), start=block.line):
        if not line.strip():
            continue
        found, fault = _records(line)
        records.extend(found)
        numbers.extend([number] * len(found))
        if fault:
            rejects.append(Sample(path=block.path, line=number, reason=fault))
    columns = zip(*records, strict=True) if records else [()] * len(PATHS)
    texts = {name: pa.array(column, pa.string()) for name, column in zip(PATHS, columns, strict=True)}
    return Envelopes(**texts, line=np.array(numbers, np.int64), rejects=tuple(rejects))


def _records(line: bytes) -> tuple[list[Texts], str]:
    """The records of a line, nearly always one; or none, and why."""
    try:
        return [tuple(_text(record, path) for path in PATHS.values()) for record in _objects(line.decode())], ""
    except UnicodeDecodeError:
        return [], "not_utf8"
    except RecursionError:
        return [], "too_deep"
    except ValueError:
        return [], "not_json"
    except TypeError:
        return [], "not_a_capture"


def _objects(text: str) -> list[dict[str, Any]]:
    found, rest = [], text.strip(" \t\r")
    while rest:
        value, end = DECODER.raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip(" \t\r")
    if "\\u" in text:
        json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    if not all(isinstance(value, dict) for value in found):
        raise TypeError("not an object")
    return found


def _text(record: Any, path: tuple[str, ...]) -> str | None:
    """What stands at the end of the path, None where the path breaks off; TypeError for anything but text."""
    for key in path:
        if record is None:
            return None
        if not isinstance(record, dict):
            raise TypeError(f"{key} in something that is no object")
        record = record.get(key)
    if not isinstance(record, str | None):
        raise TypeError("not text")
    return record
