import dataclasses
import json
import math
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from render.reports import ALL, HOSTILE, asked, empty, mean_of, moved, report, violated

import monitor
from monitor.finding import Finding, Reason, Status, at_most
from monitor.render.json import report_document, report_json
from monitor.report import Inputs, Span

SCHEMA = json.loads((Path(monitor.__file__).parent / "schemas" / "report.schema.json").read_text())
FINDING = SCHEMA["$defs"]["finding"]


def valid(document):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).is_valid(document)


def number(value):
    return report_document(report(Finding(status=Status.OK, value=value)))["findings"][0]["value"]


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ALL)
def test_every_report_keeps_to_the_schema(name):
    document = json.loads(report_json(ALL[name]()))
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    assert document == report_document(ALL[name]())


def test_the_schema_has_every_field_of_a_finding_but_its_estimate():
    fields = [field.name for field in dataclasses.fields(Finding) if field.name != "estimate"]
    assert sorted(FINDING["properties"]) == sorted(FINDING["required"]) == sorted(fields)
    assert list(report_document(violated())["findings"][0]) == FINDING["required"]


def test_the_schema_knows_every_status_and_names_every_reason():
    assert FINDING["properties"]["status"]["enum"] == [status.value for status in Status]
    assert set(SCHEMA["properties"]["status"]["enum"]) == set(Status) - {Status.SKIPPED}
    assert all(reason in FINDING["properties"]["reason"]["description"] for reason in Reason)


def test_everything_in_the_schema_is_required_closed_and_described():
    def walk(node):
        if isinstance(node, dict):
            if "properties" in node:
                assert node["additionalProperties"] is False
                assert set(node["required"]) == set(node["properties"])
                described = [
                    p for p in node["properties"].values() if "description" in p or p.get("$ref") == "#/$defs/time"
                ]
                assert len(described) == len(node["properties"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(SCHEMA)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("coverage"),
        lambda d: d.update(more=1),
        lambda d: d.update(version=2),
        lambda d: d.update(status="VIOLATED"),
        lambda d: d.update(status="skipped"),
        lambda d: d["window"].update(start="2026-01-01T00:00:00+01:00"),
        lambda d: d["inputs"].update(rows=-1),
        lambda d: d["inputs"]["rejected"].update(not_json=0.5),
        lambda d: d["findings"][0].pop("rows_needed"),
        lambda d: d["findings"][0].update(estimate={}),
        lambda d: d["findings"][0].update(direction="above"),
        lambda d: d["findings"][0].update(value="5 %"),
    ],
)
def test_the_schema_refuses_what_is_wrong(change):
    document = report_document(violated())
    assert valid(document)
    change(document)
    assert not valid(document)


def test_the_document_is_as_written_down():
    (finding,) = asked("missing_column", [at_most(1, 0, why="column 'age' is in no row")], ["age"])
    assert report_document(report(finding)) == {
        "version": 1,
        "monitor": "churn",
        "window": {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T01:00:00Z"},
        "status": "violated",
        "coverage": {"judged": 1, "asked": 1},
        "baseline": {
            "name": "churn-training",
            "version": "3",
            "digest": "sha256:ba5e",
            "constraints": "sha256:c0de",
        },
        "inputs": {"records": 1977, "rows": 1970, "dropped": 0, "rejected": {"not_json": 7}, "digest": "sha256:f00d"},
        "config_digest": "sha256:c0f1",
        "findings": [
            {
                "rule": "missing_column",
                "feature": "age",
                "status": "violated",
                "value": 1.0,
                "low": None,
                "high": None,
                "direction": "at_most",
                "threshold": 0.0,
                "n_now": None,
                "n_base": None,
                "detectable": None,
                "rows_needed": None,
                "method": "exact",
                "reason": None,
                "why": "column 'age' is in no row",
                "severity": "warning",
                "since": None,
                "evidence": None,
                "measures": [],
            }
        ],
        "policy": None,
        "quality": None,
        "truth": None,
    }


def test_an_empty_report_has_no_window_and_null_numbers():
    document = report_document(empty())
    assert document["window"] is None
    assert document["status"] == "unknown"
    assert document["findings"][0]["feature"] is None
    assert document["findings"][0]["reason"] == "no_data"


def test_the_same_report_gives_the_same_bytes_whatever_the_order_of_sums():
    one = dataclasses.replace(moved(591), value=0.1 + 0.2, low=math.fsum([0.1] * 10))
    other = dataclasses.replace(moved(591), value=0.3, low=sum([0.1] * 10))
    assert (one.value, one.low) != (other.value, other.low)
    first = report(one, inputs=Inputs(rejected={"not_json": 1, "too_long": 2}))
    second = report(other, inputs=Inputs(rejected={"too_long": 2, "not_json": 1}))
    assert report_json(first) == report_json(second)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1 / 3, 0.333333333),
        (2e10 / 3, 6666666670.0),
        (-1.23456789049e-12, -1.23456789e-12),
        (np.float32(0.5), 0.5),
        (5, 5.0),
        (None, None),
        (math.nan, None),
        (math.inf, None),
        (-math.inf, None),
    ],
)
def test_numbers_have_nine_digits_and_what_json_cannot_say_is_null(value, written):
    assert number(value) == written


def test_minus_zero_is_zero_and_counts_stay_whole():
    assert math.copysign(1, number(-0.0)) == 1
    (finding,) = report_document(report(dataclasses.replace(mean_of(0.5), n_now=np.int64(7))))["findings"]
    assert type(finding["n_now"]) is int


def test_times_are_utc_to_the_digits_they_have():
    there = timezone(timedelta(hours=2))
    window = Span(start=datetime(2026, 1, 1, 2, tzinfo=there), end=datetime(2026, 1, 1, 0, 0, 1, 500, tzinfo=UTC))
    document = report_document(report(window=window))
    assert document["window"] == {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T00:00:01.000500Z"}
    assert valid(document)


def test_the_text_is_ascii_indented_by_two_and_ends_with_a_newline():
    text = report_json(report(monitor=f"{HOSTILE}größe\ud800"))
    assert text.isascii()
    assert text.startswith('{\n  "version": 1,\n')
    assert text.endswith("null\n}\n")
    assert json.loads(text)["monitor"] == f"{HOSTILE}größe\ud800"
