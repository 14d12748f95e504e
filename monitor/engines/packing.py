"""Words to bytes and back, every number to its last bit: what crosses the border of a process. Nothing is pickled.

Unlike documents, which people and databases read, the bytes hold what JSON has no word for (infinities, nan), and
arrays as they lie in memory. They are for the same version of driftd on both sides, which they say.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeVar, Union

import numpy as np
from numpy.typing import NDArray

from monitor.arrays import laid_out, taken_up
from monitor.document import hints_of

T = TypeVar("T")
Arrays = dict[str, NDArray[Any]]


class Foreign(Exception):
    """Bytes of another version of driftd, or none of its own."""


def to_bytes(word: Any, version: str) -> bytes:
    """A dataclass with all that it holds, and its kind beside it where there are several to choose from."""
    arrays: Arrays = {}
    return laid_out({"version": version, "word": _told(word, arrays)}, arrays)


def of_bytes(kind: type[T], data: bytes, version: str) -> T:
    """The word of `to_bytes`. Raises Foreign for those of another version."""
    try:
        head, arrays = taken_up(data)
    except ValueError as error:
        raise Foreign(f"a message of {len(data)} bytes that is none of driftd's: {error}") from None
    if head["version"] != version:
        raise Foreign(
            f"a message of driftd {head['version']} came to driftd {version}; the same on all sides is needed"
        )
    return typing.cast(T, _read(kind, head["word"], arrays))


def _told(value: Any, arrays: Arrays) -> Any:
    if dataclasses.is_dataclass(value):
        held = {f.name: _told(getattr(value, f.name), arrays) for f in dataclasses.fields(value) if f.init}
        return {"is": type(value).__name__, **held}
    if isinstance(value, np.ndarray):
        name = str(len(arrays))
        arrays[name] = value
        return name
    if isinstance(value, Mapping):
        return [[_told(key, arrays), _told(item, arrays)] for key, item in value.items()]
    if isinstance(value, frozenset):
        return [_told(item, arrays) for item in sorted(value)]
    if isinstance(value, list | tuple):
        return [_told(item, arrays) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return [value.days, value.seconds, value.microseconds]
    return value.item() if isinstance(value, np.generic) else value


def _read(kind: Any, told: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if told is None or origin is typing.Literal:
        return told
    if origin in (Union, types.UnionType):
        return _read(_meant([one for one in arguments if one is not type(None)], told), told, arrays)
    if dataclasses.is_dataclass(kind):
        hints = hints_of(kind)
        return kind(**{name: _read(hints[name], item, arrays) for name, item in told.items() if name != "is"})  # type: ignore[operator]
    if origin is np.ndarray or getattr(origin, "__name__", "") == "NDArray":
        return arrays[told]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {_read(arguments[0], key, arrays): _read(arguments[1], item, arrays) for key, item in told}
    if origin in (tuple, frozenset):
        return origin(_read(arguments[0], item, arrays) for item in told)
    if kind is datetime:
        return datetime.fromisoformat(told)
    if kind is timedelta:
        return timedelta(*told)
    return told


def _meant(kinds: list[Any], told: Any) -> Any:
    """Of several kinds the one whose name was told; of those without names the first."""
    named = {kind.__name__: kind for kind in kinds if dataclasses.is_dataclass(kind) and isinstance(kind, type)}
    return named.get(told["is"]) if isinstance(told, dict) else kinds[0]
