"""Measuring here: in this process, one file behind the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from monitor.batch import Batch
from monitor.batch import Sample as Reject
from monitor.child.parent import Child
from monitor.each import Each
from monitor.engines.state import MOST_REJECTS
from monitor.measures.window import measure
from monitor.profile import Profile
from monitor.sample import Sample, sampled
from monitor.userwork import transformed


def measured(
    batches: Iterable[Batch],
    base: Profile,
    transforms: Sequence[tuple[str, str]],
    child: Child,
    sample: Sample | None = None,
    each: Each = map,
    keep: Callable[[Batch], None] | None = None,
) -> tuple[Profile, tuple[Reject, ...]]:
    """The profile, and the first rejects. A `sample` sees the rows as they are measured, `keep` the batches; `each`
    asks batches several at a time, or not. Raises TransformFailed."""
    rejects: list[Reject] = []
    batches = _noting(batches, rejects)
    if transforms:
        batches = transformed(batches, child, transforms)
    if sample is not None:
        batches = sampled(batches, sample)
    if keep is not None:
        batches = _kept(batches, keep)
    profile = measure(batches, base, each=each)
    return profile, tuple(rejects)


def _noting(batches: Iterable[Batch], rejects: list[Reject]) -> Iterator[Batch]:
    for batch in batches:
        rejects.extend(batch.rejects[: MOST_REJECTS - len(rejects)])
        yield batch


def _kept(batches: Iterable[Batch], keep: Callable[[Batch], None]) -> Iterator[Batch]:
    for batch in batches:
        keep(batch)
        yield batch
