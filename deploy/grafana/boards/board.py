"""A whole dashboard: panels in their places, variables, annotations, links. Classic JSON, for Grafana 11 and later."""

from pathlib import Path
from typing import Any

from boards.panels import SOURCE, Panel
from boards.queries import now

HOME = (Path(__file__).resolve().parents[2] / "home.txt").read_text().strip()
"""Where the project is published: runbooks are there."""
RUNBOOKS = f"{HOME}/docs/runbooks"
TAGS = ["driftd", "model-monitoring"]
ASKED = "${__data.fields.monitor:percentencode}"
TO_MONITOR = [
    {
        "title": "Its dashboard", "targetBlank": False,
        "url": f"/d/driftd-monitor?var-monitor={ASKED}&var-datasource=${{datasource}}&${{__url_time_range}}",
    },
    {"title": "Its page at driftd", "url": f"${{driftd}}/monitors/{ASKED}", "targetBlank": True},
]  # fmt: skip


def runbook(field: str) -> list[Panel]:
    """The link of a cell to the runbook that a column names."""
    return [{"title": "What to do", "url": f"{RUNBOOKS}/${{__data.fields.{field}}}.md", "targetBlank": True}]


def placed(panels: list[Panel]) -> list[Panel]:
    """From left to right, a new line where one is full; ids in this order."""
    x = y = height = 0
    for identity, one in enumerate(panels, 1):
        place = one["gridPos"]
        if x + place["w"] > 24:
            x, y, height = 0, y + height, 0
        one["id"], place["x"], place["y"] = identity, x, y
        x, height = x + place["w"], max(height, place["h"])
    return panels


def variable(name: str, label: str, query: str, *, many: bool = True) -> Panel:
    """A variable: of many all are shown until some are picked; of one the first."""
    made = {
        "type": "query", "name": name, "label": label, "datasource": SOURCE, "refresh": 2, "sort": 1, "hide": 0,
        "query": {"query": query, "refId": name}, "definition": query, "includeAll": many, "multi": many, "options": [],
    }  # fmt: skip
    return made | ({"allValue": ".+", "current": {"text": ["All"], "value": ["$__all"]}} if many else {})


def annotation(name: str, colour: str, expr: str, title: str, text: str = "") -> Panel:
    """Marks on all panels that have a time axis: where the expression has a series, over as long as it has one. It
    looks five minutes back, whatever the picture's step is."""
    return {
        "name": name, "datasource": SOURCE, "enable": True, "hide": False, "iconColor": colour,
        "expr": now(expr), "step": "60s", "titleFormat": title, "textFormat": text,
        "tagKeys": "", "useValueForTime": False,
    }  # fmt: skip


def link(title: str, url: str, icon: str = "external link", tooltip: str = "") -> Panel:
    """An address above the panels."""
    return {
        "type": "link", "title": title, "url": url, "icon": icon, "tooltip": tooltip, "targetBlank": True, "tags": [],
        "asDropdown": False, "includeVars": False, "keepTime": False,
    }  # fmt: skip


OTHERS = {
    "type": "dashboards", "title": "driftd", "tags": ["driftd"], "url": "", "icon": "dashboard", "tooltip": "",
    "targetBlank": False, "asDropdown": False, "includeVars": True, "keepTime": True,
}  # fmt: skip
ADDRESS = "http://127.0.0.1:9465"
WEB = {
    "type": "textbox", "name": "driftd", "label": "driftd's pages", "query": ADDRESS, "hide": 0,
    "description": "Where your browser finds driftd (web.external_url): links lead there.",
    "current": {"text": ADDRESS, "value": ADDRESS}, "options": [{"text": ADDRESS, "value": ADDRESS, "selected": True}],
}  # fmt: skip


def board(uid: str, title: str, description: str, panels: list[Panel], *, variables: list[Panel] | None = None,
          annotations: list[Panel] | None = None, links: list[Panel] | None = None,
          time: str = "now-7d") -> dict[str, Any]:  # fmt: skip
    """All of it."""
    source = {
        "type": "datasource", "name": "datasource", "label": "Data Source", "query": "prometheus", "refresh": 1,
        "hide": 0, "includeAll": False, "multi": False, "options": [], "regex": "",
    }  # fmt: skip
    known = [
        source,
        variable("job", "Job", "label_values(driftd_build_info, job)"),
        variable("instance", "Instance", 'label_values(driftd_build_info{job=~"$job"}, instance)'),
        *(variables or []),
        WEB,
    ]
    pages = link("driftd's own pages", "${driftd}/", tooltip="Reports, incidents, baselines")
    runbooks = link("Runbooks", RUNBOOKS, "doc", "What to do about each alert")
    return {
        "uid": uid, "id": None, "title": title, "tags": TAGS, "description": description, "schemaVersion": 41,
        "version": 1, "editable": False, "timezone": "utc", "refresh": "1m", "graphTooltip": 1,
        "fiscalYearStartMonth": 0, "time": {"from": time, "to": "now"}, "timepicker": {}, "templating": {"list": known},
        "annotations": {"list": annotations or []}, "links": [OTHERS, *(links or []), pages, runbooks],
        "panels": placed(panels),
    }  # fmt: skip
