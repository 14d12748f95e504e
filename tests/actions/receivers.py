"""Receivers on loopback: HTTP servers that answer as they are told, and servers that say whatever a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from hypothesis import strategies as st

from monitor.actions.guard import Guard
from monitor.actions.secret import Secret
from monitor.actions.sending import Client
from monitor.event import Event

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
HERE = Guard(allow=(ip_network("127.0.0.0/8"),))
CLIENT = Client(guard=HERE, seconds=5)
SECRET = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
OTHER = Secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
LINES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | LINES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LINES, inner, max_size=3),
    max_leaves=8,
)


def event(**changes: Any) -> Event:
    """An incident that was opened; or with these changes."""
    told: dict[str, Any] = {
        "id": "e1",
        "kind": "incident.opened",
        "time": NOW,
        "monitor": "churn",
        "severity": "page",
        "summary": "age has moved by 0.52 standard deviations",
        "status": "firing",
        "since": datetime(2026, 1, 5, 9, tzinfo=UTC),
        "subject": "feature/age",
        "data": {"features": [{"feature": "age", "value": 0.52, "threshold": 0.1}], "n": 1977},
        "labels": {"rule": "drift", "feature": "age"},
        "link": "https://driftd.example.com/monitors/churn",
        "runbook": "https://driftd.example.com/runbooks/drift",
    }
    return Event(**{**told, **changes})


@dataclass(frozen=True)
class Got:
    """A request that came in; the names of headers in small letters."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Told:
    """What a server was told, and what it answers: status, headers, body, for one request after the other."""

    url: Secret = field(default_factory=lambda: Secret(""))
    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: list[tuple[int, Mapping[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving(
    *answers: int | tuple[int, Mapping[str, str], bytes], address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Told]:
    """A server that gives these answers, the last one again and again; 200 without any."""
    whole = [(one, {}, b"") if isinstance(one, int) else one for one in answers or (200,)]
    told = Told(answers=whole)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.got.append(Got(self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            status, headers, text = told.answers.pop(0) if len(told.answers) > 1 else told.answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            with suppress(OSError):  # who reads a part only hangs up
                self.wfile.write(text)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer((address, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    told.port = server.server_port
    told.url = Secret(f"{'https' if tls else 'http'}://{address}:{told.port}/hook/s3cr3t-path?key=s3cr3t-key")
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def saying(speak: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A server that does with each connection what it is told, until the test is over; its port."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            speak(connection, over)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threads.append(threading.Thread(target=one, args=(connection,), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=serve, daemon=True)
    accepting.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in (accepting, *threads):
            thread.join(10)


def dripping(begin: bytes, drop: bytes, each: float = 0.05) -> Callable[[socket.socket, threading.Event], None]:
    """Says the beginning, then a drop again and again, for ever."""

    def speak(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(4096)
        connection.sendall(begin)
        while not over.wait(each):
            connection.sendall(drop)

    return speak
