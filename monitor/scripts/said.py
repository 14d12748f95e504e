"""What a script prints and logs: kept up to a bound, counted beyond."""

import io
import logging
from collections.abc import Iterable

from monitor.child.limits import line

MOST_LINES = 200


class Said:
    """The first lines, each cut to 1 KiB, and how many more there were."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.more = 0

    def take(self, lines: Iterable[str], more: int = 0) -> None:
        """Note these lines, and so many that are not there any more."""
        for text in lines:
            if len(self.lines) < MOST_LINES:
                self.lines.append(line(text))
            else:
                self.more += 1
        self.more += more

    def clear(self) -> None:
        """Begin again."""
        self.lines, self.more = [], 0

    def told(self) -> tuple[str, ...]:
        """All of it in lines."""
        return (*self.lines, *([f"and {self.more} more lines"] if self.more else ()))


class Ear(io.TextIOBase):
    """Stands in the place of stdout or stderr."""

    def __init__(self, said: Said) -> None:
        self._said = said
        self._begun = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, rest = (self._begun + text).split("\n")
        self._said.take(lines)
        self._begun = rest[: 4 << 10]  # more of a line than is ever shown
        return len(text)

    def end(self) -> None:
        """The last line needs no end."""
        if self._begun:
            self._said.take([self._begun])
        self._begun = ""


class Log(logging.Handler):
    """Notes what is logged, with its level."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001  the script's words and values, which need not go together
            text = str(record.msg)
        self._said.take([f"{record.levelname.lower()}: {text}"])
