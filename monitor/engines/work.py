"""What an engine calls in another process: packed work and the number of a split to its packed state."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb

import pyarrow as pa

from monitor import __version__
from monitor.batch import Batch
from monitor.child.parent import Child
from monitor.engines.job import Job, bare
from monitor.engines.local import measured
from monitor.engines.packing import Foreign, of_bytes, to_bytes
from monitor.engines.state import APART, Answered, Broken, Kind, State
from monitor.errors import InputError, RuleError, SourceError
from monitor.intake import Intake
from monitor.reading import Reading
from monitor.rulepath import HANDLER
from monitor.userwork import TransformFailed

MEMORY = "needed more memory than it may use (`limits.memory`)"


class _Whole(Exception):
    """What only one worker can tell, that reads everything."""


KINDS: Mapping[Kind, type[Exception]] = {
    "whole": _Whole,
    "foreign": Foreign,
    "source": SourceError,
    "input": InputError,
    "rule": RuleError,
}


def answer(work: bytes, index: int) -> bytes:
    """The packed state of one split, or why it has none. The same bytes whenever it is asked."""
    return packed(answered(work, index))


def packed(found: Answered) -> bytes:
    """The same as bytes; apart, for those who have lifted a limit on memory before."""
    return to_bytes(found, __version__)


def answered(work: bytes, index: int) -> Answered:
    """The state of one split, or why it has none."""
    return Answered(answer=_answered(work, index))


@lru_cache(maxsize=1)
def _unpacked(work: bytes) -> Job:
    return of_bytes(Job, work, __version__)


def _answered(work: bytes, index: int) -> State | Broken:
    try:
        return _state(_unpacked(work), index)
    except TransformFailed as error:
        return Broken(kind="transform", name=error.name, why=error.why)
    except tuple(KINDS.values()) as error:
        return Broken(kind=next(kind for kind, known in KINDS.items() if isinstance(error, known)), why=str(error))
    except (MemoryError, pa.ArrowMemoryError):
        return Broken(kind="memory", why=MEMORY)
    except Exception as error:  # a bug of ours is told, and not tried again until nobody knows why  # noqa: BLE001
        place, line, _, _ = extract_tb(error.__traceback__)[-1]
        return Broken(kind="internal", why=f"{type(error).__name__}: {error} ({Path(place).name}:{line})")


def _state(job: Job, index: int) -> State:
    reading = job.read.reading(job.splits[index].files)
    selection = reading.expected.selection
    intake = Intake(_Checked(reading), job.roles, job.where, selection)
    with Child(HANDLER, job.limits) as child:
        profile, rejects = measured(intake, job.base, job.transforms, child)
    return State(
        profile=bare(profile),
        rejects=rejects,
        columns=tuple(intake.columns),
        about=frozenset(intake.about),
        digests={path: (digest,) for path, digest in reading.digests.items()},
        formats=dict(reading.formats),
        seen=dict(selection.seen) if selection is not None else {},
        lines=dict(reading.lines),
    )


class _Checked:
    """A reading that is given up where one split cannot tell what its records are."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.digests, self.formats = reading.digests, reading.formats
        self.files, self.digest = reading.files, ""

    def __iter__(self) -> Iterator[Batch]:
        for batch in self.reading:
            self._check()
            yield batch
        self._check()

    def _check(self) -> None:
        if self.reading.has_halves:
            raise _Whole(APART)
        if self.reading.is_torn:
            raise _Whole("a Parquet file cannot be read to its end, and its rows count up to there")
        if "manifest" in self.reading.formats.values():
            raise _Whole("a manifest names files, and others may name the same")
