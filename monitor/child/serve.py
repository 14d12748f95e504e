"""The child's side: limits, then the handler's module, then an answer for each question until the parent hangs up.

Run by its path as `python -I serve.py REQUESTS ANSWERS` (two file descriptors), so that nothing but the standard
library is imported before the limits stand. A frame is a prefix (sizes of header and payload), a JSON header, raw
payload bytes; the first is the set-up, the others are tasks. JSON is Python's at both ends: nan and infinity pass.
"""

import ctypes
import errno
import importlib
import json
import math
import os
import resource
import signal
import struct
import sys
import sysconfig
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeAlias

Handler: TypeAlias = Callable[[dict[str, Any], memoryview], tuple[dict[str, Any], bytes]]

PREFIX = struct.Struct("!IQ")  # bytes of header, bytes of payload

FILE_BYTES = 64 << 20
OPEN_FILES = 256
MESSAGE_BYTES = 800  # so that the place, which comes after it, fits into the parent's line of 1 KiB

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38  # linux/prctl.h


def main() -> None:
    requests, answers = int(sys.argv[1]), int(sys.argv[2])
    sys.argv[1:] = []
    for end in (requests, answers):
        os.set_inheritable(end, False)  # what the user's code starts must not hold our pipes
    setup, _ = _read(requests)
    bind_to(setup["parent"])
    _limit_files()
    sys.path[:] = setup["paths"]
    try:
        handler = _loaded(setup["handler"])
    except BaseException as error:  # noqa: BLE001  whatever the import did is told to the parent
        _write(answers, _raised(error))
        return
    mapped = mapped_bytes()
    _write(answers, {"ready": True})
    while True:
        task, payload = _read(requests)
        limit_memory([size + len(payload) + setup["memory_bytes"] for size in mapped])
        _limit_cpu(setup["seconds"])
        _write(answers, *_answered(handler, task, payload))
        del task, payload


RESERVE_BYTES = 1 << 20
RESERVE = bytearray()  # let go when the handler has used up everything else
UNLIMITED = [resource.RLIM_INFINITY] * 2


def _answered(handler: Handler, task: dict[str, Any], payload: memoryview) -> tuple[dict[str, Any] | bytes, memoryview]:
    me = os.getpid()
    RESERVE.extend(bytes(RESERVE_BYTES - len(RESERVE)))
    answer: dict[str, Any] | bytes
    data = memoryview(b"")
    try:
        header, body = handler(task, payload)
        if not isinstance(header, dict):
            raise TypeError(f"the handler answered with a {type(header).__name__}; a dict and bytes would be right")
        answer, data = json.dumps({"answer": header}).encode(), memoryview(body).cast("B")
    except BaseException as error:  # noqa: BLE001  the user's code may raise anything, SystemExit too
        RESERVE.clear()  # the first thing: where no byte is left, not even a call can be made
        limit_memory(UNLIMITED)
        if _is_memory(error):
            error.__traceback__ = error.__context__ = error.__cause__ = None  # its frames hold what took the memory
            answer = {"memory": True}
        else:
            answer = _raised(error)
    if os.getpid() != me:
        os._exit(0)  # a copy the handler forked and let return: one question, one answer
    limit_memory(UNLIMITED)  # room to answer
    return answer, data


def _loaded(handler: str) -> Handler:
    module, _, name = handler.partition(":")
    loaded: Handler = getattr(importlib.import_module(module), name)
    return loaded


# What the parent is told of an exception


def _raised(error: BaseException) -> dict[str, Any]:
    try:
        message = str(error).encode(errors="replace")[:MESSAGE_BYTES].decode(errors="ignore")
    except BaseException:  # noqa: BLE001  __str__ may be the user's
        message = "its message cannot be shown"
    kind = type(error).__name__
    place = "" if isinstance(error, SyntaxError) else _place(error.__traceback__)  # that one names its place itself
    return {"raised": (f"{kind}: {message}" if message else kind) + place}


def _is_memory(error: BaseException) -> bool:
    """Also said by a fork or a mapping (ENOMEM), and by the loader of a library that no longer fits."""
    if isinstance(error, ImportError):
        return "failed to map segment" in str(error) or "cannot allocate memory" in str(error)
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)


def _place(trace: TracebackType | None) -> str:
    """Where it was raised: the deepest line of the user's code, or else the deepest line of all."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]
    frames = [(path, line) for path, line in frames if path != __file__ and not path.startswith("<")]
    ours = {os.path.dirname(os.path.dirname(os.path.abspath(__file__)))}
    ours.update(sysconfig.get_paths()[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib"))
    users = [
        (path, line) for path, line in frames if not path.startswith(tuple(f"{folder}{os.sep}" for folder in ours))
    ]
    path, line = (users or frames or [("", 0)])[-1]
    return f" ({os.path.basename(path)}:{line})" if path else ""


# Frames


def _read(requests: int) -> tuple[dict[str, Any], memoryview]:
    header_bytes, payload_bytes = PREFIX.unpack(_exactly(requests, PREFIX.size))
    header = json.loads(bytes(_exactly(requests, header_bytes)))
    return header, _exactly(requests, payload_bytes).toreadonly()


def _exactly(requests: int, count: int) -> memoryview:
    view = memoryview(bytearray(count))
    got = 0
    while got < count:
        read = os.readv(requests, [view[got:]])
        if not read:
            os._exit(0)  # the parent is gone
        got += read
    return view


def _write(answers: int, header: dict[str, Any] | bytes, payload: memoryview | bytes = b"") -> None:
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    for part in (memoryview(PREFIX.pack(len(head), len(payload)) + head), memoryview(payload)):
        while part:
            part = part[os.write(answers, part) :]


# Limits


def bind_to(parent: int, told: int = signal.SIGKILL) -> None:
    """Die with the parent, gain no rights, adopt orphaned grandchildren, be the first to go when memory runs out.

    `told` is the signal by which the parent's end is told.
    """
    if sys.platform != "linux":
        return
    die_with_parent(told)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)  # so that the parent finds them below us, even when they left the session
    if os.getppid() != parent:
        os._exit(0)  # it died before we asked to be told
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass  # a system without it, or read only


def die_with_parent(told: int = signal.SIGKILL) -> None:
    """Be killed when the thread that started this process is gone. Linux only; elsewhere nothing happens."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, told)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, *(ctypes.c_ulong(argument) for argument in (value, 0, 0, 0)))


def _limit_files() -> None:
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, FILE_BYTES)
    lower(resource.RLIMIT_NOFILE, OPEN_FILES)


def limit_memory(sizes: list[int]) -> None:
    """Soft limits only: they are lifted to answer, and follow the size of the next payload."""
    for kind, size in zip((resource.RLIMIT_AS, resource.RLIMIT_DATA), sizes, strict=True):
        _soften(kind, size)


def _limit_cpu(seconds: float) -> None:
    """A backstop behind the parent's deadline. It counts the whole life of the process, hence the time used so far."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _soften(resource.RLIMIT_CPU, math.ceil(used + seconds * (os.cpu_count() or 1)) + 1)


def mapped_bytes() -> tuple[int, int]:
    """The address space in use, and the private and writable part of it: what RLIMIT_AS and RLIMIT_DATA count."""
    try:
        with open("/proc/self/statm") as file:
            pages = file.read().split()
    except OSError:
        return (4 << 30, 4 << 30)  # not Linux: more than libraries map anywhere
    return int(pages[0]) * resource.getpagesize(), int(pages[5]) * resource.getpagesize()


def _soften(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (_least(value, hard), hard))


def lower(kind: int, value: int) -> None:
    """Hard limits: what the process turns into cannot lift them."""
    value = _least(value, resource.getrlimit(kind)[1])
    resource.setrlimit(kind, (value, value))


def _least(value: int, hard: int) -> int:
    if resource.RLIM_INFINITY in (value, hard):  # -1: it would win every min()
        return hard if value == resource.RLIM_INFINITY else value
    return min(value, hard)


if __name__ == "__main__":
    main()
