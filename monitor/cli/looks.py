"""What is stored of a monitor's windows, for commands that replay them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from monitor.baseline import Baseline
    from monitor.config.grammar import Config, Monitor
    from monitor.policy.layout import Layout
    from monitor.policy.look import Look
    from monitor.policy.plan import Mark
    from monitor.store.words import EvidenceRow, MarkRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A monitor's stored looks in order, what they count, and what people said of it."""

    looks: "Sequence[Look]"
    layout: "Layout"
    marks: "Sequence[Mark]"


def kept(config: "Config", monitor: "Monitor", start: datetime | None = None, end: datetime | None = None) -> Kept:
    """What is stored of a monitor's windows that lie in a stretch. Raises InputError that says what would be right."""
    from monitor import configured
    from monitor.baselines import load
    from monitor.policy.look import Look
    from monitor.policy.plan import Mark
    from monitor.sagemaker.edits import with_domains

    baseline = load(monitor.baseline, with_statistics=False)
    baseline = replace(baseline, profile=with_domains(baseline.profile, baseline.constraints))
    layout = configured.layout(baseline)
    rows, marks = _stored(config, monitor.name)
    ours = _ours(rows, layout.digest, monitor, baseline)
    within = [row for row in ours if _lies_within(row, start, end)]
    if not within:
        _refuse(monitor, f"none of {len(ours)} stored windows lies there: they are from {_span(ours)}")
    return Kept(
        looks=[Look.unpacked(row.look) for row in within],
        layout=layout,
        marks=[Mark(after=mark.after, kind=mark.kind, feature=mark.feature) for mark in marks],  # type: ignore[arg-type]
    )


def _stored(config: "Config", name: str) -> "tuple[list[EvidenceRow], list[MarkRow]]":
    from monitor.daemon.leading import store_url
    from monitor.store.database import Database
    from monitor.store.evidence import looks
    from monitor.store.marks import marks

    database = Database.open(store_url(config), config.state, read_only=True)
    try:
        with database.read() as connection:
            return looks(connection, name), marks(connection, name)
    finally:
        database.close()


def _ours(rows: "Sequence[EvidenceRow]", digest: str, monitor: "Monitor", baseline: "Baseline") -> "list[EvidenceRow]":
    """Those that were counted on the cells of this baseline."""
    if not rows:
        _refuse(
            monitor, "no window is stored; `driftd run` stores those it judges, `driftd backfill` those of the past"
        )
    ours = [row for row in rows if row.layout == digest]
    if not ours:
        _refuse(
            monitor,
            f"{len(rows)} windows are stored, none of them judged by baseline {baseline.name} {baseline.version}; "
            "the version that they were judged by would be right, or `driftd backfill`, which judges them again",
        )
    return ours


def _lies_within(row: "EvidenceRow", start: datetime | None, end: datetime | None) -> bool:
    return (start is None or row.window.start >= start) and (end is None or row.window.end <= end)


def _span(rows: "Sequence[EvidenceRow]") -> str:
    return f"{rows[0].window.start:%Y-%m-%dT%H:%M:%SZ} to {rows[-1].window.end:%Y-%m-%dT%H:%M:%SZ}"


def _refuse(monitor: "Monitor", why: str) -> "NoReturn":
    from monitor.errors import InputError

    raise InputError(f"monitor {monitor.name!r}: {why}")
