"""What somebody would hear of three data sets with known changes: findings, and incidents made of them.

    python benchmarks/incidents.py

Every window goes through `evaluate` with the whole preset, as the daemon puts it, and then through the ladder and the
life of incidents. Counted are violated findings (what a tool that tells each of them would send), windows with any,
findings that a lower rung explains, incidents, and what is told of those, the end not counted.
"""

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.real_drift import CASES, ROLES, Case, baseline, bikes, plan_of
from monitor import rulepath
from monitor.cause import Scene, explained
from monitor.evaluate import Order, evaluate
from monitor.finding import Status
from monitor.incident import Incident
from monitor.incidents import stepped
from monitor.ladder import fired, laddered
from monitor.policy.answer import Answer, answered
from monitor.policy.following import Stored, followed
from monitor.policy.layout import look_of
from monitor.policy.plan import Plan
from monitor.tables import InMemory
from monitor.window import Window


@dataclass
class Heard:
    """What was counted."""

    windows: int = 0
    flagged: int = 0
    findings: int = 0
    explained: int = 0
    told: Counter[str] = field(default_factory=Counter)
    incidents: tuple[Incident, ...] = ()


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
        report = outcome.report
        seen = fired(report.findings)
        scene = Scene(now=outcome.profile.settled(), base=outcome.base)
        step = stepped(
            [one for one in found.incidents if one.is_open or one.first == window], seen, window,
            monitor=case.name, now=window.end, explain=partial(explained, scene=scene),
        )  # fmt: skip
        known = {one.id: one for one in found.incidents} | {one.id: one for one in step.incidents}
        found.incidents = tuple(known.values())
        violated = sum(finding.status is Status.VIOLATED for finding in report.findings)
        found.windows, found.flagged = found.windows + 1, found.flagged + bool(violated)
        found.findings += violated
        found.explained += len(laddered(seen.firings).inhibited)
        found.told.update(change.what for change in step.changes if change.tells)
    return found


def main() -> int:
    """Print a few lines for each case."""
    folder = Path(os.environ.get("DRIFTD_DATA", "tests/data")) / "drift"
    for make in CASES:
        if make is bikes and not (folder / "bike_sharing_hour.csv").exists():
            print("bikes: $DRIFTD_DATA has no drift/bike_sharing_hour.csv")
            continue
        case = make(folder)
        found = heard(case)
        told = found.told["opened"] + found.told["changed"]
        print(
            f"{case.name}: {found.windows} windows, {found.flagged} with violated findings, {found.findings} of these, "
            f"{found.explained} explained by a lower rung; {len(found.incidents)} incidents, told {told} times"
        )
        for one in found.incidents:
            names = ", ".join(one.features[:5])
            print(
                f"  {one.first.start:%Y-%m-%d} to {one.last.end:%Y-%m-%d} {one.cause.value}: {names}; {one.why}"[:160]
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
