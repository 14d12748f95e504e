"""What a route is. Of the list of them both the routes and the OpenAPI document are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response

from monitor.errors import MonitorError
from monitor.metrics.view import MonitorView
from monitor.web.asking import Asker
from monitor.web.daemon import Daemon
from monitor.web.envelope import Refused
from monitor.web.options import WebOptions

Access = Literal["open", "read", "known", "write", "admin", "lifecycle"]
MOST_ROWS, FEW_ROWS = 500, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: of whom, by whom, for what. `body` is what its JSON says, or the fields of its form.

    `route` is the path of its route; `root` leads from there to where all paths begin. `reads` is whether who asks may
    read all there is, `is_knowable` whether there is anybody to sign in as.
    """

    daemon: Daemon
    options: WebOptions
    asker: Asker
    headers: Headers
    path: Mapping[str, str]
    query: QueryParams
    body: Any = None
    route: str = "/"
    reads: bool = False
    is_knowable: bool = False

    @property
    def root(self) -> str:
        """What a relative link begins with."""
        return "../" * (self.route.count("/") - 1) or "./"

    @property
    def now(self) -> datetime:
        """The daemon's own time."""
        return self.daemon.snapshot().taken_at or datetime.min.replace(tzinfo=UTC)

    def monitor(self) -> MonitorView:
        """The monitor that the path names."""
        return self.known(self.path["monitor"])

    def known(self, name: str) -> MonitorView:
        """The monitor of a name."""
        for view in self.daemon.snapshot().monitors:
            if view.name == name:
                return view
        raise Refused(404, f"monitor {name!r}: there is none of this name; /api/v1/monitors lists them")

    def rows(self) -> tuple[int, str]:
        """How many rows, and from where on."""
        text = self.query.get("limit", str(FEW_ROWS))
        if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_ROWS:
            raise Refused(400, f"limit {text[:20]!r}: 1 to {MOST_ROWS} would be right")
        return int(text), self.query.get("cursor", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of the path or the query."""

    name: str
    about: str
    place: Literal["path", "query"] = "query"
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`gives` is the schema of the data in the envelope, or None where `media` are no JSON. `refuses` are its errors.

    `takes` is the schema of the body, `takes_form` says that it is a form of one of our pages. The handler is called in
    a thread.
    """

    path: str
    methods: tuple[str, ...] = ("GET",)
    handler: Callable[[Asked], Response]
    about: str
    access: Access = "read"
    parameters: tuple[Parameter, ...] = ()
    takes: Mapping[str, Any] | None = None
    takes_form: bool = False
    gives: Mapping[str, Any] | None = None
    media: tuple[str, ...] = ("text/plain",)
    code: int = 200
    refuses: tuple[int, ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether people look at what it answers, and at why it does not."""
        return self.media == ("text/html",)


MONITOR = Parameter(name="monitor", about="The name of a monitor.", place="path")
LIMIT = Parameter(
    name="limit",
    about="How many rows at most.",
    schema={"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": FEW_ROWS},
)
CURSOR = Parameter(name="cursor", about="The `cursor` of the page before; without it, the first page.")


def moment(text: str, name: str) -> datetime:
    """A time in UTC, as ISO 8601 has it with or without signs between."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Refused(400, f"{name} {text[:40]!r}: not a time with its zone; 2026-01-01T00:00:00Z would be right")
    return at.astimezone(UTC)


def told(error: MonitorError) -> Refused:
    """What the daemon says of a request that it cannot meet."""
    return Refused(422, str(error))
