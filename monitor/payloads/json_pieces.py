"""Values that were parsed apart, put together as far as their types fit each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Indices = NDArray[np.int64]
VALUE = "value"
MOST_CELLS = 1 << 23  # of a table that is put together


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Values of one type, of the texts at `at`."""

    values: pa.Array
    at: Indices


def by_type(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces whose types fit each other (a whole number and a fraction, a key that some lack) put together."""
    groups: list[tuple[pa.Schema, list[Piece]]] = []
    for piece in pieces:
        schema = pa.schema([(VALUE, piece.values.type)])
        for place, (known, members) in enumerate(groups):
            both = _united(known, schema)
            if both is not None and not _is_sparse(both, [*members, piece]):
                groups[place] = (both, [*members, piece])
                break
        else:
            groups.append((schema, [piece]))
    return [_joined(schema, members) for schema, members in groups]


def _is_sparse(schema: pa.Schema, members: Sequence[Piece]) -> bool:
    """Whether so few keys are common that together the members take much more room than apart."""
    count: int = schema.field(0).type.num_fields
    return count * sum(len(member.at) for member in members) > MOST_CELLS


def _united(a: pa.Schema, b: pa.Schema) -> pa.Schema | None:
    if a.equals(b):
        return a
    try:
        return pa.unify_schemas([a, b], promote_options="permissive")
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return None


def _joined(schema: pa.Schema, members: Sequence[Piece]) -> Piece:
    """The members as one piece, in the order of the texts."""
    if len(members) == 1:
        return members[0]
    kind = schema.field(0).type
    members = sorted(members, key=lambda member: int(member.at[0]))  # stretches are then in order
    values = pa.concat_arrays([_cast(m.values, kind) for m in members])
    at = np.concatenate([member.at for member in members])
    order = np.argsort(at, kind="stable")
    if (np.diff(at) < 0).any():
        values, at = values.take(pa.array(order)), at[order]
    return Piece(values=values, at=at)


def _cast(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """The values as a type that theirs fits into. Arrow's own cast (pyarrow 26) loses nulls inside lists of objects."""
    if values.type.equals(kind):
        return values
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), kind)
    mask = values.is_null() if values.null_count else None
    if pa.types.is_struct(kind):
        known = {field.name: part for field, part in zip(values.type, values.flatten(), strict=True)}
        parts = [_cast(known[f.name], f.type) if f.name in known else pa.nulls(len(values), f.type) for f in kind]
        return pa.StructArray.from_arrays(parts, fields=list(kind), mask=mask)
    if pa.types.is_list(kind):
        lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False)
        offsets = pa.array(np.append(0, np.cumsum(lengths)), pa.int32())
        return pa.ListArray.from_arrays(offsets, _cast(values.flatten(), kind.value_type), type=kind, mask=mask)
    return values.cast(kind, safe=False)
