"""Events as CloudEvents, read back with the CloudEvents library."""

import json
from dataclasses import fields, replace
from typing import Any

import jsonschema
import pytest
from actions.receivers import JSON, LINES, NOW, event
from cloudevents.core.bindings.http import HTTPMessage, from_binary_event, from_http_event, from_structured_event
from cloudevents.core.exceptions import CloudEventValidationError
from events import SCHEMA, check
from hypothesis import given
from hypothesis import strategies as st

from monitor.actions.cloudevents import Mode, body, message
from monitor.cause import Cause
from monitor.document import to_document
from monitor.event import SEVERITIES, STANDINGS, Event
from monitor.gathering import grouped
from monitor.reminding import digest, repeated


def read(event: Any, mode: Mode, place: str = "driftd") -> Any:
    headers, body = message(event, mode, place)
    told = HTTPMessage(headers, body)
    return (from_structured_event if mode == "structured" else from_binary_event)(told)


@pytest.mark.parametrize("mode", ["structured", "binary"])
def test_the_library_reads_what_was_written(mode: Mode) -> None:
    found = read(event(), mode, place="eu west/1")
    assert found.get_specversion() == "1.0"
    assert (found.get_id(), found.get_type()) == ("e1", "io.driftd.incident.opened.v1")
    assert (found.get_source(), found.get_subject()) == ("/eu%20west%2F1/monitors/churn", "feature/age")
    assert (found.get_time(), found.get_datacontenttype()) == (NOW, "application/json")
    assert found.get_dataschema() == SCHEMA["$id"]
    assert found.get_data() == {
        "version": 1,
        "kind": "incident.opened",
        "monitor": "churn",
        "status": "firing",
        "severity": "page",
        "subject": "feature/age",
        "summary": "age has moved by 0.52 standard deviations",
        "since": "2026-01-05T09:00:00Z",
        "link": "https://driftd.example.com/monitors/churn",
        "runbook": "https://driftd.example.com/runbooks/drift",
        "labels": {"rule": "drift", "feature": "age"},
        "data": {"features": [{"feature": "age", "value": 0.52, "threshold": 0.1}], "n": 1977},
    }


def test_the_content_types_are_those_of_the_modes() -> None:
    structured, body = message(event())
    assert structured == {"content-type": "application/cloudevents+json; charset=utf-8"}
    assert json.loads(body)["datacontenttype"] == "application/json"
    binary, _ = message(event(), "binary")
    assert binary["content-type"] == "application/json"
    assert {name for name in binary if name.startswith("ce-")} == {
        *("ce-specversion", "ce-id", "ce-type", "ce-source", "ce-subject", "ce-time", "ce-dataschema")
    }
    for headers in (structured, binary):
        assert from_http_event(
            HTTPMessage(headers, message(event(), "binary" if "ce-id" in headers else "structured")[1])
        )


def test_an_event_without_a_subject_has_none() -> None:
    for mode in ("structured", "binary"):
        assert read(event(subject=""), mode).get_subject() is None  # type: ignore[arg-type]


@given(monitor=LINES, subject=LINES, summary=LINES, data=st.dictionaries(LINES, JSON, max_size=3))
def test_whatever_an_event_says_arrives(monitor: str, subject: str, summary: str, data: dict[str, Any]) -> None:
    told = event(monitor=monitor, subject=subject, summary=summary, data=data)
    for mode in ("structured", "binary"):
        found = read(told, mode)  # type: ignore[arg-type]
        assert found.get_subject() == subject
        body = found.get_data()
        assert (body["monitor"], body["summary"], body["data"]) == (monitor, summary, data)
        headers, _ = message(told, mode)  # type: ignore[arg-type]
        assert all(value.isascii() and value.isprintable() for value in headers.values())


def test_the_library_is_strict() -> None:
    """So that the tests above say something."""
    headers, body = message(event(), "binary")
    del headers["ce-source"]
    with pytest.raises(CloudEventValidationError):
        from_binary_event(HTTPMessage(headers, body))


INCIDENT = {
    "incident": "churn-20260105T100000Z-0", "cause": "schema", "features": ["age"], "feature_count": 1, "inhibited": 2,
    "window": {"start": "2026-01-05T09:00:00Z", "end": "2026-01-05T10:00:00Z"},
    "findings": [{"rule": "drift", "feature": "age", "value": 0.52, "threshold": 0.1, "n_now": 1977.5}],
    "occasions": [{"kind": "deploy", "start": "2026-01-05T07:00:00Z"}],
}  # fmt: skip


def told() -> dict[str, Event]:
    opened = event(data=INCIDENT)
    day = digest([opened, event(id="e3", data={})], [opened], "mail", NOW, NOW)
    assert day is not None
    return {
        "opened": opened,
        "over": replace(opened, kind="incident.resolved", status="resolved"),
        "again": repeated(opened, "ops", 1, NOW),
        "group": grouped([opened, event(id="e2", kind="policy.armed", data={})], "mail", NOW),
        "digest": day,
        "other": event(kind="test.sent", data={}),
    }


@pytest.mark.parametrize("name", told())
def test_what_is_told_keeps_to_the_published_schema(name: str) -> None:
    one = told()[name]
    check(body(one))
    check(to_document(one))
    check(json.loads(message(one)[1])["data"])


def test_the_schema_is_one_and_has_every_field_and_word() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == {field.name for field in fields(Event)} | {"version"}
    definitions = SCHEMA["$defs"]
    assert definitions["severity"]["enum"] == list(SEVERITIES)
    assert definitions["status"]["enum"] == list(STANDINGS)
    assert definitions["incident"]["properties"]["cause"]["enum"] == [cause.value for cause in Cause]
    for node in (SCHEMA, *(definitions[name] for name in ("incident", "finding", "item", "group", "digest"))):
        for name, one in node["properties"].items():
            assert "description" in one or "description" in definitions[one["$ref"].rpartition("/")[2]], name


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("opened", {"more": 1}),
        ("opened", {"version": 2}),
        ("opened", {"status": "open"}),
        ("opened", {"since": "2026-01-05T09:00:00+01:00"}),
        ("opened", {"data": {**INCIDENT, "cause": "magic"}}),
        ("opened", {"data": {**INCIDENT, "findings": [{"value": 1}]}}),
        ("opened", {"labels": {"n": 1}}),
        ("over", {"status": "firing"}),
        ("again", {"data": INCIDENT}),
        ("group", {"data": {}}),
        ("digest", {"data": {"count": 0, "events": [], "events_more": 0}}),
    ],
)
def test_the_schema_refuses_what_is_wrong(name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        check({**body(told()[name]), **changes})
