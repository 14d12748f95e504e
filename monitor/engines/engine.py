"""The protocol of engines."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from monitor.errors import SourceError

Take: TypeAlias = Callable[[int, bytes], None]


class EngineFailed(SourceError):
    """An engine that did not do all of its work: nothing is judged on a part of the data; it may be tried again."""


class TooLittleMemory(EngineFailed, MemoryError):
    """A worker that needed more than it may use."""


class Engine(Protocol):
    """Something that calls `monitor.engines.work.answer` elsewhere."""

    def run(self, work: bytes, count: int, take: Take) -> None:
        """Call `answer(work, index)` for each index from 0 to below `count`, anywhere, and `take(index, answer)` here.

        Answers may come in any order and more than once. What breaks below it, a process or an executor, it tries
        again. Raises EngineFailed where that does not help, and whatever `take` raises, with nothing left running.
        """
