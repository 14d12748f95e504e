"""Window: a half-open stretch of UTC time."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`start <= t < end`, both aware and in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name, at in (("start", self.start), ("end", self.end)):
            if at.utcoffset() != timedelta(0):
                raise ValueError(f"window {name} {at!r}: must be an aware UTC time")
        if self.end <= self.start:
            raise ValueError(f"window end {self.end} is not after its start {self.start}")

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    @property
    def length(self) -> timedelta:
        return self.end - self.start
