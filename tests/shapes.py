"""JSON payloads of all shapes for the tests, and what one payload means by itself."""

import json
import math
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from monitor.payloads.json_rows import Read
from monitor.payloads.json_value import Misfit, Number, loaded, value_of
from monitor.sizes import STANDARD, Sizes

NAMES = ("a", "b", "a.b", "0", "instances", "predictions", "inputs", "outputs", "data", "columns", "name", "shape")
TEXTS = (
    "",
    "x",
    "2026-01-05",
    "2026-01-05T10:00:00Z",
    "12",
    "a/b",
    "text/csv",
    "é\n",
    "[1]",
    '{"a":1}',
    "\x00",
    '"',
    "\\",
)
NUMBERS = ("0", "-1", "7", "3.0", "2.50", "1e5", "1e400", "-0.0", "9007199254740993", "123456789012345678901234567890")
scalars = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(TEXTS).map(json.dumps),
    st.sampled_from(("null", "true", "false", "NaN")),
)


def _object(items: list[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}: {value}" for name, value in items) + "}"


def _list(items: list[str]) -> str:
    return "[" + ", ".join(items) + "]"


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    objects = st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=3).map(_object)
    return st.one_of(objects, objects, st.lists(inner, max_size=3).map(_list))


values = st.recursive(scalars, _nested, max_leaves=8)
numbers = st.lists(st.sampled_from((*NUMBERS, "null")), max_size=4).map(_list)
rows = st.lists(st.tuples(st.sampled_from(("a", "b", "c")), scalars), max_size=3, unique_by=lambda kv: kv[0]).map(
    _object
)
tensor = st.tuples(
    st.sampled_from(("a", "b")), st.sampled_from(("[2]", "[1,2]", "[2,1]", "true", "[0]", "null")), numbers
)
shapes = st.one_of(
    values,
    rows,
    rows,
    numbers,
    st.lists(rows, max_size=3).map(_list),
    st.lists(rows, min_size=1, max_size=3).map("\n".join),
    st.lists(numbers, max_size=3).map(_list),
    st.tuples(
        st.sampled_from(NAMES[4:8]), st.one_of(numbers, st.lists(numbers).map(_list), st.lists(rows).map(_list))
    ).map(lambda pair: _object([pair, ("version", "1")])),
    st.lists(tensor, max_size=2).map(
        lambda ts: _object(
            [("inputs", _list([_object([("name", f'"{n}"'), ("shape", s), ("data", d)]) for n, s, d in ts]))]
        )
    ),
    values.map(lambda text: json.dumps([text, "application/json"])),
)
TOKENS = (
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "\\",
    "\n",
    " ",
    '"a"',
    "1",
    "null",
    "\\ud800",
    "\\u0000",
    "{}",
    "\x00",
    "NaN",
)


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A payload with a piece put in, taken out or put in the place of another."""
    text = draw(shapes)
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    return text[:start] + draw(st.sampled_from((*TOKENS, ""))) + text[end if draw(st.booleans()) else start :]


Told = list[tuple[dict[str, Any], int | None]] | str


def told(value: Any) -> Any:
    """One value in a form in which what was read fast and carefully can be compared: numbers by value, as text."""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return value
    return "nan" if math.isnan(number) else number


def alone(text: str, sizes: Sizes = STANDARD) -> Told:
    """The rows of one payload by the careful path, and their widths where they have no names; or why there are none."""
    try:
        value = value_of(loaded(text, sizes.depth, sizes.values), sizes)
    except Misfit as misfit:
        return misfit.reason
    return [
        (
            {n: told(str(v) if isinstance(v, Number) else v) for n, v in row.items() if v is not None},
            None if value.is_named else len(row),
        )
        for row in value.rows
    ]


def beside(found: Read, count: int) -> list[Told]:
    """For each of `count` payloads that were read together, what `alone` says of one."""
    read: list[Any] = [None] * count
    for refused in found.refused:
        assert read[refused.payload] is None
        read[refused.payload] = refused.reason
    for part in found.parts:
        lengths = {len(column) for column in part.columns.values()}
        assert lengths == {len(part.payload)}
        columns = {name: column.to_pylist() for name, column in part.columns.items()}
        assert all(
            column.type in (pa.int64(), pa.float64(), pa.bool_(), pa.string()) for column in part.columns.values()
        )
        for place, payload in enumerate(part.payload.tolist()):
            row = {name: told(column[place]) for name, column in columns.items() if column[place] is not None}
            assert not isinstance(read[payload], str)
            read[payload] = [*(read[payload] or []), (row, None if part.widths is None else int(part.widths[place]))]
    return read
