"""Who asks, what they may, and whether a request came from another site's page."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers

from monitor.web.options import Scope, Token

WIDER: dict[Scope, tuple[Scope, ...]] = {
    "read": ("read", "write", "admin"),
    "write": ("write", "admin"),
    "admin": ("admin",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks: a token's id, a user's name, or nobody known. `address` is where from."""

    name: str = ""
    kind: str = "anonymous"
    scopes: tuple[Scope, ...] = ()
    address: str = ""

    def may(self, scope: Scope) -> bool:
        """Whether a scope is granted; admin has write in it, and write read."""
        return any(wider in self.scopes for wider in WIDER[scope])

    def __str__(self) -> str:
        who = f"{self.kind} {self.name}" if self.name else self.kind
        return f"{who} from {self.address}" if self.address else who


def token_of(header: str, tokens: Iterable[Token]) -> Token | None:
    """The token that a Bearer header holds. Every one is compared, in the same time."""
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer":
        return None
    digest = hashlib.sha256(secret.strip().encode("utf-8", "surrogateescape")).hexdigest()
    found = [token for token in tokens if hmac.compare_digest(token.sha256.lower(), digest)]
    return found[0] if found else None


def user_of(header: str) -> tuple[str, str] | None:
    """User and password of a Basic header."""
    kind, _, text = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "", "example.org")]
    [True, True, True, False, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def place_of(text: str) -> SplitResult:
    """Host and port in an Origin header, or in a Host header behind `//`; nothing where it is neither.

    >>> place_of("//[::1]:9465").hostname, place_of("https://a.example").netloc, place_of("//[").hostname
    ('::1', 'a.example', None)
    """
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def is_foreign(headers: Headers) -> bool:
    """Whether a browser says that another site's page sent this. Programs that are no browsers say nothing."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and place_of(origin).netloc != headers.get("host", "")


def is_of_this_page(headers: Headers) -> bool:
    """Whether a browser says that a page of ours sent this; a form is taken from nobody else."""
    return not is_foreign(headers) and ("origin" in headers or headers.get("sec-fetch-site") == "same-origin")
