"""uvicorn in a thread of its own: bound before anything else starts, bounded while it runs, stopped within a time."""

import asyncio
import contextlib
import logging
import socket
import threading
from time import monotonic
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from monitor.errors import MonitorError
from monitor.web.app import app
from monitor.web.daemon import Daemon
from monitor.web.guard import MOST_HEADER_BYTES
from monitor.web.options import WebOptions
from monitor.web.settings import Settings

MOST_CONNECTIONS = 64
IDLE_SECONDS = 30.0
KEEP_ALIVE_SECONDS = 15
START_SECONDS = 15.0
HERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  how a page on all addresses is reached
log = logging.getLogger(__name__)


class Server:
    """A socket that is taken when this is made, and served once `start` is called."""

    def __init__(self, options: WebOptions, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._options, self._idle_seconds = options, idle_seconds
        self._settings = Settings(options)
        self._socket = _bound(options)
        self._port = int(self._socket.getsockname()[1])
        self._server: _Uvicorn | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on, also where any was asked for."""
        return self._port

    @property
    def url(self) -> str:
        """Where to go with a browser on this machine."""
        host = HERE.get(self._options.host, self._options.host)
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if self._settings.tls is not None else 'http'}://{shown}:{self.port}{self._options.root}/"

    def start(self, daemon: Daemon) -> None:
        """Answer requests from now on. Raises MonitorError if that does not come about."""
        made = app(daemon, self._options, self._settings)
        self._server = _Uvicorn(_config(made, self._settings), self._settings, self._idle_seconds)
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._thread.start()
        until = monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or monotonic() > until:
                raise MonitorError(f"web.listen {self._options.listen}: the server did not start; the log says why")
            self._thread.join(0.01)

    def _serve(self) -> None:
        assert self._server is not None
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def change(self, options: WebOptions) -> None:
        """Take what a reload may change: tokens, lifecycle. Raises ConfigError, and changes nothing, for the rest."""
        self._settings.change(options)

    def stop(self, seconds: float = 5.0) -> None:
        """Take no more requests, let those that run end, and cut off what runs longer."""
        if self._server is None or self._thread is None:
            self._socket.close()
            return
        self._server.should_exit = True
        self._thread.join(seconds)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(1.0)
        self._socket.close()

    @property
    def is_alive(self) -> bool:
        """Whether the thread still serves."""
        return self._thread is not None and self._thread.is_alive()


def _bound(options: WebOptions) -> socket.socket:
    host = options.host or "0.0.0.0"  # noqa: S104  it was asked for
    try:
        (family, kind, number, _, address), *_ = socket.getaddrinfo(
            host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        made = socket.socket(family, kind, number)
    except OSError as error:
        raise MonitorError(f"web.listen {options.listen}: {error.strerror}; 127.0.0.1:9465 would be right") from None
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(MOST_CONNECTIONS)
        made.setblocking(False)
    except OSError as error:
        made.close()
        raise MonitorError(
            f"web.listen {options.listen}: {error.strerror}; a port that nobody else has would be right, or 0 for any"
        ) from None
    return made


def _config(made: ASGIApp, settings: Settings) -> uvicorn.Config:
    more: dict[str, Any] = {}
    if settings.tls is not None:
        tls = settings.tls
        more["ssl_context_factory"] = lambda _config, _default: tls
    return uvicorn.Config(
        made,
        http="h11",
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        **more,
    )


class _Uvicorn(uvicorn.Server):
    """Looks each second for changed files, and for connections that were opened and say nothing."""

    def __init__(self, config: uvicorn.Config, settings: Settings, idle_seconds: float) -> None:
        super().__init__(config)
        self._settings, self._idle_seconds = settings, idle_seconds
        self._idle: dict[Any, float] = {}

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            await asyncio.to_thread(self._settings.refresh)
            self._close_idle(monotonic())
        return await super().on_tick(counter)

    def _close_idle(self, now: float) -> None:
        """A header that never ends holds a connection; there are only so many."""
        waiting: dict[Any, float] = {}
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is None or cycle.response_complete:
                waiting[connection] = self._idle.get(connection, now)
                if now - waiting[connection] > self._idle_seconds:
                    with contextlib.suppress(Exception):  # it may be closing already
                        connection.transport.close()
        self._idle = waiting
