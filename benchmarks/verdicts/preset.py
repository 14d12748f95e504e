"""Preset: all shipped rules as the daemon puts them, with real profiles; what is VIOLATED is counted."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import numpy as np

from benchmarks.verdicts.one_window import rows, table
from benchmarks.verdicts.run import Make
from benchmarks.verdicts.table import Row, share
from benchmarks.verdicts.traffic import START
from benchmarks.verdicts.trial import Outcome, Trial
from monitor import rulepath
from monitor.baseline import Baseline
from monitor.evaluate import Order, evaluate
from monitor.finding import Status
from monitor.library import make_baseline
from monitor.policy.answer import Answer, answered
from monitor.policy.following import Stored, followed
from monitor.policy.layout import layout_of, look_of
from monitor.policy.plan import Plan
from monitor.profile import Profile
from monitor.tables import InMemory
from monitor.window import Window

FEATURES, ROWS, BASE_ROWS, WINDOWS = 30, 1000, 50_000, 120
DAY = timedelta(days=1)


class Followed:
    """What the daemon keeps of a monitor from window to window."""

    def __init__(self, base: Profile) -> None:
        self.plan = Plan(layout=layout_of(base), interval=DAY, length=DAY)
        self.stored: list[Stored] = []
        self.at = 0

    @property
    def window(self) -> Window:
        return Window(start=START + self.at * DAY, end=START + (self.at + 1) * DAY)

    def answer(self, now: Profile, baseline: Baseline) -> Answer:
        """As `evaluate` asks it."""
        look = look_of(now, baseline.profile, self.window)
        found = followed(look, self._needed(), (), self.plan)
        self.stored.extend(found.stored)
        self.at += 1
        return answered(found, self.plan)

    def _needed(self) -> list[Stored]:
        if not self.stored:
            return []
        last = self.stored[-1]
        since = last.since
        kept = [one for one in self.stored[:-1] if since is not None and one.window.start.isoformat() >= since]
        learned = [one for one in self.stored[:-1] if one.learned]
        known = {one.window: one for one in (*learned[-1:], *kept, last)}
        return list(known.values())


def reports(repeat: int, windows: int, rng: np.random.Generator, make: Make) -> Outcome:  # noqa: ARG001
    """Windows without drift through `evaluate`, from the first on: which rules are VIOLATED, in how many windows."""
    baseline = make_baseline(table(rows(rng, BASE_ROWS, FEATURES)))
    rules = rulepath.find([])
    checks = rulepath.preset(rules.rules, is_followed=True)
    one = Followed(baseline.profile)
    violated, flagged = Counter[str](), 0
    for _ in range(windows):
        order = Order(monitor="m", checks=checks, rules=rules, policy=one.answer, window=one.window)
        source = InMemory(table(rows(rng, ROWS, FEATURES, repeat)))
        report = evaluate(source, baseline, order).report
        found = {f.rule for f in report.findings if f.status is Status.VIOLATED}
        violated.update(found)
        flagged += bool(found)
    return {"windows": windows, "flagged": flagged, "rules": dict(violated)}


def _rows(words: str, outcomes: Sequence[Outcome]) -> list[Row]:
    total, flagged = sum(o["windows"] for o in outcomes), sum(o["flagged"] for o in outcomes)
    by = Counter[str]()
    for outcome in outcomes:
        by.update(outcome["rules"])
    seen = f"{flagged} of {total} windows: {share(flagged, total)}"
    seen += "".join(f"; {rule} {count}" for rule, count in by.most_common())
    return [Row("N7", words, "at most 1 % of windows VIOLATED by any rule", seen, flagged <= 0.01 * total)]


def trials() -> list[Trial]:
    """With rows that repeat each other and rows that do not."""
    found = []
    for repeat in (1, 5):
        how = f"every row {repeat} times" if repeat > 1 else "iid"
        words = f"the whole preset as the daemon puts it, daily windows from the first on, 30 features, {how}"
        one = partial(reports, repeat, WINDOWS)
        found.append(Trial(name=f"preset {repeat}", one=one, rows=partial(_rows, words), short=1))
    return found
