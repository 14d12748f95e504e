"""Requests that change something: off until a token is configured."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

from starlette.responses import Response

from monitor.errors import MonitorError
from monitor.policy.plan import Kind
from monitor.web.api import API
from monitor.web.daemon import MarkRow
from monitor.web.envelope import Refused, success
from monitor.web.rows import Backfilled
from monitor.web.schemas import schema
from monitor.web.table import MONITOR, Asked, Route, moment

T = TypeVar("T")
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


def changed(asked: Asked, event: str, resource: str, change: Callable[[str], T], outcome: str = "done") -> T:
    """What a change comes to, made in the name of who asks; the audit log hears of it, and of one that failed."""
    by = str(asked.asker)
    try:
        made = change(by)
    except MonitorError:
        asked.daemon.audit(event, by, resource, "failed")
        raise
    asked.daemon.audit(event, by, resource, outcome)
    return made


def backfill(asked: Asked) -> Response:
    """Have the windows of a stretch judged again."""
    view = asked.monitor()
    texts = _texts(asked.body)
    start, end = moment(texts["start"], "start"), moment(texts["end"], "end")
    if end <= start:
        raise Refused(400, f"end {texts['end']!r} is not after start {texts['start']!r}")
    name = view.name
    count = changed(asked, "backfill", f"monitors/{name}", lambda by: asked.daemon.backfill(name, start, end, by))
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
    name, outcome = view.name, kind if feature is None else f"{kind} {feature}"
    made = changed(
        asked, "mark", f"monitors/{name}", lambda by: asked.daemon.mark(name, kind, feature, why, by), outcome
    )
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
