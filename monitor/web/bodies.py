"""Bodies of requests that are texts by name: what they must hold, and what of it is wrong."""

from collections.abc import Mapping
from typing import Any

from monitor.web.envelope import Refused

MOST = 1000
"""Characters of a text."""
TIME: Mapping[str, Any] = {"type": "string", "format": "date-time"}
TEXT: Mapping[str, Any] = {"type": "string", "maxLength": MOST}


def form(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The schema of a body with these texts."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": [*required],
        "additionalProperties": False,
    }


def texts(body: Any, takes: Mapping[str, Any], right: str) -> dict[str, str]:
    """What a body says; `right` is one that would be right. Raises Refused where it is not of this form.

    A text that is null is one that is not given.
    """
    found = {name: text for name, text in body.items() if text is not None} if isinstance(body, dict) else {}
    known, needed = takes["properties"], takes["required"]
    wrong = not isinstance(body, dict) or not set(needed) <= set(found) <= set(known)
    if wrong or not all(isinstance(text, str) and len(text) <= MOST for text in found.values()):
        raise Refused(400, f"the body is not what it should be; {right} would be right")
    for name, text in found.items():
        if text not in known[name].get("enum", [text]):
            raise Refused(400, f"{name} {text[:40]!r}: one of {', '.join(known[name]['enum'])} would be right")
    return found
