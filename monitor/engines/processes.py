"""Engine `processes`: the cores of this machine, a process each."""

import os
from collections import Counter, deque
from multiprocessing.connection import wait
from typing import Any

from monitor.engines.crew import Worker, begin
from monitor.engines.engine import EngineFailed, Take

MOST_TRIES = 3


class Processes:
    """As many workers as there are cores for this process, or as are said; each may use so much memory, or any."""

    def __init__(self, memory_bytes: int | None = None, workers: int | None = None) -> None:
        self.memory_bytes = memory_bytes
        self.workers = workers or len(os.sched_getaffinity(0))

    def ready(self) -> "Processes":
        """The same, with the process that workers are forked from begun, so that it loads what they need meanwhile."""
        if not self._is_this_one:
            begin()
        return self

    @property
    def _is_this_one(self) -> bool:
        """Whether another process would be of no use."""
        return self.workers == 1 and self.memory_bytes is None

    def run(self, work: bytes, count: int, take: Take) -> None:
        """A split whose worker dies goes to a new one, three times at most."""
        if self._is_this_one:
            from monitor.engines.work import answer

            for index in range(count):
                take(index, answer(work, index))
            return
        waiting, tries = deque(range(count)), Counter[int]()
        crew: dict[Any, Worker] = {}
        try:
            while waiting or crew:
                while waiting and len(crew) < self.workers:
                    worker = Worker(work, self.memory_bytes)
                    crew[worker.pipe] = worker
                    worker.give(waiting.popleft())
                for pipe in wait(list(crew)):
                    worker = crew[pipe]
                    found = worker.answer()
                    if found is None:
                        waiting.appendleft(worker.index)
                        tries[worker.index] += 1
                        if tries[worker.index] == MOST_TRIES:
                            raise EngineFailed(_lost(worker, count))
                    else:
                        take(worker.index, found)
                    if found is not None and waiting:
                        worker.give(waiting.popleft())
                    else:
                        crew.pop(pipe).end()
        finally:
            for worker in crew.values():
                worker.end()


def _lost(worker: Worker, count: int) -> str:
    return (
        f"engine processes: split {worker.index} of {count} was lost {MOST_TRIES} times, and its last process "
        f"{worker.why()}; engine local would read it in this one"
    )
