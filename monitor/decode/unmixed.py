"""Halves of one log without the keys that only the other half has: those stand in their type, always missing, only
because both were read together."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.payloads.json_pieces import Piece


def unmixed(mine: Sequence[Piece], others: Sequence[Piece]) -> tuple[Piece, ...]:
    """My payloads without keys that none of them has and one of the others has."""
    found = []
    for piece in mine:
        theirs = [other.values for other in others if other.values.type.equals(piece.values.type)]
        values = _own(piece.values, pa.concat_arrays(theirs)) if theirs else piece.values
        found.append(Piece(values=values, at=piece.at))
    return tuple(found)


def _own(mine: pa.Array, theirs: pa.Array) -> pa.Array:
    if pa.types.is_struct(mine.type):
        parts = zip(mine.type, mine.flatten(), theirs.flatten(), strict=True)
        kept = {f.name: _own(m, t) for f, m, t in parts if m.null_count < len(m) or t.null_count == len(t)}
        mask = pc.is_null(mine) if mine.null_count else None
        if not kept:
            return mine
        return pa.StructArray.from_arrays(list(kept.values()), names=list(kept), mask=mask)
    if pa.types.is_list(mine.type) and pa.types.is_nested(mine.type.value_type):
        lengths = pc.fill_null(pc.list_value_length(mine), 0).to_numpy(zero_copy_only=False)
        offsets = pa.array(np.append(0, np.cumsum(lengths)).astype(np.int32))
        mask = pc.is_null(mine) if mine.null_count else None
        return pa.ListArray.from_arrays(offsets, _own(mine.flatten(), theirs.flatten()), mask=mask)
    return mine
