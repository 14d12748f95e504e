"""Launched: a command at work under its launcher, what it says, and its end."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from monitor.actions import launch
from monitor.child.limits import WHY_BYTES, line
from monitor.child.process import REAP_SECONDS, kill_all

CHUNK_BYTES = 64 << 10
MOST_CHUNKS = 32
"""Of what is left in the pipe at the end: as much as a pipe holds, even if somebody writes on."""
GLANCE_SECONDS = 0.1  # how soon it is seen that driftd is to end
PATIENCE_SECONDS = launch.GRACE_SECONDS + 2.0


class Launched:
    """Started when made, which raises OSError where that cannot be; of no more use after `kill`."""

    def __init__(
        self, argv: Sequence[str], folder: Path, environment: Mapping[str, bytes], told: bytes, limits: tuple[int, int]
    ) -> None:
        """`told` is its stdin; `limits` are bytes of memory and seconds of CPU time."""
        ours = [sys.executable, "-I", os.path.abspath(launch.__file__), str(os.getpid()), *map(str, limits)]
        # A file in memory and not a pipe: a command that does not read holds nobody up.
        with open(os.memfd_create("event"), "w+b") as file:
            file.write(told)
            file.seek(0)
            self._popen = subprocess.Popen(  # noqa: S603  the configuration says what runs; there is no shell
                [*ours, *(text.encode() for text in argv)],
                bufsize=0,
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        assert self._popen.stdout is not None
        assert self._popen.stderr is not None
        self._answers, self._output = self._popen.stdout, self._popen.stderr
        self._answer = self._tail = b""
        self._poll = select.poll()
        for pipe in (self._answers, self._output):
            os.set_blocking(pipe.fileno(), False)
            self._poll.register(pipe, select.POLLIN)

    def follow(self, until: float, stop: threading.Event) -> Literal["", "time", "stop"]:
        """Hear it out; "time" or "stop" where it was told to end before it did."""
        told: Literal["", "time", "stop"] = ""
        while self._hears():
            if not told and (stop.is_set() or monotonic() >= until):
                told = "stop" if stop.is_set() else "time"
                os.kill(self._popen.pid, signal.SIGTERM)  # dead or alive it is there until it is waited for
                until = monotonic() + PATIENCE_SECONDS
            elif told and monotonic() >= until:
                break
        return told

    def kill(self) -> None:
        """End all that is left of it."""
        kill_all(self._popen.pid)
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(REAP_SECONDS)
        with suppress(BlockingIOError):
            for _ in range(MOST_CHUNKS):
                if not self._said():
                    break
        self._answers.close()
        self._output.close()

    @property
    def answer(self) -> dict[str, Any]:
        """What the launcher told of the end; empty where it was killed before."""
        first, ended, _ = self._answer.partition(b"\n")
        found: dict[str, Any] = json.loads(first) if ended else {}
        return found

    @property
    def said(self) -> str:
        """The end of the output, as one printable line of at most 1 KiB."""
        return line(self._tail.decode(errors="replace").replace("\ufffd", "?"))

    def _hears(self) -> bool:
        """One turn of the loop; false when the launcher has hung up."""
        ready = [end for end, _ in self._poll.poll(1000 * GLANCE_SECONDS)]
        if self._output.fileno() in ready and not self._said():
            self._poll.unregister(self._output)
        if self._answers.fileno() not in ready:
            return True
        heard = os.read(self._answers.fileno(), CHUNK_BYTES)
        self._answer += heard
        return bool(heard)

    def _said(self) -> bool:
        """Take what there is, keep its end; false when nobody is left to say more."""
        heard = os.read(self._output.fileno(), CHUNK_BYTES)
        self._tail = (self._tail + heard[-WHY_BYTES:])[-WHY_BYTES:]
        return bool(heard)
