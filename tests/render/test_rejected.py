"""Samples of rejected records as JSON: by their schema, in order, and no longer than they need be."""

import json
from pathlib import Path

from jsonschema import validate

import monitor
from monitor.batch import Sample
from monitor.render.rejected import PLACE, SHAPE, rejected_json

SCHEMA = json.loads((Path(monitor.__file__).parent / "schemas" / "rejected.schema.json").read_text())


def test_samples_are_as_the_schema_says_and_in_the_order_of_files() -> None:
    rejects = [
        Sample(path="b", line=2, reason="not_json", shape="a\ud800"),
        Sample(path="a", line=9, reason="x", why="y"),
    ]
    text = rejected_json(rejects)
    found = json.loads(text)
    validate(found, SCHEMA)
    assert [one["path"] for one in found["samples"]] == ["a", "b"]
    assert text.isascii()


def test_what_is_long_is_cut() -> None:
    found = json.loads(rejected_json([Sample(path="p" * 999, line=1, reason="x", why="w" * 999, shape="a" * 999)]))
    (one,) = found["samples"]
    assert (len(one["path"]), len(one["why"]), len(one["shape"])) == (PLACE, PLACE, SHAPE)
