"""What a handler is given, and which answers are rows."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sagemaker.scripts import CapturedData, Refused, ordered, placed, rows_of

RECORD: dict[str, Any] = {
    "captureData": {
        "endpointInput": {"observedContentType": "text/csv", "mode": "INPUT", "data": "1,2", "encoding": "CSV"},
        "endpointOutput": {"observedContentType": "text/csv", "mode": "OUTPUT", "data": "0.5\n", "encoding": "CSV"},
        "batchTransformOutput": {"data": "0.7", "encoding": "CSV"},
    },
    "eventMetadata": {
        "eventId": "id-1",
        "customAttributes": ['{"testIndicator": true}'],
        "inferenceTime": "2026-01-05T00:00:00Z",
    },
    "groundTruthData": {"data": "1", "encoding": "CSV"},
    "eventVersion": "0",
}


def test_a_record_has_the_attributes_that_scripts_read() -> None:
    record = CapturedData.of(RECORD)
    told = (record.event_metadata.event_id, record.event_metadata.event_time, record.event_version)
    assert told == ("id-1", "2026-01-05T00:00:00Z", "0")
    assert json.loads(record.event_metadata.custom_attribute[0]) == {"testIndicator": True}
    side = record.endpoint_input
    assert side is not None
    assert (side.data, side.encoding, side.observedContentType, side.mode) == ("1,2", "CSV", "text/csv", "INPUT")
    assert record.endpoint_output is not None
    assert record.endpoint_output.data == "0.5\n"
    assert record.batch_transform_output is not None
    assert (record.batch_transform_output.data, record.batch_transform_output.mode) == ("0.7", None)
    assert record.ground_truth is not None
    assert record.ground_truth.data == "1"
    assert record.event_dict is record.as_dict() is RECORD


def test_the_first_interface_names_the_same_things() -> None:
    record = CapturedData.of(RECORD)
    assert record.event_data.endpointInput is record.endpoint_input
    assert record.event_data.endpointOutput.encoding == "CSV"
    assert record.endpointOutput.observed_content_type == "text/csv"
    assert record.batchTransformOutput.data == "0.7"
    assert record.groundTruthData.data == record.groundTruth.data == "1"
    assert record.eventMetadata.eventId == "id-1"
    assert record.eventMetadata.inferenceTime == record.eventMetadata.eventTime == "2026-01-05T00:00:00Z"
    assert record.eventMetadata.customAttributes == record.event_metadata.custom_attributes
    assert record.eventVersion == "0"


@pytest.mark.parametrize(
    "record", [{}, {"captureData": None, "eventMetadata": None}, {"captureData": {"endpointInput": 3}}]
)
def test_what_was_not_captured_is_none(record: dict[str, Any]) -> None:
    found = CapturedData.of(record)
    sides = (found.endpoint_input, found.endpoint_output, found.batch_transform_output, found.ground_truth)
    assert sides == (None, None, None, None)
    assert (found.event_metadata.event_id, found.event_metadata.custom_attribute) == (None, None)


@pytest.mark.parametrize("record", [{"captureData": [1]}, {"eventMetadata": "x"}])
def test_a_record_of_another_form_is_no_capture(record: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="not a capture"):
        CapturedData.of(record)


def test_a_name_that_it_does_not_have_is_told_as_python_does() -> None:
    with pytest.raises(AttributeError, match="'CapturedData' object has no attribute 'inference_id'"):
        _ = CapturedData.of(RECORD).inference_id
    assert not hasattr(CapturedData.of(RECORD), "inference_id")


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ({"b": 1, "a": "x"}, [{"a": "x", "b": 1}]),
        ({10: 1.5, 9: None}, [{"9": None, "10": 1.5}]),
        ({str(i).zfill(20): i for i in (11, 2)}, [{"0" * 19 + "2": 2, "0" * 18 + "11": 11}]),
        ({"a": True, "b": float("inf"), "c": ""}, [{"a": True, "b": float("inf"), "c": None}]),
        ({"a": np.int64(3), "b": np.float32(0.5), "c": np.bool_(True)}, [{"a": 3, "b": 0.5, "c": True}]),
        ({"a": HTTPStatus.OK}, [{"a": 200}]),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 2}]),
        ([], []),
    ],
)
def test_an_answer_is_rows_with_their_columns_in_order(answer: object, rows: list[Mapping[str, Any]]) -> None:
    found = rows_of(answer)
    assert found == rows
    assert [list(row) for row in found] == [list(row) for row in rows]
    assert [[type(v) for v in row.values()] for row in found] == [[type(v) for v in row.values()] for row in rows]


FLAT = "a flat dict, a list of them, or [] to drop the record would be right"
KINDS = "text, a number, True, False or None would be right"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (None, f"it returned None; {FLAT}"),
        ("a,b", f"it returned a value of type str; {FLAT}"),
        (({"a": 1},), f"it returned a value of type tuple; {FLAT}"),
        ({}, "it returned an empty dict; [] would be right to drop the record"),
        ([{"a": 1}, {}], "it returned an empty dict; [] would be right to drop the record"),
        ([1, 2], "it returned a list with a value of type int in it; a list of flat dicts would be right"),
        ([None], "it returned a list with None in it; a list of flat dicts would be right"),
        ({"a": [1]}, f"column 'a' holds a value of type list; {KINDS}"),
        ({"a": {"b": 1}}, f"column 'a' holds a value of type dict; {KINDS}"),
        ({"a": b"x"}, f"column 'a' holds a value of type bytes; {KINDS}"),
        ({"a": 1j}, f"column 'a' holds a value of type complex; {KINDS}"),
        ({"a": np.datetime64("2026-01-01")}, f"column 'a' holds a value of type date; {KINDS}"),
        ({1.5: 1}, "it returned a dict with a value of type float as a key; the names of columns would be right"),
        ({None: 1}, "it returned a dict with None as a key; the names of columns would be right"),
        ({1: 1, "1": 2}, "it returned two keys with the same text; each column once would be right"),
        ({"a": "\ud800"}, "it returned half of a surrogate pair, which is no text"),
        ({"\ud800": 1}, "it returned half of a surrogate pair, which is no text"),
    ],
)
def test_any_other_answer_is_refused_with_what_would_be_right(answer: object, why: str) -> None:
    with pytest.raises(Refused) as caught:
        rows_of(answer)
    assert str(caught.value) == why


NAMES = st.lists(st.sampled_from(["y", "a", "b", "0", "1", "00", "10"]), unique=True, max_size=5)


@given(NAMES, NAMES)
def test_columns_keep_their_number_and_names_that_the_baseline_knows(names: list[str], expected: list[str]) -> None:
    found = placed(tuple(ordered(names)), tuple(expected))
    if set(names) & set(expected) or not expected:
        assert found == tuple(ordered(names))
    elif len(names) == len(expected):
        assert found == tuple(expected)
    else:
        assert found in (None, tuple(ordered(names)))
        assert (found is None) == all(name.isdecimal() for name in names)
