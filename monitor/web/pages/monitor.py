"""The page of a monitor: features by windows, numbers over the same windows, and on the same axis what happened."""

from dataclasses import dataclass

from starlette.responses import Response

from monitor.finding import Finding, Status
from monitor.render import sentences
from monitor.web.history import History
from monitor.web.pages import charts, grid, lanes, layout, moments, places, standing
from monitor.web.table import MONITOR, Asked, Parameter, Route, moment

WINDOWS = 72
MOST_FEATURES, MOST_FOUND, MOST_LISTED = 60, 5, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A violated finding in words: what it is about and where that is told in full, what was seen, the number."""

    about: str
    place: str
    what: str
    measured: str
    limit: str
    severity: str


def monitor(asked: Asked) -> Response:
    """One monitor."""
    view = asked.monitor()
    now = asked.now
    until = moment(text, "until") if (text := asked.query.get("until", "")) else None
    history = asked.daemon.past.history(view.name, until, WINDOWS)
    words = asked.query.get("feature", "").casefold()
    over = grid.columns(history.windows)
    lines = [line for line in grid.lines(over, history.findings, view.weights) if words in line.feature.casefold()]
    happenings = [one for one in lanes.happened(over, history.happenings) if lanes.is_shown(over, one)]
    violated = [one for one in history.findings if one.status is Status.VIOLATED]
    return layout.page(
        asked,
        "monitor.html.j2",
        title=view.name,
        crumbs=(("Monitors", ""),),
        twin=f"{places.API}/monitors/{places.quoted(view.name)}",
        view=view,
        now=now,
        stands=standing.stands(view, now),
        answered="" if view.figures is None else standing.answered(view.figures),
        learning="" if view.figures is None else standing.learning(view.figures),
        found=[_found(view.name, one) for one in standing.gravest(violated)[:MOST_FOUND]],
        violated=len(violated),
        incidents=asked.daemon.people.incidents(view.name, True, MOST_FOUND, "").items,
        upcoming=asked.daemon.upcoming(view.name, 1),
        history=history,
        over=over,
        times=["" if one is None else moments.moment(one.start) for one in over],
        groups=grid.groups(over),
        heads=grid.heads(over),
        lines=lines[:MOST_FEATURES],
        feature_count=len(lines),
        asked_for=asked.query.get("feature", ""),
        charts=charts.charts(over, history.findings) if over else [],
        lanes=lanes.lanes(over, happenings),
        happenings=[(one, lanes.LANES[one.lane], lanes.place(one)) for one in happenings[:MOST_LISTED]],
        listed=list(reversed(history.windows))[:MOST_LISTED],
        links=_links(view.name, history),
    )


def _links(name: str, history: History) -> list[tuple[str, str]]:
    """Where windows before and after these are shown."""
    at = places.monitor(name)
    found = []
    if history.earlier is not None:
        found.append(("Earlier windows", places.queried(at, until=moments.iso(history.earlier))))
    if history.later is not None:
        found.append(("Later windows", places.queried(at, until=moments.iso(history.later))))
        found.append(("Newest windows", at))
    return found


def _found(name: str, finding: Finding) -> Found:
    return Found(
        about="whole window" if finding.feature is None else finding.feature,
        place=places.about(name, finding.rule, finding.feature),
        what=sentences.what(finding) or finding.rule,
        measured=sentences.measured(finding),
        limit=sentences.limit(finding),
        severity=finding.severity,
    )


ROUTES = (
    Route(
        path="/monitors/{monitor}", handler=monitor, about="One monitor.", media=("text/html",), refuses=(404,),
        parameters=(
            MONITOR, Parameter(name="until", about="The last window ends by then; by default the newest."),
            Parameter(name="feature", about="A part of the names of features."),
        ),
    ),
)  # fmt: skip
