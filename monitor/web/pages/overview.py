"""The first page: every monitor in a row, what needs a look first."""

from starlette.responses import Response

from monitor.web.pages import layout
from monitor.web.table import Asked, Route


def overview(asked: Asked) -> Response:
    """All monitors."""
    views = asked.daemon.snapshot().monitors
    return layout.page(asked, "overview.html.j2", title="Monitors", twin="api/v1/monitors", views=views)


ROUTES = (Route(path="/", handler=overview, access="open", about="Every monitor.", media=("text/html",)),)
