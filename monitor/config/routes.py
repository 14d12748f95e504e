"""The keys of `routes`: where events go. What a receiver is, and which events it gets."""

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from monitor.config.parts import Duration, Folder, Interval, LongDuration, Part, Texts
from monitor.reminding import Digest

KINDS = ("webhook", "alertmanager", "email", "apprise_file")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
URL = re.compile(r"https?://[^\s]+")
LARGEST_PORT = 65535
LONGEST_GROUP = timedelta(hours=1)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError("is not a name; letters, digits, - and _ would be right: ops")
    return value


def _url(value: Any) -> str:
    if not isinstance(value, str) or not URL.fullmatch(value):
        raise ValueError("is not an address; https://HOST/PATH would be right")
    return value


def _urls(value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise ValueError("is not a list of addresses; [http://127.0.0.1:9093] would be right")
    return tuple(_url(one) for one in given)


def _networks(value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise ValueError("is not a list of networks; [10.0.0.0/8] would be right")
    for one in given:
        try:
            ip_network(one)
        except ValueError:
            raise ValueError(f"has {one!r}; a network such as 10.0.0.0/8 or an address would be right") from None
    return tuple(given)


def _list(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Url: TypeAlias = Annotated[str, BeforeValidator(_url)]
Name: TypeAlias = Annotated[str, BeforeValidator(_name)]
Networks: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_networks)]


class Mail(Part):
    """A mail server, and between whom letters go."""

    host: str = Field(examples=["host: smtp.example.com"])
    port: int = Field(default=0, ge=0, le=LARGEST_PORT)
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = Field(alias="from", examples=["from: driftd@example.com"])
    to: Texts = Field(examples=["to: [ml-team@example.com]"])
    user: str = ""
    password_file: Folder | None = None


class Route(Part):
    """A receiver, and what it is told: events of these monitors that are at least so severe.

    Severities: `page` wakes somebody, `warning` goes to the team, `info` is the rest. Secrets stand in files. What is
    below `severity` waits for the digest; people are told together what comes within `group`.
    """

    NEEDS: ClassVar[str] = "webhook: https://..., alertmanager: [http://...], email: {...} or apprise_file: PATH"

    name: Name = Field(examples=["name: ops"])
    webhook: Url | None = None
    alertmanager: Annotated[tuple[str, ...], BeforeValidator(_urls)] = ()
    email: Mail | None = None
    apprise_file: Folder | None = None
    secret_file: Folder | None = None
    token_file: Folder | None = None
    allow: Networks = ()
    severity: Literal["info", "warning", "page"] = "warning"
    monitors: Texts = ("*",)
    events: Texts = ("incident.*", "action.*")
    resolved: bool = True
    group: Duration = timedelta(0)
    digest: Digest = "never"
    repeat: Interval | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_people_like_it(cls, given: Any) -> Any:
        """By letter and chat what comes together is told together, and quiet things daily; a pager brings no digest."""
        if not isinstance(given, dict) or not (given.get("email") or given.get("apprise_file")):
            return given
        return {"group": "30s", "digest": "never" if given.get("severity") == "page" else "daily", **given}

    @model_validator(mode="after")
    def _once_an_hour_at_least(self) -> "Route":
        if self.group > LONGEST_GROUP:
            raise ValueError("has a group of more than an hour; 30s would be right, and for a summary the digest")
        if self.alertmanager and (self.group or self.digest != "never" or self.repeat):
            raise ValueError("has a group, digest or repeat; an Alertmanager has its own, so none would be right")
        return self

    @model_validator(mode="after")
    def _one_receiver(self) -> "Route":
        given = [kind for kind in KINDS if getattr(self, kind)]
        if len(given) != 1:
            told = f"has {' and '.join(given)}" if given else "has no receiver"
            raise ValueError(f"{told}; one of {self.NEEDS} would be right")
        if self.secret_file is not None and self.webhook is None:
            raise ValueError("has a secret_file, by which webhooks are signed; it goes with webhook")
        if self.token_file is not None and not (self.webhook or self.alertmanager):
            raise ValueError("has a token_file, which goes with webhook or alertmanager")
        return self

    @property
    def kind(self) -> str:
        """What sort of receiver it is."""
        return next(kind for kind in KINDS if getattr(self, kind)).removesuffix("_file")


class PageCap(Part):
    """How many pages go out at most, of all monitors together; what is beyond is told as warning, and says so."""

    at_most: int = Field(default=3, ge=0)
    per: LongDuration = timedelta(days=1)


def _routes(value: Any) -> Any:
    routes = _list(value)
    if not isinstance(routes, tuple):
        raise ValueError("is not a list; [{name: ops, webhook: https://example.com/hook}] would be right")
    names = [one.get("name") for one in routes if isinstance(one, dict)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"has two routes named {twice!r}; names of their own would be right")
    return routes


Routes: TypeAlias = Annotated[tuple[Route, ...], BeforeValidator(_routes)]
