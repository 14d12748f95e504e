"""`/api/v1`: what can be read."""

import platform
from typing import Any

from starlette.responses import Response

from monitor import __version__
from monitor.web.daemon import BaselineRow, PolicyPage, RunRow, ViolationRow, WindowRow
from monitor.web.envelope import success
from monitor.web.paging import Page
from monitor.web.rows import MonitorPage, MonitorRow, row
from monitor.web.schemas import listed, schema
from monitor.web.table import CURSOR, LIMIT, MONITOR, Asked, Parameter, Route

API = "/api/v1"
NEXT = 3
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}


def paged(page: Page[Any], asked: Asked) -> Response:
    """Rows, and where the next ones begin."""
    return success({"items": list(page.items), "cursor": page.cursor}, asked.headers)


def config(asked: Asked) -> Response:
    """The configuration in effect, without secrets."""
    return success({"yaml": asked.daemon.config_text()}, asked.headers)


def buildinfo(asked: Asked) -> Response:
    """What is running."""
    return success({"version": __version__, "python_version": platform.python_version()}, asked.headers)


def runtimeinfo(asked: Asked) -> Response:
    """How it has been running."""
    return success(dict(asked.daemon.runtime()), asked.headers)


def flags(asked: Asked) -> Response:
    """Options of the command line."""
    return success(dict(asked.daemon.flags()), asked.headers)


def monitors(asked: Asked) -> Response:
    """All monitors, from a name on: the name is the cursor."""
    limit, cursor = asked.rows()
    views = sorted(asked.daemon.snapshot().monitors, key=lambda view: view.name)
    rest = [view for view in views if view.name >= cursor]
    shown = tuple(row(view) for view in rest[:limit])
    return paged(Page(items=shown, cursor=rest[limit].name if len(rest) > limit else ""), asked)


def monitor(asked: Asked) -> Response:
    """One monitor in full."""
    view = asked.monitor()
    status = view.figures.status if view.figures is not None else ""
    upcoming = asked.daemon.upcoming(view.name, NEXT)
    return success(MonitorPage(monitor=view, status=status, upcoming=upcoming), asked.headers)


def windows(asked: Asked) -> Response:
    """The windows of a monitor."""
    return paged(asked.daemon.windows(asked.monitor().name, *asked.rows()), asked)


def runs_of_monitor(asked: Asked) -> Response:
    """The runs of a monitor."""
    return paged(asked.daemon.runs(asked.monitor().name, *asked.rows()), asked)


def runs(asked: Asked) -> Response:
    """The runs of all monitors."""
    return paged(asked.daemon.runs(named(asked), *asked.rows()), asked)


def violations(asked: Asked) -> Response:
    """Violations of one monitor or all."""
    return paged(asked.daemon.violations(named(asked), *asked.rows()), asked)


def named(asked: Asked) -> str | None:
    """The monitor that is asked for, None for all."""
    name = asked.query.get("monitor")
    return None if name is None else asked.known(name).name


def policy(asked: Asked) -> Response:
    """How the policy of a monitor stands."""
    return success(asked.daemon.policy(asked.monitor().name), asked.headers)


def baselines(asked: Asked) -> Response:
    """The baseline of each monitor."""
    return success({"items": list(asked.daemon.baselines()), "cursor": ""}, asked.headers)


ONE = Parameter(name="monitor", about="Only those of this monitor.")
PAGED = (LIMIT, CURSOR)
PART_OF = {"type": "object", "properties": {"yaml": {"type": "string"}}, "required": ["yaml"]}

ROUTES = (
    Route(path=f"{API}/status/config", handler=config, about="The effective configuration.", gives=PART_OF),
    Route(path=f"{API}/status/buildinfo", handler=buildinfo, about="What is running.", gives=TEXTS),
    Route(path=f"{API}/status/runtimeinfo", handler=runtimeinfo, about="Its state.", gives={"type": "object"}),
    Route(path=f"{API}/status/flags", handler=flags, about="Options of the command line.", gives=TEXTS),
    Route(
        path=f"{API}/monitors", handler=monitors, about="All monitors, by name.", parameters=PAGED,
        gives=listed(schema(MonitorRow)), refuses=(400,),
    ),
    Route(
        path=f"{API}/monitors/{{monitor}}", handler=monitor, about="A monitor, its last window, its next three.",
        parameters=(MONITOR,), gives=schema(MonitorPage), refuses=(404,),
    ),
    Route(
        path=f"{API}/monitors/{{monitor}}/windows", handler=windows, about="Its windows, newest first.",
        parameters=(MONITOR, *PAGED), gives=listed(schema(WindowRow)), refuses=(400, 404),
    ),
    Route(
        path=f"{API}/monitors/{{monitor}}/runs", handler=runs_of_monitor, about="Its runs, newest first.",
        parameters=(MONITOR, *PAGED), gives=listed(schema(RunRow)), refuses=(400, 404),
    ),
    Route(
        path=f"{API}/monitors/{{monitor}}/policy", handler=policy, about="What it has learned, and what is open.",
        parameters=(MONITOR,), gives=schema(PolicyPage), refuses=(404, 422),
    ),
    Route(
        path=f"{API}/runs", handler=runs, about="Runs, newest first.", parameters=(ONE, *PAGED),
        gives=listed(schema(RunRow)), refuses=(400, 404),
    ),
    Route(
        path=f"{API}/violations", handler=violations, about="Violations, newest first.", parameters=(ONE, *PAGED),
        gives=listed(schema(ViolationRow)), refuses=(400, 404),
    ),
    Route(
        path=f"{API}/baselines", handler=baselines, about="The baseline of each monitor.",
        gives=listed(schema(BaselineRow)),
    ),
)  # fmt: skip
