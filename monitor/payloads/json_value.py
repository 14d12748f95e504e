"""The rows of one JSON payload, as a Python value: what the shapes mean. `json_shape` does the same for many at once.

| payload | rows |
|---|---|
| an object | one; objects inside give dotted names, lists numbered ones |
| several objects, line by line or in a list | one each |
| a list under `instances`, `predictions`, `inputs`, `outputs` or `dataframe_records` | one for each element |
| a list of lists | one each, columns by place |
| a list of plain values | one row; under one of these keys a row each, unless the other side has one row only |
| Open Inference Protocol tensors, pandas' split form, Seldon's `ndarray` and `tensor`, lists by column | as they say |

Keys beside such a list (a model's version, a signature) are no features.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.payloads.json_depth import commas_in, deep_text
from monitor.payloads.texts import next_sign
from monitor.sizes import STANDARD, Sizes

Row = dict[str, Any]
LONGEST_SIZE = 9  # digits, of an axis of a tensor
WRAPPERS = ("instances", "predictions", "dataframe_records", "inputs", "outputs")
UNUSUAL = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-NaN|Inf(?!inity)', re.DOTALL)
CONTENT_TYPE = r"^[A-Za-z]+/[-+.A-Za-z0-9]+( *;.*)?$"


MOST_TOGETHER = 100_000  # values one behind the other, in a line or a payload
TOGETHER = f"more than {MOST_TOGETHER} values one behind the other"


class Number(str):
    """A number as it was written."""

    __slots__ = ()


class Misfit(Exception):
    """A payload that gives no rows: the reason to count it under, and why."""

    def __init__(self, reason: str, why: str = "") -> None:
        super().__init__(reason, why)
        self.reason, self.why = reason, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Rows of one payload. `is_named`: the columns have names of their own, else they are "0", "1", ... by place.

    `other` is the other way to read a list of plain values: a row each instead of one row, or the reverse.
    """

    rows: list[Row]
    is_named: bool = False
    other: list[Row] | None = None


def loaded(text: str, depth: int, values: int = STANDARD.values) -> Any:
    """The value of a JSON text, numbers as they were written. Raises Misfit."""
    if deep_text(text.encode(errors="replace"), depth):
        raise Misfit("too_deep", f"more than {depth} brackets inside each other (limit `depth`)")
    if commas_in(text, values) >= values:
        raise Misfit("too_many_values", f"more than {values} (limit `values`)")
    text = _usual(text)
    try:
        value = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        found = _lines(text)
        if found is None:
            raise Misfit("not_json", str(error) if isinstance(error, json.JSONDecodeError) else "") from None
        return found
    return value


def _usual(text: str) -> str:
    """The text with numbers that pyarrow's reader knows and Python's does not, as both do."""
    if "-NaN" not in text and "Inf" not in text:
        return text
    return UNUSUAL.sub(lambda found: {"-NaN": "NaN", "Inf": "Infinity"}.get(found[0], found[0]), text)


def _lines(text: str) -> list[Any] | None:
    """Several values one behind the other, as JSON Lines have them."""
    decoder = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=Number)
    try:
        found = several(text, decoder)
    except (ValueError, RecursionError):
        return None
    return found if len(found) > 1 else None


def several(text: str, decoder: json.JSONDecoder) -> list[Any]:
    """The values of a text, one behind the other.

    Raises ValueError or RecursionError where they are none, Misfit where they are too many.
    """
    found, at = [], next_sign(text, 0)
    while at < len(text):
        value, end = decoder.raw_decode(text, at)
        found.append(value)
        if len(found) > MOST_TOGETHER:
            raise Misfit("too_many_values", TOGETHER)
        at = next_sign(text, end)
    if "\\u" in text:
        json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    return found


def written(value: Any) -> str:
    """The JSON text of a value that `loaded` gave, numbers as they were.

    >>> written(loaded('{"a": [1.50, null, "x"]}', 9))
    '{"a":[1.50,null,"x"]}'
    """
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value)


def value_of(value: Any, sizes: Sizes = STANDARD) -> Value:
    """The rows of a JSON value. Raises Misfit where it has none, or a row of more columns than are allowed."""
    found = _value(value, sizes)
    if not found.rows or not any(found.rows):
        raise Misfit("no_payload", "an empty list or object")
    widest = max(len(row) for row in found.rows)
    if widest > sizes.columns:
        raise Misfit("too_many_columns", f"{widest}, more than {sizes.columns} (limit `columns`)")
    return found


def _value(value: Any, sizes: Sizes) -> Value:
    if isinstance(value, dict):
        return _of_object(value)
    if isinstance(value, list):
        inner = _answer(value, sizes)
        return _value(inner, sizes) if inner is not None else _of_list(value, is_keyed=False)
    if value is None:
        raise Misfit("no_payload", "null")
    return Value(rows=[{"0": value}])


def _of_object(value: Mapping[str, Any]) -> Value:
    for key in WRAPPERS:
        found = value.get(key)
        if isinstance(found, list):
            return _of_tensors(found) if _is_tensors(found) else _of_list(found, is_keyed=True)
        columns = {k: v for k, v in found.items() if v is not None} if isinstance(found, dict) else {}
        if _is_by_column(columns):
            return _named([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
    for table in (value, value.get("dataframe_split"), value.get("input_data")):
        if isinstance(table, dict) and _is_split(table):
            return _of_split(table["columns"], table["data"])
    data = value.get("data")
    if isinstance(data, dict) and (data.get("ndarray") is not None or isinstance(data.get("tensor"), dict)):
        return _of_seldon(data)
    return _named([value])


def _answer(value: Sequence[Any], sizes: Sizes) -> Any:
    """The answer in a pair of it, as a text, and its content type; None where it is no such pair."""
    if len(value) == 2 and all(type(item) is str for item in value) and re.match(CONTENT_TYPE, value[1]):
        try:
            return loaded(value[0], sizes.depth, sizes.values)
        except Misfit as misfit:
            if misfit.reason != "not_json":
                raise
            return value[0]
    return None


def _of_list(values: Sequence[Any], *, is_keyed: bool) -> Value:
    kinds = {dict if isinstance(v, dict) else list if isinstance(v, list) else str for v in values}
    if len(kinds) > 1:
        raise Misfit("not_rows", "a list of objects or lists, and other values beside them")
    if kinds == {dict}:
        return _named(values)
    if kinds == {list}:
        return Value(rows=[_row(row) for row in values])
    each, one = [{"0": value} for value in values], [_row(values)]
    return Value(rows=each, other=one) if is_keyed else Value(rows=one, other=each)


def _named(rows: Sequence[Mapping[str, Any]]) -> Value:
    return Value(rows=[_row(row) for row in rows], is_named=True)


def _row(value: Any) -> Row:
    """Leaves under dotted names; a name that is there already gets the next free number."""
    row: Row = {}
    for name, item in _flat(value):
        free, number = name, 0
        while free in row:
            number += 1
            free = f"{name}.{number}"
        row[free] = item
    return row


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        name = f"{prefix}{key}"
        if isinstance(item, dict | list):
            yield from _flat(item, f"{name}.")
        else:
            yield name, item


def _is_tensors(values: Sequence[Any]) -> bool:
    return bool(values) and all(
        isinstance(v, dict) and is_tensor(key for key, part in v.items() if part is not None) for v in values
    )


def is_tensor(keys: Iterable[str]) -> bool:
    """Whether an object with these keys is a tensor, and no row that has columns of such names."""
    given = set(keys)
    return {"name", "data"} <= given and not given.isdisjoint(("shape", "datatype"))


def _of_tensors(tensors: Sequence[Mapping[str, Any]]) -> Value:
    """Open Inference Protocol v2: the first axis of each tensor is the rows."""
    columns: dict[str, list[Any]] = {}
    counts = set()
    for tensor in tensors:
        values = _leaves(tensor["data"])
        shape = _sizes(tensor.get("shape")) or [len(values)]
        rows = shape[0]
        counts.add(rows)
        if math.prod(shape) != len(values) or not rows:
            raise Misfit("bad_tensor", f"shape {shape} for {len(values)} values")
        width = len(values) // rows
        for place in range(width):
            columns[str(tensor["name"]) + (f".{place}" if width > 1 else "")] = values[place::width]
    if len(counts) > 1:
        raise Misfit("bad_tensor", f"tensors of {' and '.join(map(str, sorted(counts)))} rows")
    return Value(
        rows=[dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)], is_named=True
    )


def _leaves(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Misfit("bad_tensor", "its data is no list")
    return [leaf for item in value for leaf in (_leaves(item) if isinstance(item, list) else [item])]


def _sizes(shape: Any) -> list[int]:
    if not isinstance(shape, list | None) or not all(
        isinstance(size, Number) and size.isdigit() and len(size) <= LONGEST_SIZE for size in shape or ()
    ):
        raise Misfit("bad_tensor", "its shape is no list of whole numbers")
    return [int(size) for size in shape or ()]


def _is_by_column(value: Mapping[str, Any]) -> bool:
    return bool(value) and all(isinstance(v, list) for v in value.values()) and len({*map(len, value.values())}) == 1


def _is_split(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("columns"), list) and isinstance(value.get("data"), list)


def _of_split(names: Sequence[Any], rows: Sequence[Any]) -> Value:
    if any(not isinstance(row, list) or len(row) != len(names) for row in rows):
        raise Misfit("column_count", f"a row that has not the {len(names)} columns that are named")
    return _named([dict(zip(map(str, names), row, strict=True)) for row in rows])


def _of_seldon(data: Mapping[str, Any]) -> Value:
    names = data.get("names") or []
    if data.get("ndarray") is not None:
        rows = data["ndarray"]
        if not isinstance(rows, list):
            raise Misfit("bad_tensor", "its ndarray is no list")
    else:
        values, shape = _leaves(data["tensor"].get("values")), data["tensor"].get("shape")
        rows = _of_tensors([{"name": "", "shape": shape, "data": values}]).rows
        rows = [list(row.values()) for row in rows]
    is_one_row = isinstance(names, list) and len(names) == len(rows) > 1 and not any(isinstance(r, list) for r in rows)
    found = _of_list([rows] if is_one_row else rows, is_keyed=True)
    if names and isinstance(names, list) and not found.is_named:
        return _of_split(names, [list(row.values()) for row in found.rows])
    return found
