"""SageMaker's ground truth, good and bad lines side by side."""

import base64
from pathlib import Path

import pyarrow as pa
import pytest
from truths import delivered, line, written

from monitor.truth.lines import labels_in

ACTUALS = Path(__file__).parents[1] / "data" / "sagemaker_sdk" / "monitor" / "actuals.jsonl"
SEVERAL = {
    "one": ("1", ["1"]),
    "spaces around it": (" 1\r\n", ["1"]),
    "a row a line": ("1\n0\n", ["1", "0"]),
    "rows on one line": ("1,0,1", ["1", "0", "1"]),
    "in quotes": ('"yes"', ["yes"]),
    "in quotes that are no JSON": ('"yes","no"', ["yes", "no"]),
    "an object": ('{"label": 1}', ["1"]),
    "an object with another key": ('{"approved": false}', ["false"]),
    "a number as it is written": ('{"label": 1.50}', ["1.50"]),
    "a list": ("[1, 0]", ["1", "0"]),
    "a list of rows": ("[[1], [0]]", ["1", "0"]),
    "instances": ('{"instances": [{"label": 0}, {"label": 1}]}', ["0", "1"]),
    "instances with more in them": ('{"instances": [{"label": 0, "x": [1, 2]}]}', ["0"]),
}
UNCLEAR = [
    "",
    " ",
    "{}",
    "[]",
    "null",
    "{",
    '{"a": 1, "b": 2}',
    '{"label": null}',
    '{"instances": [{"label": {}}]}',
    "1,",
    "[" * 99_999,
]


@pytest.mark.parametrize("what", SEVERAL)
def test_labels_are_read_however_they_are_written(what: str) -> None:
    text, expected = SEVERAL[what]
    record, place, label, unclear = labels_in(pa.array([text, "9"]))
    assert label.to_pylist() == [*expected, "9"]
    assert place.tolist() == [*range(len(expected)), 0]
    assert record.tolist() == [0] * len(expected) + [1]
    assert unclear.tolist() == []


@pytest.mark.parametrize("text", [text for text in UNCLEAR if text != "null"], ids=lambda text: text[:20])
def test_what_is_no_label_is_told_and_never_guessed(text: str) -> None:
    record, _, label, unclear = labels_in(pa.array(["0", text]))
    assert (record.tolist(), label.to_pylist(), unclear.tolist()) == ([0], ["0"], [1])


def test_base64_is_undone(tmp_path: Path) -> None:
    packed = base64.b64encode(b"1\n0").decode()
    rows, found = delivered(written(tmp_path / "l.jsonl", [line("a", packed, "BASE64"), line("b", "!", "base64")]))
    assert rows == [("a", 0, "1", None), ("a", 1, "0", None)]
    assert found.rejected == {"not_base64": 1}


def test_data_that_are_no_text_are_the_json_they_are(tmp_path: Path) -> None:
    rows, _ = delivered(written(tmp_path / "l.jsonl", [line(5, 1, None), line("b", {"label": True}, "JSON")]))
    assert rows == [("5", 0, "1", None), ("b", 0, "true", None)]


def test_a_merged_record_is_read_by_its_inference_id(tmp_path: Path) -> None:
    merged = (
        '{"captureData":{"endpointOutput":{"data":"0.9","encoding":"CSV"}},"groundTruthData":{"data":"1"},'
        '"eventMetadata":{"eventId":"e","inferenceId":"7"}}'
    )
    assert delivered(written(tmp_path / "l.jsonl", [merged]))[0] == [("7", 0, "1", None)]


def test_lines_without_a_label_are_counted_and_the_others_stay(tmp_path: Path) -> None:
    bad = ["nonsense", '{"eventMetadata":{"eventId":"a"}}', '{"groundTruthData":{"data":"1"}}', line("x", "{}", "JSON")]
    rows, found = delivered(written(tmp_path / "l.jsonl", [line("a", "1"), *bad, line("b", "0")]), format="sagemaker")
    assert rows == [("a", 0, "1", None), ("b", 0, "0", None)]
    assert found.rejected == {"label_unclear": 1, "no_id": 1, "no_label": 1, "not_json": 1}
    told = {sample.reason: (sample.line, sample.why) for sample in found.samples}
    assert told["no_id"] == (4, "neither an inferenceId nor an eventId")
    assert told["label_unclear"][1].startswith('no label in it; 1, {"label": 1} or')


def test_the_sdk_s_own_actuals_are_read_although_their_times_are_placeholders() -> None:
    rows, found = delivered(ACTUALS)
    assert (len(rows), found.rejected) == (44, {})
    assert rows[0] == ("74b0dd56-e7c8-368e-94b1-14a138a96000", 0, "1", None)


def test_a_list_in_a_file_called_jsonl_is_read(tmp_path: Path) -> None:
    file = written(tmp_path / "l.jsonl", [f"[{line('a', '1')},\n {line('b', '0')}]"])
    assert delivered(file)[0] == [("a", 0, "1", None), ("b", 0, "0", None)]
