"""From the ledger to workers and back: as many windows at a time as there are slots, each written down once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from monitor.configured import SLACK
from monitor.daemon import bundle, waiting
from monitor.daemon.bookkeeping import done_of
from monitor.daemon.clock import Clock
from monitor.daemon.folders import clear
from monitor.daemon.task import Answer, Task, Worked
from monitor.daemon.watched import Loaded, Watched
from monitor.daemon.workers import Cut, Workers
from monitor.errors import StoreError
from monitor.logs import logger
from monitor.store import evidence, marks, queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Claim, Done, Finished, Prior

LEASE = timedelta(seconds=30)
LOOKS = 2
"""First looks at the same time; a bucket that does not answer holds up other looks only, and not for long."""
LOOK_SECONDS = 120.0
NOBODYS_FAULT = ("disk", "source")
"""Of these no window dies, however long they last: a full disk, a store that does not answer."""
MOST_CLOSED = 2000
"""Windows already judged for which late records are counted."""

TAKEN_OVER = "another daemon has taken this window over"

log = logger("dispatch")


class Listener(Protocol):
    """Who wants to know what has become of windows."""

    def judged(self, one: Watched, claim: Claim, worked: Worked, finished: Finished) -> None:
        """A window is done, and written down."""

    def failed(self, one: Watched, claim: Claim, answer: Answer, state: str) -> None:
        """An attempt gave no verdict; the window's state now."""

    def looked(self, one: Watched, answer: Answer) -> None:
        """A look at where a monitor's history begins."""

    def received(self, one: Watched, answer: Answer) -> None:
        """A look at where a monitor's labels come, written down."""

    def unchanged(self, one: Watched, claim: Claim) -> None:
        """Labels have come for a window, and change nothing."""

    def troubled(self, operation: str, error: StoreError) -> None:
        """The store could not be read or written."""


class Dispatcher:
    """Claims windows while slots are free. What it holds when the store fails it hands back when the store works."""

    def __init__(
        self, *, database: Database, ledger: Ledger, workers: Workers, slots: int, clock: Clock, listener: Listener
    ) -> None:
        self._database, self._ledger, self._workers = database, ledger, workers
        self._slots, self._clock, self._listener = slots, clock, listener
        self._pool = ThreadPoolExecutor(max_workers=slots, thread_name_prefix="worker")
        self._lookers = ThreadPoolExecutor(max_workers=LOOKS, thread_name_prefix="look")
        self._lock = threading.Lock()
        self._busy = 0
        self._looking: set[str] = set()
        self._owed: list[Claim] = []
        self._is_open = self._claims = False
        self._loaded: Loaded | None = None
        self._idle = threading.Condition(self._lock)

    def open(self, loaded: Loaded, *, claims: bool = True) -> None:
        """Take windows of this configuration from now on, or for now only looks; those under way go on with theirs."""
        with self._lock:
            self._loaded, self._is_open = loaded, True
            self._claims = self._claims or claims

    def close(self) -> None:
        """Take no more windows."""
        with self._lock:
            self._is_open = False

    @property
    def busy(self) -> int:
        with self._lock:
            return self._busy

    def wait(self, seconds: float) -> bool:
        """Until nothing is under way, looks included; False where that took too long."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._busy and not self._looking, seconds)

    def end(self) -> None:
        """Let go of the threads; nothing may be under way."""
        self._pool.shutdown(wait=True)
        self._lookers.shutdown(wait=True)

    def settle(self) -> None:
        """Hand back what could not be written down."""
        while self._owed:
            self._ledger.release(self._owed[0], self._clock())
            self._owed.pop(0)

    def look(self, one: Watched) -> None:
        """Have a worker look where a monitor's history begins; it takes no slot that a window could have."""
        with self._lock:
            if one.name in self._looking or not self._is_open:
                return
            self._looking.add(one.name)
        self._lookers.submit(self._guarded, partial(self._look, one), one.name)

    def receive(self, one: Watched) -> None:
        """Have a worker look where a monitor's labels come, unless one is at it."""
        key = f"labels of {one.name}"
        with self._lock:
            if key in self._looking or not self._is_open:
                return
            self._looking.add(key)
        self._lookers.submit(self._guarded, partial(self._receive, one), key)

    def pump(self) -> None:
        """Claim and start windows until no slot is free or none is due."""
        while True:
            with self._lock:
                loaded = self._loaded
                if not self._is_open or not self._claims or self._busy >= self._slots or loaded is None:
                    return
                self._busy += 1
            claim = None
            try:
                names = [name for name, one in loaded.monitors.items() if one.monitor.enabled]
                claim = self._ledger.claim(names, LEASE, self._clock())
            finally:
                if claim is None:
                    self._freed("")
            if claim is None:
                return
            self._pool.submit(self._guarded, partial(self._judge, claim, loaded), "")

    def _guarded(self, job: Callable[[], None], looking: str) -> None:
        try:
            job()
        except StoreError as error:
            self._listener.troubled("write", error)
        except Exception:
            log.exception("internal error, please report it")
        finally:
            self._freed(looking)
        try:
            self.pump()
        except StoreError as error:
            self._listener.troubled("write", error)

    def _freed(self, looking: str) -> None:
        with self._lock:
            if looking:
                self._looking.discard(looking)
            else:
                self._busy -= 1
            if not self._busy and not self._looking:
                self._idle.notify_all()

    def _look(self, one: Watched) -> None:
        loaded = self._loaded
        assert loaded is not None
        task = Task(name=one.name, monitor=one.document, folder=str(loaded.folder))
        try:
            limits = replace(one.limits, seconds=min(one.limits.seconds, LOOK_SECONDS))
            worked = self._workers.run(task, limits)
        except Cut:
            return
        self._listener.looked(one, worked.answer)

    def _receive(self, one: Watched) -> None:
        loaded = self._loaded
        assert loaded is not None
        task = waiting.look(self._database, one, loaded, self._clock())
        try:
            worked = self._workers.run(task, one.limits)
        except Cut:
            return
        if worked.answer.received is not None:
            self._ledger.receive(one.name, worked.answer.received, self._clock())
        self._listener.received(one, worked.answer)

    def _judge(self, claim: Claim, loaded: Loaded) -> None:
        try:
            self._attempt(loaded.monitors[claim.monitor], claim, loaded)
        except Cut:
            self._hand_back(claim)
        except StoreError:
            self._owed.append(claim)  # until the next tick: at once would be again and again while it fails
            raise

    def _attempt(self, one: Watched, claim: Claim, loaded: Loaded) -> None:
        try:
            task, prior = self._task(one, claim, loaded)
            worked = self._workers.run(task, one.limits, prior)
            answer = worked.answer
            done = None if answer.failure or answer.is_unchanged else done_of(claim, task, worked)
        except (Cut, StoreError):
            raise
        except Exception as error:  # a bug of ours: it counts, so that there is an end to it
            log.exception("internal error, please report it", extra={"about": about(claim)})
            self._fail(one, claim, Answer(failure="internal", why=f"{type(error).__name__}: {error}"))
            return
        finally:
            clear(loaded.reports / one.name, claim.run_id)
        if answer.is_unchanged:
            self._leave(one, claim, task, answer)
        elif done is None:
            self._fail(one, claim, answer)
        else:
            self._finish(one, claim, worked, done)

    def _task(self, one: Watched, claim: Claim, loaded: Loaded) -> tuple[Task, bytes]:
        """What a worker is told, and what the policy kept, as a bundle."""
        late = one.monitor.schedule.late
        since = claim.window.start - max(late.allowed, SLACK)
        with self._database.read() as connection:
            closed = queries.judged(connection, claim.monitor, since, self._clock())
            known = queries.objects(connection, claim.monitor, since)
            more = waiting.told(connection, one, claim, waiting.folder(one, loaded), self._clock())
            if more.get("is_labelled"):
                before = waiting.before(connection, claim)
            kept = evidence.prior(connection, claim.monitor, claim.window) if one.is_followed else Prior()
            own = evidence.look(connection, claim.monitor, claim.window) if more.get("is_labelled") else []
            said = marks.marks(connection, claim.monitor) if one.is_followed else []
        task = Task(
            name=one.name,
            monitor=one.document,
            folder=str(loaded.folder),
            rules=tuple(loaded.described),
            config_digest=loaded.digest,
            window=claim.window,
            revision=claim.revision,
            run_id=claim.run_id,
            reports=str(loaded.reports / one.name),
            closed=tuple(window for window in closed[-MOST_CLOSED:] if window != claim.window),
            known=tuple(known.values()),
            marks=tuple(said),
            **more,
        )
        rows = [*kept.before, *own, *kept.after]
        return task, bundle.beside(before, rows) if task.is_labelled else bundle.packed(rows)

    def _finish(self, one: Watched, claim: Claim, worked: Worked, done: Done) -> None:
        late = one.monitor.schedule.late
        reprocess = late.allowed if late.policy == "reprocess" else None
        finished = self._ledger.finish(claim, done, self._clock(), reprocess=reprocess)
        if finished is None:
            log.warning(TAKEN_OVER, extra={"about": about(claim)})
            return
        self._listener.judged(one, claim, worked, finished)

    def _leave(self, one: Watched, claim: Claim, task: Task, answer: Answer) -> None:
        seen = waiting.awaited(task, answer)
        if seen is None or not self._ledger.leave(claim, seen, self._clock()):
            log.warning(TAKEN_OVER, extra={"about": about(claim)})
            return
        self._listener.unchanged(one, claim)

    def _fail(self, one: Watched, claim: Claim, answer: Answer) -> None:
        is_counted = answer.failure not in NOBODYS_FAULT
        state = self._ledger.fail(claim, answer.failure, answer.why, self._clock(), is_counted=is_counted)
        if not state:
            log.warning(TAKEN_OVER, extra={"about": about(claim)})
            return
        self._listener.failed(one, claim, answer, state)

    def _hand_back(self, claim: Claim) -> None:
        try:
            self._ledger.release(claim, self._clock())
        except StoreError as error:
            self._owed.append(claim)
            self._listener.troubled("write", error)


def about(claim: Claim) -> dict[str, str]:
    """What a log line says of a window."""
    return {
        "monitor": claim.monitor,
        "run_id": claim.run_id,
        "window_start": f"{claim.window.start:%Y-%m-%dT%H:%M:%SZ}",
        "window_end": f"{claim.window.end:%Y-%m-%dT%H:%M:%SZ}",
    }


__all__ = ["Dispatcher", "Listener", "about"]
