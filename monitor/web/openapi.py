"""The OpenAPI 3.1 document, made from the routes."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitor import __version__
from monitor.web.envelope import KINDS
from monitor.web.schemas import ERROR, enveloped
from monitor.web.table import Route

ALWAYS = (401, 422, 429, 431, 500, 503)
"""Any route may answer so: no credentials, or too many; what the daemon cannot do; a fault of ours; too busy."""


def document(routes: Sequence[Route], root: str) -> dict[str, Any]:
    """The whole document; `root` is the prefix of all paths."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        for method in _methods(route):
            paths.setdefault(route.path, {})[method.lower()] = _operation(route, method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "driftd",
            "version": __version__,
            "description": "Times are UTC in ISO 8601. Rows come in pages: ask again with the `cursor` of the last.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root or "/"}],
        "paths": paths,
        "components": {
            "schemas": {"Error": ERROR},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "user": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _methods(route: Route) -> tuple[str, ...]:
    return (*route.methods, "HEAD") if "GET" in route.methods else route.methods


def _operation(route: Route, method: str) -> dict[str, Any]:
    words = [word for word in route.path.replace("{", "").replace("}", "").split("/") if word.strip("-")]
    operation: dict[str, Any] = {
        "operationId": "_".join([method.lower(), *words]).replace(".", "_") if words else f"{method.lower()}_landing",
        "summary": route.about,
        "parameters": [
            {
                "name": one.name,
                "in": one.place,
                "required": one.place == "path",
                "description": one.about,
                "schema": dict(one.schema),
            }
            for one in route.parameters
        ],
        "responses": _answers(route, method),
    }
    if route.access == "open":
        operation["security"] = [{}, {"user": []}, {"token": []}]
    elif route.access in ("write", "admin"):
        operation["security"] = [{"token": []}]
    else:
        operation["security"] = [{}, {"user": []}, {"token": []}]
    if route.takes is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": dict(route.takes)}}}
    return operation


def _answers(route: Route, method: str) -> dict[str, Any]:
    content: Mapping[str, Any]
    if route.gives is not None:
        content = {"application/json": {"schema": enveloped(route.gives)}}
    else:
        content = {media: {"schema": {}} for media in route.media}
    answers: dict[str, Any] = {str(route.code): {"description": route.about}}
    if method != "HEAD":
        answers[str(route.code)]["content"] = content
    for code in sorted({*route.refuses, *ALWAYS}):
        answers[str(code)] = {"description": KINDS[code].replace("_", " ")}
        if route.path.startswith("/api/") and method != "HEAD":
            answers[str(code)]["content"] = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    if route.path.startswith("/api/") and "GET" in route.methods:
        answers["304"] = {"description": "the caller has the same already, by its ETag"}
    return answers
