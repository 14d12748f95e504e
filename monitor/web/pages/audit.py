"""Who did what, when: as the store has it."""

from starlette.responses import Response

from monitor.web.pages import layout, places
from monitor.web.table import CURSOR, LIMIT, Asked, Route


def audit(asked: Asked) -> Response:
    """What people did, and driftd in their name, the latest first."""
    limit, cursor = asked.rows()
    found = asked.daemon.details.audit(limit, cursor)
    known = {view.name for view in asked.daemon.snapshot().monitors}
    return layout.page(
        asked,
        "audit.html.j2",
        title="Audit",
        twin=f"{places.API}/audit",
        rows=found.items,
        known=known,
        following=places.queried("audit", limit=limit, cursor=found.cursor) if found.cursor else "",
        newest="audit" if cursor else "",
    )


ROUTES = (
    Route(
        path="/audit", handler=audit, about="Who did what, the latest first.", parameters=(LIMIT, CURSOR),
        media=("text/html",), refuses=(400, 422),
    ),
)  # fmt: skip
