"""A real server: sockets, TLS, users, limits, an end within a time."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import bcrypt
import httpx
import pytest
from web.certificates import certificate
from web.memory import Memory

from monitor.errors import MonitorError
from monitor.web.options import WebOptions
from monitor.web.server import Server


@contextlib.contextmanager
def serving(daemon: Memory | None = None, **options: Any) -> Iterator[Server]:
    server = Server(WebOptions(**{"listen": "127.0.0.1:0", **options}))
    server.start(daemon or Memory())
    try:
        yield server
    finally:
        server.stop(3)
        assert not server.is_alive


def trusting(path: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=path)


def test_any_free_port_is_taken_and_told() -> None:
    with serving() as server:
        assert server.url == f"http://127.0.0.1:{server.port}/"
        answer = httpx.get(f"{server.url}-/healthy")
        assert (answer.status_code, answer.text) == (200, "driftd is healthy.\n")
        assert "server" not in answer.headers


def test_a_port_that_is_taken_is_told_before_anything_starts() -> None:
    with serving() as server, pytest.raises(MonitorError) as caught:
        Server(WebOptions(listen=f"127.0.0.1:{server.port}"))
    assert str(caught.value) == (
        f"web.listen 127.0.0.1:{server.port}: Address already in use; a port that nobody else has would be right, "
        "or 0 for any"
    )


@pytest.mark.parametrize("listen", ["", "9465", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "::1:9465"])
def test_an_address_has_a_host_and_a_port(listen: str) -> None:
    with pytest.raises(MonitorError, match=r"127\.0\.0\.1:9465 would be right"):
        WebOptions(listen=listen)


def test_a_host_that_is_none_is_told() -> None:
    with pytest.raises(MonitorError, match=r"web\.listen nowhere\.invalid:1: "):
        Server(WebOptions(listen="nowhere.invalid:1"))


def test_a_server_that_never_started_gives_its_port_back() -> None:
    server = Server(WebOptions(listen="127.0.0.1:0"))
    port = server.port
    server.stop()
    with serving(listen=f"127.0.0.1:{port}"):
        pass


def test_tls_and_a_user_let_in_those_who_have_both(tmp_path: Path) -> None:
    trusted = certificate(tmp_path, "own")
    hashed = bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()
    web = tmp_path / "web.yml"
    web.write_text(
        f"tls_server_config: {{cert_file: own.crt, key_file: own.key, min_version: TLS13}}\n"
        f"basic_auth_users: {{ann: {hashed}}}\n"
        "http_server_config: {headers: {Strict-Transport-Security: max-age=60}}\n"
    )
    with serving(config=web) as server:
        assert server.url.startswith("https://")
        with httpx.Client(verify=trusting(trusted), auth=("ann", "correct horse")) as browser:
            answer = browser.get(f"{server.url}metrics")
            assert (answer.status_code, "driftd_monitors 2.0" in answer.text) == (200, True)
            assert answer.headers["strict-transport-security"] == "max-age=60"
            assert browser.get(f"{server.url}metrics", auth=("ann", "x")).status_code == 401
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}metrics")
        old = trusting(trusted)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}metrics", verify=old)
        with pytest.raises(httpx.HTTPError):
            httpx.get(server.url.replace("https", "http"))


def test_clients_may_have_to_show_a_certificate(tmp_path: Path) -> None:
    own, _ = certificate(tmp_path, "own"), certificate(tmp_path, "ca")
    certificate(tmp_path, "client", signed_by="ca")
    web = tmp_path / "web.yml"
    web.write_text(
        "tls_server_config: {cert_file: own.crt, key_file: own.key, client_auth_type: RequireAndVerifyClientCert, "
        "client_ca_file: ca.crt}\n"
    )
    with serving(config=web) as server:
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{server.url}-/ready", verify=trusting(own))
        certificate(tmp_path, "stranger")
        unknown = trusting(own)
        unknown.load_cert_chain(tmp_path / "stranger.crt", tmp_path / "stranger.key")
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{server.url}-/ready", verify=unknown)
        known = trusting(own)
        known.load_cert_chain(tmp_path / "client.crt", tmp_path / "client.key")
        assert httpx.get(f"{server.url}-/ready", verify=known).status_code == 200


def served(port: int) -> bytes:
    """The certificate that a new connection is shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 5) as raw, context.wrap_socket(raw) as wrapped:
        return wrapped.getpeercert(binary_form=True) or b""


def eventually(holds: Any) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_a_new_certificate_and_new_users_need_no_restart(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    certificate(tmp_path, "own")
    web = tmp_path / "web.yml"
    web.write_text("tls_server_config: {cert_file: own.crt, key_file: own.key}\n")
    with serving(config=web) as server:
        first = served(server.port)
        certificate(tmp_path, "own")
        assert eventually(lambda: served(server.port) != first)
        second = served(server.port)
        web.write_text("tls_server_config: {cert_file: own.crt, key_file: none.key}\n")
        assert eventually(lambda: "the web configuration stays as it was" in caplog.text)
        assert served(server.port) == second
        hashed = bcrypt.hashpw(b"x", bcrypt.gensalt(4)).decode()
        web.write_text(
            f"tls_server_config: {{cert_file: own.crt, key_file: own.key}}\nbasic_auth_users: {{a: {hashed}}}\n"
        )
        with httpx.Client(verify=trusting(tmp_path / "own.crt")) as browser:
            assert eventually(lambda: browser.get(f"{server.url}metrics").status_code == 401)
            assert browser.get(f"{server.url}metrics", auth=("a", "x")).status_code == 200


def test_a_key_that_is_anothers_is_told_at_the_start(tmp_path: Path) -> None:
    certificate(tmp_path, "own")
    certificate(tmp_path, "other")
    web = tmp_path / "web.yml"
    web.write_text("tls_server_config: {cert_file: own.crt, key_file: other.key}\n")
    with pytest.raises(MonitorError, match="no certificate with its key"):
        Server(WebOptions(listen="127.0.0.1:0", config=web))


def test_a_reload_may_change_tokens_and_nothing_that_is_bound() -> None:
    with serving() as server:
        options = WebOptions(listen="127.0.0.1:0")
        assert httpx.post(f"{server.url}-/reload").status_code == 403
        server.change(replace(options, lifecycle=True))
        assert httpx.post(f"{server.url}-/reload").status_code == 200
        with pytest.raises(MonitorError, match=r"web\.prefix: from '/' to '/x' needs a restart"):
            server.change(replace(options, prefix="/x"))


def test_a_header_has_a_size_within_reason() -> None:
    with serving() as server:
        assert httpx.get(f"{server.url}metrics", headers={"X-Long": "x" * 40_000}).status_code == 431
        with socket.create_connection(("127.0.0.1", server.port), 10) as raw:
            raw.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nX-Long: ")
            with contextlib.suppress(OSError):
                for _ in range(1000):
                    raw.sendall(b"x" * 1000)
            with contextlib.suppress(ConnectionError):
                assert raw.recv(100).startswith(b"HTTP/1.1 400") or not raw.recv(100)
        assert httpx.get(f"{server.url}-/healthy").status_code == 200


def test_more_connections_than_there_may_be_are_told_so_and_the_server_goes_on() -> None:
    with serving() as server:
        held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(70)]
        assert eventually(lambda: httpx.get(f"{server.url}-/healthy").status_code == 503)
        for one in held:
            one.close()
        assert eventually(lambda: httpx.get(f"{server.url}-/healthy").status_code == 200)


def test_a_connection_that_says_nothing_or_never_ends_its_header_is_closed() -> None:
    server = Server(WebOptions(listen="127.0.0.1:0"), idle_seconds=0.1)
    server.start(Memory())
    try:
        for said in (b"", b"GET /metrics HTTP/1.1\r\nX-Slow: "):
            with socket.create_connection(("127.0.0.1", server.port), 10) as raw:
                raw.sendall(said)
                assert raw.recv(1) == b""
    finally:
        server.stop(3)


def test_head_has_headers_and_no_body() -> None:
    with serving() as server, socket.create_connection(("127.0.0.1", server.port), 10) as raw:
        raw.sendall(b"HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        said = b"".join(iter(lambda: raw.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert said.endswith(b"\r\n\r\n")
    assert said.count(b"\r\n\r\n") == 1


def test_the_end_waits_for_answers_but_not_for_ever() -> None:
    daemon, asked, go_on = Memory(), threading.Event(), threading.Event()

    def slow() -> str:
        asked.set()
        go_on.wait(30)
        return ""

    daemon.healthy = slow  # type: ignore[method-assign]
    server = Server(WebOptions(listen="127.0.0.1:0"))
    server.start(daemon)
    waiting = threading.Thread(target=_quiet, args=(server.url,))
    waiting.start()
    assert asked.wait(10)
    began = time.monotonic()
    server.stop(1)
    assert time.monotonic() - began < 5
    go_on.set()
    waiting.join(10)


def _quiet(url: str) -> None:
    with contextlib.suppress(httpx.HTTPError):
        httpx.get(f"{url}-/healthy", timeout=20)
