"""CloudEvents 1.0: an event as an HTTP message, its attributes in the body (structured) or in headers (binary).

By hand: it is a page, and the library would be one more to install. The tests read it with that library.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote

from monitor.document import to_document
from monitor.event import Event

Mode = Literal["structured", "binary"]
PREFIX = "io.driftd"
VERSION = 1
SCHEMA = f"urn:driftd:event:{VERSION}"
"""What `body` keeps to: monitor/schemas/event.schema.json."""
SAFE = "".join(sign for sign in map(chr, range(0x21, 0x7F)) if sign not in '"%')
"""What a header value has as it is; all else is percent-encoded UTF-8 (HTTP protocol binding, 3.1.3.2)."""


def message(event: Event, mode: Mode = "structured", place: str = "driftd") -> tuple[dict[str, str], bytes]:
    """Headers and body. The id and the source together are the same each time that this event is told."""
    attributes = _attributes(event, place)
    if mode == "binary":
        headers = {f"ce-{name}": quote(value, safe=SAFE) for name, value in attributes.items()}
        return {**headers, "content-type": "application/json"}, _bytes(body(event))
    document = {**attributes, "datacontenttype": "application/json", "data": body(event)}
    return {"content-type": "application/cloudevents+json; charset=utf-8"}, _bytes(document)


def body(event: Event) -> dict[str, Any]:
    """The event's data, which stands by itself: all that was told, save the event's own names."""
    told = to_document(event)
    order = ("monitor", "status", "severity", "subject", "summary", "since", "link", "runbook", "labels", "data")
    return {"version": VERSION, "kind": event.kind, **{name: told[name] for name in order}}


def _attributes(event: Event, place: str) -> dict[str, str]:
    """`place` tells several daemons apart; the version in the type is that of `body`."""
    found = {
        "specversion": "1.0",
        "id": event.id,
        "type": f"{PREFIX}.{event.kind}.v{VERSION}",
        "source": f"/{quote(place, safe='')}/monitors/{quote(event.monitor, safe='')}",
        "time": event.time.isoformat().replace("+00:00", "Z"),
        "dataschema": SCHEMA,
    }
    return {**found, "subject": event.subject} if event.subject else found


def _bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
