"""The worker's side: one window read, judged and written, or one place looked at, in a process of its own."""

import errno
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa

from monitor.child import serve as child
from monitor.child.limits import line
from monitor.daemon import labelled
from monitor.daemon.looking import first_event
from monitor.daemon.receiving import received
from monitor.daemon.task import Answer, Failure, Task, Worked
from monitor.daemon.windowed import judged
from monitor.document import from_document, to_document
from monitor.errors import BaselineError, ConfigError, InputError, RuleError, SourceError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
UNLIMITED = [-1, -1]


def serve(pipe: Connection, memory_bytes: int) -> None:
    """Answer the one task that comes through the pipe, and end."""
    os.setsid()
    child.die_with_parent()
    daemon = parent_process()
    if daemon is None or not daemon.is_alive():  # it died before we asked to be told
        os._exit(0)
    os.umask(0o027)
    task = from_document(Task, json.loads(pipe.recv_bytes()))
    prior = pipe.recv_bytes()
    child.limit_memory([mapped + memory_bytes for mapped in child.mapped_bytes()])
    found = answered(task, prior)
    child.limit_memory(UNLIMITED)  # room to answer
    for part in (json.dumps(to_document(found.answer)).encode(), found.report, found.profile, found.evidence):
        pipe.send_bytes(part)
    os._exit(0)


def answered(task: Task, prior: bytes = b"") -> Worked:
    """The answer, and what comes with it of a window; whatever breaks is told in the answer."""
    started = time.monotonic()
    try:
        with _told():
            if task.awaited is not None:
                found = received(task)
            elif task.window is None:
                first, is_empty = first_event(task)
                found = Worked(answer=Answer(first=first, is_empty=is_empty))
            elif task.is_labelled:
                found = labelled.judged(task, prior)
            else:
                found = judged(task, prior)
    except _Failed as error:
        found = Worked(answer=Answer(failure=error.failure, why=error.why))
    return replace(found, answer=replace(found.answer, took_seconds=time.monotonic() - started))


class _Failed(Exception):
    """Why there is no verdict."""

    def __init__(self, failure: Failure, why: str) -> None:
        super().__init__(failure, why)
        self.failure, self.why = failure, line(why)


@contextmanager
def _told() -> Iterator[None]:
    """Every exception as the failure that it is."""
    try:
        yield
    except (MemoryError, pa.ArrowMemoryError):
        child.limit_memory(UNLIMITED)  # first: there is no room for a word otherwise
        raise _Failed("memory", "needed more memory than it may use (`limits.memory`)") from None
    except SourceError as error:
        raise _Failed("source", str(error)) from None
    except BaselineError as error:
        raise _Failed("baseline", str(error)) from None
    except (RuleError, ConfigError) as error:
        raise _Failed("rule", str(error)) from None
    except InputError as error:
        raise _Failed("input", str(error)) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        failure: Failure = "disk" if error.errno in FULL else "internal"
        raise _Failed(failure, f"{where}{error.strerror or error}") from None
    except Exception as error:  # a bug of ours must end one attempt, and be told  # noqa: BLE001
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        at = f" ({Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno})" if frame is not None else ""
        raise _Failed("internal", f"{type(error).__name__}: {error}{at}") from None
