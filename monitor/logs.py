"""The log: one event a line on the standard error, as logfmt or JSON, with the same keys everywhere."""

import json
import logging
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Literal

KEYS = ("monitor", "run_id", "window_start", "window_end", "component")
"""What an event may be about; given as `extra={"about": {...}}`, with any others after these."""
REPEATED_SECONDS = 300.0
LONGEST = 2000
MOST_TOLD = 1000
"""Different warnings that are remembered; beyond, all of them are told again."""

Form = Literal["logfmt", "json"]


class Logger(logging.LoggerAdapter[logging.Logger]):
    """A logger that puts its component beside what each event is about."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return msg, {**kwargs, "extra": {**(self.extra or {}), **kwargs.get("extra", {})}}


def logger(component: str) -> Logger:
    """The logger of a part of the daemon; what an event is about is given as `extra={"about": {...}}`."""
    return Logger(logging.getLogger("driftd"), {"component": component})


def start(level: str, form: Form, counted: Callable[[str], None] | None = None) -> None:
    """Log to the standard error from now on; `counted` is told the level of each line that is written."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(form))
    handler.addFilter(Seldom())
    if counted is not None:
        handler.addFilter(lambda record: counted(record.levelname.lower()) or True)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("driftd").setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.captureWarnings(True)


class Lines(logging.Formatter):
    """Events as lines: `ts`, `level`, `msg`, what the event is about, and `err` where there is an exception."""

    def __init__(self, form: Form = "logfmt") -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        event = self._event(record)
        if self.form == "json":
            return json.dumps(event, ensure_ascii=False, allow_nan=False)
        return " ".join(f"{key}={_value(value)}" for key, value in event.items())

    def _event(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event: dict[str, Any] = {
            "ts": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "msg": _line(record.getMessage()),
        }
        about = {"component": getattr(record, "component", record.name), **getattr(record, "about", {})}
        event |= {key: _shown(about[key]) for key in KEYS if key in about}
        event |= {key: _shown(value) for key, value in about.items() if key not in KEYS}
        if record.exc_info and record.exc_info[1] is not None:
            event["err"] = _error(record.exc_info[1])
        return event


class Seldom(logging.Filter):
    """The same warning again and again is told the first time, then every five minutes with how often it came.

    The same: of the same monitor, in the same words, for the same reason. One that answers somebody who asked for
    something (`extra={"answers": True}`) is told each time.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.clock = clock
        self.told: dict[tuple[str, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING or getattr(record, "answers", False):
            return True
        about = getattr(record, "about", {})
        key = _same(record, about)
        last, held = self.told.pop(key, (float("-inf"), 0))
        now = self.clock()
        if now - last < REPEATED_SECONDS:
            self.told[key] = (last, held + 1)
            return False
        if held:
            record.about = {**about, "repeated": held}
        if len(self.told) >= MOST_TOLD:
            self.told.clear()
        self.told[key] = (now, 0)
        return True


def _same(record: logging.LogRecord, about: Mapping[str, Any]) -> tuple[str, ...]:
    error = record.exc_info[1] if record.exc_info else None
    why = str(about.get("err", "")) if error is None else _error(error)
    return record.getMessage(), str(about.get("monitor", "")), why


def _error(error: BaseException) -> str:
    return _line(f"{type(error).__name__}: {error}")


def _shown(value: Any) -> Any:
    """A number as it is, all else as a text of one line."""
    if value is None or isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        return value
    return "".join(sign if sign.isprintable() else " " for sign in str(value)[:LONGEST])


def _value(value: Any) -> str:
    """A value of logfmt: bare where it can be, else in quotes."""
    text = str(value)
    if text and not any(sign in text for sign in ' "=\\') and text.isprintable():
        return text
    return json.dumps(text, ensure_ascii=False)


def _line(text: str) -> str:
    """One line without control characters: what is logged may hold what a stranger wrote."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST])
    return " ".join(shown.split())
