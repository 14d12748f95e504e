"""Words to JSON documents and back, by their declared types; nothing is ever pickled."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union

import numpy as np

T = TypeVar("T")


def to_document(value: Any) -> Any:
    """A JSON-able copy: dataclasses become objects, arrays lists, times ISO 8601; a class may bring its own form.

    Numbers that JSON has no word for (nan, infinities) become null.
    """
    if hasattr(value, "to_document"):
        return value.to_document()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_document(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): to_document(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_document(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, np.generic):
        return to_document(value.item())
    return value


def from_document(kind: type[T], document: Any) -> T:
    """The word of this type; ValueError or TypeError where the document has another shape."""
    return typing.cast(T, _read(kind, document))


def _read(kind: Any, document: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        if document is None and type(None) in arguments:
            return None
        chosen = [a for a in arguments if a is not type(None)]
        return _read(_tagged(chosen, document), document)
    if hasattr(kind, "from_document"):
        return kind.from_document(document)
    if dataclasses.is_dataclass(kind):
        hints = hints_of(kind)
        names = {item.name for item in dataclasses.fields(kind)}
        return kind(**{name: _read(hints[name], item) for name, item in document.items() if name in names})  # type: ignore[operator]
    if origin is np.ndarray:
        return np.array(document, dtype=typing.get_args(arguments[1])[0])
    if (
        getattr(origin, "__name__", "") == "NDArray"
    ):  # an alias that keeps its name, as numpy has it from Python 3.12 on
        return np.array(document, dtype=arguments[0])
    if origin is tuple:
        return tuple(_read(arguments[0], item) for item in document)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _read(arguments[1], item) for key, item in document.items()}
    return _scalar(kind, document)


_hints = cache(typing.get_type_hints)


def hints_of(kind: Any) -> Mapping[str, Any]:
    """The declared types of a dataclass; worked out once, for they are texts until somebody asks."""
    return _hints(kind)


def _scalar(kind: Any, document: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(document)
    if kind is float:
        return float("nan") if document is None else float(document)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(document)
    return document


def _tagged(kinds: list[Any], document: Any) -> Any:
    """Of several dataclasses, the one whose `kind` is the document's."""
    for kind in kinds:
        if (
            dataclasses.is_dataclass(kind)
            and isinstance(document, dict)
            and document.get("kind") == getattr(kind, "kind", None)
        ):
            return kind
    return kinds[0]
