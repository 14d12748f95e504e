"""The daemon's side of its workers: a process for each task, with a deadline and a limit on memory."""

import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from typing import Any

from monitor.child.limits import Limits, size
from monitor.child.process import kill_all
from monitor.daemon.task import Answer, Task, Worked
from monitor.document import from_document, to_document

LARGEST_ANSWER_BYTES = 1 << 30
DYING_SECONDS = 5.0


class Cut(Exception):
    """The task was given up by the daemon itself; nobody is to blame."""


class Workers:
    """Processes forked from one that has loaded everything; `run` may be called from several threads at once."""

    def __init__(self, libraries: Sequence[str] = ()) -> None:
        """`libraries` are loaded before workers are forked too, those of object stores for one."""
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["monitor.daemon.preload", *libraries])
        self._running: dict[int, Any] = {}
        self._given_up: set[int] = set()
        self._lock = threading.Lock()
        self._is_stopping = False

    def start(self) -> None:
        """Start the process that workers are forked from; from the main thread, with which it ends."""
        forkserver.ensure_running()

    def run(self, task: Task, limits: Limits, prior: bytes = b"") -> Worked:
        """The worker's answer, or one that says why there is none. Raises Cut when `cut` or `stop` ended it.

        `prior` is what the policy kept, as a bundle.
        """
        ours, theirs = self.context.Pipe()
        with ours:
            with theirs:
                process = self.context.Process(target=_serve, args=(theirs, limits.memory_bytes), daemon=False)
                self._started(process)
            try:
                return _exchanged(ours, process, (json.dumps(to_document(task)).encode(), prior), limits)
            finally:
                self._ended(process)

    @property
    def busy(self) -> int:
        """How many are at work."""
        with self._lock:
            return len(self._running)

    def stop(self) -> None:
        """End all of them at once, and take no more."""
        with self._lock:
            self._is_stopping = True
        self.cut()

    def cut(self) -> None:
        """End all of them at once; others may come."""
        with self._lock:
            self._given_up.update(self._running)
            running = list(self._running.values())
        for process in running:
            _kill(process)

    def _started(self, process: Any) -> None:
        with self._lock:
            if self._is_stopping:
                raise Cut
            process.start()
            self._running[process.pid] = process

    def _ended(self, process: Any) -> None:
        _kill(process)
        process.join(DYING_SECONDS)
        with self._lock:
            self._running.pop(process.pid, None)
            is_cut = self._is_stopping or process.pid in self._given_up
            self._given_up.discard(process.pid)
        with suppress(ValueError):  # still there, hung in the kernel
            process.close()
        if is_cut:
            raise Cut


def _serve(pipe: Connection, memory_bytes: int) -> None:
    from monitor.daemon.work import serve  # there already: the fork server has loaded it

    serve(pipe, memory_bytes)


def _exchanged(ours: Connection, process: Any, task: Sequence[bytes], limits: Limits) -> Worked:
    deadline = time.monotonic() + limits.seconds
    try:
        for part in task:
            ours.send_bytes(part)
        parts: list[bytes] = []
        while len(parts) < 4:
            left = deadline - time.monotonic()
            if left <= 0 or not wait([ours], left):
                return _failed("timeout", f"took longer than {limits.seconds:.0f} s (`limits.time`)")
            parts.append(ours.recv_bytes(LARGEST_ANSWER_BYTES))
    except (EOFError, OSError):  # it is gone: why is in its exit code
        process.join(DYING_SECONDS)
        return _dead(process.exitcode, limits)
    answer = from_document(Answer, json.loads(parts[0]))
    return Worked(answer=answer, report=parts[1], profile=parts[2], evidence=parts[3])


def _dead(code: int | None, limits: Limits) -> Worked:
    memory = size(limits.memory_bytes)
    if code == -signal.SIGKILL:
        return _failed(
            "died", f"killed by SIGKILL: is the machine out of memory? It may use {memory} (`limits.memory`)"
        )
    if code is not None and code < 0:
        return _failed("died", f"killed by {signal.Signals(-code).name}")
    return _failed("died", f"ended with exit code {code} and no answer")


def _failed(failure: str, why: str) -> Worked:
    return Worked(answer=Answer(failure=failure, why=why))


def _kill(process: Any) -> None:
    """End a worker, what the user's code has started below it, and what is left in its session."""
    if process.exitcode is None:
        kill_all(process.pid)
    with suppress(ProcessLookupError, PermissionError, ValueError, TypeError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(ValueError, AttributeError):
        process.kill()
