"""One child process: three pipes to it, a poll loop over them with a deadline, and its end with all that it started."""

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from monitor.child import serve
from monitor.child.limits import WHY_BYTES, ChildFailed, Limits, size

# Built from nothing: the daemon's own environment holds secrets. One thread per library: each more costs address space.
ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "HOME": "/nonexistent",
    "TZ": "UTC",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
HEADER_BYTES = 16 << 20  # JSON grows some twenty times when it is parsed, in the parent; bulk belongs in the payload
CHUNK_BYTES = 1 << 20
GLANCE_SECONDS = 0.1  # how soon the death of a child is noticed whose pipes live on in a grandchild
OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "Memory allocation")  # last words of C++, Python, OpenBLAS
SWEEPS = 20  # one sees nobody, as a rule; a family that forks faster than it is killed ends with the session
REAP_SECONDS = 5.0  # SIGKILL works at once, unless the process hangs in the kernel


class Process:
    """Started when made; of no more use after `kill`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._outgoing: list[memoryview] = []
        self._said = b""
        ends: list[int] = []
        try:
            for _ in range(2):
                _add_pipe(ends)
            self._popen = _started(ends[0], ends[3])
        except OSError as error:
            for end in ends:
                os.close(end)
            raise ChildFailed("died", f"its process could not be started: {error}") from error
        os.close(ends[0])
        os.close(ends[3])
        self._answers, self._requests = ends[2], ends[1]
        assert self._popen.stderr is not None
        self._stderr = self._popen.stderr.fileno()
        self._poll = select.poll()
        for end in (self._requests, self._answers, self._stderr):
            os.set_blocking(end, False)
        for end in (self._answers, self._stderr):
            self._poll.register(end, select.POLLIN)

    def exchange(self, header: bytes, payload: memoryview, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send one frame, take one back. After a ChildFailed there is nothing to do but `kill`."""
        deadline = time.monotonic() + seconds
        prefix = serve.PREFIX.pack(len(header), len(payload))
        self._outgoing = [part for part in (memoryview(prefix + header), payload) if part]
        self._poll.register(self._requests, select.POLLOUT)
        try:
            head, body = serve.PREFIX.unpack(self._received(serve.PREFIX.size, deadline))
            most = self._limits.answer_bytes
            if head > min(most, HEADER_BYTES) or head + body > most:
                raise ChildFailed("too_large", _too_large(head, body, most))
            answer = json.loads(self._received(head, deadline))
            return answer, bytes(self._received(body, deadline))
        except TimeoutError:
            raise ChildFailed("timeout", f"no answer within {seconds:g} s (`limits.time`)") from None
        except EOFError:
            raise self._obituary() from None
        except (ValueError, RecursionError) as error:
            raise ChildFailed("died", f"its answer is not JSON: {error}") from error

    def kill(self) -> int | None:
        """End it and all that it started; its exit code, negative for a signal, None if even SIGKILL did not help."""
        if self._requests >= 0:
            kill_all(self._popen.pid)
            os.close(self._requests)
            os.close(self._answers)
            self._requests = self._answers = -1
            self._outgoing = []
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(REAP_SECONDS)
            self._hear()
            assert self._popen.stderr is not None
            self._popen.stderr.close()
        return self._popen.returncode

    @property
    def is_dead(self) -> bool:
        """Looked at, not reaped: until then its process group cannot become another's."""
        try:
            return os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:  # reaped by somebody else in this process
            return True

    def _received(self, count: int, deadline: float) -> bytearray:
        buffer = bytearray(count)
        with memoryview(buffer) as view:
            got = 0
            while got < count:
                if self._has_answer(deadline):
                    with suppress(BlockingIOError):
                        got += self._read_into(view[got : got + CHUNK_BYTES])
        return buffer

    def _read_into(self, view: memoryview) -> int:
        with view:
            count = os.readv(self._answers, [view])
        if not count:
            raise EOFError
        return count

    def _has_answer(self, deadline: float) -> bool:
        """One turn of the loop: send what there is to send, throw away what it prints."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        ready = [end for end, _ in self._poll.poll(1000 * min(left, GLANCE_SECONDS))]
        if not ready and self.is_dead:
            raise EOFError
        if self._requests in ready:
            self._send()
        if self._stderr in ready:
            self._hear()
        return self._answers in ready

    def _send(self) -> None:
        try:
            sent = os.write(self._requests, self._outgoing[0][:CHUNK_BYTES])
        except BlockingIOError:
            return
        except BrokenPipeError:  # it will not read; its answer, or its end, comes by the other pipe
            self._outgoing = []
        else:
            self._outgoing[0] = self._outgoing[0][sent:]
            self._outgoing = [part for part in self._outgoing if part]
        if not self._outgoing:
            self._poll.unregister(self._requests)

    def _hear(self) -> None:
        """Keep the end of what it wrote to stderr: the interpreter's last words are there."""
        with suppress(BlockingIOError):
            heard = os.read(self._stderr, CHUNK_BYTES)
            self._said = (self._said + heard)[-WHY_BYTES:]
            if not heard:
                with suppress(KeyError):  # it has closed its stderr before
                    self._poll.unregister(self._stderr)

    def _obituary(self) -> ChildFailed:
        code = self.kill()
        said = self._said.decode(errors="replace").strip().rpartition("\n")[2]
        more = f"; its last words: {said}" if said else ""
        memory = f"{size(self._limits.memory_bytes)} (`limits.memory`)"
        if code == -signal.SIGXCPU:
            return ChildFailed(
                "timeout", f"more CPU time than {self._limits.seconds:g} s for each core (`limits.time`)"
            )
        if any(words in said for words in OUT_OF_MEMORY):
            return ChildFailed("memory", f"needed more memory than {memory}{more}")
        if code == -signal.SIGKILL:
            return ChildFailed("died", f"killed by SIGKILL: is the machine out of memory? It may use {memory}{more}")
        if code is not None and code < 0:
            return ChildFailed("died", f"killed by {signal.Signals(-code).name}{more}")
        return ChildFailed("died", f"ended with exit code {code} and no answer{more}")


def _too_large(head: int, body: int, most: int) -> str:
    if head > HEADER_BYTES:
        return f"the JSON of the answer has {size(head)}; at most {size(min(most, HEADER_BYTES))} is taken"
    return f"the answer has {size(head + body)}; at most {size(most)} is taken"


def _add_pipe(ends: list[int]) -> None:
    """Add the ends of a pipe, clear of 0, 1 and 2: free in a daemon without standard streams, replaced in the child."""
    low = os.pipe()
    try:
        for end in low:
            ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 3))
    finally:
        for end in low:
            os.close(end)


def _started(requests: int, answers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own interpreter and our own file
        [sys.executable, "-I", os.path.abspath(serve.__file__), str(requests), str(answers)],
        bufsize=0,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # what a script prints is rows more often than not: nobody is to read them
        stderr=subprocess.PIPE,
        pass_fds=(requests, answers),
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,
    )


def import_paths() -> list[str]:
    """Where this process imports from: a child under -I sees neither PYTHONPATH nor the current folder."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(serve.__file__))))
    # What is no folder stays as it is: editable installs put names there that mean something to their import hook.
    paths = [os.path.abspath(path) if os.path.exists(path) else path for path in sys.path if path]
    return paths if root in paths else [root, *paths]  # not there: found by "" (the current folder) or an import hook


def kill_all(child: int) -> None:
    """Kill the child's session, and what left the session but descends from the child, which adopts its orphans."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGSTOP)  # it starts no more, and keeps its dead
    kill_below(child)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


def kill_below(root: int) -> None:
    """Kill what descends from a process."""
    for _ in range(SWEEPS):
        leavers = _descendants(root)
        for pid in leavers:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        if not leavers:
            break


def _descendants(root: int) -> Sequence[int]:
    """Living processes below `root`, by /proc; none where there is no /proc."""
    children: dict[int, list[int]] = {}
    living = set()
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        with suppress(OSError, ValueError):
            pid = int(name)
            with open(f"/proc/{pid}/stat", "rb") as file:
                state, parent = file.read().rpartition(b")")[2].split()[:2]
            children.setdefault(int(parent), []).append(pid)
            if state not in (b"Z", b"X"):
                living.add(pid)
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return [pid for pid in found[1:] if pid in living]
