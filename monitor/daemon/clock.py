"""What time it is: the machine's clock, or one that is moved by hand, by tests and by the demonstration."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def machine_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the one place where the daemon looks at the clock


class HandClock:
    """A clock that stands until it is moved; never back."""

    def __init__(self, start: datetime) -> None:
        self._at = start
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            return self._at

    def move(self, to: datetime) -> None:
        with self._lock:
            self._at = max(self._at, to)
