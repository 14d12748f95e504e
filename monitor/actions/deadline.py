"""Deadline: one time for the whole of a conversation, however many small steps the other side makes of it."""

from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by the machine's running clock, after which nothing is waited for."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """So many seconds from now."""
        return cls(monotonic() + seconds)

    def left(self) -> float:
        """The seconds that are left, for one step; TimeoutError where none are."""
        left = self.at - monotonic()
        if left <= 0:
            raise TimeoutError("no time left")
        return left
