"""Real data with known changes through the product, beside other tools' rules on the same windows.

    python benchmarks/real_drift.py [NAME...]        (of $DRIFTD_DATA, else tests/data, which has no bikes)

Each baseline is made by `make_baseline`'s own code from dated rows, windows are measured on its cells, and the policy
runs with what ships. Windows, references and the changes that are known:

elec2       daily windows of 48 half-hours, the first 120 days are the baseline; three columns that had stood still
            start to move on day 363
car_loan    windows of 500 rows, the reference file is the baseline; one column changes from row 25,000 on
bikes       weekly windows, 2011 is the baseline for 2012: rentals grew
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp, wasserstein_distance

from monitor.backtesting import Timeline, timeline
from monitor.baseline import Baseline
from monitor.intake import Intake
from monitor.making import make
from monitor.measures.window import measure
from monitor.policy.layout import layout_of, look_of
from monitor.policy.look import Look
from monitor.policy.past import history_of
from monitor.policy.plan import Plan
from monitor.roles import Roles
from monitor.schedule import Every, Schedule
from monitor.tables import InMemory
from monitor.window import Window

ROLES = Roles(time="time")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Dated rows: those before `split` are the baseline. `change` is when something is known to have changed."""

    name: str
    rows: pd.DataFrame
    split: datetime
    every: timedelta
    change: datetime | None = None

    @property
    def windows(self) -> list[Window]:
        """Whole windows from the split on."""
        last = self.rows.time.iloc[-1].to_pydatetime()
        number = int((last - self.split) / self.every + 1e-9)
        if last + (self.rows.time.iloc[-1] - self.rows.time.iloc[-2]) >= self.split + (number + 1) * self.every:
            number += 1
        return [Window(start=self.split + i * self.every, end=self.split + (i + 1) * self.every) for i in range(number)]

    def part(self, start: datetime, end: datetime) -> pd.DataFrame:
        """The rows of a stretch of time."""
        return self.rows[(self.rows.time >= start) & (self.rows.time < end)]

    @property
    def base(self) -> pd.DataFrame:
        return self.rows[self.rows.time < self.split]


def elec2(folder: Path) -> Case:
    """The New South Wales electricity market; the file has no times, but half-hours in a row from 7 May 1996."""
    rows = pd.read_csv(next(folder.glob("elec2.csv*"))).drop(columns=["date", "day", "period", "class"])
    start = datetime(1996, 5, 7, tzinfo=UTC)
    rows["time"] = pd.Timestamp(start) + pd.to_timedelta(np.arange(len(rows)) * 30, unit="min")
    return Case(name="elec2", rows=rows, split=start + 120 * DAY, every=DAY, change=start + 363 * DAY)


def car_loan(folder: Path) -> Case:
    """NannyML's synthetic car loans: one row every 523.152 seconds."""
    base, later = (pd.read_csv(folder / f"car_loan_{part}.csv.gz") for part in ("reference", "analysis"))
    rows = pd.concat([base, later], ignore_index=True)
    rows["time"] = pd.to_datetime(rows.timestamp, utc=True)
    rows = rows.drop(columns=["id", "timestamp", "repaid", "y_pred", "y_pred_proba"])
    at = rows.time.iloc[len(base)].to_pydatetime()
    every = timedelta(seconds=500 * 523.152)
    return Case(name="car_loan", rows=rows, split=at, every=every, change=at + 50 * every)


def bikes(folder: Path) -> Case:
    """Washington's rental bikes; columns of the calendar are left out."""
    rows = pd.read_csv(folder / "bike_sharing_hour.csv")
    rows["time"] = pd.to_datetime(rows.dteday, utc=True) + pd.to_timedelta(rows.hr, unit="h")
    kept = ["weathersit", "temp", "atemp", "hum", "windspeed", "casual", "registered", "cnt", "time"]
    return Case(name="bikes", rows=rows[kept], split=datetime(2012, 1, 2, tzinfo=UTC), every=7 * DAY)


CASES = (elec2, car_loan, bikes)


def baseline(case: Case) -> tuple[Baseline, Schedule]:
    """Of the rows before the split, with its history by the windows of the schedule."""
    schedule = Schedule(ends=Every(every=case.every, anchor=case.split))
    return make(Intake(InMemory(case.base), ROLES), name=case.name, schedule=schedule), schedule


def looks(case: Case, base: Baseline) -> Iterator[Look]:
    """Each window, measured on the baseline's cells."""
    for window in case.windows:
        rows = case.part(window.start, window.end)
        yield look_of(measure(Intake(InMemory(rows), ROLES), base.profile), base.profile, window)


def plan_of(case: Case, base: Baseline, schedule: Schedule) -> Plan:
    """What ships, with what the baseline's own time tells."""
    history = history_of(base.history, base.profile, schedule)
    return Plan(layout=layout_of(base.profile), interval=case.every, length=case.every, history=history)


def ours(case: Case) -> tuple[Timeline, Plan]:
    """What the product says of the windows."""
    base, schedule = baseline(case)
    plan = plan_of(case, base, schedule)
    return timeline(list(looks(case, base)), plan), plan


def peers(case: Case) -> dict[str, list[bool]]:
    """Other tools' rules, each at its default: does any numeric column alarm, window by window?"""
    base = case.base.select_dtypes("number")
    spread = base.std()
    cuts = {name: np.unique(base[name].quantile(np.arange(1, 10) / 10)) for name in base}
    bins = {name: np.histogram_bin_edges(base[name], "doane") for name in base}
    chunks = [case.part(a, b) for a, b in pairwise(_ends(case))]
    js_base = {name: _shares(base[name], bins[name][1:-1]) for name in base}
    known = np.array(
        [[_js(_shares(chunk[name], bins[name][1:-1]), js_base[name]) for name in base] for chunk in chunks]
    )
    limit = known.mean(axis=0) + 3 * known.std(axis=0)
    found: dict[str, list[bool]] = {}
    for window in case.windows:
        now = case.part(window.start, window.end)[base.columns]
        p = [ks_2samp(now[name], base[name], method="asymp").pvalue for name in base]
        gap = [ks_2samp(now[name], base[name], method="asymp").statistic for name in base]
        psi = [_psi(_shares(now[name], cuts[name]), _shares(base[name], cuts[name])) for name in base]
        js = np.array([_js(_shares(now[name], bins[name][1:-1]), js_base[name]) for name in base])
        w1 = [wasserstein_distance(now[name], base[name]) / max(spread[name], 1e-12) for name in base]
        robust = np.array(gap) - 1.8 * np.sqrt(1 / len(now) + 1 / len(base))
        flags = {
            "KS, p < 0.05": min(p) < 0.05,
            "KS, p < 0.05 / columns": min(p) < 0.05 / len(p),
            "PSI > 0.1": max(psi) > 0.1,
            "PSI > 0.2": max(psi) > 0.2,
            "Jensen-Shannon > 0.1": bool((js > 0.1).any()),
            "Wasserstein / sd > 0.1": max(w1) > 0.1,
            "L-infinity, robust > 0.1 (SageMaker)": bool((robust > 0.1).any()),
            "Jensen-Shannon > mean + 3 sd (NannyML)": bool((js > limit).any()),
        }
        for name, flag in flags.items():
            found.setdefault(name, []).append(bool(flag))
    return found


def _ends(case: Case) -> list[datetime]:
    """Of whole windows before the split."""
    first = case.rows.time.iloc[0].to_pydatetime()
    number = int((case.split - first) / case.every)
    return [case.split - i * case.every for i in range(number, -1, -1)]


def _shares(
    values: "pd.Series[float]", cuts: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    counts = np.bincount(np.searchsorted(cuts, values.dropna()), minlength=len(cuts) + 1)
    return counts / max(1, counts.sum())


def _psi(
    now: np.ndarray[tuple[int], np.dtype[np.float64]], base: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float:
    now, base = np.maximum(now, 1e-4), np.maximum(base, 1e-4)
    return float(((now - base) * np.log(now / base)).sum())


def _js(now: np.ndarray[tuple[int], np.dtype[np.float64]], base: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    middle = (now + base) / 2
    parts = [(side[side > 0] * np.log2(side[side > 0] / middle[side > 0])).sum() for side in (now, base)]
    return float(np.sqrt(max(0.0, sum(parts) / 2)))


def summary(case: Case, found: Timeline) -> str:
    """Ours in a line or two."""
    alarms = found.alarms
    lines = [f"{case.name}: {found.windows} windows of {case.every}, armed {found.armed}, skew {list(found.skews)}"]
    for group in alarms:
        names = ", ".join(f"{e.feature} since {e.since:%Y-%m-%d} by {e.channel}" for e in group)
        lines.append(f"  {group[0].at:%Y-%m-%d %H:%M} drift: {names}; closed {[str(e.closed)[:10] for e in group]}")
    for episode in found.episodes:
        if episode.question == "skew":
            lines.append(
                f"  {episode.at:%Y-%m-%d %H:%M} skew: {episode.feature} by {episode.channel}; closed {episode.closed}"
            )
    lines += [f"  {at:%Y-%m-%d} {word.what} {word.feature or ''} {word.why}" for at, word in found.told]
    if found.unjudged:
        lines.append(f"  not judged in most windows: {dict(found.unjudged)}")
    if case.change is not None:
        after = [group for group in alarms if group[0].at > case.change]
        before = len(alarms) - len(after)
        first = (after[0][0].at - case.change) / case.every if after else float("inf")
        lines.append(f"  before the known change {before} alarms; found in window {first:.0f} after it")
    else:
        lines.append(f"  {len(alarms)} alarms")
    return "\n".join(lines)


def told(case: Case, flags: Sequence[bool]) -> str:
    """A peer's: share of windows flagged before the change, windows until it flags after it."""
    ends = [window.end for window in case.windows]
    change = case.change or ends[-1]
    before = [flag for flag, end in zip(flags, ends, strict=True) if end <= change]
    after = [flag for flag, end in zip(flags, ends, strict=True) if end > change]
    first = after.index(True) + 1 if True in after else None
    text = f"{100 * float(np.mean(before)):.0f} % of {len(before)} windows flagged before"
    return text if case.change is None else f"{text}, window {first} after the change"


def main() -> None:
    folder = Path(os.environ.get("DRIFTD_DATA", "tests/data")) / "drift"
    wanted = sys.argv[1:]
    for of in CASES:
        if wanted and of.__name__ not in wanted:
            continue
        if of is bikes and not (folder / "bike_sharing_hour.csv").exists():
            print("bikes: $DRIFTD_DATA has no drift/bike_sharing_hour.csv")
            continue
        case = of(folder)
        found, _ = ours(case)
        print(summary(case, found))
        for name, flags in peers(case).items():
            print(f"  {name:40} {told(case, flags)}")


if __name__ == "__main__":
    main()
