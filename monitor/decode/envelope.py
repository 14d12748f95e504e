"""The records of a SageMaker capture file: JSON objects, one a line, around the payloads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import Block, Sample
from monitor.decode.alike import FEWEST, alike
from monitor.decode.times import seconds_of
from monitor.payloads.json_depth import deep_text
from monitor.payloads.json_text import parse
from monitor.payloads.json_value import TOGETHER, Misfit, several
from monitor.payloads.texts import BOM, lines_at, lines_in, redacted, utf8_lines
from monitor.sizes import STANDARD, Sizes

Indices = NDArray[np.int64]
SIDE = pa.struct([("data", pa.string()), ("encoding", pa.string()), ("observedContentType", pa.string())])
SCHEMA = pa.schema(
    [
        ("captureData", pa.struct([(n, SIDE) for n in ("endpointInput", "endpointOutput", "batchTransformOutput")])),
        ("groundTruthData", pa.struct([(n, pa.string()) for n in ("data", "encoding")])),
        (
            "eventMetadata",
            pa.struct(
                [
                    ("eventId", pa.string()),
                    ("inferenceId", pa.string()),
                    ("inferenceTime", pa.string()),
                    ("customAttributes", pa.list_(pa.string())),
                ]
            ),
        ),
    ]
)
PATHS = {
    "input": ("captureData", "endpointInput", "data"),
    "input_encoding": ("captureData", "endpointInput", "encoding"),
    "input_type": ("captureData", "endpointInput", "observedContentType"),
    "output": ("captureData", "endpointOutput", "data"),
    "output_encoding": ("captureData", "endpointOutput", "encoding"),
    "output_type": ("captureData", "endpointOutput", "observedContentType"),
    "transform": ("captureData", "batchTransformOutput", "data"),
    "transform_encoding": ("captureData", "batchTransformOutput", "encoding"),
    "truth": ("groundTruthData", "data"),
    "truth_encoding": ("groundTruthData", "encoding"),
    "id": ("eventMetadata", "eventId"),
    "inference_id": ("eventMetadata", "inferenceId"),
    "time": ("eventMetadata", "inferenceTime"),
    "custom_attributes": ("eventMetadata", "customAttributes"),
}
Texts = dict[str, str | None]
DECODER = json.JSONDecoder(parse_int=lambda text: int(text) if len(text) < 300 else float(text))  # int has a limit
TOO_DEEP = "more than {} brackets inside each other (limit `depth`)"
LABEL_ALONE = "a label and no capture: give it as truth, not as captures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelopes:
    """Text columns, a row for each record that could be read, and samples of the lines that could not.

    `line` is where in the file each record stood, shape (n,); `seconds` and `timed` say when it was, as a batch has it.
    `custom_attributes` are joined by commas. `when`: a window has still to choose among the rows, as a batch has it.
    """

    input: pa.StringArray
    input_encoding: pa.StringArray
    input_type: pa.StringArray
    output: pa.StringArray
    output_encoding: pa.StringArray
    output_type: pa.StringArray
    truth: pa.StringArray
    id: pa.StringArray
    inference_id: pa.StringArray
    time: pa.StringArray
    custom_attributes: pa.StringArray
    line: Indices
    seconds: Indices
    timed: NDArray[np.bool_]
    rejects: tuple[Sample, ...] = ()
    when: Indices | None = None

    def __len__(self) -> int:
        return len(self.input)

    def take(self, rows: Indices) -> "Envelopes":
        """The records at these places, repeated or not."""
        at = pa.array(rows)
        return Envelopes(
            **{name: getattr(self, name).take(at) for name in COLUMNS},
            line=self.line[rows],
            seconds=self.seconds[rows],
            timed=self.timed[rows],
            when=None if self.when is None else self.when[rows],
        )


COLUMNS = tuple(f.name for f in fields(Envelopes) if f.name not in ("line", "seconds", "timed", "rejects", "when"))


def envelopes(block: Block, sizes: Sizes = STANDARD) -> Envelopes:
    """The captures of a block; labels without one are among the rejects."""
    columns, lines, rejects = texts_of(block, sizes)
    return _sorted_out(columns, lines, rejects, block)


def texts_of(block: Block, sizes: Sizes) -> tuple[dict[str, pa.Array], Indices, list[Sample]]:
    """What stands at each of the paths, where in the file each record stood, and the lines that hold none.

    A block of lines is read at once; lines that do not fit, one by one.
    """
    data = block.data.removeprefix(BOM) if block.is_first else block.data
    clean, broken = utf8_lines(data)
    bad = zip(broken.tolist(), lines_at(data, broken), strict=True)
    rejects = [_reject(block, number, "not_utf8", text, sizes.depth) for number, text in bad]
    columns, at, others = _quickly(clean, sizes.depth)
    if others is None or len(others):
        _read(clean, others, columns, at, rejects, block, sizes.depth)
    whole, lines = _in_order(columns, at)
    return whole, block.line + lines, rejects


def _read(
    data: bytes,
    only: Indices | None,
    columns: list[dict[str, pa.Array]],
    at: list[Indices],
    rejects: list[Sample],
    block: Block,
    depth: int,
) -> None:
    """Adds the records of these lines (None: of all), where they stand, and the lines that hold none."""
    texts, numbers = lines_in(data, only=only)
    alone = np.arange(len(texts))
    if len(texts) >= FEWEST:  # to start the parser takes as long as to read so many one by one
        parsed = parse(texts, depth, SCHEMA)
        columns += [_columns(piece.values) for piece in parsed.pieces]
        at += [numbers[piece.at] for piece in parsed.pieces]
        alone = np.sort(np.concatenate([parsed.odd, parsed.too_deep]))
    careful: list[Texts] = []
    places: list[int] = []
    for index in alone.tolist():
        text, number = texts[index].as_py(), int(numbers[index])
        found, fault = _records(text, depth)
        careful += found
        places += [number] * len(found)
        if fault:
            rejects.append(_reject(block, number, fault, text, depth))
    if careful or not columns:
        columns.append({name: pa.array([r.get(name) for r in careful], pa.string()) for name in PATHS})
        at.append(np.array(places, dtype=np.int64))


def _quickly(data: bytes, depth: int) -> tuple[list[dict[str, pa.Array]], list[Indices], Indices | None]:
    """The records of lines that are alike, where they stand, and the numbers of the other lines; None: all are left."""
    found = alike(data)
    records = _records(found.model, depth)[0] if found is not None else []
    if found is None or len(records) != 1 or (columns := found.columns(records[0])) is None:
        return [], [], None
    return [columns], [found.at], found.others


def _reject(block: Block, number: int, reason: str, text: str | bytes, depth: int) -> Sample:
    why = {"too_deep": TOO_DEEP.format(depth), "too_many_values": TOGETHER}.get(reason, "")
    return Sample(path=block.path, line=block.line + number, reason=reason, why=why, shape=redacted(text))


def _columns(values: pa.StructArray) -> dict[str, pa.Array]:
    return {name: _joined(pc.struct_field(values, list(path))) for name, path in PATHS.items()}


def _joined(column: pa.Array) -> pa.StringArray:
    return pc.binary_join(column, ",") if pa.types.is_list(column.type) else column


def _in_order(columns: list[dict[str, pa.Array]], at: list[Indices]) -> tuple[dict[str, pa.Array], Indices]:
    """The parts as one, in the order of the lines."""
    lines = np.concatenate(at)
    whole = columns[0]
    if len(columns) > 1:
        whole = {name: pa.concat_arrays([part[name] for part in columns]) for name in PATHS}
    if (np.diff(lines) >= 0).all():  # a part alone may have what was odd at its end
        return whole, lines
    order = np.argsort(lines, kind="stable")
    return {name: column.take(pa.array(order)) for name, column in whole.items()}, lines[order]


def _sorted_out(columns: Mapping[str, pa.Array], lines: Indices, rejects: list[Sample], block: Block) -> Envelopes:
    """Captures, and labels without one among the rejects; a transform's output is the answer."""
    output, encoding = columns["output"], columns["output_encoding"]
    if columns["transform"].null_count < len(lines):
        has_none = pc.and_(pc.is_null(output), pc.is_valid(columns["transform"]))
        output = pc.if_else(has_none, columns["transform"], output)
        encoding = pc.if_else(has_none, columns["transform_encoding"], encoding)
    seconds, timed = seconds_of(columns["time"])
    found = Envelopes(
        **{name: columns[name] for name in COLUMNS if name not in ("output", "output_encoding")},
        output=output,
        output_encoding=encoding,
        line=lines,
        seconds=seconds,
        timed=timed,
    )
    label = pc.and_(pc.and_(pc.is_null(found.input), pc.is_null(found.output)), pc.is_valid(found.truth))
    alone = label.to_numpy(zero_copy_only=False)
    if alone.any():
        rejects += [
            Sample(path=block.path, line=int(line), reason="ground_truth", why=LABEL_ALONE) for line in lines[alone]
        ]
        found = found.take(np.flatnonzero(~alone))
    rejects.sort(key=lambda sample: sample.line)
    return replace(found, rejects=tuple(rejects))


def _records(line: str, depth: int) -> tuple[list[Texts], str]:
    """The records of a line, nearly always one; or none, and why."""
    if deep_text(line.encode(), depth):
        return [], "too_deep"
    try:
        return [{name: _text(record, path) for name, path in PATHS.items()} for record in _objects(line)], ""
    except Misfit as misfit:
        return [], misfit.reason
    except RecursionError:
        return [], "too_deep"
    except ValueError:
        return [], "not_json"
    except TypeError:
        return [], "not_a_capture"


def _objects(text: str) -> list[dict[str, Any]]:
    found = several(text, DECODER)
    if not all(isinstance(value, dict) for value in found):
        raise TypeError("not an object")
    return found


def _text(record: Any, path: tuple[str, ...]) -> str | None:
    """What stands at the end of the path, None where the path breaks off; TypeError where it leads through no object.

    Data that are no text (an object, a number) are taken as the JSON they are.
    """
    for key in path:
        if record is None:
            return None
        if not isinstance(record, dict):
            raise TypeError(f"{key} in something that is no object")
        record = record.get(key)
    if isinstance(record, list) and path[-1] == "customAttributes":
        return ",".join(item if isinstance(item, str) else json.dumps(item) for item in record)
    return record if isinstance(record, str | None) else json.dumps(record)
