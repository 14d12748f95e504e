"""Where: the rows of a batch for which a condition is true.

Logic is SQL's: what is compared with a null is neither true nor false but null, and a row stays only where the whole
is true. A column that a batch does not have is null in every row. The kind of the value decides how a column is read:

- a number: as numbers; texts that are none, and nan, are null
- a text, and `like`: as texts; a number in its shortest form (1 and not 1.0), truth values as `true` and `false`
- true and false: truth values, and `true`, `false`, 1 and 0 as texts in any case and as numbers; all else is null

So a condition says the same of a CSV table, whose columns are texts, as of typed rows.
"""

import re
from dataclasses import replace
from functools import reduce
from typing import assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.batch import NO_ROWS, Batch
from monitor.condition import Among, Both, Compare, Condition, Either, Like, Not, Null, Value
from monitor.measures.categorical import as_text
from monitor.measures.numbers import numbers_of

COMPARED = {
    "=": pc.equal, "!=": pc.not_equal, "<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal
}  # fmt: skip
TRUTH = {"true": True, "1": True, "false": False, "0": False}
INT64 = range(-(2**63), 2**63)


def kept(batch: Batch, condition: Condition) -> Batch:
    """The rows for which the condition is true; the others are counted as dropped.

    A condition may ask for the columns of `about` too; one of the same name among the rows goes before. What was told
    of whole files (records, times and ids of captures) stays as it was.
    """
    before = batch.rows.num_rows
    if not before:
        return batch
    stays = pc.fill_null(truth(batch, condition), False)
    if stays.true_count < before:
        batch = batch.take(np.flatnonzero(stays.to_numpy(zero_copy_only=False)))
    after = batch.rows.num_rows
    volume = replace(batch.volume, rows=batch.volume.rows - (before - after))
    return replace(
        batch, rows=batch.rows if after else NO_ROWS, volume=replace(volume, dropped=volume.dropped + before - after)
    )


def truth(batch: Batch, condition: Condition) -> pa.BooleanArray:
    """True, false or null for each row."""
    return _Rows(batch).truth(condition)


class _Rows:
    """The columns of a batch, each read once in each way that a condition asks for."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.numeric: dict[str, pa.DoubleArray] = {}

    def truth(self, condition: Condition) -> pa.BooleanArray:
        match condition:
            case Both(parts):
                return reduce(pc.and_kleene, (self.truth(part) for part in parts))
            case Either(parts):
                return reduce(pc.or_kleene, (self.truth(part) for part in parts))
            case Not(part):
                return pc.invert(self.truth(part))
            case Null(column):
                return pc.is_null(self.column(column))
            case Compare(column, sign, value):
                return self._compared(column, sign, value)
            case Among(column, values):
                return self._among(column, values)
            case Like(column, pattern):
                return pc.match_substring_regex(as_text(self.column(column)), like(pattern))
            case _:
                assert_never(condition)

    def column(self, name: str) -> pa.Array:
        """The column of the rows, or of what else is known of them; nulls where neither has it."""
        for columns in (self.batch.rows, self.batch.about):
            if columns is not None and name in columns.schema.names:
                return columns[name]
        return pa.nulls(self.batch.rows.num_rows, pa.string())

    def _compared(self, name: str, sign: str, value: Value) -> pa.BooleanArray:
        compare = COMPARED[sign]
        if isinstance(value, bool):
            return compare(self._truths(name), pa.scalar(value))
        if isinstance(value, str):
            return compare(as_text(self.column(name)), pa.scalar(value))
        column = self.column(name)
        if isinstance(value, int) and value in INT64 and pa.types.is_integer(column.type):
            return compare(column, pa.scalar(value, pa.int64()))  # exact, also beyond 2**53
        return compare(self._numbers(name), pa.scalar(float(value)))

    def _among(self, name: str, values: tuple[Value, ...]) -> pa.BooleanArray:
        """Texts are looked up together; the others are compared one by one."""
        texts = [value for value in values if isinstance(value, str)]
        found = [self._compared(name, "=", value) for value in values if not isinstance(value, str)]
        if texts:
            column = as_text(self.column(name))
            among = pc.is_in(column, value_set=pa.array(texts, pa.string()))
            found.append(pc.if_else(pc.is_valid(column), among, None))
        return reduce(pc.or_kleene, found)

    def _numbers(self, name: str) -> pa.DoubleArray:
        if name not in self.numeric:
            column = self.column(name)
            column = column.cast(pa.float64()) if pa.types.is_boolean(column.type) else column
            numbers = numbers_of(column).numbers
            self.numeric[name] = pa.array(numbers, mask=np.isnan(numbers))
        return self.numeric[name]

    def _truths(self, name: str) -> pa.BooleanArray:
        column = self.column(name)
        if pa.types.is_boolean(column.type):
            return column
        at = pc.index_in(pc.ascii_lower(as_text(column)), value_set=pa.array(list(TRUTH)))
        return pa.array(list(TRUTH.values())).take(at)


def like(pattern: str) -> str:
    r"""The pattern of `like` as a regular expression for the whole text.

    >>> like("50_%.")
    '(?s)\\A50..*\\.\\z'
    """
    parts = (".*" if sign == "%" else "." if sign == "_" else re.escape(sign) for sign in pattern)
    return rf"(?s)\A{''.join(parts)}\z"
