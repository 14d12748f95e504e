"""Payloads of mapped records: what stands at a path, nested values or a text of them, and its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import Expected
from monitor.decode.layout import Layout
from monitor.decode.paths import Path, name_of, pruned, pruned_value, value_at, walked
from monitor.decode.records import Records
from monitor.payloads.base64_text import decoded
from monitor.payloads.indices import each_once, without
from monitor.payloads.json_pieces import Piece
from monitor.payloads.json_rows import Read, Refused, read, read_odd, read_values, renumbered, together
from monitor.payloads.json_shape import Rows
from monitor.payloads.json_text import parse
from monitor.payloads.json_value import WRAPPERS, Misfit, loaded

Indices = NDArray[np.int64]
IS_VALUE = r"^\s*[\[{]"  # a text that is JSON of more than one value
KEYS = [(key,) for key in WRAPPERS]  # a list that a path finds under one of them is what the key says it is
IS_ANY_VALUE = r'^\s*([\[{"]|(-?[0-9][-+.eE0-9]*|true|false|null)\s*$)'


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """Payloads by type (none of them null), those read one by one, and those that cannot be read; each with the number
    of its record."""

    pieces: tuple[Piece, ...] = ()
    odd: tuple[tuple[int, Any], ...] = ()
    refused: tuple[Refused, ...] = ()

    @staticmethod
    def of(parts: Sequence["Payloads"]) -> "Payloads":
        """All parts as one."""
        return Payloads(
            pieces=tuple(piece for part in parts for piece in part.pieces),
            odd=tuple(one for part in parts for one in part.odd),
            refused=tuple(one for part in parts for one in part.refused),
        )

    @property
    def records(self) -> Indices:
        """The records that have a payload here, one that can be read or not."""
        single = [number for number, _ in self.odd] + [r.payload for r in self.refused]
        return each_once(*([np.array(single, np.int64)] if single else []), *(piece.at for piece in self.pieces))


def payloads_at(found: Records, chosen: Indices, paths: Sequence[Path], layout: Layout, depth: int) -> Payloads:
    """The payloads of the chosen records, by the first path that leads somewhere; records without any are left out."""
    parts: list[Payloads] = []
    left = chosen
    taken = (*layout.id, *layout.time, *layout.kind, *layout.outputs)  # of a whole record, these are no features
    for path in paths:
        here = at_path(found, left, path, depth, encoding=layout.encoding, without=() if path else taken)
        parts.append(here)
        left = without(left, here.records)
    return Payloads.of(parts)


def at_path(
    found: Records, chosen: Indices, path: Path, depth: int, *, encoding: str = "json", without: Sequence[Path] = ()
) -> Payloads:
    """What stands at one path of the chosen records; `without` leaves out parts of them."""
    parts: list[Payloads] = []
    for piece in found.pieces:
        values, at = piece.values, piece.at
        if not np.array_equal(at, chosen):
            kept = np.isin(at, chosen)
            values, at = values.filter(pa.array(kept)), at[kept]
        parts.append(_of_values(pruned(values, without), at, path, encoding, depth))
    members = set(chosen.tolist()) if found.odd else set()
    for number, record in found.odd:
        if number in members:
            parts.append(_of_odd(number, pruned_value(record, without), path, encoding, depth))
    return Payloads.of(parts)


def read_payloads(given: Payloads, expected: Expected) -> Read:
    """Their rows."""
    reads = [renumbered(rows_in(piece.values, expected), piece.at) for piece in given.pieces]
    values: list[tuple[int, Any]] = []
    refused = list(given.refused)
    for number, value in given.odd:
        try:
            values.append(
                (number, loaded(value, expected.sizes.depth, expected.sizes.values) if _is_json(value) else value)
            )
        except Misfit as misfit:
            refused.append(Refused(payload=number, reason=misfit.reason, why=misfit.why))
    reads.append(read_odd(values, as_text=expected.texts, sizes=expected.sizes))
    reads.append(Read(parts=(), refused=tuple(refused)))
    return together(reads)


def rows_in(values: pa.Array, expected: Expected) -> Read:
    """The rows of these payloads, numbered by their places; nulls have none. Texts are JSON or, else, plain words."""
    there = pc.is_valid(values).to_numpy(zero_copy_only=False)
    if not there.all():
        return renumbered(rows_in(values.filter(pa.array(there)), expected), np.flatnonzero(there))
    values = _joined(values)
    if not pa.types.is_string(values.type):
        return read_values(values, as_text=expected.texts, sizes=expected.sizes)
    is_json = pc.match_substring_regex(values, IS_VALUE).to_numpy(zero_copy_only=False)
    at, others = np.flatnonzero(is_json), np.flatnonzero(~is_json)
    found = read(values.filter(pa.array(is_json)), as_text=expected.texts, sizes=expected.sizes)
    columns = {"0": values.filter(pa.array(~is_json))}
    words = Rows(columns=columns, payload=np.arange(len(others)), widths=np.ones(len(others), np.int64))
    return together([renumbered(found, at), renumbered(Read(parts=(words,), refused=()), others)])


def _joined(values: pa.Array) -> pa.Array:
    """Lists of JSON texts, as tables with repeated fields have them, one JSON list each; an object alone by itself."""
    if not pa.types.is_list(values.type) or not pa.types.is_string(values.type.value_type) or not len(values):
        return values
    inner = values.flatten()
    if not len(inner) or not pc.all(pc.match_substring_regex(inner, IS_ANY_VALUE)).as_py():
        return values
    lists = pc.binary_join_element_wise("[", pc.binary_join(values, ","), "]", "")
    single = pc.and_(pc.equal(pc.list_value_length(values), 1), pc.match_substring_regex(lists, r"^\[\s*\{"))
    return pc.if_else(single, pc.utf8_slice_codeunits(lists, 1, -1), lists)


def _of_values(values: pa.Array, at: Indices, path: Path, encoding: str, depth: int) -> Payloads:
    found, left = walked(values, path)
    if found is None:
        return Payloads()
    there = pc.is_valid(found)
    if pa.types.is_list(found.type):
        if path[-1:] in KEYS:
            found = pa.StructArray.from_arrays([found], names=[str(path[-1])])
        else:  # a repeated field that holds nothing is not there
            there = pc.and_(there, pc.fill_null(pc.greater(pc.list_value_length(found), 0), False))
    if there.true_count < len(there):
        found, at = found.filter(there), at[there.to_numpy(zero_copy_only=False)]
    if not pa.types.is_string(found.type):
        return Payloads(pieces=(Piece(values=found, at=at),) if len(at) else ())
    refused = Payloads()
    if encoding == "base64":
        found, wrong, binary = decoded(found)
        bad = np.flatnonzero(wrong | binary).tolist()
        refused = Payloads(refused=tuple(_not_text(int(at[i]), bool(wrong[i]), path) for i in bad))
        found, at = found.filter(pa.array(~(wrong | binary))), at[~(wrong | binary)]
    if not len(at):
        return refused
    inner = _inside(found, at, left, depth) if left else Payloads(pieces=(Piece(values=found, at=at),))
    return Payloads.of([refused, inner])


def _inside(texts: pa.StringArray, at: Indices, path: Path, depth: int) -> Payloads:
    """What stands at the rest of a path that leads into JSON texts."""
    parsed = parse(texts, depth)
    parts = [_of_values(piece.values, at[piece.at], path, "json", depth) for piece in parsed.pieces]
    for index in np.concatenate([parsed.odd, parsed.too_deep]).tolist():
        parts.append(_of_odd(int(at[index]), texts[index].as_py(), path, "json", depth))
    return Payloads.of(parts)


def _not_text(number: int, is_wrong: bool, path: Path) -> Refused:
    return Refused(payload=number, reason="not_base64" if is_wrong else "not_utf8", why=name_of(path))


def _of_odd(number: int, record: Any, path: Path, encoding: str, depth: int) -> Payloads:
    try:
        value = value_at(record if type(record) is not str else loaded(record, depth), path, depth)
        if type(value) is str and encoding == "base64":
            texts, wrong, _ = decoded(pa.array([value]))
            if not texts[0].is_valid:
                return Payloads(refused=(_not_text(number, bool(wrong[0]), path),))
            value = texts[0].as_py()
        if isinstance(value, list) and value and all(type(item) is str for item in value):
            value = _joined(pa.array([value], pa.list_(pa.string())))[0].as_py()
        if isinstance(value, list) and path[-1:] in KEYS:
            value = {path[-1]: value}
    except Misfit as misfit:
        return Payloads(refused=(Refused(payload=number, reason=misfit.reason, why=misfit.why),))
    return Payloads(odd=((number, value),) if value is not None and value != [] else ())


def _is_json(value: Any) -> bool:
    return type(value) is str and value.lstrip()[:1] in ("[", "{")
