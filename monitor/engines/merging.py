"""Merging: states to one, in a tree whose shape the number of splits gives; each split is counted once."""

from collections.abc import Callable
from dataclasses import replace

from monitor.engines.engine import EngineFailed
from monitor.engines.state import State
from monitor.profile import Profile, add_counts

MOST_NAMED = 5


class Merging:
    """Takes packed states in any order, also more than once, and adds them up in the order of their splits.

    A state is unpacked when its turn has come. Two sums of as many splits are added at once, so that few are held.
    `unpack` may raise whatever a state says that is none.
    """

    def __init__(self, count: int, blank: Profile, unpack: Callable[[bytes], State]) -> None:
        self._count, self._blank, self._unpack = count, blank, unpack
        self._waiting: dict[int, bytes] = {}
        self._next, self._rows = 0, 0
        self._lines: dict[str, int] = {}
        self._sums: list[tuple[int, State]] = []

    def take(self, index: int, state: bytes) -> bool:
        """Count the state of this split; False where it was counted before."""
        if not 0 <= index < self._count:
            raise EngineFailed(f"a state of split {index} came, and there are {self._count}")
        if index < self._next or index in self._waiting:
            return False
        self._waiting[index] = state
        while self._next in self._waiting:
            self._add(self._unpack(self._waiting.pop(self._next)))
        return True

    def total(self) -> State:
        """The sum of all. Raises EngineFailed where one has not come: there is no verdict on a part of the data."""
        if self._next < self._count:
            missing = [str(i) for i in range(self._next, self._count) if i not in self._waiting]
            named = ", ".join(missing[:MOST_NAMED]) + (", ..." if len(missing) > MOST_NAMED else "")
            raise EngineFailed(f"{len(missing)} of {self._count} splits have no state ({named}); try it again")
        while len(self._sums) > 1:
            self._join()
        return self._sums[0][1] if self._sums else State(profile=self._blank)

    def _add(self, state: State) -> None:
        placed = state.behind(self._rows, self._lines)
        self._rows += state.profile.rows
        self._lines = add_counts(self._lines, state.lines)
        self._next += 1
        self._sums.append((1, replace(placed, profile=self._blank + placed.profile)))
        while len(self._sums) > 1 and self._sums[-1][0] == self._sums[-2][0]:
            self._join()

    def _join(self) -> None:
        (more, right), (some, left) = self._sums.pop(), self._sums.pop()
        self._sums.append((some + more, left + right))
