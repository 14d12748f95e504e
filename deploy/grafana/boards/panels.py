"""The kinds of panels, as Grafana's classic model has them. Where there is no number, a panel is purple or empty."""

from typing import Any

from boards.queries import now
from boards.standing import BLUE, GREEN, RED, UNKNOWN, WORDS, YELLOW, mappings

Panel = dict[str, Any]
Steps = list[tuple[float | None, str]]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
ROWS = 25
"""So many bands are read at a time; later ones are on further pages."""
CELLS = 168
"""From left to right, an hour each in a week: more could not be told apart, and Prometheus would count long."""
PLAIN: Steps = [(None, BLUE)]
"""A number that is neither good nor bad."""


def up_to(*limits: float) -> Steps:
    """Green from 0 on, yellow between two limits, red from the last one on."""
    colours = [RED] if len(limits) == 1 else [YELLOW, RED]
    return [(None, UNKNOWN), (0, GREEN), *zip(limits, colours, strict=True)]


def at_least(*limits: float) -> Steps:
    """Red from 0 on, yellow between two limits, green from the last one on."""
    colours = [GREEN] if len(limits) == 1 else [YELLOW, GREEN]
    return [(None, UNKNOWN), (0, RED), *zip(limits, colours, strict=True)]


def target(expr: str, legend: str = "") -> Panel:
    """A query over the time of the picture."""
    return {
        "datasource": SOURCE, "expr": expr, "legendFormat": legend or "__auto", "instant": False, "range": True,
        "editorMode": "code",
    }  # fmt: skip


def target_now(expr: str, shape: str = "table") -> Panel:
    """A query of this moment."""
    return {
        "datasource": SOURCE, "expr": now(expr), "legendFormat": "__auto", "instant": True,
        "range": False, "format": shape, "editorMode": "code",
    }  # fmt: skip


def panel(kind: str, title: str, description: str, size: tuple[int, int], targets: list[Panel], *,
          unit: str = "short", options: Panel | None = None, steps: Steps = PLAIN,
          **defaults: Any) -> Panel:  # fmt: skip
    """A panel without its place."""
    colours = [{"value": value, "color": colour} for value, colour in steps]
    return {
        "type": kind, "title": title, "description": description, "datasource": SOURCE,
        "gridPos": {"w": size[0], "h": size[1]},
        "targets": [{"refId": chr(65 + place), **one} for place, one in enumerate(targets)],
        "fieldConfig": {
            "defaults": {"unit": unit, "noValue": "unknown", "thresholds": {"mode": "absolute", "steps": colours}}
            | defaults,
            "overrides": [],
        },
        "options": options or {},
    }  # fmt: skip


def number(title: str, description: str, expr: str, unit: str = "short", steps: Steps = PLAIN, *, w: int = 4,
           words: dict[int, tuple[str, str]] | None = None, **defaults: Any) -> Panel:  # fmt: skip
    """One number, or the word for it, in the colour of its threshold."""
    options = {
        "colorMode": "background" if words else "value", "graphMode": "none", "textMode": "value",
        "justifyMode": "auto", "orientation": "auto", "showPercentChange": False, "wideLayout": True,
        "percentChangeColorMode": "standard", "reduceOptions": {"calcs": ["last"], "fields": "", "values": False},
    }  # fmt: skip
    if words:
        defaults |= {"mappings": mappings(words)}
        steps = [(None, UNKNOWN)]
    return panel(
        "stat",
        title,
        description,
        (w, 4),
        [target_now(expr, "time_series")],
        unit=unit,
        options=options,
        steps=steps,
        **defaults,
    )


def lines(title: str, description: str, *queries: tuple[str, str], unit: str = "short", w: int = 8,
          limit: float | None = None, bars: bool = False) -> Panel:  # fmt: skip
    """Lines over time, or bars that add up; `limit` is drawn. A gap is a gap: nothing was known then."""
    options = {
        "legend": {"displayMode": "table", "placement": "bottom", "showLegend": True, "calcs": ["lastNotNull", "max"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    custom: Panel = {"lineInterpolation": "stepAfter", "fillOpacity": 8, "showPoints": "auto", "spanNulls": False}
    if bars:
        custom |= {"drawStyle": "bars", "fillOpacity": 70, "stacking": {"mode": "normal", "group": "A"}}
    if limit is not None:
        custom |= {"thresholdsStyle": {"mode": "dashed"}}
    made = panel(
        "timeseries", title, description, (w, 8), [target(expr, legend) for expr, legend in queries], unit=unit,
        options=options, steps=PLAIN if limit is None else [(None, BLUE), (limit, RED)],
        color={"mode": "palette-classic"}, custom=custom, min=0,
    )  # fmt: skip
    made["fieldConfig"]["overrides"] = [
        {
            "matcher": {"id": "byRegexp", "options": "/^limit/"},
            "properties": [
                {"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [8, 8]}},
                {"id": "custom.fillOpacity", "value": 0},
                {"id": "color", "value": {"mode": "fixed", "fixedColor": RED}},
            ],
        }
    ] if any(legend.startswith("limit") for _, legend in queries) else []  # fmt: skip
    return made


def states(title: str, description: str, expr: str, legend: str, *, h: int = 9,
           words: dict[int, tuple[str, str]] = WORDS) -> Panel:  # fmt: skip
    """A band for each series, in words and colours."""
    options = {
        "showValue": "auto", "mergeValues": True, "alignValue": "left", "rowHeight": 0.85, "perPage": ROWS,
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "single", "sort": "none"},
    }  # fmt: skip
    made = panel(
        "state-timeline", title, description, (24, h), [target(expr, legend)], unit="none", options=options,
        steps=[(None, UNKNOWN)], mappings=mappings(words),
        custom={"fillOpacity": 80, "lineWidth": 0, "spanNulls": False},
    )  # fmt: skip
    return made | {"maxDataPoints": 2 * CELLS}


def heat(title: str, description: str, expr: str, legend: str, *, most: float, h: int = 12) -> Panel:
    """A cell for each series and moment, from blue to red at `most`: no verdict, so nothing is green."""
    options = {
        "showValue": "never", "rowHeight": 0.9, "colWidth": 1.0, "perPage": ROWS,
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False, "calcs": []},
        "tooltip": {"mode": "single", "sort": "none"},
    }  # fmt: skip
    made = panel(
        "status-history", title, description, (24, h), [target(expr, legend)], unit="none", options=options,
        color={"mode": "continuous-BlYlRd"}, min=0, max=most, decimals=2, custom={"fillOpacity": 90, "lineWidth": 1},
    )  # fmt: skip
    return made | {"maxDataPoints": CELLS}


def table(title: str, description: str, keys: str, *columns: tuple[str, str, str, Panel], h: int = 9,
          w: int = 24, sort: str = "", links: dict[str, list[Panel]] | None = None) -> Panel:  # fmt: skip
    """A row for each value of the labels `keys`; columns are title, expression, unit, and what cells have besides."""
    names = {f"Value #{chr(65 + place)}": name for place, (name, *_) in enumerate(columns)}
    if len(columns) == 1:
        names = {"Value": columns[0][0]}
    targets = [target_now(expr) for _, expr, _, _ in columns]
    order_by = [{"displayName": sort, "desc": True}] if sort else []
    options = {"frameIndex": 0, "showHeader": True, "cellHeight": "sm", "sortBy": order_by}
    made = panel(
        "table", title, description, (w, h), targets, options=options, custom={"align": "auto", "inspect": False}
    )
    made["fieldConfig"]["overrides"] = [
        *(_cells(name, {"unit": unit, **cells}) for name, _, unit, cells in columns),
        *(_cells(name, {"links": found}) for name, found in (links or {}).items()),
    ]
    order = {name: place for place, name in enumerate([*keys.split(", "), *names])}
    made["transformations"] = [
        {"id": "merge", "options": {}},
        {"id": "organize", "options": {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": names}},
    ]
    return made


def _cells(name: str, properties: Panel) -> Panel:
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": key, "value": value} for key, value in properties.items()],
    }


COLOURED = {"custom.cellOptions": {"type": "color-background", "mode": "basic"}}
STANDS: Panel = {
    "mappings": mappings(WORDS), "thresholds": {"mode": "absolute", "steps": [{"value": None, "color": UNKNOWN}]},
    **COLOURED,
}  # fmt: skip
HIDDEN: Panel = {"custom.hidden": True}


def coloured(steps: Steps) -> Panel:
    """Cells in the colour of their threshold."""
    colours = [{"value": value, "color": colour} for value, colour in steps]
    return {"thresholds": {"mode": "absolute", "steps": colours}, **COLOURED}


def row(title: str) -> Panel:
    """A heading."""
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"w": 24, "h": 1}}
