"""Spreading a reading over the workers of an engine, and what they found as if it had been read here."""

import hashlib
from collections.abc import Sequence

from monitor import __version__
from monitor.batch import Sample as Reject
from monitor.child.limits import Limits
from monitor.decode.layout import Layout
from monitor.engines.engine import Engine, EngineFailed, TooLittleMemory
from monitor.engines.job import Job, blank, read_as
from monitor.engines.merging import Merging
from monitor.engines.packing import of_bytes, to_bytes
from monitor.engines.plan import SPLIT_BYTES, absolute, splits
from monitor.engines.state import APART, Answered, Broken, State
from monitor.errors import InputError, RuleError, SourceError
from monitor.intake import Intake
from monitor.profile import Profile
from monitor.reading import Reading
from monitor.userwork import TransformFailed

ERRORS = {
    "source": SourceError,
    "input": InputError,
    "rule": RuleError,
    "foreign": EngineFailed,
    "internal": RuntimeError,
}


class Whole(Exception):
    """Everything has to be read in one go, here; why, if that is worth a word."""


def spread(
    engine: Engine,
    intake: Intake,
    base: Profile,
    transforms: Sequence[tuple[str, str]],
    limits: Limits,
    size: int = SPLIT_BYTES,
) -> tuple[Profile, tuple[Reject, ...]]:
    """The profile and the first rejects; intake, reading and selection know what they would have seen.

    Raises Whole where all fits into one split of this size, or parts cannot tell what is to be told; TransformFailed;
    and EngineFailed where a part is lost.
    """
    reading = intake.source
    if not isinstance(reading, Reading):
        raise Whole("a table in memory, or a script in the place of the format, is read by one")
    read = read_as(reading)
    if read is None:
        raise Whole("its format is known to this process alone")
    files = absolute(reading.files)
    planned = splits(files, reading, size)
    if len(planned) < 2:
        raise Whole("")
    if isinstance(read.format, Layout) and read.format.kind:
        raise Whole(APART)
    job = Job(
        splits=planned,
        base=blank(base),
        read=read,
        roles=intake.roles,
        where=intake.where,
        transforms=tuple(transforms),
        limits=limits,
    )
    total = _total(engine, job, reading)
    total = total.renamed({file.path: str(own) for file, own in zip(files, reading.files, strict=True)})
    if len(total.columns) > reading.expected.sizes.columns:
        raise Whole("its files have more columns than are allowed, together")
    _tell(total, intake, reading)
    return total.profile, total.rejects


def _total(engine: Engine, job: Job, reading: Reading) -> State:
    merging = Merging(len(job.splits), job.base, _unpacked)

    def take(index: int, state: bytes) -> None:
        if merging.take(index, state) and reading.watch is not None:
            reading.watch(job.splits[index].size)

    engine.run(to_bytes(job, __version__), len(job.splits), take)
    return merging.total()


def _unpacked(data: bytes) -> State:
    answer = of_bytes(Answered, data, __version__).answer
    if isinstance(answer, State):
        return answer
    raise _error(answer)


def _error(broken: Broken) -> Exception:
    if broken.kind == "transform":
        return TransformFailed(broken.name, broken.why)
    if broken.kind == "whole":
        return Whole(broken.why)
    if broken.kind == "memory":
        return TooLittleMemory(broken.why)
    return ERRORS[broken.kind](broken.why)


def _tell(total: State, intake: Intake, reading: Reading) -> None:
    """What was seen on the way, where it is looked for."""
    intake.see(total.columns, total.about)
    reading.digests.clear()
    reading.digests.update({path: _digest(some) for path, some in total.digests.items()})
    reading.formats.clear()
    reading.formats.update(total.formats)
    if reading.expected.selection is not None:
        reading.expected.selection.restart()
        reading.expected.selection.see(total.seen)


def _digest(parts: Sequence[str]) -> str:
    """The SHA-256 of a file's bytes; of one that was cut the SHA-256 of those of its pieces, a line each."""
    return parts[0] if len(parts) == 1 else hashlib.sha256("\n".join(parts).encode()).hexdigest()
