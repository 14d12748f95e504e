"""Letters to a real mail server on loopback: encrypted, refused, slow, talkative; and what cannot be put into one."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from actions.receivers import HERE, NOW, event, saying
from mails import PASSWORD, Mails, mailing
from prometheus_server import free_address
from web.certificates import certificate

from monitor.actions.email import Email, letter
from monitor.actions.guard import Guard
from monitor.actions.secret import Secret

TO = ("ann@example.com", "bob@example.com")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("certificates")
    certificate(found, "mail")
    return found


def receiver(mails: Mails, **options: Any) -> Email:
    usual = {"host": "localhost", "port": mails.port, "sender": "driftd@example.com", "to": TO, "guard": HERE}
    more = {"ca_file": str(mails.folder / "mail.crt"), "user": "ann", "password": Secret(PASSWORD), "seconds": 5}
    here = replace(HERE, resolver=lambda _: ["127.0.0.1"])
    return Email(**{**usual, **more, "guard": here, **options})


def test_a_letter_arrives_encrypted_and_by_whom_it_says(folder: Path) -> None:
    with mailing(folder) as mails:
        found = receiver(mails).send(event(summary="die Höhe hat sich verschoben"), NOW)
        assert (found.kind, found.why) == ("delivered", "")
        ((session, envelope),) = mails.taken
        assert session.ssl is not None
        assert (session.authenticated, session.host_name) == (True, "driftd.localdomain")
        assert (envelope.mail_from, envelope.rcpt_tos) == ("driftd@example.com", list(TO))
        (read,) = mails.letters()
        assert read["Subject"] == "[page] churn: die Höhe hat sich verschoben"
        assert read["Message-ID"] == "<e1@driftd.localdomain>"
        assert read["Date"].datetime == NOW
        assert (read["To"], read["Auto-Submitted"]) == ("ann@example.com, bob@example.com", "auto-generated")
        assert read["X-Driftd-Event"] == "incident.opened e1"
        assert "feature age, value 0.52, threshold 0.1" in read.get_content()


def test_a_second_letter_of_an_event_has_the_same_id(folder: Path) -> None:
    with mailing(folder) as mails:
        for _ in range(2):
            assert receiver(mails).send(event(), NOW).kind == "delivered"
        assert len({read["Message-ID"] for read in mails.letters()}) == 1
        assert len(mails.taken) == 2


def test_tls_from_the_first_byte(folder: Path) -> None:
    with mailing(folder, tls=True) as mails:
        plain = {"user": "", "password": None}
        assert receiver(mails, encryption="tls", **plain).send(event(), NOW).kind == "delivered"
        other = receiver(mails, encryption="tls", host="other.example", **plain).send(event(), NOW)
        assert (other.kind, "certificate verify failed" in other.why) == ("again", True)
        assert len(mails.taken) == 1


def test_the_certificate_is_checked_after_starttls(folder: Path) -> None:
    with mailing(folder) as mails:
        other = receiver(mails, host="other.example").send(event(), NOW)
        assert (other.kind, "certificate verify failed" in other.why) == ("again", True)
        assert mails.taken == []


def test_a_server_without_starttls_gets_nothing(folder: Path) -> None:
    with mailing(folder, starttls=False) as mails:
        found = receiver(mails).send(event(), NOW)
        assert found.kind == "refused"
        assert found.why == f"localhost:{mails.port}: offers no STARTTLS, and nothing is sent in the clear"
        assert mails.taken == []
        bare = receiver(mails, encryption="none", user="", password=None)
        assert bare.send(event(), NOW).kind == "delivered"


def test_a_wrong_password_is_refused_and_not_told(folder: Path) -> None:
    with mailing(folder) as mails:
        found = receiver(mails, password=Secret("wr0ng")).send(event(), NOW)
        assert (found.kind, "answered 535" in found.why) == ("refused", True)
        assert "wr0ng" not in found.why
        assert PASSWORD not in repr(receiver(mails))


@pytest.mark.parametrize(
    ("answer", "kind"), [("451 try later", "again"), ("554 we know you not", "refused"), ("250 OK", "delivered")]
)
def test_what_the_server_says_of_a_letter_decides(folder: Path, answer: str, kind: str) -> None:
    with mailing(folder) as mails:
        mails.answer = answer
        found = receiver(mails).send(event(), NOW)
        assert found.kind == kind
        assert kind == "delivered" or found.why == f"localhost:{mails.port}: answered {answer[:3]}: {answer[4:]}"


@pytest.mark.parametrize(
    ("answers", "kind", "told"),
    [
        (["550 unknown", "250 OK"], "delivered", "1 of 2 recipients refused"),
        (["550 unknown", "550 unknown"], "refused", "answered 550: refuses all 2 recipients"),
        (["450 greylisted", "550 unknown"], "again", "answered 450: refuses all 2 recipients"),
    ],
)
def test_one_recipient_is_enough(folder: Path, answers: list[str], kind: str, told: str) -> None:
    with mailing(folder) as mails:
        mails.recipients = dict(zip(TO, answers, strict=True))
        found = receiver(mails).send(event(), NOW)
        assert (found.kind, found.why.endswith(told)) == (kind, True)


def bare(port: int, **options: Any) -> Email:
    usual = {"host": "127.0.0.1", "port": port, "sender": TO[0], "to": TO[1:], "encryption": "none", "guard": HERE}
    return Email(**{**usual, "seconds": 0.5, **options})


def test_nobody_there_is_tried_again() -> None:
    port = int(free_address().rpartition(":")[2])
    found = bare(port).send(event(), NOW)
    assert (found.kind, "Connection refused" in found.why) == ("again", True)


def talking(begin: bytes, drop: bytes, each: float) -> Callable[[socket.socket, threading.Event], None]:
    def speak(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(begin)
        while not over.wait(each):
            connection.sendall(drop)

    return speak


@pytest.mark.parametrize(
    ("begin", "drop"),
    [(b"", b""), (b"220 ", b"x"), (b"", b"220-x\r\n"), (b"220 hello\r\n", b"250-x\r\n")],
    ids=["silent", "line", "lines", "later"],
)
def test_a_server_that_drips_is_cut_off(begin: bytes, drop: bytes) -> None:
    with saying(talking(begin, drop, 0.05)) as port:
        found = bare(port).send(event(), NOW)
        assert (found.kind, found.why) == ("again", f"127.0.0.1:{port}: no answer within 0.5 s")


def test_a_server_that_says_too_much_is_cut_off() -> None:
    with saying(talking(b"", b"220-" + b"x" * 500 + b"\r\n", 0)) as port:
        found = bare(port, seconds=30).send(event(), NOW)
        assert (found.kind, "more than 64 kB of replies" in found.why) == ("again", True)


def test_a_farewell_that_fails_takes_nothing_back() -> None:
    def speak(connection: socket.socket, over: threading.Event) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 hello\r\n")
        for line in lines:
            word = line[:4].upper()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                while next(lines) != b".\r\n":
                    pass
            elif word == b"QUIT":
                over.wait(30)
                return
            connection.sendall(b"250 OK\r\n")

    with saying(speak) as port:
        assert bare(port, seconds=1).send(event(), NOW).kind == "delivered"


def test_a_server_inside_needs_to_be_allowed() -> None:
    heard: list[bytes] = []
    with saying(lambda connection, _: heard.append(connection.recv(1))) as port:
        for host in ("127.0.0.1", "localhost", "0x7f.1"):
            found = bare(port, host=host, guard=Guard()).send(event(), NOW)
            assert (found.kind, "is this machine; `allow: [" in found.why) == ("refused", True)
    assert heard == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"to": ("a@b.c\r\nBcc: all@example.com",)}, "address 'a@b.c\\r\\nBcc: all@example.com': one such as"),
        ({"to": ("a@b.c\n",)}, "one such as ann@example.com would be right"),
        ({"to": ("a@b.c, d@e.f",)}, "one such as ann@example.com would be right"),
        ({"to": ("a@b.c\u2028",)}, "one such as ann@example.com would be right"),
        ({"to": ()}, "to: is nobody"),
        ({"sender": "driftd"}, "address 'driftd': one such as"),
        ({"host": "a b"}, "host 'a b': a name such as smtp.example.com would be right"),
        ({"name": "a\r\nMAIL FROM:<x>"}, "name 'a\\r\\nMAIL FROM:<x>': a name such as"),
        ({"encryption": "ssl"}, "encryption 'ssl': one of starttls, tls, none would be right"),
        ({"port": 70000}, "port 70000: from 1 to 65535 would be right"),
        ({"user": "ann"}, "user and password: both or none would be right"),
        ({"user": "ann", "password": Secret("s3cr3t")}, "encryption none: a password is never sent in the clear"),
    ],
)
def test_a_mistake_is_told_where_it_is_made(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=r": ") as caught:
        bare(**{"port": 25, **options})
    assert told in str(caught.value)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("name", ["summary", "monitor", "kind", "id"])
def test_a_line_break_in_a_header_is_refused_whatever_the_event_checked(name: str) -> None:
    sly = event()
    object.__setattr__(sly, name, "x\r\nBcc: all@example.com")
    with pytest.raises(ValueError, match=r"(?i)header|line"):
        letter(sly, TO[0], TO[1:], "a").as_bytes()
