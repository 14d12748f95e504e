"""Events as CloudEvents, read back with the CloudEvents library."""

import json
from typing import Any

import pytest
from actions.receivers import JSON, LINES, NOW, event
from cloudevents.core.bindings.http import HTTPMessage, from_binary_event, from_http_event, from_structured_event
from cloudevents.core.exceptions import CloudEventValidationError
from hypothesis import given
from hypothesis import strategies as st

from monitor.actions.cloudevents import Mode, message


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
