"""The keys of a schedule, and what they come to: when windows end, and which of the past are judged."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from functools import cached_property
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from monitor import catchup, crontab, schedule
from monitor.config.parts import Cron, Duration, Interval, Moment, Part, Stretch, Zone
from monitor.config.values import NOW
from monitor.cron import Cron as Moments


class Catchup(Part):
    """Which windows of the past are judged after a stop, or at the first start."""

    SCALAR: ClassVar[str] = "mode"

    mode: Literal["all", "latest", "none"] = "all"
    max_windows: int = Field(default=168, ge=1, le=100_000)

    @property
    def bounds(self) -> catchup.Catchup:
        """The same as planning is told."""
        return catchup.Catchup(mode=self.mode, max_windows=self.max_windows)


class Late(Part):
    """What is done about captures that come after their window was judged."""

    SCALAR: ClassVar[str] = "policy"

    policy: Literal["reprocess", "ignore"] = "reprocess"
    allowed: Duration = timedelta(hours=24)


class Schedule(Part):
    """When windows end: `every` so often, or by `cron`; without both, every hour. `timetable` says which."""

    SCALAR: ClassVar[str] = "every"
    INSTEAD: ClassVar[Mapping[str, tuple[str, ...]]] = {"cron": ("every", "anchor"), "every": ("cron",)}

    every: Interval | None = None
    anchor: Moment | None = None
    cron: Cron | None = None
    timezone: Zone = "UTC"
    window: Stretch | None = None
    delay: Duration = timedelta(minutes=10)
    start: Moment | None = None
    catchup: Catchup = Catchup()
    late: Late = Late()

    @classmethod
    def scalar_key(cls, value: Any) -> str:
        """`1h` is every hour; NOW, @hourly, and what has blanks or brackets is a cron line."""
        if not isinstance(value, str):
            return "every"
        is_cron = value == NOW or value.startswith("@") or "(" in value or value.count(" ") >= 4
        return "cron" if is_cron else "every"

    @model_validator(mode="before")
    @classmethod
    def _every_hour(cls, data: Any) -> Any:
        is_open = isinstance(data, dict) and data.get("every") is None and data.get("cron") is None
        return {**data, "every": "1h"} if is_open else data

    @model_validator(mode="after")
    def _one_of_two(self) -> "Schedule":
        if self.every is not None and self.cron is not None:
            raise ValueError("has both every and cron; one of them would be right")
        if self.anchor is not None and self.cron is not None:
            raise ValueError("has an anchor beside cron; it goes with every")
        return self

    @cached_property
    def timetable(self) -> schedule.Schedule:
        """When windows end, how long they are, how long to wait."""
        if isinstance(self.window, tuple):
            length: timedelta | None = self.window[0] - self.window[1]
            offset = self.window[1]
        else:
            length, offset = self.window, timedelta(0)
        return schedule.Schedule(ends=self._ends(), length=length, offset=offset, delay=self.delay, start=self.start)

    def _ends(self) -> schedule.Every | Moments | schedule.Once:
        if self.cron == NOW:
            return schedule.Once()
        every = self.every if self.cron is None else crontab.rate(self.cron)
        if every is not None:
            return schedule.Every(every=every, anchor=self.anchor or schedule.EPOCH)
        assert self.cron is not None
        return crontab.cron(self.cron, UTC if self.timezone == "UTC" else ZoneInfo(self.timezone))
