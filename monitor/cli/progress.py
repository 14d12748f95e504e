"""A progress bar on a terminal for what takes more than two seconds; nothing in a pipe."""

import sys
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from monitor.place import Place, Url
from monitor.sources.listing import Listed, listed

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_SECONDS = 2.0


class Bar:
    """Counts bytes read against the size of the files, over `passes` passes; or steps against so many."""

    def __init__(self, what: str, passes: int = 1) -> None:
        self.what, self.passes = what, passes
        self.total, self.done = 0, 0
        self.started = time.monotonic()
        self.progress: Progress | None = None

    def watch(self, paths: Sequence[Place | Listed]) -> Callable[[int], None] | None:
        """What to tell of each block; None where nobody looks."""
        if not sys.stderr.isatty():
            return None
        self.total = self.passes * sum(size_of(path) for path in paths)
        return self._seen

    def steps(self, total: int) -> Callable[[], None] | None:
        """What to call at each of so many steps; None where nobody looks."""
        if not sys.stderr.isatty():
            return None
        self.total += total
        return lambda: self._seen(1)

    def _seen(self, count: int) -> None:
        self.done += count
        if self.progress is None and time.monotonic() - self.started > PATIENCE_SECONDS:
            from rich.console import Console
            from rich.progress import Progress

            self.progress = Progress(console=Console(stderr=True), transient=True)
            self.progress.add_task(self.what, total=self.total)
            self.progress.start()
        if self.progress is not None:
            self.progress.update(self.progress.task_ids[0], completed=min(self.done, self.total))

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.progress is not None:
            self.progress.stop()


def size_of(path: Place | Listed) -> int:
    """How many bytes a file is, or a folder's files together; 0 where there is none."""
    if isinstance(path, Listed):
        return path.size
    if isinstance(path, Url):
        return sum(file.size for file in listed(path))
    if path.is_dir():
        return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
    return path.stat().st_size if path.exists() else 0
