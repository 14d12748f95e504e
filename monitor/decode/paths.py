"""Paths into records, as `$.request.instances`: written, followed through Arrow arrays and through Python values."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.payloads.json_value import loaded

Path: TypeAlias = tuple[str | int, ...]
STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['([^']*)'\]|\[\"([^\"]*)\"\]")


def path_of(text: str) -> Path:
    """The steps of a path. Raises ValueError.

    >>> path_of("$.request.instances[0]"), path_of("a.b"), path_of("$"), path_of("$['odd name']")
    (('request', 'instances', 0), ('a', 'b'), (), ('odd name',))
    """
    rest = text.strip()
    rest = rest[1:] if rest.startswith("$") else f".{rest}"
    steps: list[str | int] = []
    at = 0
    while at < len(rest):
        found = STEP.match(rest, at)
        if found is None:
            raise ValueError(f"is not a path ({rest[at:]!r} is no step); $.request.instances would be right")
        steps.append(int(found[2]) if found[2] else found[1] or found[3] or found[4] or "")
        at = found.end()
    return tuple(steps)


def name_of(path: Path) -> str:
    """The dotted name that a column at this path has."""
    return ".".join(map(str, path))


def walked(values: pa.Array, path: Path) -> tuple[pa.Array | None, Path]:
    """What stands at the path, and the steps that are left where it leads into a text; None where nothing does."""
    for number, step in enumerate(path):
        if pa.types.is_string(values.type):
            return values, path[number:]
        if isinstance(step, str) and pa.types.is_struct(values.type) and values.type.get_field_index(step) >= 0:
            values = values.flatten()[values.type.get_field_index(step)]
        elif isinstance(step, int) and pa.types.is_list(values.type):
            lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False)
            starts = np.cumsum(lengths) - lengths
            values = values.flatten().take(pa.array(starts + step, mask=lengths <= step))
        else:
            return None, ()
    return (None if pa.types.is_null(values.type) else values), ()


def value_at(value: Any, path: Path, depth: int) -> Any:
    """What stands at the path of a Python value, None where nothing does. Texts on the way are read as JSON; raises
    Misfit for one that is none."""
    for step in path:
        if type(value) is str:
            value = loaded(value, depth)
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def pruned(values: pa.Array, paths: Sequence[Path]) -> pa.Array:
    """Objects without what stands at these paths."""
    if not paths or not pa.types.is_struct(values.type):
        return values
    kept: dict[str, pa.Array] = {}
    for field, part in zip(values.type, values.flatten(), strict=True):
        inside = [path[1:] for path in paths if path[:1] == (field.name,)]
        if all(inside):
            kept[field.name] = pruned(part, inside)
    if not kept:
        return pa.array([{}] * len(values), pa.struct([]))
    return pa.StructArray.from_arrays(list(kept.values()), names=list(kept))


def pruned_value(value: Any, paths: Sequence[Path]) -> Any:
    """The same of a Python value."""
    if not paths or not isinstance(value, dict):
        return value
    kept = {name: [path[1:] for path in paths if path[:1] == (name,)] for name in value}
    return {name: pruned_value(value[name], inside) for name, inside in kept.items() if all(inside)}
