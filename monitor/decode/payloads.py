"""One side of mapped records: what stands at a path, whether nested values or a text of them, as rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import Expected
from monitor.decode.base64_text import decoded
from monitor.decode.json_rows import Read, Refused, read, read_odd, read_values, renumbered, together
from monitor.decode.json_shape import Rows
from monitor.decode.json_text import Piece
from monitor.decode.json_value import Misfit, loaded
from monitor.decode.layout import Layout
from monitor.decode.paths import Path, name_of, value_at, walked
from monitor.decode.records import Records

Indices = NDArray[np.int64]
NONE = np.zeros(0, np.int64)
IS_VALUE = r"^\s*[\[{]"  # a text that is JSON of more than one value


def read_side(found: Records, chosen: Indices, paths: Sequence[Path], expected: Expected, layout: Layout) -> Read:
    """The rows of the chosen records, by the first path that leads somewhere; records without any are left out."""
    reads: list[Read] = []
    left = chosen
    for path in paths:
        here = _at_path(found, left, path, expected, layout)
        reads.append(here)
        left = np.setdiff1d(left, told(here))
    return together(reads)


def told(side: Read | None) -> Indices:
    """The records that a side says something of."""
    if side is None:
        return NONE
    refused = np.array([r.payload for r in side.refused], dtype=np.int64)
    return np.unique(np.concatenate([refused, *(part.payload for part in side.parts)]))


def _at_path(found: Records, chosen: Indices, path: Path, expected: Expected, layout: Layout) -> Read:
    reads = [_of_piece(piece, chosen, path, expected, layout) for piece in found.pieces]
    members = set(chosen.tolist())
    values: list[tuple[int, Any]] = []
    refused: list[Refused] = []
    for number, record in found.odd:
        if number in members:
            try:
                value = _of_odd(record, path, expected, layout)
                values += [(number, value)] if value is not None else []
            except Misfit as misfit:
                refused.append(Refused(payload=number, reason=misfit.reason, why=misfit.why))
    reads.append(read_odd(values, as_text=expected.texts, sizes=expected.sizes))
    reads.append(Read(parts=(), refused=tuple(refused)))
    whole = together(reads)
    if path:
        return whole
    used = {name_of(p) for p in (*layout.id, *layout.time, *layout.kind, *layout.outputs) if p}
    return replace(whole, parts=tuple(_without_columns(part, used) for part in whole.parts))


def _of_piece(piece: Piece, chosen: Indices, path: Path, expected: Expected, layout: Layout) -> Read:
    kept = np.isin(piece.at, chosen)
    values, left = walked(piece.values.filter(pa.array(kept)), path)
    if values is None:
        return Read(parts=(), refused=())
    there = pc.is_valid(values).to_numpy(zero_copy_only=False)
    values, at = _joined(values.filter(pa.array(there))), piece.at[kept][there]
    if not pa.types.is_string(values.type):
        return renumbered(read_values(values, as_text=expected.texts, sizes=expected.sizes), at)
    refused: list[Refused] = []
    if layout.encoding == "base64":
        values, wrong, binary = decoded(values)
        for index in np.flatnonzero(wrong | binary).tolist():
            reason = "not_base64" if wrong[index] else "not_utf8"
            refused.append(Refused(payload=int(at[index]), reason=reason, why=name_of(path)))
        good = ~(wrong | binary)
        values, at = values.filter(pa.array(good)), at[good]
    if left:  # the path goes on inside the text: one by one
        odd = [(i, value_at(text, left, expected.sizes.depth)) for i, text in enumerate(values.to_pylist())]
        found = read_odd([(i, v) for i, v in odd if v is not None], as_text=expected.texts, sizes=expected.sizes)
    elif not len(values) or pc.any(pc.match_substring_regex(values, IS_VALUE)).as_py():
        found = read(values, as_text=expected.texts, sizes=expected.sizes)
    else:  # plain words, such as a prompt
        words = Rows(columns={"0": values}, payload=np.arange(len(values)), widths=np.ones(len(values), np.int64))
        found = Read(parts=(words,), refused=())
    return together([renumbered(found, at), Read(parts=(), refused=tuple(refused))])


def _joined(values: pa.Array) -> pa.Array:
    """Lists of JSON texts (as tables with repeated fields have them) as one JSON list each."""
    if not pa.types.is_list(values.type) or not pa.types.is_string(values.type.value_type) or not len(values):
        return values
    inner = values.flatten()
    if not len(inner) or not pc.all(pc.match_substring_regex(inner, IS_VALUE)).as_py():
        return values
    return pc.binary_join_element_wise("[", pc.binary_join(values, ","), "]", "")


def _of_odd(record: dict[str, Any], path: Path, expected: Expected, layout: Layout) -> Any:
    value = value_at(record, path, expected.sizes.depth)
    if type(value) is str:
        if layout.encoding == "base64":
            texts, wrong, _ = decoded(pa.array([value]))
            if not texts[0].is_valid:
                raise Misfit("not_base64" if wrong[0] else "not_utf8", name_of(path))
            value = texts[0].as_py()
        return loaded(value, expected.sizes.depth) if value.lstrip()[:1] in ("[", "{") else value
    if isinstance(value, list) and value and all(type(v) is str and v.lstrip()[:1] in ("[", "{") for v in value):
        return loaded(f"[{','.join(value)}]", expected.sizes.depth)
    return value


def _without_columns(part: Rows, used: set[str]) -> Rows:
    """Without what the other paths take: they are no features."""
    gone = {name for name in part.columns if any(name == u or name.startswith(f"{u}.") for u in used)}
    columns = {name: column for name, column in part.columns.items() if name not in gone}
    return replace(part, columns=columns) if gone and columns else part
