"""Command: a program of yours, started on an event with limits, and ended with all that it started."""

import errno
import math
import os
import signal
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from monitor.actions.cloudevents import message
from monitor.actions.launched import Launched
from monitor.child.limits import line, size
from monitor.child.process import OUT_OF_MEMORY
from monitor.event import Event
from monitor.wording import span

SEARCHED = f"{os.defpath}:/usr/local/bin"
NOWHERE = "/nonexistent"
LEAST_MEMORY_BYTES = 16 << 20
"""Enough for the launcher to turn into a program."""
STOPPED = "stopped, as driftd ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of a command. It is done where the exit code is 0; `why` says what there is to say of it.

    There is no code where it was killed, told to end by driftd, or could not be started. `said` is the end of its
    output, as one printable line of at most 1 KiB.
    """

    code: int | None
    why: str = ""
    took_seconds: float = 0.0
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program and its arguments, run without a shell in `folder`; `seconds` is wall clock.

    `memory_bytes` is for each process. The event is on stdin, as a webhook gets it, and the names in it are in the
    environment, which holds nothing of driftd's own. Nothing of it becomes an argument.
    """

    argv: tuple[str, ...]
    folder: Path
    seconds: float = 3600.0
    memory_bytes: int = 4 << 30

    def __post_init__(self) -> None:
        if not self.argv or not self.argv[0]:
            raise ValueError(f"argv {list(self.argv)}: a program and its arguments would be right")
        for text in self.argv:
            if "\0" in text or text.encode(errors="replace").decode() != text:
                raise ValueError(f"argv: {text!r} has a character that no argument can have")
        if not 0 < self.seconds < math.inf:
            raise ValueError(f"seconds: {self.seconds!r}; it must be more than 0, and finite")
        if not LEAST_MEMORY_BYTES <= self.memory_bytes < math.inf:
            raise ValueError(f"memory_bytes: {self.memory_bytes!r}; at least {size(LEAST_MEMORY_BYTES)} would be right")

    def run(self, event: Event, stop: threading.Event | None = None) -> Ended:
        """Start it and wait for its end. When `stop` is set, or time is up, it gets SIGTERM and 5 seconds to end."""
        began, stop = monotonic(), stop or threading.Event()
        if stop.is_set():
            return Ended(code=None, why=STOPPED)
        told, limits = message(event)[1], (self.memory_bytes, math.ceil(self.seconds * (os.cpu_count() or 1)) + 1)
        try:
            launched = Launched(self.argv, self.folder, _environment(event), told, limits)
        except OSError as error:
            return Ended(code=None, why=f"cannot start: {self._not_launched(error)}")
        try:
            ended_for = launched.follow(began + self.seconds, stop)
        finally:
            launched.kill()
        answer = launched.answer
        if ended_for and answer.get("was_told", "errno" not in answer):
            code, why = None, STOPPED if ended_for == "stop" else f"took longer than {self._time}"
        else:  # it had ended by itself, and something that it left was waited for
            code, why = self._outcome(answer, launched.said)
        return Ended(code=code, why=why, took_seconds=monotonic() - began, said=launched.said)

    @property
    def _time(self) -> str:
        whole = self.seconds % 60 == 0
        return f"{span(timedelta(seconds=self.seconds)) if whole else f'{self.seconds:g} s'} (`time`)"

    def _outcome(self, answer: dict[str, Any], said: str) -> tuple[int | None, str]:
        code = answer.get("code")
        if "errno" in answer:
            return None, f"cannot start: {self._not_started(answer['errno'])}"
        if code is None:
            return None, "killed together with its launcher: is the machine out of memory?"
        if code < 0:
            return None, f"killed by signal {self._signal(-code)}"
        why = f"exit code {code}" if code else ""
        if code and any(words in said for words in OUT_OF_MEMORY):
            why += f": it may need more memory than {size(self.memory_bytes)} for a process (`memory`)"
        if not code and answer["left"]:
            why = "it left something running, which was killed; a command is to wait for what it starts"
        return code, why

    def _signal(self, number: int) -> str:
        if number == signal.SIGXCPU:
            return f"SIGXCPU: used more CPU time than {self._time} for each core"
        if number == signal.SIGKILL:
            return "SIGKILL: is the machine out of memory?"
        return signal.Signals(number).name if number in set(signal.Signals) else str(number)

    def _not_launched(self, error: OSError) -> str:
        if error.filename in (self.folder, str(self.folder)):
            return f"{self.folder}: {os.strerror(error.errno or 0)}; a folder to run it in would be right"
        return str(error)

    def _not_started(self, number: int) -> str:
        program = self.argv[0]
        path = os.path.join(self.folder, program)  # and os.path's questions, which raise nothing
        if number in (errno.ENOENT, errno.ENOTDIR) and os.sep not in program:
            better = f"./{program}, which is {path}," if os.path.exists(path) else "a path"
            return f"{program}: no such file in {SEARCHED}; {better} would be right"
        if number == errno.ENOENT and os.path.exists(path):
            return f"{program}: the interpreter that its first line names is not there"
        if number in (errno.ENOENT, errno.ENOTDIR):
            return f"{program}: no such file; a path from {self.folder}, or a whole one, would be right"
        if os.path.isdir(path):
            return f"{program}: a folder; a program in it would be right"
        if number == errno.EACCES:
            return f"{program}: not executable by driftd's user; chmod +x, or its interpreter before it, would be right"
        if number == errno.ENOEXEC:
            return f"{program}: not a program; a first line such as #!/bin/sh would be right"
        return f"{program}: {os.strerror(number)}"


def _environment(event: Event) -> dict[str, bytes]:
    """Built from nothing: the daemon's own environment holds secrets. UTF-8, whatever the daemon's locale."""
    names = {name: event.data.get(name) for name in ("incident", "alarm")}
    found = {
        "PATH": SEARCHED,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "DRIFTD_EVENT_ID": event.id,
        "DRIFTD_MONITOR": event.monitor,
        "DRIFTD_KIND": event.kind,
        "DRIFTD_SUMMARY": event.summary,
        **{f"DRIFTD_{name.upper()}": line(text) for name, text in names.items() if isinstance(text, str)},
    }
    home = os.path.expanduser("~")  # as it was where there is neither HOME nor a name for the user
    return {name: text.encode() for name, text in found.items()} | {
        "HOME": os.fsencode(home if home != "~" else NOWHERE)
    }
