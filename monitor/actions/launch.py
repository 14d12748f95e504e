"""The launcher of a command: sets its limits, starts it, waits for it, and ends all that it started.

Run by its path as `python -I launch.py PARENT MEMORY_BYTES CPU_SECONDS PROGRAM ARGUMENT...`. What became of it goes to
stdout as one line of JSON; all that the command says goes to stderr. It stays beside the command because a command
may be a script whose work is done by another process: that one must not outlive driftd either, however driftd ends.
"""

import json
import math
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from typing import Any

if __name__ == "__main__":  # under -I no other way leads to the package
    sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from monitor.child import process, serve

GRACE_SECONDS = 5.0
"""From SIGTERM to SIGKILL."""
LINGER_SECONDS = 2.0
"""For what is left when the command itself has ended: some programs have helpers that tidy up behind them."""
GLANCE_SECONDS = 3600.0
HEARD = (signal.SIGCHLD, signal.SIGTERM)


def main() -> None:
    parent, memory_bytes, cpu_seconds = (int(text) for text in sys.argv[1:4])
    # All signals are blocked, and these two waited for: one that the command sends to its whole group is not for us.
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    serve.bind_to(parent, signal.SIGTERM)
    launcher, answers = os.getpid(), os.dup(1)
    command = os.fork()
    if not command:
        _become(sys.argv[4:], launcher, answers, memory_bytes, cpu_seconds)
    answer = json.dumps(_watched(command, parent)).encode()
    with suppress(OSError):  # nobody is there to read it
        os.write(answers, answer + b"\n")


def _become(argv: list[str], launcher: int, answers: int, memory_bytes: int, cpu_seconds: int) -> None:
    """In the fork: turn into the command, or say why not."""
    try:
        serve.die_with_parent()
        if os.getppid() != launcher:
            return
        # What is private and writable, not address space: training libraries, GPU drivers and virtual machines reserve
        # a hundred times the address space that they use.
        serve.lower(resource.RLIMIT_DATA, memory_bytes)
        serve.lower(resource.RLIMIT_CPU, cpu_seconds)
        serve.lower(resource.RLIMIT_CORE, 0)
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by this interpreter; a program would inherit it
            signal.signal(ignored, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.dup2(2, 1)
        os.execvp(argv[0], argv)  # noqa: S606  no shell is the point
    except OSError as error:
        os.write(answers, json.dumps({"errno": error.errno}).encode() + b"\n")
    finally:
        os._exit(127)


def _watched(command: int, parent: int) -> dict[str, Any]:
    """The exit code, negative for a signal, null where it was killed here; whether it was told to end before it did;
    and whether anything was left at last."""
    code, was_told, until = None, False, math.inf
    while True:
        left = max(0.0, until - time.monotonic())
        heard = signal.sigtimedwait(HEARD, min(left, GLANCE_SECONDS))
        dead, are_left = _reaped()
        if command in dead:
            code = os.waitstatus_to_exitcode(dead[command])
            until = min(until, time.monotonic() + LINGER_SECONDS)
        if heard is not None and heard.si_signo == signal.SIGTERM and heard.si_pid == parent:  # its death, too
            was_told = was_told or code is None
            os.killpg(0, signal.SIGTERM)
            until = min(until, time.monotonic() + GRACE_SECONDS)
        if are_left and time.monotonic() < until:
            continue
        process.kill_below(os.getpid())
        return {"code": code, "was_told": was_told, "left": are_left}


def _reaped() -> tuple[dict[int, int], bool]:
    """The children that are dead, by their wait status, adopted ones too; and whether there are others."""
    dead: dict[int, int] = {}
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return dead, True
            dead[pid] = status
    return dead, False


if __name__ == "__main__":
    main()
