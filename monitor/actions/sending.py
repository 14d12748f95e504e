"""Sending: one HTTP request to a receiver that is not trusted: where it goes, how long, how much of the answer is read.

No redirects, no cookies, no proxy that was not asked for. What is told of a failure names the receiver's scheme and
host only: the rest of its address is often the secret itself.
"""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TypeAlias

import httpcore
import httpx

from monitor.actions.deadline import Deadline
from monitor.actions.guard import Forbidden, Guard
from monitor.actions.outcome import Outcome, of_status
from monitor.actions.secret import Secret
from monitor.actions.transport import Transport

SECONDS = 10.0
ANSWER_BYTES = 64 << 10
SAID_CHARACTERS = 200
SCHEMES = ("http", "https")
HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A name as RFC 9110, 5.6.2 has it."""
VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?")
HOST = re.compile(rb"[A-Za-z0-9._-]+|[0-9a-fA-F:.]+")
OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "content-type", "te", "upgrade"})
"""What only the request itself can say."""
DEFAULTS = {"Accept-Encoding": "identity", "User-Agent": "driftd"}
"""No compression: a small answer must not become a large one."""
SHORTEST_SECRET = 5
"""Shorter words are no secrets, and would be found everywhere."""
Headers: TypeAlias = Mapping[str, str | Secret]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: status, headers (names in small letters), and at most the first 64 kB of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How requests are made: within `seconds` for all of it, to where `guard` lets through.

    `ca_file` is for receivers whose certificate is signed by one of your own. With `proxy` (http://host:port) it is the
    proxy that resolves names and connects, so the guard judges it and the addresses that stand in URLs, no more.
    """

    guard: Guard = field(default_factory=Guard)
    seconds: float = SECONDS
    proxy: Secret | None = None
    ca_file: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= 300:
            raise ValueError(f"seconds {self.seconds}: above 0 and up to 300 would be right")
        if self.proxy is not None and not self.proxy.text.startswith("http://"):
            raise ValueError("proxy: a URL such as http://proxy:3128 would be right")

    def post(self, url: Secret, body: bytes, headers: Headers, now: datetime) -> Outcome:
        """What came of posting this: no answer, one that cannot be read or a slow one may be better another time."""
        try:
            answer = self.answer(url, body, headers)
        except Forbidden as error:
            return Outcome(kind="refused", why=f"{place(url)}: {error}")
        except httpcore.TimeoutException:
            return Outcome(kind="again", why=f"{place(url)}: no answer within {self.seconds:g} s")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            return Outcome(kind="again", why=f"{place(url)}: {line(str(error)) or type(error).__name__}")
        except OSError as error:
            return Outcome(kind="refused", why=f"ca_file {self.ca_file}: {error.strerror or 'cannot be read'}")
        said = line(hidden(answer.body.decode(errors="replace"), url, headers))
        told = of_status(answer.status, answer.headers.get("retry-after", ""), now, said)
        return Outcome(kind=told.kind, why=f"{place(url)} {told.why}", wait=told.wait)

    def answer(self, url: Secret, body: bytes, headers: Headers) -> Answer:
        """The answer to a POST. Raises Forbidden, what httpcore raises of connections, OSError of a bad `ca_file`.

        Once there is a status it counts: a body that drips, breaks off or never ends is cut, and takes nothing back.
        """
        target = checked_url(url)
        check_headers(headers)
        deadline = Deadline.after(self.seconds)
        proxy = httpx.URL(self.proxy.text) if self.proxy is not None else None
        if proxy is not None:
            self._judge_literal(target.host)
        context = _context(self.ca_file) if target.scheme == "https" else None
        plain = {name: value.text if isinstance(value, Secret) else value for name, value in headers.items()}
        request = httpx.Request("POST", target, content=body, headers={**DEFAULTS, **plain})
        with Transport(self.guard, deadline, context, proxy) as transport:  # without a Client, which logs whole URLs
            response = transport.handle_request(request)
            read, is_cut = _beginning(response)
            response.close()
            return Answer(status=response.status_code, headers=dict(response.headers), body=read, is_cut=is_cut)

    def _judge_literal(self, host: str) -> None:
        found = self.guard.literal_mistake(host)
        if found:
            raise Forbidden(f"{host} is {found}")


def checked_url(url: Secret) -> httpx.URL:
    """The URL, if a request may be made of it; ValueError says what is wrong without showing it."""
    if not url.text.isprintable() or " " in url.text:
        raise ValueError("url: has a space or a control character; those would be written as %20 and the like")
    try:
        found = httpx.URL(url.text)
    except (httpx.InvalidURL, ValueError):
        raise ValueError("url: cannot be read; https://host/path would be right") from None
    if found.scheme not in SCHEMES or not HOST.fullmatch(found.raw_host):
        raise ValueError("url: http:// or https:// with a host would be right")
    if found.userinfo:
        raise ValueError("url: has a user or password in it; a token or a header would be right")
    return found


def check_headers(headers: Headers, *, users: bool = False) -> None:
    """ValueError for a header that could become two, or a body: it says which, and never its value.

    With `users` they are a user's, who must not name those that only the request can say.
    """
    for name, value in headers.items():
        plain = value.text if isinstance(value, Secret) else value
        if not HEADER.fullmatch(name):
            raise ValueError(f"header {name!r}: letters, digits and - would be right")
        if users and name.lower() in OURS:
            raise ValueError(f"header {name!r}: is set by the request itself")
        if plain and not VALUE.fullmatch(plain):
            raise ValueError(f"header {name}: its value has a line break, a sign that is not ASCII, or space at an end")


def place(url: Secret) -> str:
    """Scheme and host of a URL, which is what may be shown of it.

    >>> place(Secret("https://hooks.example.com/services/T000/B000/XXXX?token=abc"))
    'https://hooks.example.com'
    """
    found = checked_url(url)
    return f"{found.scheme}://{found.netloc.decode()}"


def hidden(said: str, url: Secret, headers: Headers) -> str:
    """What a receiver said without our own secrets, which it may have said back.

    >>> hidden("no token abc123 at /hook/xyz789", Secret("https://a/hook/xyz789"), {"A": Secret("Bearer abc123")})
    'no token *** at /hook/***'
    """
    found = checked_url(url)
    words = {part for value in headers.values() if isinstance(value, Secret) for part in value.text.split()}
    words |= {part for part in re.split(r"[/?&=]", url.text.partition("://")[2])[1:] if len(part) >= SHORTEST_SECRET}
    words |= {value for _, value in found.params.multi_items()}
    for word in sorted((word for word in words if len(word) >= SHORTEST_SECRET), key=len, reverse=True):
        said = said.replace(word, "***")
    return said


def line(said: str) -> str:
    """The beginning of a text of somebody else's as one printable line."""
    shown = said[: 4 * SAID_CHARACTERS]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in shown).split())[:SAID_CHARACTERS]


def _beginning(response: httpx.Response) -> tuple[bytes, bool]:
    found = bytearray()
    try:
        for part in response.iter_raw():
            found += part
            if len(found) > ANSWER_BYTES:
                return bytes(found[:ANSWER_BYTES]), True
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        return bytes(found), True
    return bytes(found), False


def _context(ca_file: str | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file) if ca_file else _usual_context()


@cache
def _usual_context() -> ssl.SSLContext:
    """Takes 20 ms to make; the certificates of the authorities come with the libraries."""
    return httpx.create_ssl_context()
