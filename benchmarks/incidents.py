"""What somebody would hear of three data sets with known changes: from findings to notifications, stage by stage.

    python benchmarks/incidents.py        (of $DRIFTD_DATA, else tests/data, which has no bikes)

Every window goes through `evaluate` with the whole preset, as the daemon puts it, and then the way of the aftermath.
Nothing is drawn by chance. The columns:

findings     violated: what a tool that tells each of them would send
ladder       firings left, a rule and feature once a window, without what a lower rung explains
groups       one a window with any, for all that is left in it has one cause
persistent   those in which something counts: what is damped or broken, and what fires in two of three windows
incidents    those groups over time
told         notifications: an incident opens, or grows worse; that it is over is not counted
"""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.real_drift import CASES, ROLES, Case, baseline, bikes, plan_of
from monitor import rulepath
from monitor.cause import Scene, explained
from monitor.evaluate import Order, evaluate
from monitor.finding import Finding, Status
from monitor.incident import Incident
from monitor.incidents import stepped
from monitor.ladder import Key, fired, laddered
from monitor.persistence import WINDOWS, persisting
from monitor.placing import Explain
from monitor.policy.answer import Answer, answered
from monitor.policy.following import Stored, followed
from monitor.policy.layout import look_of
from monitor.policy.plan import Plan
from monitor.tables import InMemory
from monitor.window import Window

COLUMNS = ("windows", "findings", "ladder", "groups", "persistent", "incidents", "told")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What was counted after each stage, and the incidents there ever were."""

    windows: int = 0
    findings: int = 0
    ladder: int = 0
    groups: int = 0
    persistent: int = 0
    told: int = 0
    ever: tuple[Incident, ...] = ()
    violated: tuple[frozenset[Key], ...] = ()

    @property
    def incidents(self) -> int:
        return len(self.ever)


def after(found: Heard, findings: Sequence[Finding], window: Window, explain: Explain) -> Heard:
    """With one window more."""
    violated = [finding for finding in findings if finding.status is Status.VIOLATED]
    seen = fired(findings)
    left = laddered(seen.firings).left
    counts = persisting(seen, found.violated[1 - WINDOWS :], found.ever)
    related = [one for one in found.ever if one.is_open or one.first == window]
    step = stepped(related, counts, window, monitor="m", now=window.end, explain=explain)
    known = {one.id: one for one in (*found.ever, *step.incidents)}
    return replace(
        found,
        windows=found.windows + 1,
        findings=found.findings + len(violated),
        ladder=found.ladder + len(left),
        groups=found.groups + bool(left),
        persistent=found.persistent + bool(counts.firings),
        told=found.told + sum(change.tells and change.what != "resolved" for change in step.changes),
        ever=tuple(known.values()),
        violated=(*found.violated, frozenset((finding.rule, finding.feature) for finding in violated)),
    )


class Track:
    """What the daemon keeps of a monitor; all of it, for these are short."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.stored = plan, list[Stored]()

    def answer(self, window: Window, now, base) -> Answer:  # type: ignore[no-untyped-def]
        """As `evaluate` asks it."""
        found = followed(look_of(now, base.profile, window), self.stored, (), self.plan)
        self.stored.extend(found.stored)
        return answered(found, self.plan)


def heard(case: Case) -> Heard:
    """The case from its first window to its last."""
    base, schedule = baseline(case)
    track, found = Track(plan_of(case, base, schedule)), Heard()
    rules = rulepath.find([])
    checks = rulepath.preset(rules.rules, is_followed=True)
    for window in case.windows:
        order = Order(
            monitor="m", checks=checks, rules=rules, roles=ROLES, policy=partial(track.answer, window), window=window
        )
        outcome = evaluate(InMemory(case.part(window.start, window.end)), base, order)
        scene = Scene(now=outcome.profile.settled(), base=outcome.base)
        found = after(found, outcome.report.findings, window, partial(explained, scene=scene))
    return found


def table(rows: Iterable[tuple[str, Heard]]) -> Iterable[str]:
    """A line for each case, and one above them."""
    yield " ".join([f"{'':10}", *(f"{name:>10}" for name in COLUMNS)])
    for name, found in rows:
        yield " ".join([f"{name:10}", *(f"{getattr(found, column):>10}" for column in COLUMNS)])


def main() -> int:
    """Print the table, and a line for each incident."""
    folder = Path(os.environ.get("DRIFTD_DATA", "tests/data")) / "drift"
    is_there = (folder / "bike_sharing_hour.csv").exists()
    cases = [make(folder) for make in CASES if make is not bikes or is_there]
    found = [(case.name, heard(case)) for case in cases]
    print(*table(found), sep="\n")
    for name, one in found:
        print(f"\n{name}")
        for incident in one.ever:
            times = f"{incident.first.start:%Y-%m-%d} to {incident.last.end:%Y-%m-%d}"
            print(f"  {times} {incident.cause}: {', '.join(incident.features[:5])}; {incident.why}"[:160])
    if not is_there:
        print("\nbikes: $DRIFTD_DATA has no drift/bike_sharing_hour.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
