"""Incidents, occasions and dead letters for a terminal, from the documents that the API gives."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.render.untrusted import shown

FEW, LONGEST, NAME = 3, 300, 40
GAP = "  "
Document = Mapping[str, Any]


def incidents(rows: Sequence[Document]) -> str:
    """A line for each and why under it; the newest first."""
    head = ("incident", "state", "severity", "cause", "since", "owner", "features")
    cells = [
        (
            row["id"],
            _state(row),
            row["severity"],
            row["cause"],
            _at(row["since"]),
            shown(row["owner"], NAME) or "-",
            _features(row),
        )
        for row in rows
    ]
    first, *lines = _columns([head, *cells])
    whys = (f"    {shown(row['why'], LONGEST)}" for row in rows)
    return _text([first, *(each for pair in zip(lines, whys, strict=True) for each in pair)])


def incident(page: Document) -> str:
    """All that somebody with ten minutes needs."""
    row = page["incident"]
    lines = [f"{row['id']}: {_state(row)}, {row['severity']}, {row['cause']}: {shown(row['why'], LONGEST)}"]
    lines += [f"  {line}" for line in _life(page)]
    own = [part for part in page["parts"] if not part["explained_by"]]
    explained = [part for part in page["parts"] if part["explained_by"]]
    sections: Mapping[str, list[tuple[str, ...]]] = {
        "What fires": [_part(part) for part in own],
        "What that explains": [(*_part(part), f"by {shown(part['explained_by'], NAME)}") for part in explained],
        "Told": [_told(one) for one in page["told"]],
        "What else was going on": [_occasion(one) for one in page["occasions"]],
        "Alarms": [(one["name"], one["state"], f"since {_at(one['since'])}") for one in page["alarms"]],
    }
    for title, rows in sections.items():
        if rows:
            lines += ["", title, *(f"  {line}" for line in _columns(rows))]
    return _text(lines)


def occasions(rows: Sequence[Document]) -> str:
    """A line for each."""
    head = ("kind", "start", "end", "monitor", "why", "who", "id")
    return _text(_columns([head, *(_occasion(row) for row in rows)]))


def letters(rows: Sequence[Document]) -> str:
    """A line for each."""
    head = ("receiver", "event", "monitor", "made", "dead since", "why")
    cells = [
        (row["receiver"], row["kind"], row["monitor"], _at(row["made"]), _at(row["since"]), shown(row["why"], LONGEST))
        for row in rows
    ]
    return _text(_columns([head, *cells]))


def _life(page: Document) -> Iterator[str]:
    row = page["incident"]
    for one in page["evidence"]:
        yield shown(one, LONGEST)
    yield f"features: {_features(row)}"
    over = f", over since {_at(row['resolved'])}" if row["resolved"] else f", looked at to {_at(page['looked'])}"
    yield f"since {_at(row['since'])}, fired last to {_at(row['until'])}{over}"
    yield f"owner: {shown(row['owner'], NAME) or '-'}; first told: {_at(page['notified'])}"
    if (said := page["acknowledged"]) is not None:
        yield f"acknowledged as {said['verdict']} {_by(said)}"
    if (mute := page["mute"]) is not None:
        yield f"muted until {_at(mute['until'])} {_by(mute)}"


def _by(word: Document) -> str:
    why = f": {shown(word['why'], LONGEST)}" if word["why"] else ""
    return f"by {shown(word['who'], NAME)} at {_at(word['at'])}{why}"


def _state(row: Document) -> str:
    """With what somebody called it."""
    return f"{row['state']} ({row['verdict']})" if row["verdict"] else str(row["state"])


def _features(row: Document) -> str:
    names = [shown(name, NAME) for name in row["features"][:FEW]]
    more = row["feature_count"] - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "") or "-"


def _part(part: Document) -> tuple[str, ...]:
    about = shown(part["feature"], NAME) if part["feature"] is not None else "the window"
    stands = f"since {_at(part['since'])}" if part["fires"] else f"until {_at(part['until'])}"
    return part["rung"], shown(part["rule"], NAME), about, part["severity"], stands, shown(part["why"], LONGEST)


def _told(one: Document) -> tuple[str, ...]:
    where = f"{one['receiver']}: {one['state']}" if one["receiver"] else "to nobody"
    return _at(one["at"]), one["kind"], one["severity"], where, shown(one["why"], LONGEST)


def _occasion(one: Document) -> tuple[str, ...]:
    return (
        one["kind"],
        _at(one["start"]),
        _at(one["end"]),
        one["monitor"] or "all",
        shown(one["why"], LONGEST) or "-",
        shown(one["who"], NAME),
        one["id"],
    )


def _at(text: str | None) -> str:
    """To the second.

    >>> _at("2026-03-02T10:00:00.123456Z"), _at("2026-03-02T10:00:00Z"), _at(None)
    ('2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z', '-')
    """
    return "-" if text is None else f"{text[:19]}Z"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Cells below each other, as wide as the widest.

    >>> _columns([("a", "b"), ("long", "c")])
    ['a     b', 'long  c']
    """
    widths = [max(len(cell) for cell in cells) for cells in zip(*rows, strict=True)]
    return [GAP.join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
