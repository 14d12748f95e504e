"""Formats by name: every shipped layout reads its golden sample and is told from the others, as Parquet too."""

import datetime
import decimal
import json
from pathlib import Path

import golden
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shop

from monitor import formats
from monitor.batch import Expected
from monitor.decode import FORMATS
from monitor.errors import InputError
from monitor.reading import Reading

SAMPLES = golden.GOLDEN / "formats"
LAYOUTS = sorted(path.stem for path in formats.SHIPPED.glob("*.yaml"))
TIME = pa.timestamp("us", "UTC")
# The types that these tables have where they are exported as Parquet; a column that is not named is a text.
TYPES = {
    "databricks": {
        "date": pa.date32(),
        "request_date": pa.date32(),
        "timestamp_ms": pa.int64(),
        "request_time": TIME,
        "event_time": TIME,
        "status_code": pa.int32(),
        "sampling_fraction": pa.float64(),
        "execution_time_ms": pa.int64(),
        "execution_duration_ms": pa.int64(),
        "latency_ms": pa.int64(),
        "logging_error_codes": pa.list_(pa.string()),
        "request_metadata": pa.map_(pa.string(), pa.string()),
    },
    "vertex": {
        "logging_time": TIME,
        "request_id": pa.decimal128(38, 9),
        "request_payload": pa.list_(pa.string()),
        "response_payload": pa.list_(pa.string()),
    },
    "kserve_blob": {"tlsSkipVerify": pa.bool_()},
    "bentoml": {"age": pa.int64(), "income": pa.float64(), "score": pa.float32()},
}


def records(name: str) -> dict[str, list[dict]]:
    """The records of a sample by file."""
    found = {}
    for path in sorted(p for p in (SAMPLES / name).rglob("*") if p.is_file()):
        text = path.read_text()
        found[path.stem] = json.loads(text) if text.startswith("[") else [json.loads(x) for x in text.splitlines()]
    return found


def test_every_shipped_layout_has_a_golden_sample_and_every_sample_a_layout():
    assert LAYOUTS == [
        "azureml", "bentoml", "databricks", "kserve", "kserve_blob", "sagemaker_batch", "seldon", "vertex"
    ]  # fmt: skip
    assert sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()) == LAYOUTS
    assert sorted(path.name for path in SAMPLES.glob("*.json")) == [f"{name}.expected.json" for name in LAYOUTS]
    assert list(formats.known()) == ["sagemaker", *LAYOUTS, *(name for name in FORMATS if name != "sagemaker")]
    assert all(form.about for form in formats.known().values())


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_sample_is_told_from_all_others_and_gives_exactly_the_expected_rows(name):
    expected = golden.expected(SAMPLES / f"{name}.expected.json")
    told, read_as = golden.read([SAMPLES / name], expected["names"])
    assert set(read_as.values()) == {name}
    assert told == expected


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_format_that_is_named_reads_the_same(name):
    expected = golden.expected(SAMPLES / f"{name}.expected.json")
    assert golden.read([SAMPLES / name], expected["names"], format=name)[0] == expected


def test_all_samples_in_one_folder_are_each_read_as_what_they_are():
    reading = Reading([SAMPLES], Expected())
    list(reading)
    names = {Path(path).relative_to(SAMPLES).parts[0]: name for path, name in reading.formats.items()}
    assert {name: names[name] for name in LAYOUTS} == {name: name for name in LAYOUTS}


def table(rows: list[dict], types: dict[str, pa.DataType]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({n: pa.array([_cell(row.get(n), types.get(n)) for row in rows], types.get(n)) for n in names})


def _cell(value, kind):
    if value is not None and kind == TIME:
        text = value.replace(" UTC", "+00:00").replace("Z", "+00:00")
        return datetime.datetime.fromisoformat(text)
    if value is not None and kind == pa.date32():
        return datetime.date.fromisoformat(value)
    if value is not None and kind is not None and pa.types.is_decimal(kind):
        return decimal.Decimal(value)
    return list(value.items()) if isinstance(value, dict) else value


@pytest.mark.parametrize("name", ["databricks", "vertex"])
def test_the_same_table_as_parquet_gives_the_same_rows(name, tmp_path):
    expected = golden.expected(SAMPLES / f"{name}.expected.json")
    for file, rows in records(name).items():
        for place, row in enumerate(rows):
            for side in ("request_payload", "response_payload"):  # a column has one type: a repeated text
                if isinstance(row.get(side), str):
                    rows[place] = row = {**row, side: [row[side]]}
        pq.write_table(table(rows, TYPES[name]), tmp_path / f"{file}.parquet")
    told, read_as = golden.read([tmp_path], expected["names"])
    assert set(read_as.values()) == {name}
    assert told == expected


def test_flat_logs_as_parquet_give_the_same_rows_but_for_the_torn_one(tmp_path):
    expected = golden.expected(SAMPLES / "bentoml.expected.json")
    lines = (SAMPLES / "bentoml" / "data.1.log").read_text().splitlines()[:-1]
    pq.write_table(table([json.loads(line) for line in lines], TYPES["bentoml"]), tmp_path / "data.parquet")
    told, read_as = golden.read([tmp_path])
    assert read_as == {"data.parquet": "bentoml"}
    for row in (*told["rows"], *expected["rows"]):
        row["in"]["score"] = round(row["in"]["score"], 6)  # float32
    assert told == {**expected, "records": 4, "rejected": {}}


def test_kserves_parquet_has_other_names_and_no_times(tmp_path):
    expected = golden.expected(SAMPLES / "kserve_blob.expected.json")
    for file, rows in records("kserve_blob").items():
        lower = [{key[:1].lower() + key[1:]: value for key, value in row.items()} for row in rows]
        flat = [
            {k: v if isinstance(v, str | bool) else json.dumps(v) for k, v in row.items() if k != "occurrenceTime"}
            for row in lower
        ]
        pq.write_table(table(flat, TYPES["kserve_blob"]), tmp_path / f"{file}.parquet")
    told, read_as = golden.read([tmp_path], expected["names"])
    assert set(read_as.values()) == {"kserve_blob"}
    assert told == {**expected, "rows": [{**row, "time": None} for row in expected["rows"]]}


OTHERS = {
    "sagemaker": shop.capture({"specversion": 1, "correlationid": 2, "type": 3}, {"score": 1}, 1),
    "jsonl": '{"request_id": "1", "timestamp": 2, "score": 0.5}',
    "csv": "request_id,trace_id,timestamp\n1,2,2026-01-05",
}


@pytest.mark.parametrize(("name", "text"), OTHERS.items())
def test_captures_and_plain_tables_are_not_taken_for_a_layout(name, text, tmp_path):
    (tmp_path / "f").write_text(f"{text}\n")
    assert golden.read([tmp_path])[1] == {"f": name}


def test_names_inside_of_a_record_or_in_its_values_do_not_make_a_layout(tmp_path):
    inside = {"timestamp": 1, "note": '"request_id": "trace_id":', "meta": {"request_id": 2, "trace_id": 3}}
    (tmp_path / "f").write_text(json.dumps(inside) + "\n")
    assert golden.read([tmp_path])[1] == {"f": "jsonl"}


def test_a_torn_first_line_hides_no_layout(tmp_path):
    lines = (SAMPLES / "kserve" / "10-00.jsonl").read_text().splitlines()
    shop.write(tmp_path / "f", [lines[0][-90:], *lines])
    shop.write(tmp_path / "g", [lines[0][:90], *lines])
    told, read_as = golden.read([tmp_path / "g"])
    assert read_as == {"g": "kserve"}
    assert told["rejected"]["not_json"] == 1
    assert golden.read([tmp_path / "f"], format="kserve")[0]["rejected"]["not_json"] == 1


BAD = {
    "format: [1": "cannot be read as YAML: while parsing a flow sequence",
    "about: x": "has no key 'format'; `format: {jsonl: {inputs: $.inputs}}` would be right",
    "format: jsonl": "format: is not a mapped format; {jsonl: {id: $.id, time: $.time, inputs: $.inputs}} would",
    "format: {avro: {inputs: $.x}}": "format: is not a mapped format",
    "format: {jsonl: }": "format: has nothing under 'jsonl'",
    "format: {jsonl: {inputs: $.x, ids: $.y}}": "format: has the unknown key 'ids'; answer, besides, elsewhere",
    "format: {jsonl: {id: $.x}}": "format: has neither inputs nor outputs; `inputs: $.request.instances` would be",
    "format: {jsonl: {inputs: '$.x['}}": "format: has inputs: '$.x[', which is not a path ('[' is no step)",
    "format: {jsonl: {inputs: 3}}": "format: has inputs: 3; a path such as $.request.inputs would be right",
    "format: {jsonl: {inputs: $.x, keys: x}}": "format: has keys that are no list of names; keys: [id, data] would be",
    "format: {jsonl: {inputs: $.x, keys: []}}": "format: has keys that are no list of names",
    "format: {jsonl: {inputs: $.x, keys: [[a], b]}}": "format: has keys that are no list of names",
    "format: {jsonl: {inputs: $.x, encoding: hex}}": "format: has encoding: 'hex'; json or base64 would be right",
    "format: {jsonl: {inputs: $.x, request: 3}}": "format: has request: 3; a text would be right",
}


@pytest.mark.parametrize(("text", "why"), BAD.items())
def test_a_layout_that_is_wrong_names_its_file_and_what_would_be_right(text, why, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        formats.named(str(path))
    assert str(error.value).startswith(f"{path}: {why}")


def test_a_layout_in_a_users_file_reads_a_log(tmp_path):
    (tmp_path / "mine.yaml").write_text("format: {jsonl: {id: $.meta.key, time: $.at, inputs: $.x, outputs: $.y}}")
    (tmp_path / "f").write_text('{"meta": {"key": "k"}, "at": 1767607200.5, "x": {"a": 1}, "y": 0.5}\n')
    told, _ = golden.read([tmp_path / "f"], format=str(tmp_path / "mine.yaml"))
    assert told["rows"] == [{"id": "k", "time": "2026-01-05T10:00:00Z", "out": {"output_0": 0.5}, "in": {"a": 1}}]
