"""Rows for which a condition is true: against a reader of single rows, and against SQLite."""

import re
import sqlite3
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Batch
from monitor.condition import Among, Both, Compare, Condition, Either, Like, Not, Null, Value
from monitor.expression import parsed
from monitor.profile import Volume
from monitor.where import kept, truth

TYPES = {"t": pa.string(), "i": pa.int64(), "f": pa.float64(), "b": pa.bool_()}
ABSENT = "gone"


def batch(columns: dict[str, list[Any]], **more: Any) -> Batch:
    rows = pa.RecordBatch.from_pydict({n: pa.array(v, TYPES.get(n, pa.string())) for n, v in columns.items()})
    return Batch(rows=rows, volume=Volume(records=rows.num_rows, rows=rows.num_rows), **more)


def told(columns: dict[str, list[Any]], text: str) -> list[bool | None]:
    found: list[bool | None] = truth(batch(columns), parsed(text)).to_pylist()
    return found


# A reader of single rows, written without looking at the other one: Python values, None for null.


def answer(row: dict[str, Any], condition: Condition) -> bool | None:
    match condition:
        case Both(parts):
            found = [answer(row, part) for part in parts]
            return False if False in found else None if None in found else True
        case Either(parts):
            found = [answer(row, part) for part in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            inner = answer(row, part)
            return None if inner is None else not inner
        case Null(column):
            return row.get(column) is None
        case Among(column, values):
            return answer(row, Either(tuple(Compare(column, "=", value) for value in values)))
        case Like(column, pattern):
            text = as_text(row.get(column))
            parts = [".*" if c == "%" else "." if c == "_" else re.escape(c) for c in pattern]
            return None if text is None else re.fullmatch("".join(parts), text, re.DOTALL) is not None
        case Compare(column, sign, value):
            return compared(row.get(column), sign, value)
    raise AssertionError(condition)


def compared(given: Any, sign: str, value: Value) -> bool | None:
    mine: Any = as_truth(given) if isinstance(value, bool) else as_text(given)
    if isinstance(value, int | float) and not isinstance(value, bool):
        mine = as_number(given)
    if mine is None:
        return None
    signs = {"=": mine == value, "!=": mine != value}
    if not isinstance(value, bool):
        signs |= {"<": mine < value, "<=": mine <= value, ">": mine > value, ">=": mine >= value}
    return signs[sign]


def as_text(given: Any) -> str | None:
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return None if given is None else str(given)


def as_number(given: Any) -> float | None:
    try:
        found = float(given)
    except (TypeError, ValueError):
        return None
    return None if found != found else found


def as_truth(given: Any) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get((as_text(given) or "").lower())


TEXTS = [
    "",
    "a",
    "ab",
    "A%",
    "a.c",
    "5",
    "-3",
    "2.5",
    "+5",
    "1e1",
    "nan",
    "true",
    "False",
    "1",
    "x\ny",
    "é",
    "\\",
    "a'b",
]
NUMBERS = [-3, 0, 1, 5, 10, 2.5, -0.5]
COLUMNS = [*TYPES, ABSENT]
VALUES = st.one_of(st.sampled_from(TEXTS), st.sampled_from(NUMBERS), st.booleans())
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "t": st.none() | st.sampled_from(TEXTS),
            "i": st.none() | st.sampled_from([-3, 0, 1, 5]),
            "f": st.none() | st.sampled_from([-3.0, 0.0, 1.0, 2.5, float("nan")]),
            "b": st.none() | st.booleans(),
        }
    ),
    max_size=8,
)
SINGLE = st.one_of(
    st.builds(Null, st.sampled_from(COLUMNS)),
    st.builds(Compare, st.sampled_from(COLUMNS), st.sampled_from(["=", "!="]), VALUES),
    st.builds(
        Compare, st.sampled_from(COLUMNS), st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from([*TEXTS, *NUMBERS])
    ),
    st.builds(Among, st.sampled_from(COLUMNS), st.lists(VALUES, min_size=1, max_size=4).map(tuple)),
    st.builds(Like, st.sampled_from(COLUMNS), st.text(st.sampled_from("a%_.\\b5é\n'"), max_size=4)),
)
CONDITIONS = st.recursive(
    SINGLE,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Both, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Either, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=300)
@given(ROWS, CONDITIONS)
def test_it_agrees_with_a_reader_of_single_rows(rows: list[dict[str, Any]], condition: Condition) -> None:
    columns = {name: [row[name] for row in rows] for name in TYPES}
    assert truth(batch(columns), condition).to_pylist() == [answer(row, condition) for row in rows]


def written(condition: Condition) -> str:
    match condition:
        case Both(parts):
            return "(" + " and ".join(map(written, parts)) + ")"
        case Either(parts):
            return "(" + " or ".join(map(written, parts)) + ")"
        case Not(part):
            return f"(not {written(part)})"
        case Null(column):
            return f"{column} is null"
        case Like(column, pattern):
            return f"{column} like {quoted(pattern)}"
        case Among(column, values):
            return f"{column} in ({', '.join(map(quoted, values))})"
        case Compare(column, sign, value):
            return f"{column} {sign} {quoted(value)}"


def quoted(value: Value) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower()


@settings(deadline=None, max_examples=300)
@given(CONDITIONS)
def test_what_is_written_is_what_is_read(condition: Condition) -> None:
    assert parsed(written(condition)) == condition


SQL = [
    "t = 'a'", "t <> 'a'", "not t = 'a'", "t is null", "t is not null", "not t is null", "t in ('a', 'b')",
    "t not in ('a', 'b')", "t like 'a%'", "t not like '_b'", "i between 1 and 3", "i not between 1 and 3",
    "i > 1 and t = 'a'", "i > 1 or t = 'a'", "not (i > 1 or t = 'a')", "not (i > 1 and t = 'a')", "i != 2 or i is null",
    "i = 1 and not t in ('a') or f < 0.5", "f >= 2.5 and (i is null or t is null)", "i in (1, 3) or not f > 0",
    "not (not i = 1)", "i = 1 or i <> 1", "(i = 1 or t is null) and (f is null or not t like '%b')",
]  # fmt: skip


@pytest.mark.parametrize("text", SQL)
def test_nulls_are_what_sqlite_makes_of_them(text: str) -> None:
    values: list[list[Any]] = [[None, "a", "b", "ab"], [None, 1, 2, 3], [None, -1.0, 0.5, 2.5]]
    rows = [(t, i, f) for t in values[0] for i in values[1] for f in values[2]]
    with sqlite3.connect(":memory:") as db:
        db.execute("create table rows (t text, i integer, f real)")
        db.executemany("insert into rows values (?, ?, ?)", rows)
        expected = [found[0] for found in db.execute(f"select ({text}) from rows order by rowid")]
    columns = dict(zip("tif", ([row[k] for row in rows] for k in range(3)), strict=True))
    assert told(columns, text) == [None if found is None else bool(found) for found in expected]
    db.close()


def test_a_text_column_compares_with_a_number_as_numbers() -> None:
    assert told({"t": ["9", "10", "abc", None, "nan", " 2e1 "]}, "t < 10") == [True, False, None, None, None, False]


def test_a_number_column_compares_with_a_text_as_the_text_of_the_number() -> None:
    assert told({"i": [12345, 6]}, "i = '12345'") == [True, False]
    assert told({"f": [1.0, 2.5]}, "f in ('1', '2.5')") == [True, True]
    assert told({"i": [12345, 6]}, "i like '12%'") == [True, False]


def test_truth_values_are_known_as_texts_and_numbers() -> None:
    assert told({"t": ["True", "false", "1", "yes", None]}, "t = true") == [True, False, True, None, None]
    assert told({"b": [True, False, None]}, "b != true") == [False, True, None]
    assert told({"i": [1, 0, 2]}, "i = false") == [False, True, None]


def test_whole_numbers_are_compared_exactly_beyond_what_a_double_holds() -> None:
    assert told({"i": [2**53, 2**53 + 1]}, f"i = {2**53 + 1}") == [False, True]
    assert told({"i": [2**53 + 1]}, "i > 0.5") == [True]
    assert told({"f": [1e300]}, f"f > {2**63}") == [True]
    assert told({"i": [2**63 - 1]}, f"i < {2**64}") == [True]


def test_a_column_that_is_not_there_is_null() -> None:
    assert told({"t": ["a"]}, "test_traffic is null") == [True]
    assert told({"t": ["a"]}, "test_traffic = 1 or not test_traffic like 'a'") == [None]


def test_rows_take_all_that_goes_with_them_along_and_the_others_are_counted() -> None:
    about = pa.RecordBatch.from_pydict({"tag": ["live", None, "test"]})
    whole = batch(
        {"t": ["a", "b", "c"]},
        seconds=np.array([1, 2, 3]),
        timed=np.array([True, False, True]),
        ids=pa.array(["x", "y", None]),
        about=about,
    )
    found = kept(whole, parsed("tag = 'test' or t = 'a'"))
    assert found.rows.to_pydict() == {"t": ["a", "c"]}
    assert found.seconds is not None
    assert found.timed is not None
    assert (found.seconds.tolist(), found.timed.tolist()) == ([1, 3], [True, True])
    assert found.ids.to_pylist() == ["x", None]
    assert found.about.to_pydict() == {"tag": ["live", "test"]}
    assert (found.volume.records, found.volume.rows, found.volume.dropped) == (3, 2, 1)


def test_a_batch_of_which_nothing_is_left_has_no_rows() -> None:
    found = kept(batch({"t": ["a"]}), parsed("t = 'b'"))
    assert (found.rows.num_rows, found.volume.rows, found.volume.dropped) == (0, 0, 1)


def test_a_batch_without_rows_is_left_alone() -> None:
    empty = batch({})
    assert kept(empty, parsed("t = 'b'")) is empty


def test_like_is_about_the_whole_text_with_its_line_ends_and_every_other_sign_as_it_is() -> None:
    assert told({"t": ["x\ny", "x\ny\n", "xAy"]}, "t like 'x%y'") == [True, False, True]
    assert told({"t": ["a.c", "abc", "a.C"]}, "t like 'a.c'") == [True, False, False]
