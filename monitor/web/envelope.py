"""The form of every answer of the API, Prometheus' own: {"status", "data"} or {"status", "errorType", "error"}."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from monitor.document import to_document

KINDS = {
    400: "bad_data",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "bad_method",
    408: "timeout",
    413: "too_large",
    415: "bad_content_type",
    422: "execution",
    429: "too_many_requests",
    431: "too_large",
    500: "internal",
    503: "unavailable",
}
JSON = "application/json"


class Refused(Exception):
    """A request that is answered with an error: its code, and what would be right."""

    def __init__(self, code: int, why: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code, why)
        self.code, self.why, self.headers = code, why, dict(headers or {})


def success(data: Any, asked: Headers | None = None) -> Response:
    """An answer; 304 where the caller, by its headers, has the same already."""
    body = json.dumps({"status": "success", "data": to_document(data)}, allow_nan=False).encode()
    return tagged(body, JSON, asked)


def tagged(body: bytes, media_type: str, asked: Headers | None, headers: Mapping[str, str] | None = None) -> Response:
    """A body with its ETag, or 304 without it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    more = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    given = [one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")] if asked else []
    if tag in given or "*" in given:
        return Response(status_code=304, headers=more)
    return Response(body, media_type=media_type, headers=more)


def error(refused: Refused) -> Response:
    """An error; it never says more than was meant for the caller."""
    document = {"status": "error", "errorType": KINDS.get(refused.code, "internal"), "error": refused.why}
    return Response(
        json.dumps(document), refused.code, {"Cache-Control": "no-store", **refused.headers}, media_type=JSON
    )
