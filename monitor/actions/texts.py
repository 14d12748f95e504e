"""An event for people: a title, and lines of plain text."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from monitor.event import Event
from monitor.wording import number

MOST_LINES = 100
"""Of figures; the link leads to the rest."""
TITLE_CHARACTERS = 150
LISTS = {"events": "", "open": "Open, and nobody has acknowledged it:"}
"""What an event of several lists, with the line above it."""


def title(event: Event) -> str:
    """One line: whether it is over, how bad, which monitor, what."""
    state = "resolved" if event.status == "resolved" else event.severity
    return _cut(f"[{state}] {event.monitor}: {event.summary}", TITLE_CHARACTERS)


def plain(event: Event) -> str:
    """What moved, since when, how much, and where to go on; of several events, each of them."""
    parts = _several(event) if event.kind.startswith("events.") else _one(event)
    ends = {"link": event.link, "runbook": event.runbook, "event": f"{event.kind} {event.id}"}
    parts = [[event.summary], *parts, [f"{name}: {text}" for name, text in ends.items() if text]]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _one(event: Event) -> list[list[str]]:
    told = {
        "monitor": event.monitor,
        "about": event.subject,
        "state": f"{event.status}, {event.severity}",
        "since": _moment(event.since),
        "told": _moment(event.time),
        **event.labels,
    }
    about = [f"{name}: {text}" for name, text in told.items() if text]
    return [about, figures(event).splitlines()]


def _several(event: Event) -> list[list[str]]:
    """Its lists: a paragraph for each event."""
    found: list[list[str]] = []
    for name, above in LISTS.items():
        listed, more = event.data.get(name, ()), event.data.get(f"{name}_more", 0)
        found += [[above]] if listed and above else []
        found += [_paragraph(item) for item in listed]
        found += [[f"... and {more} more"]] if more else []
    return found


def _paragraph(item: Mapping[str, Any]) -> list[str]:
    state = "resolved" if item["status"] == "resolved" else item["severity"]
    since = _moment(datetime.fromisoformat(item["since"]))
    told = {"since": since, "link": item["link"], "runbook": item["runbook"]}
    figures = [f"  - {_figure(finding)}" for finding in item["findings"]]
    lines = [f"  {name}: {text}" for name, text in told.items() if text]
    return [f"[{state}] {item['monitor']}: {item['summary']}", *figures, *lines]


def figures(event: Event) -> str:
    """The data of an event, a line for each figure and for each thing in a list; empty where there is none."""
    found = [line for name, value in event.data.items() for line in _lines(name, value, "")]
    more = len(found) - MOST_LINES
    return "\n".join(found[:MOST_LINES] + ([f"... and {more} more lines"] if more > 0 else []))


def _lines(name: str, value: Any, indent: str) -> Iterator[str]:
    items = [value] if isinstance(value, Mapping) else value
    if not isinstance(items, list | tuple):
        yield f"{indent}{name}: {_figure(value)}"
        return
    yield f"{indent}{name}:"
    for item in items:
        yield f"{indent}  - {_figure(item)}"


def _figure(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_figure(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_figure, value))})"
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, float):
        return number(value)
    return " ".join(str(value).split())


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _moment(at: datetime) -> str:
    """To the minute.

    >>> _moment(datetime(2026, 1, 5, 7, 30))
    '2026-01-05 07:30 UTC'
    """
    return f"{at:%Y-%m-%d %H:%M} UTC"
