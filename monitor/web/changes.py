"""Requests that change something: off until a token is configured."""

from typing import Any

from starlette.responses import Response

from monitor.errors import MonitorError
from monitor.web.api import API
from monitor.web.envelope import Refused, success
from monitor.web.rows import Backfilled
from monitor.web.schemas import schema
from monitor.web.table import MONITOR, Asked, Route, moment

STRETCH = {
    "type": "object",
    "properties": {name: {"type": "string", "format": "date-time"} for name in ("start", "end")},
    "required": ["start", "end"],
    "additionalProperties": False,
}


def backfill(asked: Asked) -> Response:
    """Have the windows of a stretch judged again."""
    view = asked.monitor()
    texts = _texts(asked.body)
    start, end = moment(texts["start"], "start"), moment(texts["end"], "end")
    if end <= start:
        raise Refused(400, f"end {texts['end']!r} is not after start {texts['start']!r}")
    by, resource = str(asked.asker), f"monitors/{view.name}"
    try:
        count = asked.daemon.backfill(view.name, start, end, by)
    except MonitorError:
        asked.daemon.audit("backfill", by, resource, "failed")
        raise
    asked.daemon.audit("backfill", by, resource, "done")
    answer = success(Backfilled(monitor=view.name, start=start, end=end, windows=count))
    answer.status_code = 202
    return answer


def _texts(body: Any) -> dict[str, str]:
    if (
        not isinstance(body, dict)
        or set(body) != {"start", "end"}
        or not all(isinstance(v, str) for v in body.values())
    ):
        raise Refused(
            400, 'the body is not what it should be; {"start": "2026-01-01T00:00:00Z", "end": ...} would be right'
        )
    return body


ROUTES = (
    Route(
        path=f"{API}/monitors/{{monitor}}/backfill",
        methods=("POST",),
        handler=backfill,
        about="Have the windows of a stretch judged again, as new revisions.",
        access="write",
        parameters=(MONITOR,),
        takes=STRETCH,
        gives=schema(Backfilled),
        code=202,
        refuses=(400, 403, 404, 413, 415),
    ),
)
