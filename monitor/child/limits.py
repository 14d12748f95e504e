"""What a child may use, and the one exception that says it did not work out."""

from dataclasses import dataclass, fields
from typing import Literal

Reason = Literal["raised", "timeout", "memory", "died", "too_large"]

WHY_BYTES = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one call may use. The time to start the child and import the handler's module is not part of it.

    `memory_bytes` comes on top of the interpreter, what the handler's module imports, and the payload; a library that
    only the user's code imports is paid from it. `seconds` is wall clock; CPU time is bounded by `seconds` a core.
    """

    memory_bytes: int = 1 << 30
    seconds: float = 30.0
    answer_bytes: int = 64 << 20

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if not 0 < value < float("inf"):
                raise ValueError(f"{name}: {value!r}; it must be more than 0, and finite")


class ChildFailed(Exception):
    """The answer of a child that has none: why, in one line of at most 1 KiB."""

    def __init__(self, reason: Reason, why: str) -> None:
        why = line(why)
        super().__init__(reason, why)
        self.reason: Reason = reason
        self.why = why

    def __str__(self) -> str:
        return f"{self.reason}: {self.why}"


def line(text: str) -> str:
    """The text as one printable line of at most 1 KiB: it goes into logs and reports.

    >>> line("first" + chr(10) + "  second" + chr(27) + "[31m")
    'first second [31m'
    """
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * WHY_BYTES])
    return " ".join(shown.split()).encode()[:WHY_BYTES].decode(errors="ignore")


def size(count: int) -> str:
    """A number of bytes for people.

    >>> size(64 << 20), size(1 << 30), size(1500), size(7)
    ('64 MiB', '1 GiB', '1.46 KiB', '7 bytes')
    """
    for unit, power in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if count >= 1 << power:
            return f"{count / (1 << power):.3g} {unit}" if count < 1000 << power else f"{count >> power} {unit}"
    return f"{count} bytes"
