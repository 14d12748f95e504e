"""Receiver: the one form of all that events are told to."""

from datetime import datetime
from typing import Protocol

from monitor.actions.outcome import Outcome
from monitor.event import Event


class Receiver(Protocol):
    """Whoever can be told. It is told at least once: with the same id where it is told again."""

    def send(self, event: Event, now: datetime) -> Outcome:
        """What came of telling it once, within its time; no failure of the outside world is an exception."""
