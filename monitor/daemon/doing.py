"""Doing: commands that actions ask for, each in a thread of its own, a few at a time, once each.

That a command begins is written down before it does: a daemon that was killed meanwhile does not run it once more, as
nobody knows how far it came, and says so. What came of it is an event of its own.
"""

import json
import logging
import threading
from collections.abc import Iterator, Mapping

from monitor.actions.command import Command, Ended
from monitor.config.actions import ActionLine
from monitor.daemon.clock import Clock
from monitor.daemon.deeds import Acted, action_of, told
from monitor.daemon.watched import Loaded
from monitor.document import from_document
from monitor.errors import StoreError
from monitor.event import Event
from monitor.logs import logger
from monitor.store import deeds
from monitor.store import outgoing as kept
from monitor.store.database import Database

PAUSE_SECONDS = 1.0
MOST_AT_ONCE = 2
INTERRUPTED = "driftd was killed while it ran, so that nobody knows how far it came; it is not run again"
UNKNOWN = "no action of this name is configured any more"

log = logger("actions")


class Doing:
    """Begun with the lead and ended with it; `load` gives it another configuration."""

    def __init__(self, database: Database, clock: Clock, counted: Acted) -> None:
        """`counted` hears what came of an action: of which monitor, its name, the outcome."""
        self._database, self._clock, self._counted = database, clock, counted
        self._commands: Mapping[str, Command] = {}
        self._elsewhere: frozenset[str] = frozenset()
        self._running: dict[str, threading.Thread] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="doing", daemon=True)

    def load(self, loaded: Loaded) -> None:
        """From now on these commands; what runs goes on."""
        lines = {deeds.receiver(name, line.name): line for name, line in _lines(loaded)}
        self._commands = {
            name: Command(
                argv=line.command,
                folder=loaded.folder,
                seconds=line.limits.time.total_seconds(),
                memory_bytes=line.limits.memory,
            )
            for name, line in lines.items()
            if line.command
        }
        self._elsewhere = frozenset(name for name in lines if name not in self._commands)

    def begin(self) -> None:
        """Say of what a predecessor left running that nobody knows, and begin."""
        with self._database.read() as connection:
            left = deeds.running(connection)
        for one in left:
            self._tell(one, Ended(code=None, why=INTERRUPTED))
        self._thread.start()

    def end(self, seconds: float) -> None:
        """Commands that run are told to end, and are ended."""
        self._stop.set()
        for thread in (self._thread, *self._running.values()):
            if thread.is_alive():
                thread.join(seconds)

    def turn(self) -> None:
        """Begin what is due, as far as there is room."""
        self._running = {name: thread for name, thread in self._running.items() if thread.is_alive()}
        commands, elsewhere = self._commands, self._elsewhere
        with self._database.read() as connection:
            due = deeds.due(connection, self._clock(), elsewhere)
        for one in due:
            if self._stop.is_set() or len(self._running) >= MOST_AT_ONCE:
                return
            command = commands.get(one.receiver)
            if command is None:
                self._tell(one, Ended(code=None, why=UNKNOWN))
            else:
                self._begin(one, command)

    def _begin(self, one: kept.Delivery, command: Command) -> None:
        with self._database.write() as connection:
            deeds.begun(connection, one)
        thread = threading.Thread(target=self._do, args=(one, command), name=one.receiver, daemon=True)
        self._running[one.event.id] = thread
        thread.start()

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                self.turn()
            except StoreError as error:
                log.warning("the store does not answer; actions wait", extra={"about": {"why": str(error)}})
            except Exception:  # a bug of ours: what comes later is done all the same
                log.exception("internal error, please report it")

    def _do(self, one: kept.Delivery, command: Command) -> None:
        log.info("command begins", extra={"about": _about(one)})
        try:
            ended = command.run(from_document(Event, json.loads(one.event.body)), self._stop)
        except Exception as error:  # a bug of ours: that it did not run is told
            log.exception("internal error, please report it", extra={"about": _about(one)})
            ended = Ended(code=None, why=f"internal error: {type(error).__name__}")
        try:
            self._tell(one, ended)
        except StoreError as error:  # it stands there as running, and the next start says so
            about = {**_about(one), "why": str(error), "outcome": ended.why or "done"}
            log.error("what came of a command cannot be written down", extra={"about": about})

    def _tell(self, one: kept.Delivery, ended: Ended) -> None:
        """Write down what came of it, with the event that says so."""
        now, has_failed = self._clock(), ended.code != 0
        result = {"code": ended.code, "took_seconds": round(ended.took_seconds, 3), "said": ended.said}
        with self._database.write() as connection:
            if has_failed:
                kept.failed(connection, one, ended.why, None, now)
            else:
                kept.sent(connection, one, now)
            told(connection, one, ended.why, result, now, has_failed=has_failed)
        self._counted(one.event.monitor, action_of(one), "failed" if has_failed else "done")
        about = {**_about(one), "outcome": ended.why or "done", "took": f"{ended.took_seconds:.2f}s"}
        about |= {"said": ended.said} if ended.said else {}
        log.log(logging.ERROR if has_failed else logging.INFO, "command ended", extra={"about": about})


def _lines(loaded: Loaded) -> Iterator[tuple[str, ActionLine]]:
    for name, one in loaded.monitors.items():
        for line in one.monitor.actions:
            yield name, line


def _about(one: kept.Delivery) -> dict[str, str]:
    return {"monitor": one.event.monitor, "action": action_of(one), "event": one.event.id[:16]}
