"""The records of a SageMaker capture file: JSON objects, one a line, around the payloads."""

import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json as pajson

from monitor.batch import Block, Sample
from monitor.decode.payload import whole

SIDE = pa.struct([("data", pa.string()), ("encoding", pa.string())])
METADATA = pa.struct([("eventId", pa.string()), ("inferenceTime", pa.string())])
SCHEMA = pa.schema(
    [
        ("captureData", pa.struct([("endpointInput", SIDE), ("endpointOutput", SIDE)])),
        ("eventMetadata", METADATA),
    ]
)
PATHS = {
    "input": (0, 0, 0),
    "input_encoding": (0, 0, 1),
    "output": (0, 1, 0),
    "output_encoding": (0, 1, 1),
    "id": (1, 0),
    "time": (1, 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelopes:
    """Six text columns, a row for each record that could be read, and samples of the lines that could not."""

    input: pa.StringArray
    input_encoding: pa.StringArray
    output: pa.StringArray
    output_encoding: pa.StringArray
    id: pa.StringArray
    time: pa.StringArray
    rejects: tuple[Sample, ...] = ()

    def __len__(self) -> int:
        return len(self.input)


def envelopes(block: Block) -> Envelopes:
    """Read a block of lines. One that is no capture record takes the careful path, and only it."""
    try:
        return _columns(_parse(block.data))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        pass
    good, rejects = _sorted_out(block)
    try:
        found = _columns(_parse(b"\n".join(good)))
        return Envelopes(**{name: getattr(found, name) for name in PATHS}, rejects=tuple(rejects))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        table = pa.Table.from_pylist([_narrow(json.loads(line)) for line in good], schema=SCHEMA)
        found = _columns(table)
        return Envelopes(**{name: getattr(found, name) for name in PATHS}, rejects=tuple(rejects))


def _parse(lines: bytes) -> pa.Table:
    if not lines.strip():
        return SCHEMA.empty_table()
    return pajson.read_json(
        pa.BufferReader(lines),
        read_options=pajson.ReadOptions(use_threads=False, block_size=len(lines) + 64),
        parse_options=pajson.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="ignore"),
    )


def _columns(table: pa.Table) -> Envelopes:
    columns = [whole(table.column(i)) for i in range(2)]
    found = {name: pc.struct_field(columns[path[0]], list(path[1:])) for name, path in PATHS.items()}
    for column in found.values():
        column.validate(full=True)  # text that is no UTF-8 passes the parser; the careful path rejects it
    return Envelopes(**found)


def _sorted_out(block: Block) -> tuple[list[bytes], list[Sample]]:
    good, rejects = [], []
    for number, line in enumerate(block.data.split(b"\n"), start=block.line):
        if not line.strip():
            continue
        reason = _fault(line)
        if reason:
            rejects.append(Sample(path=block.path, line=number, reason=reason))
        else:
            good.append(line)
    return good, rejects


def _fault(line: bytes) -> str:
    """Why a line is no capture record; empty where it is one."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return "not_utf8"
    try:
        record = json.loads(text)
        text.encode()
        json.dumps(record, ensure_ascii=False).encode()  # a lone surrogate is no text
    except RecursionError:
        return "too_deep"
    except ValueError:
        return "not_json"
    if not isinstance(record, dict) or not isinstance(record.get("captureData", {}), dict):
        return "not_a_capture"
    sides = [record.get("captureData", {}).get(side) or {} for side in ("endpointInput", "endpointOutput")]
    texts = [record.get("eventMetadata") or {}, *sides]
    if not all(isinstance(part, dict) for part in texts):
        return "not_a_capture"
    keys = ("data", "encoding", "eventId", "inferenceTime")
    if any(not isinstance(part.get(key), str | None) for part in texts for key in keys):
        return "not_a_capture"
    return ""


def _narrow(record: dict[str, Any]) -> dict[str, Any]:
    capture = record.get("captureData") or {}
    sides = {
        side: {key: (capture.get(side) or {}).get(key) for key in ("data", "encoding")}
        for side in ("endpointInput", "endpointOutput")
    }
    metadata = record.get("eventMetadata") or {}
    return {"captureData": sides, "eventMetadata": {key: metadata.get(key) for key in ("eventId", "inferenceTime")}}
