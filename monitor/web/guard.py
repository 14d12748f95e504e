"""Around every request: limits, headers that browsers obey, counting."""

import asyncio
import logging
from collections.abc import Callable, Mapping, MutableMapping
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.metrics.registry import Metrics
from monitor.web.envelope import Refused, error

MOST_BODY_BYTES = 1 << 20
MOST_HEADER_BYTES = 16 << 10
MOST_SECONDS = 30.0
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
SAFE: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
HANDLER = "driftd.handler"
"""Where the route that took a request says its template; what no route took is counted as one."""
log = logging.getLogger(__name__)


class Guard:
    """Refuses what is too large, cuts off what takes too long, and tells no caller what broke inside."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, headers: Callable[[], Mapping[str, str]], seconds: float = MOST_SECONDS
    ) -> None:
        self._app, self._metrics, self._headers, self._seconds = app, metrics, headers, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, answer = perf_counter(), _Answer(send, {**SAFE, **self._headers()})
        try:
            await self._bounded(scope, receive, answer)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            handler = scope.get(HANDLER, "none")
            self._metrics.answered(handler, method, answer.code or 500, perf_counter() - began)

    async def _bounded(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            _look_at_head(scope)
            async with asyncio.timeout(self._seconds):
                await self._app(scope, _limited(scope, receive), answer)
        except TimeoutError:
            await answer.instead(Refused(503, f"no answer within {self._seconds:g} seconds"), scope, receive)
        except Refused as refused:
            await answer.instead(refused, scope, receive)
        except Exception:  # the pages call into all of the daemon: whatever breaks there, the server goes on
            log.exception("%s: no answer, as the daemon broke", scope.get(HANDLER, "request"))
            await answer.instead(Refused(500, "driftd broke while it answered; its log says how"), scope, receive)


def _look_at_head(scope: Scope) -> None:
    """Refuse more headers than a request needs. The server bounds what has not come in whole."""
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    if size + len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MOST_HEADER_BYTES:
        raise Refused(431, f"address and headers are larger than {MOST_HEADER_BYTES} bytes")


def _limited(scope: Scope, receive: Receive) -> Receive:
    """The body as it comes in, as long as it is not too large."""
    told = dict(scope["headers"]).get(b"content-length", b"0")
    left = MOST_BODY_BYTES
    too_large = Refused(413, f"the body is larger than {MOST_BODY_BYTES} bytes", {"Connection": "close"})

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise too_large
        return message

    if told.isdigit() and int(told) > MOST_BODY_BYTES:

        async def refused() -> Message:
            raise too_large

        return refused
    return limited


class _Answer:
    """Sends with headers added, and remembers the code."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self._send, self._added = send, headers
        self.code = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.code = message["status"]
            own = {name.lower() for name, _ in message["headers"]}
            added = [(name.lower().encode(), value.encode()) for name, value in self._added.items()]
            message["headers"] = [*message["headers"], *((n, v) for n, v in added if n not in own)]
        await self._send(message)

    async def instead(self, refused: Refused, scope: Scope, receive: Receive) -> None:
        """An error in the answer's place, if none has begun."""
        if not self.code:
            await error(refused)(scope, receive, self)
