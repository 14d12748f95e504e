"""Requests to real servers on loopback that are down, slow, dripping, huge, lying; and what is told of them."""

import logging
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpcore
import pytest
from actions.receivers import CLIENT, HERE, NOW, dripping, receiving, saying
from prometheus_server import free_address
from web.certificates import certificate

from monitor.actions.guard import Guard, networks
from monitor.actions.outcome import Outcome
from monitor.actions.secret import Secret
from monitor.actions.sending import ANSWER_BYTES, Client, check_headers, checked_url, hidden, line, place

BRISK = replace(CLIENT, seconds=0.5)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


def posted(url: Secret | str, client: Client = CLIENT, **headers: str | Secret) -> Outcome:
    return client.post(url if isinstance(url, Secret) else Secret(url), b'{"a": 1}', headers, NOW)


def test_a_request_arrives_as_it_was_made() -> None:
    with receiving(204) as told:
        assert posted(told.url, X_A="b", Authorization=Secret("Bearer t")).kind == "delivered"
        (got,) = told.got
        assert (got.path, got.body) == ("/hook/s3cr3t-path?key=s3cr3t-key", b'{"a": 1}')
        assert {name: got.headers[name] for name in ("host", "content-length", "user-agent", "authorization")} == {
            "host": f"127.0.0.1:{told.port}",
            "content-length": "8",
            "user-agent": "driftd",
            "authorization": "Bearer t",
        }


@pytest.mark.parametrize(("status", "kind"), [(500, "again"), (503, "again"), (404, "refused"), (410, "gone")])
def test_an_answer_decides_and_is_told(status: int, kind: str) -> None:
    with receiving((status, {}, b"sorry:\r\n  no\x1b[31m luck")) as told:
        found = posted(told.url)
        assert found.kind == kind
        assert found.why.startswith(f"http://127.0.0.1:{told.port} answered {status}")
        assert status == 410 or found.why.endswith(": sorry: no [31m luck")


def test_a_receiver_that_asks_for_time_is_heard() -> None:
    with receiving((429, {"Retry-After": "120"}, b"")) as told:
        assert posted(told.url).wait == timedelta(seconds=120)
        told.answers[:] = [(503, {"Retry-After": "Mon, 05 Jan 2026 12:01:00 GMT"}, b"")]
        assert posted(told.url).wait == timedelta(seconds=60)


def test_a_redirect_is_not_followed() -> None:
    with receiving() as elsewhere, receiving((307, {"Location": elsewhere.url.text}, b"")) as told:
        found = posted(told.url)
        assert (found.kind, elsewhere.got) == ("refused", [])
        assert "redirects are not followed" in found.why


def test_nobody_there_is_tried_again() -> None:
    address = free_address()
    assert posted(f"http://{address}/") == Outcome(kind="again", why=f"http://{address}: Connection refused")


def silent(connection: object, over: threading.Event) -> None:
    over.wait(60)


@pytest.mark.parametrize(
    "speak",
    [silent, dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), dripping(b"HTTP/1.1 200 OK\r\nX-A: ", b"b")],
    ids=["silent", "headers", "header"],
)
def test_no_answer_within_the_time_is_none(speak: Callable[..., None]) -> None:
    with saying(speak) as port:
        found = posted(f"http://127.0.0.1:{port}/", BRISK)
        assert found == Outcome(kind="again", why=f"http://127.0.0.1:{port}: no answer within 0.5 s")


def test_a_body_that_drips_takes_nothing_back_and_is_cut() -> None:
    with saying(dripping(OK, b".")) as port:
        url = Secret(f"http://127.0.0.1:{port}/")
        assert BRISK.post(url, b"", {}, NOW).kind == "delivered"
        answer = BRISK.answer(url, b"", {})
        assert (answer.status, answer.is_cut, 0 < len(answer.body) < 1000) == (200, True, True)


def test_a_huge_body_is_read_to_its_first_64_kilobytes() -> None:
    def speak(connection: object, over: threading.Event) -> None:
        dripping(OK.replace(b"1000000", b"1000000000000"), b"x" * (1 << 20), 0)(connection, over)  # type: ignore[arg-type]

    with saying(speak) as port:
        answer = CLIENT.answer(Secret(f"http://127.0.0.1:{port}/"), b"", {})
        assert (answer.body, answer.is_cut) == (b"x" * ANSWER_BYTES, True)
    with receiving((200, {}, b"y" * ANSWER_BYTES)) as told:
        whole = CLIENT.answer(told.url, b"", {})
        assert (len(whole.body), whole.is_cut) == (ANSWER_BYTES, False)


def test_headers_without_end_are_cut() -> None:
    with saying(dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 4096 + b"\r\n", 0)) as port:
        found = posted(f"http://127.0.0.1:{port}/")
        assert (found.kind, "no answer" in found.why) == ("again", False)


def test_a_receiver_that_reads_nothing_is_cut_off() -> None:
    with saying(silent) as port:
        found = BRISK.post(Secret(f"http://127.0.0.1:{port}/"), b"x" * (32 << 20), {}, NOW)
        assert found.why.endswith("no answer within 0.5 s")


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 x\r\n\r\n"]
)
def test_what_is_no_answer_is_tried_again(said: bytes) -> None:
    def speak(connection: object, over: threading.Event) -> None:
        connection.recv(4096)  # type: ignore[attr-defined]
        connection.sendall(said)  # type: ignore[attr-defined]

    with saying(speak) as port:
        assert posted(f"http://127.0.0.1:{port}/").kind == "again"


def test_a_compressed_answer_stays_small() -> None:
    with receiving((400, {"Content-Encoding": "gzip"}, b"\x1f\x8b not really")) as told:
        assert posted(told.url).kind == "refused"
        assert told.got[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_refused_unless_allowed_and_nothing_is_sent(host: str) -> None:
    with receiving() as told:
        found = posted(f"http://{host}:{told.port}/", Client())
        assert (found.kind, told.got) == ("refused", [])
        assert "is this machine; `allow: [" in found.why


def test_a_name_that_changes_its_answer_leads_to_the_one_that_was_judged() -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    with receiving() as good, receiving(address="127.0.0.2") as bad:
        guard = Guard(allow=networks(["127.0.0.1"]), resolver=lambda _: answers.pop(0))
        client = replace(CLIENT, guard=guard)
        assert posted(f"http://rebinding.example:{good.port}/a", client).kind == "delivered"
        assert good.got[0].headers["host"] == f"rebinding.example:{good.port}"
        found = posted(f"http://rebinding.example:{bad.port}/", client)
        assert (found.kind, bad.got, answers) == ("refused", [], [])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("certificates")
    certificate(found, "server")
    return found


def test_tls_is_with_the_name_that_was_asked_for(folder: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.crt", folder / "server.key")
    guard = replace(HERE, resolver=lambda _: ["127.0.0.1"])
    client = replace(CLIENT, guard=guard, ca_file=str(folder / "server.crt"))
    with receiving(tls=context) as told:
        assert posted(f"https://localhost:{told.port}/", client).kind == "delivered"
        other = posted(f"https://other.example:{told.port}/", client)
        assert (other.kind, "certificate verify failed" in other.why) == ("again", True)
        unknown = posted(f"https://localhost:{told.port}/", replace(client, ca_file=None))
        assert "certificate verify failed" in unknown.why
        assert len(told.got) == 1
        missing = posted(f"https://localhost:{told.port}/", replace(client, ca_file="/nowhere.crt"))
        assert (missing.kind, missing.why) == ("refused", "ca_file /nowhere.crt: No such file or directory")


def test_a_handshake_that_drips_is_cut_off() -> None:
    with saying(dripping(b"", b"\x16")) as port:
        found = posted(f"https://127.0.0.1:{port}/", BRISK)
        assert found.kind == "again"


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as told:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert posted(told.url).kind == "delivered"
        assert (len(told.got), len(proxy.got)) == (1, 0)


def test_a_proxy_that_was_asked_for_is_told_where_to() -> None:
    with receiving() as proxy:
        client = replace(CLIENT, proxy=Secret(f"http://ann:pass@127.0.0.1:{proxy.port}"))
        assert posted("http://hooks.example/a?b=c", client).kind == "delivered"
        assert proxy.got[0].path == "http://hooks.example/a?b=c"
        assert proxy.got[0].headers["proxy-authorization"] == "Basic YW5uOnBhc3M="
        assert posted("http://169.254.169.254/latest", client).kind == "refused"
        assert posted("http://hooks.example/", replace(client, guard=Guard())).kind == "refused"
        assert len(proxy.got) == 1
        assert "pass" not in repr(client)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b", " a", "a ", "é", "a\x7f"])
def test_a_header_cannot_become_two(value: str) -> None:
    with receiving() as told:
        for header in (value, Secret(value)):
            with pytest.raises(ValueError, match=r"^header X-A: its value has a line break, a sign that is not ASCII"):
                CLIENT.post(told.url, b"", {"X-A": header}, NOW)
        assert told.got == []
    for name in ("X-A\r\nX-Evil", "", "a b", "a:b", "é"):
        with pytest.raises(ValueError, match="letters, digits and - would be right"):
            check_headers({name: "x"})
    with pytest.raises(ValueError, match="header 'Host': is set by the request itself"):
        check_headers({"Host": "x"}, users=True)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://s3cr3t.example/", "http:// or https:// with a host"),
        ("file:///s3cr3t", "http:// or https:// with a host"),
        ("s3cr3t", "http:// or https:// with a host"),
        ("http:///s3cr3t", "http:// or https:// with a host"),
        ("http://a/s3cr3t\r\nX: y", "has a space or a control character"),
        ("http://a/ s3cr3t", "has a space or a control character"),
        ("http://s3cr3t:s3cr3t@a/", "has a user or password in it"),
        ("http://a:s3cr3t/", "cannot be read"),
        ("http://[s3cr3t/", "with a host"),
    ],
)
def test_a_url_that_is_none_is_told_without_being_shown(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^url: ") as caught:
        checked_url(Secret(url))
    assert told in str(caught.value)
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_no_secret_is_logged_or_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = b"unknown token t0ken-s3cr3t for /hook/s3cr3t-path?key=s3cr3t-key"
    with receiving((401, {}, echo)) as told:
        found = posted(told.url, Authorization=Secret("Bearer t0ken-s3cr3t"))
        client = replace(CLIENT, proxy=Secret("http://a:s3cr3t@h:1"))
        shown = f"{found} {told.url} {told.url!r} {client} {caplog.text}"
    assert caplog.records, "httpcore says what it does, so that there is something to look at"
    assert "s3cr3t" not in shown
    assert found.why.partition(": ")[2] == (
        "unknown token *** for /hook/***?key=***; a token or signature that it knows would be right"
    )


def test_words_of_every_day_are_not_hidden() -> None:
    url = Secret("https://a.example/api/v2?x=1")
    assert hidden("api v2 is not found, try 1", url, {}) == "api v2 is not found, try 1"
    assert line("a\r\n b\x00c" + "d" * 999) == ("a b c" + "d" * 999)[:200]
    assert place(Secret("http://[::1]:80/x")) == "http://[::1]"


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"seconds": 301}, {"seconds": float("nan")}])
def test_a_time_is_within_reason(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above 0 and up to 300 would be right"):
        Client(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="proxy: a URL such as http://proxy:3128"):
        Client(proxy=Secret("socks5://a:s3cr3t@b"))


def test_a_connection_is_closed_when_it_is_over() -> None:
    over = threading.Event()

    def speak(connection: object, _: threading.Event) -> None:
        connection.recv(4096)  # type: ignore[attr-defined]
        connection.sendall(OK + b"x" * ANSWER_BYTES * 2)  # type: ignore[attr-defined]
        with suppress(ConnectionResetError):
            assert connection.recv(4096) == b""  # type: ignore[attr-defined]
        over.set()

    with saying(speak) as port:
        assert CLIENT.answer(Secret(f"http://127.0.0.1:{port}/"), b"", {}).is_cut
        assert over.wait(10)


def test_what_httpcore_raises_is_known() -> None:
    """The families that `post` catches are all that a connection may raise."""
    names = [name for name in dir(httpcore) if name.endswith(("Error", "Timeout"))]
    known = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)
    assert len(names) >= 10
    assert [name for name in names if not issubclass(getattr(httpcore, name), known)] == []
