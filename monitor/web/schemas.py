"""JSON Schema of the rows: made from their types, so that the document says what is sent."""

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Union

Schema = dict[str, Any]
PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
}


def schema(kind: Any) -> Schema:
    """The schema of what `document.to_document` makes of a value of this type.

    >>> schema(int | None), schema(tuple[str, ...])
    ({'type': ['integer', 'null']}, {'type': 'array', 'items': {'type': 'string'}})
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in PLAIN:
        return dict(PLAIN[kind])
    if is_dataclass(kind):
        return _object(kind)
    if origin in (Union, types.UnionType):
        (other,) = [argument for argument in arguments if argument is not type(None)]
        return _or_null(schema(other))
    if origin is tuple or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return {"type": "array", "items": schema(arguments[0])}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema(arguments[1])}
    raise TypeError(f"no schema for {kind!r}")


def _object(kind: Any) -> Schema:
    hints = typing.get_type_hints(kind)
    names = [item.name for item in fields(kind)]
    about = " ".join((kind.__doc__ or "").split())
    return {
        "type": "object",
        "description": about,
        "properties": {name: schema(hints[name]) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _or_null(found: Schema) -> Schema:
    if isinstance(found["type"], str) and "properties" not in found:
        return {**found, "type": [found["type"], "null"]}
    return {"oneOf": [found, {"type": "null"}]}


def listed(item: Schema) -> Schema:
    """A page of rows, and the cursor of the next one."""
    return {
        "type": "object",
        "properties": {"items": {"type": "array", "items": item}, "cursor": {"type": "string"}},
        "required": ["items", "cursor"],
        "additionalProperties": False,
    }


def enveloped(data: Mapping[str, Any]) -> Schema:
    """The envelope of an answer with this data."""
    return {
        "type": "object",
        "properties": {"status": {"const": "success"}, "data": dict(data)},
        "required": ["status", "data"],
        "additionalProperties": False,
    }


ERROR: Schema = {
    "type": "object",
    "properties": {"status": {"const": "error"}, "errorType": {"type": "string"}, "error": {"type": "string"}},
    "required": ["status", "errorType", "error"],
    "additionalProperties": False,
}
