"""Real data whose model grew worse, through the policy: after how many windows do its errors say so?

    python benchmarks/real_errors.py [ROWS...]        (of $DRIFTD_DATA, else tests/data; needs scikit-learn)

car_loan's windows are 500 rows, or as many as are given, all of them labelled; its baseline is the reference file, with
its history; the column changes 25,000 rows later. Only the errors are followed. Prints what was said of each window
about which something was said, and how many windows the model had erred more by then.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.quality_data import STEP, Case, car_loan
from monitor.backtesting import Episode, Timeline, timeline
from monitor.baseline import Baseline
from monitor.intake import Intake
from monitor.making import make
from monitor.measures.window import measure
from monitor.policy.layout import layout_of, look_of
from monitor.policy.look import Look
from monitor.policy.past import history_of
from monitor.policy.plan import Plan
from monitor.policy.quality import NAME
from monitor.roles import Roles
from monitor.schedule import Every, Schedule
from monitor.tables import InMemory
from monitor.window import Window

CHANGED, ROWS = 25_000, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What was said of windows of so many rows; `change` is the first of them that is worse."""

    rows: int
    looks: tuple[Look, ...]
    found: Timeline
    change: int

    @property
    def episodes(self) -> list[Episode]:
        return [episode for episode in self.found.episodes if episode.feature == NAME]

    @property
    def waited(self) -> int | None:
        """Windows of the worse model until it is said; None where it never is."""
        at = [episode.at for episode in self.episodes]
        ends = [look.window.end for look in self.looks]
        found = [ends.index(end) + 1 - self.change for end in at if ends.index(end) >= self.change]
        return min(found, default=None)

    @property
    def early(self) -> int:
        """Alarms before it was worse."""
        changed = self.looks[self.change].window.start
        return sum(episode.at <= changed for episode in self.episodes)


def course(case: Case, rows: int = ROWS) -> Course:
    """The case in windows of so many rows."""
    every = rows * STEP
    schedule = Schedule(ends=Every(every=every, anchor=case.start))
    problem, roles = case.problem, _roles(case)
    base = make(Intake(InMemory(case.base), roles), name=case.name, schedule=schedule, problem=problem)
    looks = tuple(_looks(case, base, rows))
    layout = layout_of(base.profile)
    plan = Plan(
        layout=layout,
        interval=every,
        length=every,
        history=history_of(base.history, base.profile, schedule),
        left_out=frozenset(layout.features) - {layout.errors},
    )
    return Course(rows=rows, looks=looks, found=timeline(looks, plan), change=CHANGED // rows)


def _roles(case: Case) -> Roles:
    problem = case.problem
    assert problem.prediction is not None
    assert problem.probability is not None
    return Roles(prediction=(problem.prediction,), probability=(problem.probability,), truth=problem.truth, time="time")


def _looks(case: Case, base: Baseline, rows: int) -> Iterator[Look]:
    whole = case.rows.merge(case.labels, on="id")
    for at in range(len(whole) // rows):
        start = case.start + at * rows * STEP
        read = Intake(InMemory(whole[at * rows : (at + 1) * rows]), _roles(case))
        window = Window(start=start, end=start + rows * STEP)
        yield look_of(measure(read, base.profile), base.profile, window)


def main() -> None:
    folder = Path(os.environ.get("DRIFTD_DATA", "tests/data")) / "drift"
    case = car_loan(folder)
    for rows in [int(text) for text in sys.argv[1:]] or [ROWS]:
        found = course(case, rows)
        print(f"{case.name}: {len(found.looks)} windows of {rows} rows, worse from window {found.change} on")
        wrong = [look.counts[-3] / look.totals[-3] for look in found.looks]
        before, after = wrong[: found.change], wrong[found.change :]
        print(f"  wrong {100 * sum(before) / len(before):.2f} %, then {100 * sum(after) / len(after):.2f} % of rows")
        for episode in found.episodes:
            print(f"  {episode.question}: {episode.feature} at {episode.at:%Y-%m-%d} since {episode.since:%Y-%m-%d}")
        print(f"  alarms before: {found.early}; found after {found.waited} windows")


if __name__ == "__main__":
    main()
