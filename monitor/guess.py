"""Guesses, for a person to confirm: which columns and keys look like an id, a time, a request, an answer."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.survey import Column

ID = re.compile(r"(?i)(^|[._-])(id|uuid|guid|request_?id|event_?id|inference_?id|trace_?id|correlation_?id)$")
TIME = re.compile(
    r"(?i)(^@?|[._-])(ts|time|timestamp|datetime|date_?time|logged_?at|created_?at|event_?time)(_?(ms|utc))?$"
)
ANSWER = re.compile(r"(?i)^(prediction|predictions|pred|score|y_pred|y_hat|output|outputs|response|answer|result)s?$")
PROBABILITY = re.compile(r"(?i)proba")
REQUEST = re.compile(r"(?i)^(inputs?|instances?|features?|request|request_payload|payload|data)$")
PLAIN = re.compile(r"[^.\[\]']+")
MOST_DEPTH = 2


def guessed_columns(columns: Mapping[str, Column], rows: int) -> dict[str, str]:
    """Roles that columns of a table seem to have, by their names; an id must also be different in nearly each row."""
    found: dict[str, str] = {}
    for name, column in columns.items():
        if "id" not in found and ID.search(name) and column.distinct.estimate >= 0.9 * rows:
            found["id"] = name
        elif "time" not in found and TIME.search(name):
            found["time"] = name
        elif "probability" not in found and PROBABILITY.search(name):
            found["probability"] = name
        elif "prediction" not in found and ANSWER.match(name):
            found["prediction"] = name
    return found


def guessed_layout(records: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The mapped format of a log whose records hold a request and an answer; None where they seem to be plain rows."""
    if not records:
        return None
    paths = {path: value for record in records[:1] for path, value in _paths(record, "$", 0)}
    found: dict[str, str] = {}
    for path, value in paths.items():
        key = re.split(r"[.\]']+", path.rstrip("']"))[-1]
        is_payload = isinstance(value, dict | list) or (isinstance(value, str) and value.lstrip()[:1] in ("{", "["))
        if is_payload and REQUEST.match(key):
            found.setdefault("inputs", path)
        elif (is_payload or isinstance(value, int | float | str)) and ANSWER.match(key):
            found.setdefault("outputs", path)
        elif not is_payload and ID.search(key):
            found.setdefault("id", path)
        elif not is_payload and TIME.search(key):
            found.setdefault("time", path)
    if "inputs" not in found:
        return None
    return {"jsonl": {name: found[name] for name in ("id", "time", "inputs", "outputs") if name in found}}


def _paths(value: Mapping[str, Any], prefix: str, depth: int) -> list[tuple[str, Any]]:
    """Every key with its path, outer ones first."""
    here = [(f"{prefix}.{key}" if PLAIN.fullmatch(key) else f"{prefix}['{key}']", item) for key, item in value.items()]
    if depth >= MOST_DEPTH:
        return here
    inner = [pair for path, v in here if isinstance(v, dict) for pair in _paths(v, path, depth + 1)]
    return here + inner
