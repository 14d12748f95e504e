"""Listening: what has become of windows and labels, told to all who show it or go on from it."""

from collections.abc import Callable
from typing import TypeAlias

from monitor.daemon.board import Board
from monitor.daemon.clock import Clock
from monitor.daemon.planning import Planner
from monitor.daemon.task import Answer, Worked
from monitor.daemon.watched import Watched
from monitor.errors import StoreError
from monitor.store.ledger import Ledger
from monitor.store.words import Claim, Finished
from monitor.window import Window

Follow: TypeAlias = Callable[[Watched, Window, int], None]
Labelled: TypeAlias = Callable[[Watched, Window | None], None]


class Listening:
    """Tells the board, and the planner what it has to know."""

    def __init__(
        self,
        board: Board,
        planner: Planner,
        ledger: Ledger,
        clock: Clock,
        follow: Follow,
        labelled: Labelled,
    ) -> None:
        self._board, self._planner, self._ledger, self._clock, self._follow = board, planner, ledger, clock, follow
        self._labelled = labelled

    def judged(self, one: Watched, claim: Claim, worked: Worked, finished: Finished) -> None:
        self._board.judged(one, claim, worked, finished)
        self._show(one)
        self._follow(one, claim.window, claim.revision)
        if one.monitor.truth is not None:
            self._labelled(one, claim.window)

    def failed(self, one: Watched, claim: Claim, answer: Answer, state: str) -> None:
        self._board.failed(one, claim, answer, state)
        self._show(one)

    def looked(self, one: Watched, answer: Answer) -> None:
        self._board.looked(one, answer)
        if answer.failure:
            self._planner.put_off(one.name, self._clock())
        else:
            self._planner.looked(one.name, answer.first, self._clock())

    def received(self, one: Watched, answer: Answer) -> None:
        self._board.received(one, answer)
        self._show(one)
        self._labelled(one, None)

    def unchanged(self, one: Watched, claim: Claim) -> None:
        self._board.unchanged(claim)
        self._show(one)

    def troubled(self, operation: str, error: StoreError) -> None:
        self._board.troubled(operation, error)

    def _show(self, one: Watched) -> None:
        self._board.closed_to(one.name, self._ledger.watermark(one.name))
        self._board.counted(self._ledger.pending())
        self._board.show()
