"""What the configuration says of the web: where to listen, under which path, who may change things."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from monitor.errors import ConfigError

Scope = Literal["read", "write", "admin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token by its SHA-256 as hex: the token itself stands nowhere. A wider scope has the narrower ones in it."""

    id: str
    sha256: str
    scopes: tuple[Scope, ...] = ("read",)

    def __post_init__(self) -> None:
        if len(self.sha256) != 64 or set(self.sha256.lower()) - set("0123456789abcdef"):
            raise ConfigError(
                f"token {self.id!r}: sha256 is not 64 hexadecimal digits; what `printf %s TOKEN | sha256sum` prints "
                "would be right"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """`listen` is host and port, port 0 any that is free. `config` is a web configuration file, `lifecycle` allows
    a reload by anyone who may read."""

    listen: str = "127.0.0.1:9465"
    config: Path | None = None
    prefix: str = "/"
    lifecycle: bool = False
    tokens: tuple[Token, ...] = ()

    def __post_init__(self) -> None:
        host, colon, port = self.listen.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65535 or (":" in host and not host.startswith("[")):
            raise ConfigError(f"web.listen {self.listen!r}: not a host and a port; 127.0.0.1:9465 would be right")
        if not self.prefix.startswith("/"):
            raise ConfigError(f"web.prefix {self.prefix!r}: does not begin with a slash; /driftd would be right")

    @property
    def host(self) -> str:
        """The host without brackets; empty: all addresses."""
        return self.listen.rpartition(":")[0].removeprefix("[").removesuffix("]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def root(self) -> str:
        """What stands before every path: empty, or /driftd."""
        return self.prefix.rstrip("/")
