"""Baselines: what each monitor is held against; of one its versions, what two of them differ in, which is current."""

from starlette.responses import Response

from monitor.web import shelves
from monitor.web.api import ONE
from monitor.web.details import Difference
from monitor.web.pages import layout, places
from monitor.web.table import Asked, Route


def baselines(asked: Asked) -> Response:
    """Of all monitors, or the versions of one."""
    name = asked.query.get("monitor")
    return _every(asked) if not name else _versions(asked, asked.known(name).name)


def _every(asked: Asked) -> Response:
    return layout.page(
        asked, "baselines.html.j2", title="Baselines", twin=f"{places.API}/baselines", rows=asked.daemon.baselines()
    )


def _versions(asked: Asked, name: str) -> Response:
    shelf = asked.daemon.details.shelf(name)
    used = next((one.version for one in asked.daemon.baselines() if one.monitor == name), "")
    return layout.page(
        asked,
        "versions.html.j2",
        title=f"Baseline of {name}",
        crumbs=[("Baselines", "baselines"), (name, places.monitor(name))],
        twin=f"{places.API}/{places.monitor(name)}/baselines",
        monitor=name,
        shelf=shelf,
        used=used,
        difference=_difference(asked, name),
        has_tokens=bool(asked.options.tokens),
    )


def _difference(asked: Asked, name: str) -> Difference | None:
    """Between the two versions that the query names, if it does."""
    if not (asked.query.get("first") and asked.query.get("second")):
        return None
    return shelves.compared(asked, name)


ROUTES = (
    Route(
        path="/baselines", handler=baselines, about="What monitors are held against.",
        parameters=(ONE, shelves.FIRST, shelves.SECOND), media=("text/html",), refuses=(404, 422),
    ),
)  # fmt: skip
