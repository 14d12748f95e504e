"""A worker of engine `processes`: its process, the pipe to it, and the split that it is at."""

import os
import signal
import threading
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.forkserver import ensure_running, set_forkserver_preload
from typing import Any

from monitor.child import serve as child
from monitor.child.process import kill_all

NUMBER_BYTES = 8
DYING_SECONDS = 5.0
PRELOADED = ["monitor.engines.preload"]
UNLIMITED = [-1, -1]


def begin() -> None:
    """Start the process that workers are forked from; it loads what they need, and ends with this one."""
    set_forkserver_preload(PRELOADED)  # one that runs already has loaded what it has
    ensure_running()


class Worker:
    """A process forked from one that has loaded everything. It ends with the process that made it."""

    def __init__(self, work: bytes, memory_bytes: int | None) -> None:
        context = get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        self.index = -1
        self.pipe, theirs = context.Pipe()
        with theirs:
            self.process: Any = context.Process(target=_serve, args=(theirs, memory_bytes), daemon=False)
            self.process.start()
        with suppress(OSError):  # gone already: it will show where its answer is waited for
            self.pipe.send_bytes(work)

    def give(self, index: int) -> None:
        """The next split."""
        self.index = index
        with suppress(OSError):
            self.pipe.send_bytes(index.to_bytes(NUMBER_BYTES, "little"))

    def answer(self) -> bytes | None:
        """What it found; None where it is gone."""
        try:
            return self.pipe.recv_bytes()
        except (EOFError, OSError):
            return None

    def why(self) -> str:
        """How it ended."""
        self.process.join(DYING_SECONDS)
        code = self.process.exitcode
        if code is not None and code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"

    def end(self) -> None:
        """End it at once, with what it has started."""
        self.pipe.close()
        if self.process.exitcode is None:
            with suppress(OSError):
                kill_all(self.process.pid)
        self.process.kill()
        self.process.join(DYING_SECONDS)
        with suppress(ValueError):  # still there, hung in the kernel
            self.process.close()


def _serve(pipe: Connection, memory_bytes: int | None) -> None:
    """Answer for one split after the other, until the pipe is closed."""
    from monitor.engines.work import answered, packed  # there already: the fork server has loaded it

    os.setsid()
    _end_with_parent()
    work = pipe.recv_bytes()
    limit = UNLIMITED if memory_bytes is None else [mapped + memory_bytes for mapped in child.mapped_bytes()]
    while True:
        try:
            index = int.from_bytes(pipe.recv_bytes(), "little")
        except EOFError:
            os._exit(0)
        child.limit_memory(limit)
        found = answered(work, index)
        child.limit_memory(UNLIMITED)  # room to hand it on
        pipe.send_bytes(packed(found))


def _end_with_parent() -> None:
    """The fork server may outlive the process that asked for this one: a daemon's worker has its daemon's."""
    child.die_with_parent()
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
