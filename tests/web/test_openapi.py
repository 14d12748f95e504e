"""The document is of the routes that there are, an independent validator takes it, and what is sent is as it says."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from web.folk import ROW
from web.memory import TOKENS, Memory, bearer, client
from web.test_folders import NAME, files

from monitor.web.app import TABLE

PATHS = {"monitor": "churn", "window": NAME, "file": "report.json", "incident": ROW.id, "occasion": "d1"}
BODY = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}
BODIES = {
    "marks": {"kind": "expected", "feature": "age"},
    "acknowledge": {"verdict": "false", "why": "a campaign"},
    "mute": {"until": "2027-01-01T00:00:00Z", "why": "is being mended"},
    "occasions": {"kind": "deploy"},
    "replay": {"receiver": "ops"},
    "promote": {"version": "v2"},
    "actions": {"action": "retrain"},
}
QUERIES = {"feature": "?name=age"}


def document() -> dict[str, Any]:
    found: dict[str, Any] = client().get("/api/v1/openapi.json").json()
    return found


def test_every_route_is_documented_with_its_methods_and_parameters() -> None:
    paths = document()["paths"]
    assert {(route.path, method.lower()) for route in TABLE for method in route.methods} == {
        (path, method) for path, operations in paths.items() for method in operations if method != "head"
    }
    for path, operations in paths.items():
        for operation in operations.values():
            names = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert {f"{{{name}}}" for name in names} == {word for word in path.split("/") if word.startswith("{")}
    ids = [operation["operationId"] for operations in paths.values() for operation in operations.values()]
    assert len(ids) == len(set(ids))


def test_an_independent_validator_takes_the_document() -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(document())


@pytest.mark.parametrize("route", TABLE, ids=lambda route: f"{route.methods[0]} {route.path}")
def test_every_answer_is_as_documented(route: Any, tmp_path: Path) -> None:
    browser = client(Memory(folder=files(tmp_path)), tokens=TOKENS, lifecycle=True)
    described = document()
    for method in route.methods:
        body = {"json": BODIES.get(route.path.rpartition("/")[2], BODY)} if route.takes is not None else {}
        path = route.path.format(**PATHS) + QUERIES.get(route.path.rpartition("/")[2], "")
        answer = browser.request(method, path, headers=bearer("boss"), **body)
        told = described["paths"][route.path][method.lower()]["responses"]
        assert str(answer.status_code) == str(route.code)
        assert _fits(answer, told[str(answer.status_code)], described)


@pytest.mark.parametrize("route", [one for one in TABLE if one.path.startswith("/api/")], ids=lambda route: route.path)
def test_every_error_is_as_documented(route: Any) -> None:
    daemon = Memory()
    browser = client(daemon, listen="0.0.0.0:1", tokens=TOKENS)
    described = document()
    for method in route.methods:
        told = described["paths"][route.path][method.lower()]["responses"]
        path = route.path.format(monitor="nobody", window="x", file="y", incident="z", occasion="z")
        answers = [browser.request(method, path), browser.request(method, path, headers=bearer("boss"), json=BODY)]
        daemon.breaks = True
        answers.append(browser.request(method, path, headers=bearer("boss"), json=BODY))
        daemon.breaks = False
        assert answers[0].status_code == 401
        for answer in answers:
            assert _fits(answer, told[str(answer.status_code)], described)


def _fits(answer: Any, told: dict[str, Any], described: dict[str, Any]) -> bool:
    media = answer.headers["content-type"].split(";")[0] if answer.content else ""
    if not media:
        return True
    assert media in told["content"]
    if media == "application/json":
        schema = {**told["content"][media]["schema"], "components": described["components"]}
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer.json())
    return True
