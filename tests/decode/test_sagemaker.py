"""SageMaker captures to batches: every record a row or a counted reject."""

import json
from datetime import UTC, datetime

import pytest
import shop

from monitor.batch import Batch, Block, Expected
from monitor.decode import FORMATS
from monitor.decode.sagemaker import decode
from monitor.profile import Volume


def read(lines, expected: Expected | None = None) -> list[Batch]:
    data = "".join(f"{line}\n" for line in lines).encode()
    return list(decode(iter([Block(data=data, path="f", line=1, is_first=True)]), expected or Expected()))


def volume(batches) -> Volume:
    return sum((b.volume for b in batches), Volume())


def rows(batches) -> list[dict]:
    return [row for b in batches for row in b.rows.to_pylist()]


def side(data, encoding="CSV") -> dict:
    return {"data": data, "encoding": encoding}


def record(request: dict | None, answer: dict | None) -> str:
    sides = {"endpointInput": request, "endpointOutput": answer}
    return json.dumps({"captureData": {k: v for k, v in sides.items() if v is not None}})


ABC = Expected(names=("y", "a", "b"))


def test_the_answer_comes_first_and_names_are_the_baselines_by_place():
    (told, batch) = read([shop.capture("1,2\n", "0.5\n", 1), shop.capture("3,", "0.25", 2)], ABC)
    assert batch.rows.to_pylist() == [{"y": "0.5", "a": "1", "b": "2"}, {"y": "0.25", "a": "3", "b": None}]
    assert (batch.outputs, batch.positions) == (("y",), True)
    assert (told.volume.records, told.volume.both, told.volume.with_id, told.volume.ids.estimate) == (2, 2, 2, 2)
    assert batch.volume.rows == 2


def test_without_a_baseline_columns_are_numbered():
    assert rows(read([shop.capture("1,2", "0.5", 1)])) == [{"_c0": "0.5", "_c1": "1", "_c2": "2"}]


def test_quoted_commas_in_every_row_do_not_change_the_number_of_columns():
    batches = read([shop.capture(f'"x,{i}",2', "0.5", i) for i in range(3)])
    assert rows(batches)[0] == {"_c0": "0.5", "_c1": "x,0", "_c2": "2"}


def test_a_payload_of_several_rows_is_split_and_paired():
    batches = read(
        [shop.capture("1,2\r\n3,4\n5,6\n", "0.1\n0.2\n0.3", 7), shop.capture("7,8", "0.4", 8)],
        ABC,
    )
    got = sorted((r["y"], r["a"], r["b"]) for r in rows(batches))
    assert got == [("0.1", "1", "2"), ("0.2", "3", "4"), ("0.3", "5", "6"), ("0.4", "7", "8")]
    seconds = sorted(int(s) for b in batches if b.seconds is not None for s in b.seconds)
    assert len(set(seconds[:3])) == 1
    assert volume(batches).records == 2


@pytest.mark.parametrize(("request_", "answer"), [("1,2\n3,4", "0.1"), ("1,2", "0.1\n0.2"), ("1,2\n3,4\n5,6", "1\n2")])
def test_sides_with_different_numbers_of_rows_are_rejected_with_a_reason(request_, answer):
    batches = read(
        [shop.capture("9,9", "0.9", 1), shop.capture(request_, answer, 2), shop.capture("1,1", "0.1", 3)], ABC
    )
    assert [r["a"] for r in rows(batches)] == ["9", "1"]
    assert volume(batches).rejected == {"rows_differ": 1}
    (sample,) = [s for b in batches for s in b.rejects]
    assert (sample.line, sample.reason) == (2, "rows_differ")
    counts = (request_.count("\n") + 1, answer.count("\n") + 1)
    assert sample.why == f"{counts[0]} rows in the request, {counts[1]} in the answer"


def test_unknown_encodings_are_rejects_of_two_kinds_however_many_there_are():
    lines = [record(side("1", name), side("1")) for name in ("PARQUET", "", "a\tCSV", "CSV\t", "x" * 999)]
    found = volume(read([*lines, shop.capture("1,2", "0.5", 1)], ABC))
    assert found.rejected == {"encoding_other": 5}
    assert (found.records, found.rows) == (6, 1)


def test_base64_is_undone_and_what_is_none_is_rejected_alone():
    lines = [
        record(side("MSwy", "BASE64"), side("0.5")),
        record(side("eyJhIjoxLCJiIjoyfQ==", "base64"), side("eyJ5IjowLjV9", "BASE64")),
        record(side("1,2"), side("/w==", "BASE64")),
        record(side("MSw", "BASE64"), side("1")),
    ]
    batches = read(lines, ABC)
    assert rows(batches) == [{"y": "0.5", "a": "1", "b": "2"}, {"y": 0.5, "a": 1, "b": 2}]
    assert volume(batches).rejected == {"not_base64": 1, "not_utf8": 1}
    assert [(s.line, s.why) for b in batches for s in b.rejects] == [
        (4, "the input in base64"),
        (3, "the output in base64"),
    ]


def test_encodings_are_read_in_any_case_and_csv_is_the_default():
    lines = [record(side("1,2", "csv"), {"data": "0.5"}), record(side("1,2", None), side("0.5", "Csv"))]
    assert volume(read(lines, ABC)).rows == 2


def test_a_record_without_payload_is_a_reject_under_its_line():
    batches = read([shop.capture("1,2", "1", 1), "{}", record(side(None), None), record({}, {})], ABC)
    assert volume(batches).rejected == {"no_payload": 3}
    assert [s.line for b in batches for s in b.rejects] == [2]


def test_wrong_widths_are_counted_and_their_first_line_told():
    batches = read([shop.capture("1,2", "1", 1), shop.capture("1", "1", 2), shop.capture("1,2,3", "1", 3)], ABC)
    found = volume(batches)
    assert (found.rejected, found.widths, found.rows) == ({"column_count": 2}, {"2": 1, "4": 1}, 1)
    assert [(s.line, s.reason) for b in batches for s in b.rejects] == [(2, "column_count")]


def test_one_side_alone_is_read():
    only_request = read([record(side("1,2"), None)], Expected(names=("a", "b")))
    assert rows(only_request) == [{"a": "1", "b": "2"}]
    assert [b.outputs for b in only_request if b.rows.num_rows] == [()]
    assert rows(read([record(None, side("0.5"))], Expected(names=("y",)))) == [{"y": "0.5"}]
    assert volume(only_request).both == 0


def test_json_on_both_sides_takes_its_keys_and_the_answers_are_outputs():
    batches = read([shop.capture({"a": 1, "b": "x"}, {"y": 0.5}, 1)], ABC)
    assert rows(batches) == [{"y": 0.5, "a": 1, "b": "x"}]
    assert [b.outputs for b in batches if b.rows.num_rows] == [("y",)]


def test_a_request_in_json_is_joined_with_an_answer_in_csv():
    assert rows(read([shop.capture({"a": 1, "b": 2}, "0.5", 1)], ABC)) == [{"y": "0.5", "a": 1, "b": 2}]


def test_a_request_in_csv_is_joined_with_an_answer_in_json():
    expected = [{"y": 0.5, "a": "1", "b": "2"}]
    assert rows(read([shop.capture("1,2", {"y": 0.5}, 1)], ABC)) == expected
    assert rows(read([shop.capture("1,2", {"prediction": 0.5}, 1)], ABC)) == expected


def test_an_answer_with_a_key_that_the_baseline_does_not_know_takes_no_column_from_the_request():
    assert rows(read([shop.capture("1,2", {"y": 0.5, "took": 3}, 1)], ABC)) == [
        {"y": 0.5, "took": 3, "a": "1", "b": "2"}
    ]


def test_records_of_all_encodings_in_one_file():
    lines = [
        shop.capture(r, a, i)
        for i, (r, a) in enumerate((r, a) for r in ("1,2", {"a": 1, "b": 2}) for a in ("3", {"y": 3}))
    ]
    found = read(lines, ABC)
    assert (volume(found).rows, volume(found).records, volume(found).rejected) == (4, 4, {})
    assert {tuple(str(r[n]) for n in ("y", "a", "b")) for r in rows(found)} == {("3", "1", "2")}


def test_a_record_that_both_sides_reject_is_counted_once():
    lines = [
        shop.capture({}, [], 1),
        shop.capture({}, {"y": 1}, 2),
        shop.capture({"a": 1}, None, 3),
    ]
    found = volume(read([*lines, shop.capture({"a": 1}, {"y": 1}, 4)], ABC))
    assert (found.rejected, found.rows, found.records) == ({"no_payload": 3}, 1, 4)


def test_a_record_that_both_sides_reject_has_the_answers_reason():
    found = volume(read([shop.capture({}, '"', 1), shop.capture({"a": 1}, "2", 2)], ABC))
    assert (found.rejected, found.rows, found.records) == ({"not_csv": 1}, 1, 2)


def test_objects_without_keys_are_no_payload():
    found = volume(read([shop.capture({}, {}, 1), shop.capture({}, {}, 2)]))
    assert (found.rejected, found.rows) == ({"no_payload": 2}, 0)


def test_a_name_that_both_sides_use_is_the_requests():
    batches = read([shop.capture({"id": 1, "a": 2}, {"id": 3, "y": 4}, 1)])
    assert rows(batches) == [{"id": 1, "y": 4, "a": 2}]
    assert [b.outputs for b in batches if b.rows.num_rows] == [("y",)]


def test_first_and_last_are_of_all_records_with_a_time_and_rows_without_one_are_kept():
    at = [datetime(2026, 1, day, tzinfo=UTC) for day in (3, 1, 2)]
    lines = [shop.capture("1,2", "1", i, at=t) for i, t in enumerate(at)]
    lines.append(shop.capture("1,2", "1", 9).replace(":00:45Z", ":00:99Z"))
    batches = read(lines, ABC)
    found = volume(batches)
    assert (found.first, found.last, found.rows) == (at[1], at[0], 4)
    (timed,) = [b.timed.tolist() for b in batches if b.rows.num_rows]
    assert timed == [True, True, True, False]


def test_a_block_that_could_not_be_read_is_one_reject():
    (batch,) = decode(iter([Block(data=b"", path="f", line=9, trouble="gone")]), ABC)
    assert batch.volume.rejected == {"unreadable": 1}
    assert (batch.rejects[0].line, batch.rejects[0].why) == (9, "gone")


def test_the_formats_are_these_and_each_says_what_it_is():
    assert list(FORMATS) == ["sagemaker", "parquet", "jsonl", "csv"]
    assert all(known.about for known in FORMATS.values())
    assert FORMATS["sagemaker"].recognises(shop.capture("1", "2", 1).encode())
    assert not FORMATS["csv"].recognises(b'\xef\xbb\xbf {"a":1}')


def test_one_odd_answer_or_request_does_not_change_what_the_others_are():
    good = [shop.capture([[i, 2]], [[0.5]], i) for i in range(3)]
    for odd in (
        shop.capture([[7, 8]], {"code": 1, "message": "no"}, 9),
        shop.capture([[7, 8, 9]], [[0.5]], 9),
        shop.capture([[7, 8]], [[0.5, 0.6, 0.7]], 9),
        shop.capture([[7, 8]], [0.5, 0.6, 0.7], 9),
    ):
        for lines in ([*good, odd], [odd, *good]):
            found = [row for row in rows(read(lines, ABC)) if row.get("y") == 0.5 and row.get("b") == 2]
            assert [(row["a"], row["b"]) for row in found] == [(0, 2), (1, 2), (2, 2)]


def test_many_payloads_of_wrong_widths_are_told_at_once():
    lines = [shop.capture([[1, 2, 3]] * (i % 3 + 1), [[0.5]] * (i % 3 + 1), i) for i in range(3000)]
    found = volume(read([*lines, *[shop.capture([[1, 2]], [[0.5]], i) for i in range(3000, 9001)]], ABC))
    assert (found.rows, found.rejected, found.widths) == (6001, {"column_count": 3000}, {"3": 3000})
