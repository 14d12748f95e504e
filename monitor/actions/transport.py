"""How httpx reaches a receiver: to an address that was judged, within one time for all of it, for one request.

httpx's own transport resolves by itself, and its timeouts are for each read: who sends a byte a second is never late.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from monitor.actions.deadline import Deadline
from monitor.actions.guard import Guard


class Transport(httpx.BaseTransport):
    """For one request; then it is closed. `proxy` is asked to reach the receiver where there is one."""

    def __init__(
        self, guard: Guard, deadline: Deadline, context: ssl.SSLContext | None, proxy: httpx.URL | None
    ) -> None:
        options: dict[str, Any] = {"ssl_context": context, "network_backend": Backend(guard, deadline)}
        options |= {"max_connections": 1, "max_keepalive_connections": 0, "retries": 0}
        if proxy is None:
            self._pool: httpcore.ConnectionPool = httpcore.ConnectionPool(**options)
        else:
            login = (proxy.username.encode(), proxy.password.encode()) if proxy.username else None
            self._pool = httpcore.HTTPProxy(_url(proxy), proxy_auth=login, **options)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                _url(request.url),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=Answer(answer.stream))

    def close(self) -> None:
        self._pool.close()


class Answer(httpx.SyncByteStream):
    """The body as it comes in."""

    def __init__(self, parts: Any) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts

    def close(self) -> None:
        self._parts.close()


class Backend(httpcore.NetworkBackend):
    """Connections to where the guard lets through."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard, self._deadline = guard, deadline

    def connect_tcp(self, host: str, port: int, *_: object, **__: object) -> httpcore.NetworkStream:
        """A connection; Forbidden passes through as it is."""
        with _told_as(httpcore.ConnectError, httpcore.ConnectTimeout):
            return Stream(self._guard.connected(host, port, self._deadline), self._deadline)


class Stream(httpcore.NetworkStream):
    """A connection of which every step has only the time that is left for all."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline = connection, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        with _told_as(httpcore.ReadError, httpcore.ReadTimeout):
            self._socket.settimeout(self._deadline.left())
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        rest = memoryview(buffer)
        with _told_as(httpcore.WriteError, httpcore.WriteTimeout):
            while rest:
                self._socket.settimeout(self._deadline.left())
                rest = rest[self._socket.send(rest) :]

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """The same connection under TLS. The certificate must be the name's that was asked for, not the address's."""
        with _told_as(httpcore.ConnectError, httpcore.ConnectTimeout):
            self._socket.settimeout(self._deadline.left())
            return Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return self._socket if info == "socket" else None

    def close(self) -> None:
        self._socket.close()


@contextmanager
def _told_as(error: type[Exception], timeout: type[Exception]) -> Iterator[None]:
    """What the system raises, in httpcore's words."""
    try:
        yield
    except TimeoutError as late:
        raise timeout(str(late)) from None
    except OSError as broken:
        raise error(broken.strerror or str(broken)) from None


def _url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
