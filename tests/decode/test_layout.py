"""Layouts: what may be written, and what is said of what may not."""

import pytest

from monitor.decode.layout import Layout, layout_of

WRONG = [
    (None, "is not a mapped format"),
    ({}, "is not a mapped format"),
    ({"avro": {"inputs": "$.a"}}, "is not a mapped format"),
    ({"jsonl": {"inputs": "$.a"}, "parquet": {"inputs": "$.a"}}, "is not a mapped format"),
    ({"jsonl": None}, "has nothing under 'jsonl'"),
    ({"jsonl": {"id": "$.a"}}, "has neither inputs nor outputs"),
    ({"jsonl": {"inputs": "$.a", "input": "$.b"}}, "has the unknown key 'input'"),
    ({"jsonl": {"inputs": "$.a["}}, "is not a path"),
    ({"jsonl": {"inputs": 3}}, "a path such as"),
    ({"jsonl": {"inputs": "$.a", "encoding": "hex"}}, "json or base64 would be right"),
    ({"jsonl": {"inputs": "$.a", "keys": "id"}}, "no list of names"),
]


def test_paths_are_one_or_several():
    found = layout_of({"jsonl": {"id": "$.id", "inputs": ["$.a[0]", "b.c"], "encoding": "base64"}})
    assert found == Layout(id=(("id",),), inputs=(("a", 0), ("b", "c")), encoding="base64")


@pytest.mark.parametrize(("document", "said"), WRONG)
def test_what_is_wrong_is_told(document, said):
    with pytest.raises(ValueError, match="would be right") as error:
        layout_of(document)
    assert said in str(error.value)
