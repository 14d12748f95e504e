"""The first page: every monitor in a row, what needs a look first. Who may not read sees what metrics tell anyone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from monitor.metrics.view import MonitorView
from monitor.web.history import Lately
from monitor.web.pages import layout, places, standing
from monitor.web.pages.sparks import Spark, spark
from monitor.web.pages.standing import Stands, stands
from monitor.web.people import IncidentRow
from monitor.web.table import Asked, Parameter, Route

WINDOWS = 48
MOST_ROWS, MOST_INCIDENTS = 200, 500
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A monitor in a line."""

    view: MonitorView
    stands: Stands
    words: str = ""
    spark: Spark | None = None
    incident: IncidentRow | None = None


STATES: Mapping[str, tuple[str, Callable[[Row], bool]]] = {
    "": ("all", lambda _: True),
    "look": ("needs a look", lambda row: _needs_a_look(row)),
    "violated": ("violated", lambda row: row.stands.kind == "violated"),
    "failed": ("failed or no verdict", lambda row: row.stands.kind == "failed"),
    "unknown": ("unknown", lambda row: row.stands.kind == "unknown"),
    "ok": ("ok", lambda row: row.stands.kind == "ok"),
    "late": ("late", lambda row: row.stands.is_late),
    "incident": ("with an open incident", lambda row: row.incident is not None),
    "paused": ("paused", lambda row: row.stands.kind == "paused"),
}
ORDERS: Mapping[str, tuple[str, Callable[[Row], Any]]] = {
    "": ("what needs a look first", lambda row: _urgency(row)),
    "name": ("name", lambda _: ()),
    "oldest": ("oldest window first", lambda row: row.view.window_end or FIRST),
    "drifted": ("most drifted first", lambda row: -_share(row.view)),
    "next": ("next run", lambda row: row.view.next_run or LAST),
}


def overview(asked: Asked) -> Response:
    """All monitors, or those that were asked for."""
    views, now = asked.daemon.snapshot().monitors, asked.now
    incidents = _incidents(asked) if views else {}
    text, state, order = (asked.query.get(name, "") for name in ("text", "state", "sort"))
    rows = [Row(view=one, stands=stands(one, now), incident=incidents.get(one.name)) for one in views]
    known = STATES.get(state, STATES[""])[1]
    chosen = [row for row in rows if known(row) and _has(row.view, text)]
    chosen.sort(key=lambda row: (ORDERS.get(order, ORDERS[""])[1](row), row.view.name))
    number = _number(asked, len(chosen))
    shown = chosen[number * MOST_ROWS : (number + 1) * MOST_ROWS]
    return layout.page(
        asked,
        "overview.html.j2",
        title="Monitors",
        twin="api/v1/monitors",
        rows=_full(asked, shown),
        now=now,
        asked_for={"text": text, "state": state, "sort": order},
        states=[(name, told) for name, (told, _) in STATES.items()],
        orders=[(name, told) for name, (told, _) in ORDERS.items()],
        tally=_tally(rows),
        count=len(chosen),
        every=len(rows),
        first=number * MOST_ROWS,
        pages=[
            places.queried("", text=text, state=state, sort=order, page=one or None) or "?"
            for one in range((len(chosen) - 1) // MOST_ROWS + 1)
        ],
        number=number,
        windows=WINDOWS,
        here_again=places.queried("", text=text, state=state, sort=order, page=number or None) or "?",
    )


def _number(asked: Asked, count: int) -> int:
    text = asked.query.get("page", "0")
    return min(int(text[:6]) if text.isdecimal() else 0, max(count - 1, 0) // MOST_ROWS)


def _incidents(asked: Asked) -> dict[str, IncidentRow]:
    """The gravest open incident of each monitor; of those alike the oldest."""
    if not asked.reads:
        return {}
    found: dict[str, IncidentRow] = {}
    for one in asked.daemon.people.incidents(None, True, MOST_INCIDENTS, "").items:
        other = found.get(one.monitor)
        if other is None or (one.severity == "page") >= (other.severity == "page"):
            found[one.monitor] = one
    return found


def _full(asked: Asked, rows: Sequence[Row]) -> list[Row]:
    """With what the store has of the last windows, where that may be read."""
    names = [row.view.name for row in rows]
    lately = asked.daemon.past.lately(names, WINDOWS) if names and asked.reads else {}
    full = []
    for row in rows:
        found = lately.get(row.view.name, Lately())
        drawn = spark(found.verdicts) if found.verdicts else None
        words = standing.quiet(row.view)
        if asked.reads:
            words = standing.summary(row.view, found.violated, row.incident, asked.now)
        full.append(Row(view=row.view, stands=row.stands, incident=row.incident, words=words, spark=drawn))
    return full


def _has(view: MonitorView, text: str) -> bool:
    """Whether every word stands somewhere in its name, model or labels."""
    known = " ".join((view.name, view.model, view.model_version, view.baseline, *view.labels.values())).casefold()
    return all(word in known for word in text.casefold().split())


def _needs_a_look(row: Row) -> bool:
    return row.stands.rank <= standing.RANKS["violated"] or row.stands.is_late or row.incident is not None


def _urgency(row: Row) -> tuple[bool, int, bool, float]:
    is_page = row.incident is not None and row.incident.severity == "page"
    rank = row.stands.rank if row.incident is None else min(row.stands.rank, standing.RANKS["violated"])
    return not is_page, rank, not row.stands.is_late, -_share(row.view)


def _share(view: MonitorView) -> float:
    figures = view.figures
    return len(figures.drifted) / figures.features if figures is not None and figures.features else 0.0


def _tally(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """How many there are of each state, with its filter and what it is called, in the order of the states."""
    counts = {name: sum(holds(row) for row in rows) for name, (_, holds) in STATES.items() if name}
    return [(name, STATES[name][0], many) for name, many in counts.items() if many and name != "look"]


ASKED = (
    Parameter(name="text", about="Words in the name, model or labels."),
    Parameter(name="state", about="Which ones."),
    Parameter(name="sort", about="In which order."),
    Parameter(name="page", about="Which of several pages."),
)
ROUTES = (
    Route(
        path="/", handler=overview, access="open", about="Every monitor.", parameters=ASKED, media=("text/html",)
    ),
)  # fmt: skip
