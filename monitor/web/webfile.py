"""The web configuration file, in the form of Prometheus' exporter-toolkit: TLS, users with bcrypt hashes, headers.

What it has and we do not is refused by name: a file that asks for something and does not get it would be worse.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from monitor.config.lines import read
from monitor.config.mistakes import Mistakes, named
from monitor.config.parts import Part, folder_of
from monitor.config.validation import validated

HASH = re.compile(r"\$2[abxy]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}")
HEADERS: Mapping[str, tuple[str, ...]] = {
    "Strict-Transport-Security": (),
    "X-Content-Type-Options": ("nosniff",),
    "X-Frame-Options": ("deny", "sameorigin"),
    "X-XSS-Protection": (),
    "Content-Security-Policy": (),
}
"""The headers that the toolkit lets a file set, and the values it takes for them."""
UNVERIFIED = ("RequestClientCert", "RequireAnyClientCert")

Version = Literal["TLS12", "TLS13"]
ClientAuth = Literal["NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"]


def _refused(why: str) -> Any:
    """A key of the toolkit that is not supported; null is as good as not there."""

    def refuse(value: Any) -> None:
        if value is not None:
            raise ValueError(f"not supported: {why}")

    return Annotated[None, BeforeValidator(refuse)]


def _file(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError("is not the path of a file")
    path = folder_of(info) / value
    if not path.is_file():
        raise ValueError(f"names {str(path)!r}, and there is no such file")
    return path


def _client_auth(value: Any) -> Any:
    if value in UNVERIFIED:
        raise ValueError(f"{value}: not supported: a certificate that nobody verifies says nothing; "
                         "VerifyClientCertIfGiven or RequireAndVerifyClientCert would be right")  # fmt: skip
    return value


def _version(value: Any) -> Any:
    if value in ("TLS10", "TLS11"):
        raise ValueError(f"{value}: not supported, being broken; TLS12 or TLS13 would be right")
    return value


def _http2(value: Any) -> bool:
    if value is not False:
        raise ValueError("not supported: HTTP/1.1 is what is spoken; `http2: false`, or no such key, would be right")
    return False


def _headers(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    for name, text in value.items():
        if name not in HEADERS:
            raise ValueError(f"header {name!r} cannot be set; one of {', '.join(HEADERS)} would be right")
        taken = HEADERS[name]
        if taken and text not in ("", *taken):
            raise ValueError(f"header {name}: {named(text)} is not taken; {' or '.join(taken)} would be right")
        if not isinstance(text, str) or not text.isprintable() or not text.isascii():
            raise ValueError(f"header {name}: not a line of plain text")
    return {name: text for name, text in value.items() if text}


def _users(value: Any) -> Any:
    """The hash is not shown: it may be the password itself, by mistake."""
    for user, text in value.items() if isinstance(value, dict) else ():
        if not isinstance(text, str) or not HASH.fullmatch(text):
            raise ValueError(f"user {user!r}: not a bcrypt hash; what `htpasswd -nBC 10 {user}` prints would be right")
    return {} if value is None else value


Existing = Annotated[Path, BeforeValidator(_file)]
_INLINE = "a secret in this file would be read by all who may read it; cert_file and key_file would be right"
_CIPHERS = "those of the TLS library are used; leave the key out"


class Tls(Part):
    """Certificate and key, and whether clients must show one of theirs."""

    cert_file: Existing = Field(examples=["cert_file: server.crt"])
    key_file: Existing = Field(examples=["key_file: server.key"])
    client_auth_type: Annotated[ClientAuth, BeforeValidator(_client_auth)] = "NoClientCert"
    client_ca_file: Existing | None = None
    min_version: Annotated[Version, BeforeValidator(_version)] = "TLS12"
    max_version: Annotated[Version, BeforeValidator(_version)] = "TLS13"
    cert: _refused(_INLINE) = None  # type: ignore[valid-type]
    key: _refused(_INLINE) = None  # type: ignore[valid-type]
    client_ca: _refused("client_ca_file would be right") = None  # type: ignore[valid-type]
    client_allowed_sans: _refused("every certificate of client_ca_file is let in; use a CA of its own") = None  # type: ignore[valid-type]
    cipher_suites: _refused(_CIPHERS) = None  # type: ignore[valid-type]
    curve_preferences: _refused(_CIPHERS) = None  # type: ignore[valid-type]
    prefer_server_cipher_suites: _refused(_CIPHERS) = None  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _fits(self) -> "Tls":
        verifies = self.client_auth_type != "NoClientCert"
        if self.client_ca_file is not None and not verifies:
            raise ValueError("client_ca_file without client_auth_type; RequireAndVerifyClientCert would be right")
        if verifies and self.client_ca_file is None:
            raise ValueError(f"client_auth_type {self.client_auth_type} without client_ca_file, the CA that is trusted")
        if self.min_version > self.max_version:
            raise ValueError(f"min_version {self.min_version} is above max_version {self.max_version}")
        return self


class Http(Part):
    """What is said in every answer."""

    http2: Annotated[bool, BeforeValidator(_http2)] = False
    headers: Annotated[Mapping[str, str], BeforeValidator(_headers)] = Field(default_factory=dict)


class WebFile(Part):
    """The whole file; without it, HTTP in the clear and no users."""

    tls_server_config: Tls | None = None
    http_server_config: Http = Http()
    basic_auth_users: Annotated[Mapping[str, str], BeforeValidator(_users)] = Field(default_factory=dict)
    rate_limit: _refused("put a proxy before driftd, and leave the key out") = None  # type: ignore[valid-type]


def load(path: Path | None) -> WebFile:
    """The file's content. Raises ConfigError with a line for every mistake."""
    if path is None or (path.is_file() and not path.read_bytes().strip()):
        return WebFile()
    mistakes = Mistakes(str(path))
    root = read(path, mistakes)
    found = None
    if root is not None:
        context = {"folder": path.parent.absolute()}
        found = validated(WebFile, root.plain(), dict(root.places()), context, mistakes)
    mistakes.raise_if_any()
    assert found is not None
    return found
