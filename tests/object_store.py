"""An S3-speaking server on loopback, with what it was asked."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from monitor.sources import remote

SECRET = "hush-hush-hush"


@dataclass
class Store:
    """The server: `put` an object or a whole folder; `requests` are method, path and query of what it was asked.

    Each answer takes `seconds`; `most_at_once` is how many were asked for at the same time.
    """

    address: str
    requests: list[str] = field(default_factory=list)
    client: Any = None
    cuts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    at_once: int = 0
    most_at_once: int = 0

    def put(self, key: str, data: bytes, bucket: str = "bucket") -> str:
        self.client.put_object(Bucket=bucket, Key=key, Body=data)
        return f"s3://{bucket}/{key}"

    def upload(self, folder: Path, prefix: str = "captures") -> str:
        """The files of a folder as objects; returns the place that holds them."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(f"{prefix}/{path.relative_to(folder)}", path.read_bytes())
        return f"s3://bucket/{prefix}"

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket="bucket", Key=key)

    @contextlib.contextmanager
    def cut(self, path: str, at: int) -> Iterator[None]:
        """What comes of this object ends at a byte, and the connection with it."""
        self.cuts[path] = at
        try:
            yield
        finally:
            del self.cuts[path]

    def lists(self) -> list[str]:
        return [request for request in self.requests if "list-type=2" in request]


@contextlib.contextmanager
def environment(address: str) -> Iterator[None]:
    """The environment leads to the store at this address, and to nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:  # noqa: TID251  a test has its own
            patch.delenv(name)
        given = {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        for name, value in given.items():
            patch.setenv(name, value)
        remote.forget()
        try:
            yield
        finally:
            remote.forget()


@contextlib.contextmanager
def s3() -> Iterator[Store]:
    """A server with an empty bucket named `bucket`, where the environment leads."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    store = Store(f"http://{host}:{port}")
    try:
        with environment(store.address):
            s3_backends.reset()  # all servers of a process share their objects
            store.client = boto3.client("s3")
            store.client.create_bucket(Bucket="bucket")
            _overhear(server, store)
            yield store
            store.client.close()
    finally:
        server.stop()


@contextlib.contextmanager
def answering(status: int, code: str, words: str) -> Iterator[list[str]]:
    """A store with one answer to everything; yields the requests as they come."""
    requests: list[str] = []
    body = f"<Error><Code>{code}</Code><Message>{words}</Message></Error>".encode()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            requests.append(self.requestline)
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_PUT = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with environment(f"http://127.0.0.1:{server.server_port}"):
                yield requests
        finally:
            server.shutdown()


def _overhear(server: ThreadedMotoServer, store: Store) -> None:
    inner, lock = server._server.app, threading.Lock()

    def app(environ: dict[str, Any], start: Any) -> Any:
        with lock:
            query = environ.get("QUERY_STRING", "")
            store.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{'?' if query else ''}{query}")
            store.at_once += 1
            store.most_at_once = max(store.most_at_once, store.at_once)
        time.sleep(store.seconds)
        answer = inner(environ, start)
        with lock:
            store.at_once -= 1
        at = store.cuts.get(environ["PATH_INFO"])
        if at is None or environ["REQUEST_METHOD"] != "GET":
            return answer
        first = int(environ.get("HTTP_RANGE", "bytes=0-").partition("=")[2].partition("-")[0])
        return [b"".join(answer)[: max(0, at - first)]]

    server._server.app = app
