"""The page at `/`: where things are, and how each monitor stands."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from monitor import __version__
from monitor.metrics.view import MonitorView
from monitor.web.rows import MonitorRow, row
from monitor.web.table import Asked, Route

LINKS = (
    ("metrics", "metrics, for Prometheus"),
    ("api/v1/monitors", "monitors"),
    ("api/v1/runs", "runs"),
    ("api/v1/violations", "violations"),
    ("api/v1/status/config", "configuration"),
    ("api/v1/openapi.json", "the API, as OpenAPI"),
    ("-/healthy", "health"),
    ("-/ready", "readiness"),
)
MOST_MONITORS = 1000
COLUMNS = ("monitor", "status", "drifted", "last window", "next run")
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>driftd</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{style}</style></head>
<body><h1>driftd <small>{version}</small></h1>
<ul>{links}</ul>
<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody></table></body></html>
"""
STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:60rem}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #8884}"
    "caption{text-align:left;padding:.2rem .8rem}"
)


def landing(asked: Asked) -> Response:
    """Links are relative, so that a prefix or a proxy makes no difference."""
    views = asked.daemon.snapshot().monitors
    count = len(views)
    page = PAGE.format(
        style=STYLE,
        version=escape(__version__),
        links="".join(f'<li><a href="{path}">{text}</a></li>' for path, text in LINKS),
        caption=f"{count} monitor{'' if count == 1 else 's'}",
        heads="".join(f"<th>{name}</th>" for name in COLUMNS),
        rows=_rows(views[:MOST_MONITORS]),
    )
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


def _rows(views: Iterable[MonitorView]) -> str:
    return "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(row(view)))}</tr>" for view in views)


def _cells(one: MonitorRow) -> tuple[str, ...]:
    link = f'<a href="api/v1/monitors/{quote(one.name, safe="")}">{escape(one.name)}</a>'
    status = one.status.upper() or ("no run yet" if one.enabled else "paused")
    if one.trouble:
        status = f"no verdict: {one.trouble}"
    drifted = "" if one.drifted is None else f"{one.drifted} of {one.features}"
    return link, escape(status), drifted, _report(one), _time(one.next_run)


def _report(one: MonitorRow) -> str:
    """The end of the last window, leading to its report."""
    if one.window_start is None or one.window_end is None:
        return ""
    stretch = f"{one.window_start:%Y%m%dT%H%M%SZ}_{one.window_end:%Y%m%dT%H%M%SZ}"
    path = f"api/v1/monitors/{quote(one.name, safe='')}/reports/{stretch}/report.html"
    return f'<a href="{path}">{_time(one.window_end)}</a>'


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


ROUTES = (Route(path="/", handler=landing, access="open", about="Links, and every monitor.", media=("text/html",)),)
