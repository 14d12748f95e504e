"""Requests that change something: off until a token is configured."""

from typing import Any, get_args

from starlette.responses import Response

from monitor.errors import MonitorError
from monitor.policy.plan import Kind
from monitor.web.api import API
from monitor.web.daemon import MarkRow
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
KINDS: tuple[str, ...] = get_args(Kind)
MOST_WHY = 1000
MARK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": list(KINDS)},
        "feature": {"type": ["string", "null"]},
        "why": {"type": "string", "maxLength": MOST_WHY},
    },
    "required": ["kind"],
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


def mark(asked: Asked) -> Response:
    """Say of what was found that it was expected, noise, or known."""
    view = asked.monitor()
    kind, feature, why = _mark(asked.body)
    by, resource = str(asked.asker), f"monitors/{view.name}"
    try:
        made = asked.daemon.mark(view.name, kind, feature, why, by)
    except MonitorError:
        asked.daemon.audit("mark", by, resource, "failed")
        raise
    asked.daemon.audit("mark", by, resource, kind if feature is None else f"{kind} {feature}")
    answer = success(made)
    answer.status_code = 201
    return answer


def _mark(body: Any) -> tuple[str, str | None, str]:
    found = body if isinstance(body, dict) else {}
    kind, feature, why = found.get("kind"), found.get("feature"), found.get("why", "")
    is_whole = set(found) <= set(MARK["properties"]) and isinstance(kind, str) and kind in KINDS
    if not is_whole or not isinstance(feature, str | None) or not isinstance(why, str) or len(why) > MOST_WHY:
        raise Refused(
            400,
            'the body is not what it should be; {"kind": "expected", "feature": "age", "why": "a new market"} would be '
            f"right, with a kind of {', '.join(KINDS)}; without a feature it is said of all that are open",
        )
    return str(kind), feature, why


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
    Route(
        path=f"{API}/monitors/{{monitor}}/marks",
        methods=("POST",),
        handler=mark,
        about="Say of what was found that it was expected, noise, or known.",
        access="write",
        parameters=(MONITOR,),
        takes=MARK,
        gives=schema(MarkRow),
        code=201,
        refuses=(400, 403, 404, 413, 415, 422),
    ),
)
