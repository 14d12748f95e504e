"""The keys of the service itself: its store, its web address, its log, its metrics."""

import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field, ValidationInfo

from monitor.config.parts import Folder, LongDuration, Part, folder_of

POSTGRES = re.compile(r"postgresql(\+psycopg)?://[^\s]+")
LISTEN = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]*):([0-9]{1,5})")
EXTERNAL = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]{1,255}(/[A-Za-z0-9._~%/-]{0,255})?")
SHA256 = re.compile(r"[0-9a-fA-F]{64}")
LARGEST_PORT = 65535


def _store(value: Any) -> str:
    if isinstance(value, str) and (value == "sqlite" or POSTGRES.fullmatch(value)):
        return value.replace("postgresql://", "postgresql+psycopg://", 1)
    raise ValueError("is not a store; sqlite or postgresql+psycopg://USER@HOST/DATABASE would be right")


def _file(value: Any, info: ValidationInfo) -> Path | None:
    if value is None or isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is not a path; the path of a file would be right")
    path = folder_of(info) / value
    if not path.is_file():
        raise ValueError(f"names {str(path)!r}, and there is no such file; one that can be read would be right")
    return path


def _listen(value: Any) -> str:
    found = LISTEN.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[2]) > LARGEST_PORT:
        raise ValueError("is not an address; HOST:PORT would be right: 127.0.0.1:9465, or :9465 for every interface")
    return str(value)


def _prefix(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"/[A-Za-z0-9._~/-]*", value):
        raise ValueError("is not the beginning of a path; / or /driftd would be right")
    return "/" + value.strip("/")


def _external_url(value: Any) -> str:
    if not isinstance(value, str) or (value and not EXTERNAL.fullmatch(value)):
        raise ValueError("is not where people find driftd; https://HOST or https://HOST/PATH would be right")
    return value.rstrip("/")


def _sha256(value: Any) -> str:
    if not isinstance(value, str) or not SHA256.fullmatch(value):
        raise ValueError("is not a SHA-256 in 64 hexadecimal digits; `printf %s TOKEN | sha256sum` prints it")
    return value.lower()


def _scopes(value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given or not set(given) <= {"read", "write", "admin"}:
        raise ValueError("are not scopes; some of [read, write, admin] would be right")
    return tuple(given)


def _tokens(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


File: TypeAlias = Annotated[Path | None, BeforeValidator(_file)]


class Store(Part):
    """Where the ledger and its results are kept."""

    SCALAR: ClassVar[str] = "url"

    url: Annotated[str, BeforeValidator(_store)] = "sqlite"
    password_file: Folder | None = None


class Token(Part):
    """Who may ask for changes: the SHA-256 of a token, and what it is good for."""

    id: str = Field(examples=["id: deploys"])
    sha256: Annotated[str, BeforeValidator(_sha256)] = Field(examples=["sha256: 9f86d0...", "64 hexadecimal digits"])
    scopes: Annotated[tuple[str, ...], BeforeValidator(_scopes)] = ("read",)


class Web(Part):
    """The address of metrics, API and pages, and who may use it."""

    SCALAR: ClassVar[str] = "listen"

    listen: Annotated[str, BeforeValidator(_listen)] = "127.0.0.1:9465"
    config: File = None
    prefix: Annotated[str, BeforeValidator(_prefix)] = "/"
    external_url: Annotated[str, BeforeValidator(_external_url)] = ""
    lifecycle: bool = False
    tokens: Annotated[tuple[Token, ...], BeforeValidator(_tokens)] = ()


class Log(Part):
    """What is logged on the standard error, and how."""

    SCALAR: ClassVar[str] = "level"

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["logfmt", "json"] = "logfmt"


class Metrics(Part):
    """How much is exposed to Prometheus."""

    feature_detail: Literal["all", "violating", "none"] = "all"
    max_series_per_monitor: int = Field(default=2000, ge=100)
    max_series: int = Field(default=50_000, ge=1000)
    stale_after: LongDuration | None = None
