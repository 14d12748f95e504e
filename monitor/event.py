"""Event: something to tell people and programs: what, about what, since when, and whether it still holds."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

Severity = Literal["info", "warning", "page"]
Standing = Literal["firing", "resolved"]
SEVERITIES: tuple[str, ...] = get_args(Severity)
"""From the least to the worst."""
STANDINGS: tuple[str, ...] = get_args(Standing)
ID = re.compile(r"[A-Za-z0-9_:-]{1,128}")
KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
LONGEST = 1000
"""Characters of one line."""
DEEPEST = 8
"""Mappings and lists of `data` inside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is told. `id` is the same each time that it is told; receivers know a duplicate by it.

    `kind` is a word or several with dots between (incident.opened). `subject` is what it is about within the monitor
    (feature/age), empty where that is the whole of it. `since` is when that began; `time`, when this was found.
    `labels` name what it is about (rule, feature, model) and stay the same as long as it lasts, so they hold names and
    never values, which change. `data` are the figures: what JSON can say, and so neither rows nor tables.
    """

    id: str
    kind: str
    time: datetime
    monitor: str
    severity: Severity
    summary: str
    status: Standing
    since: datetime
    subject: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    runbook: str = ""

    def __post_init__(self) -> None:
        if not ID.fullmatch(self.id):
            raise ValueError(f"id {self.id!r}: letters, digits, _ - : and up to 128 of them would be right")
        if not KIND.fullmatch(self.kind):
            raise ValueError(
                f"kind {self.kind!r}: small words with dots between, as in incident.opened, would be right"
            )
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity {self.severity!r}: one of {', '.join(SEVERITIES)} would be right")
        if self.status not in STANDINGS:
            raise ValueError(f"status {self.status!r}: one of {', '.join(STANDINGS)} would be right")
        for name, at in (("time", self.time), ("since", self.since)):
            if at.utcoffset() != timedelta(0):
                raise ValueError(f"{name} {at!r}: must be an aware UTC time")
        for name in ("monitor", "subject", "summary", "link", "runbook"):
            _check_line(name, getattr(self, name))
        for name in ("monitor", "summary"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name}: is empty; every event has one")
        for name, value in self.labels.items():
            if not LABEL.fullmatch(name):
                raise ValueError(f"label {name!r}: letters, digits and _, no digit first, would be right")
            _check_line(f"label {name}", value)
        _check("data", self.data, 0)

    def is_at_least(self, severity: Severity) -> bool:
        """Whether it is as bad as this, or worse."""
        return SEVERITIES.index(self.severity) >= SEVERITIES.index(severity)


def _check_line(name: str, text: Any) -> None:
    """What goes into a header or a label is one line, whatever it was made from."""
    if not isinstance(text, str):
        raise ValueError(f"{name}: is of type {type(text).__name__}; a text would be right")
    if len(text) > LONGEST:
        raise ValueError(f"{name}: has {len(text)} characters; up to {LONGEST} would be right")
    if not text.isprintable():
        raise ValueError(f"{name} {text!r}: has a line break or another control character; one line would be right")


def _check(name: str, value: Any, depth: int) -> None:
    """Refuse what JSON has no word for: with it, a table of rows could slip into a message."""
    if depth > DEEPEST:
        raise ValueError(f"{name}: lies deeper than {DEEPEST} levels")
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError(f"{name}: has the key {key!r}; texts would be right")
            _check(f"{name}.{key}", item, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview):
        for place, item in enumerate(value):
            _check(f"{name}[{place}]", item, depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{name}: is {value}, which JSON has no word for; null or a text would be right")
    elif not (value is None or isinstance(value, str | bool | int | float)):
        raise ValueError(f"{name}: is of type {type(value).__name__}; JSON has numbers, texts, lists and objects only")
