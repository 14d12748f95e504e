"""Provenance: what a report rests on, besides its findings."""

from monitor.baseline import Baseline
from monitor.baselines import constraints_digest
from monitor.intake import Source
from monitor.profile import Profile
from monitor.report import Inputs, Origin, Span
from monitor.window import Window


def span(now: Profile, window: Window | None) -> Span | None:
    """The window, else the first and the last event; None where nothing has a time."""
    if window is not None:
        return Span(start=window.start, end=window.end)
    first, last = now.volume.first, now.volume.last
    return Span(start=first, end=last) if first is not None and last is not None else None


def origin(baseline: Baseline) -> Origin:
    """The baseline that was judged against."""
    return Origin(
        name=baseline.name,
        version=baseline.version,
        digest=baseline.digest,
        constraints=constraints_digest(baseline.constraints),
    )


def inputs(now: Profile, source: Source) -> Inputs:
    """What was read."""
    volume = now.volume
    return Inputs(
        records=volume.records,
        rows=volume.rows,
        dropped=volume.dropped,
        rejected=volume.rejected,
        digest=source.digest,
    )
