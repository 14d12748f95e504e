"""Numbers that count as text and may have lost digits."""

import pyarrow as pa
import pytest

from monitor.payloads.json_exact import has_inexact
from monitor.payloads.json_pieces import Piece, by_type

CASES = [
    ({"id": 2.0**53}, ["id"], True),
    ({"id": 1.5}, ["id"], True),
    ({"id": 3.0}, ["id"], False),
    ({"other": 2.0**60}, ["id"], False),
    ({"q": {"id": 1e300}}, ["id"], True),
    ({"q": [{"id": 1.0}, {"id": 2.0**53}]}, ["id"], True),
    ({"q": [[1.0, 2.0**53]]}, ["id"], True),
    ({"q": [[1.0, 2.0**53]]}, [], False),
    ({"id": None}, ["id"], False),
]


@pytest.mark.parametrize(("value", "texts", "wanted"), CASES)
def test_they_are_found_under_the_names_of_texts_and_in_lists_without_names(value, texts, wanted):
    kind = pa.array([value]).type
    assert has_inexact(pa.array([None, value, None, value], kind), texts).tolist() == [False, wanted, False, wanted]
    assert has_inexact(pa.array([], kind), texts).tolist() == []


def test_pieces_of_types_that_fit_are_one_in_the_order_of_their_texts():
    given = [
        [{"a": 1, "c": [{"d": None}]}, {"a": None}],
        [{"a": 2.5, "b": "x"}],
        [{"a": "text"}],
        [{"c": [{"d": "y"}, None]}],
    ]
    at = [[4, 5], [0], [1], [2]]
    pieces = [
        Piece(values=pa.array(values), at=pa.array(numbers).to_numpy())
        for values, numbers in zip(given, at, strict=True)
    ]
    one, text = by_type(pieces)
    assert one.at.tolist() == [0, 2, 4, 5]
    one.values.validate(full=True)
    rows = [{name: value for name, value in row.items() if value is not None} for row in one.values.to_pylist()]
    assert rows == [{"a": 2.5, "b": "x"}, {"c": [{"d": "y"}, None]}, {"a": 1.0, "c": [{"d": None}]}, {}]
    assert text.at.tolist() == [1]
