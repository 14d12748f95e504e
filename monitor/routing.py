"""Routing: how urgently something is told, unless somebody configured it otherwise; and how many pages at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from monitor.ladder import Firing, Rung
from monitor.wording import counted, span


class Route(StrEnum):
    """Wakes somebody, goes to the team, or waits for the next summary."""

    DIGEST = "digest"
    NOTIFY = "notify"
    PAGE = "page"

    @property
    def urgency(self) -> int:
        """0 is the least urgent. (Routes are texts: `<` would go by the alphabet.)"""
        return tuple(Route).index(self)


PAGED: Final = (Rung.FRESHNESS, Rung.QUALITY)


def route_of(firings: Iterable[Firing]) -> Route:
    """The most urgent of the firings' own; the digest without any.

    A page: what somebody gave that severity; captures that stopped, a model that does worse, anything of its
    outputs. To the team: other broken data, and what somebody configured an alarm for. To the digest: inputs that
    moved, and what has severity info. So inputs that moved while quality, measured or estimated, moves with them
    are a page, because quality is.
    """
    return max((_route(firing) for firing in firings), key=lambda route: route.urgency, default=Route.DIGEST)


def _route(firing: Firing) -> Route:
    if firing.severity == "info":
        return Route.DIGEST
    if firing.severity == "page" or firing.rung in PAGED or firing.is_output:
        return Route.PAGE
    return Route.DIGEST if firing.rung is Rung.DRIFT and not firing.is_asked else Route.NOTIFY


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most so many pages in any stretch of this length, of all monitors together; 0: none at all."""

    most: int = 3
    per: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        if self.most < 0:
            raise ValueError(f"page cap of {self.most} pages: 0 or more would be right")
        if self.per <= timedelta(0):
            raise ValueError(f"page cap per {self.per}: a stretch of time above 0 would be right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Where something goes, and why it does not go where it would have."""

    route: Route
    why: str = ""


def capped(route: Route, cap: Cap, pages: Iterable[datetime], at: datetime) -> Routed:
    """A page that is one too many wakes nobody: it goes to the team, and says so. `pages` went out before."""
    if route is not Route.PAGE:
        return Routed(route=route)
    before = sum(at - cap.per < page <= at for page in pages)
    if before < cap.most:
        return Routed(route=route)
    why = f"not paged: {counted(before, 'page')} went out within {span(cap.per)}, and the cap is {cap.most}"
    return Routed(route=Route.NOTIFY, why=why)
