"""A handler called in a child process: an answer or a ChildFailed, never a crash or a hang of the caller."""

import json
import os
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from monitor.child.limits import ChildFailed, Limits, size
from monitor.child.process import Process, import_paths

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Child", "ChildFailed", "Limits"]

START_SECONDS = 60.0  # pandas and scipy took 6 s on a loaded machine; a slow start is not the fault of the user's code


class Child:
    """One process, started at the first call and again after a failure; calls are sequential.

    `handler` is "package.module:function"; the function takes `(task: dict, payload: memoryview)` and answers
    `(dict, bytes)`. Between two calls nothing may be counted on: the second may meet a new process. `paths` are more
    folders to import from, after the caller's own. Linux kills the child when the *thread* that started it ends, so
    a Child belongs to one thread; a call from another one works, with a new process if need be.
    """

    def __init__(self, handler: str, limits: Limits, paths: Sequence[str] = ()) -> None:
        self._handler = handler
        self._limits = limits
        self._paths = [os.path.abspath(path) for path in paths]
        self._process: Process | None = None

    def call(self, task: Mapping[str, Any], payload: "bytes | pyarrow.Buffer" = b"") -> tuple[dict[str, Any], bytes]:
        """The handler's answer; ChildFailed where there is none. The payload is not copied here."""
        header, body = json.dumps(dict(task)).encode(), memoryview(payload).cast("B")
        process = self._living()
        try:
            answer, data = process.exchange(header, body, self._limits.seconds)
        except BaseException:  # KeyboardInterrupt too: half a frame may be under way
            self.close()
            raise
        if "raised" in answer:
            raise ChildFailed("raised", str(answer["raised"]))
        if "answer" not in answer:
            self.close()
            raise ChildFailed("memory", f"needed more memory than {size(self._limits.memory_bytes)} (`limits.memory`)")
        return answer["answer"], data

    def close(self) -> None:
        """End the process and all that it started. The next call starts a new one."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _living(self) -> Process:
        if self._process is not None and self._process.is_dead:
            self.close()
        if self._process is None:
            self._process = Process(self._limits)
            try:
                self._load(self._process)
            except BaseException:
                self.close()
                raise
        return self._process

    def _load(self, process: Process) -> None:
        setup = {
            "handler": self._handler,
            "parent": os.getpid(),
            "paths": [*import_paths(), *self._paths],
            "memory_bytes": self._limits.memory_bytes,
            "seconds": self._limits.seconds,
        }
        answer, _ = process.exchange(json.dumps(setup).encode(), memoryview(b""), START_SECONDS)
        if "raised" in answer:
            raise ChildFailed("raised", f"{self._handler} cannot be loaded: {answer['raised']}")
