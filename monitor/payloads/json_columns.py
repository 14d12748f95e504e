"""Values that were read one by one as columns of one type each."""

from collections.abc import Collection, Sequence

import pyarrow as pa

from monitor.payloads.json_value import Number, Row

LARGEST = 2**63 - 1


def columns_of(rows: Sequence[Row], as_text: Collection[str] = (), *, is_named: bool = True) -> dict[str, pa.Array]:
    """Rows as columns, in the order in which their names come; without names, any of them may count as text."""
    names = dict.fromkeys(name for row in rows for name in row)
    keeps = bool(as_text) and not is_named
    return {name: column_of([row.get(name) for row in rows], name in as_text, keeps=keeps) for name in names}


def column_of(values: Sequence[object], is_text: bool = False, *, keeps: bool = False) -> pa.Array:
    """Whole numbers, fractions, booleans or nulls; texts where they are mixed or count as text.

    `keeps`: whole numbers too large for 64 bits are texts as well.
    """
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.nulls(len(values), pa.string() if is_text else pa.null())
    if kinds == {bool} and not is_text:
        return pa.array(values)
    if kinds == {Number} and not is_text:
        given = [None if value is None else str(value) for value in values]
        if all(text is None or _is_int64(text) for text in given):
            return pa.array([None if text is None else int(text) for text in given], pa.int64())
        if not keeps or not all(text is None or _is_whole(text) for text in given):
            return pa.array([None if text is None else float(text) for text in given], pa.float64())
    return pa.array([_text(value) for value in values], pa.string())


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _is_int64(text: str) -> bool:
    return len(text) <= 20 and _is_whole(text) and -LARGEST <= int(text) <= LARGEST


def _text(value: object) -> str | None:
    """The text that a typed column would show: 3.0 is 3; a whole number keeps its digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number) and not _is_whole(value) and float(value).is_integer():
        return str(int(float(value)))
    return None if value is None else str(value)
