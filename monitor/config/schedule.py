"""The keys of a schedule. Their form only: when windows begin and end is worked out elsewhere."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from monitor.config.parts import Cron, Duration, LongDuration, Moment, Part, Zone


class Catchup(Part):
    """Which windows of the past are judged after a stop, or at the first start."""

    SCALAR: ClassVar[str] = "mode"

    mode: Literal["all", "latest", "none"] = "all"
    max_windows: int = Field(default=168, ge=1)


class Late(Part):
    """What is done about captures that come after their window was judged."""

    SCALAR: ClassVar[str] = "policy"

    policy: Literal["reprocess", "ignore"] = "reprocess"
    allowed: Duration = timedelta(hours=24)


class Schedule(Part):
    """When windows end: `every` so often, or by `cron`; without both, every hour."""

    SCALAR: ClassVar[str] = "every"
    INSTEAD: ClassVar[Mapping[str, tuple[str, ...]]] = {"cron": ("every", "anchor"), "every": ("cron",)}

    every: LongDuration | None = None
    anchor: Moment | None = None
    cron: Cron | None = None
    timezone: Zone = "UTC"
    window: LongDuration | None = None
    delay: Duration = timedelta(minutes=10)
    start: Moment | None = None
    catchup: Catchup = Catchup()
    late: Late = Late()

    @classmethod
    def scalar_key(cls, value: Any) -> str:
        """`1h` is every hour; what has blanks or brackets is a cron line."""
        return "cron" if isinstance(value, str) and ("(" in value or value.count(" ") >= 4) else "every"

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
