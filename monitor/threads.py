"""Threads: a function asked of many things at a time, and its answers in the order of the things.

What is measured is the same to the bit however many threads there are: only pure functions are asked here, and what
adds up or remembers goes on one behind the other, in the caller's own thread.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from monitor.each import Answer, Item

MOST = 8
"""Threads that are taken without being asked for: beyond, reading in order is what takes the time."""


class Threads:
    """So many threads, which end with it. `each` may be called inside what another `each` reads from."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="reading") if count > 1 else None

    def each(self, function: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterator[Answer]:
        """The answers in order; so many things are held as there are threads, and one more.

        What an item's reading or its function raises comes in its turn; what was begun behind it is given up.
        """
        if self._pool is None:
            yield from map(function, items)
            return
        waiting: deque[Future[Answer]] = deque()
        try:
            for item in items:
                waiting.append(self._pool.submit(function, item))
                if len(waiting) > self.count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def __enter__(self) -> "Threads":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def usable() -> int:
    """How many threads this process may use at once: its processors, at most eight."""
    return max(1, min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
