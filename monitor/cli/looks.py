"""What is stored of a monitor's windows, for commands that replay them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from monitor.baseline import Baseline
    from monitor.config.grammar import Config, Monitor
    from monitor.policy.look import Look
    from monitor.policy.plan import Plan
    from monitor.store.words import EvidenceRow, MarkRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A monitor's looks in order, and what is planned for them. `is_dated`: they are the baseline's own."""

    looks: "Sequence[Look]"
    plan: "Plan"
    is_dated: bool = False


def kept(config: "Config", monitor: "Monitor", start: datetime | None = None, end: datetime | None = None) -> Kept:
    """What is stored of a monitor's windows that lie in a stretch. Raises InputError that says what would be right."""
    from monitor.policy.look import Look

    baseline = _baseline(monitor)
    rows, marks = _stored(config, monitor.name)
    plan = planned(monitor, baseline, marks)
    ours = _ours(rows, plan.layout.digest, monitor, baseline)
    within = [row for row in ours if _lies_within(row, start, end)]
    if not within:
        _refuse(monitor, f"none of {len(ours)} stored windows lies there: they are from {_span(ours)}")
    return Kept(looks=[Look.unpacked(row.look) for row in within], plan=plan)


def learnable(config: "Config", monitor: "Monitor") -> Kept:
    """What is stored of a monitor's windows; where nothing is, those that a baseline whose rows had times would have
    been. Raises InputError, StoreError or NoHistory."""
    from monitor.errors import InputError, StoreError

    try:
        return kept(config, monitor)
    except (InputError, StoreError):
        baseline = _baseline(monitor)
        if baseline.history is None:
            raise
    plan = planned(monitor, baseline, ())
    looks = _past(monitor, baseline, 2 * plan.learning, must=True)
    return Kept(looks=looks, plan=replace(plan, history=()), is_dated=True)


def against(monitor: "Monitor", first: Kept) -> Kept:
    """The same windows as another configuration has them, and what it plans for them.

    Windows of a coarser schedule are added up from those stored. Raises InputError where what is stored says nothing of
    its windows: another baseline, or finer ones.
    """
    import numpy as np

    from monitor.policy.look import regrouped
    from monitor.wording import span

    ours, plan = first.plan, replace(planned(monitor, _baseline(monitor), ()), marks=first.plan.marks)
    if plan.layout.digest == ours.layout.digest:
        return Kept(looks=first.looks, plan=plan)
    has_our_cells = plan.layout.features == ours.layout.features and plan.layout.places == ours.layout.places
    if not has_our_cells or not np.array_equal(plan.layout.counts, ours.layout.counts):
        _refuse(
            monitor,
            "--against has another baseline, so what is stored was counted on other cells; the same `baseline` would "
            "be right, or `driftd backfill`, which judges windows again",
        )
    schedule = replace(monitor.schedule.timetable, start=None)
    start, end = first.looks[0].window.start, first.looks[-1].window.end
    looks = regrouped(first.looks, schedule.windows(schedule.begin(start), end)) if ours.length <= ours.interval else ()
    if plan.length < ours.length or not looks:
        _refuse(
            monitor,
            f"--against has windows of {span(plan.length)}, which those stored, of {span(ours.length)}, do not add up "
            "to; the same `schedule` would be right, or a coarser one",
        )
    return Kept(looks=looks, plan=plan)


def planned(monitor: "Monitor", baseline: "Baseline", marks: "Sequence[MarkRow]") -> "Plan":
    """What is planned for a monitor's windows, with what people said."""
    from monitor import configured
    from monitor.policy.plan import Mark

    said = [Mark(after=mark.after, kind=mark.kind, feature=mark.feature) for mark in marks]  # type: ignore[arg-type]
    plan = configured.plan(monitor, configured.layout(monitor, baseline), baseline=baseline, marks=said)
    return replace(plan, history=_past(monitor, baseline, plan.learning))


def _past(monitor: "Monitor", baseline: "Baseline", at_least: int, *, must: bool = False) -> "tuple[Look, ...]":
    """The baseline's own looks; where they say nothing of these windows there are none, as in the daemon."""
    from monitor import configured
    from monitor.errors import NoHistory
    from monitor.policy.past import history_of

    try:
        base = configured.followed_base(monitor, baseline)
        return history_of(baseline.history, base, monitor.schedule.timetable, at_least=at_least)
    except NoHistory:
        if must:
            raise
        return ()


def _baseline(monitor: "Monitor") -> "Baseline":
    from monitor.baselines import load
    from monitor.sagemaker.edits import with_domains

    baseline = load(monitor.baseline, with_statistics=False, with_history=True)
    return replace(baseline, profile=with_domains(baseline.profile, baseline.constraints))


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
    from monitor.wording import span

    if not rows:
        _refuse(
            monitor, "no window is stored; `driftd run` stores those it judges, `driftd backfill` those of the past"
        )
    ours = [row for row in rows if row.layout == digest]
    if not ours:
        _refuse(
            monitor,
            f"{len(rows)} windows are stored, none of them judged by baseline {baseline.name} {baseline.version} with "
            f"windows of {span(monitor.schedule.timetable.usual_interval)}; the version and schedule that they were "
            "judged by would be right (a coarser one with --against), or `driftd backfill`, which judges them again",
        )
    return ours


def _lies_within(row: "EvidenceRow", start: datetime | None, end: datetime | None) -> bool:
    return (start is None or row.window.start >= start) and (end is None or row.window.end <= end)


def _span(rows: "Sequence[EvidenceRow]") -> str:
    return f"{rows[0].window.start:%Y-%m-%dT%H:%M:%SZ} to {rows[-1].window.end:%Y-%m-%dT%H:%M:%SZ}"


def _refuse(monitor: "Monitor", why: str) -> "NoReturn":
    from monitor.errors import InputError

    raise InputError(f"monitor {monitor.name!r}: {why}")
