"""Real data for model quality: what models said window by window, and labels apart, by id.

    python benchmarks/quality_data.py [FOLDER]        (of $DRIFTD_DATA, else tests/data; needs scikit-learn)

car_loan    NannyML's synthetic car loans with the scores of its model: the reference file is the baseline, windows are
            5,000 rows in a row; one column changes from window 5 on
elec2       the New South Wales electricity market: a model is trained on the first 16 weeks to say whether the price
            goes up, the next 8 are the baseline, the other 111 are windows, numbered from 0; three columns that it
            knows as constants start to move in window 27

Prints each window's area under the ROC curve, by scikit-learn on the rows and labels themselves: what a measure of
quality has to find. With a FOLDER the tables are written there, NAME/reference.csv, NAME/rows/*.csv, NAME/labels/*.csv.
Nothing is drawn by chance but inside the model, which is seeded.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.real_drift import elec2 as electricity
from monitor.problem import Problem
from monitor.window import Window

SEED = 20260105
WEEK = timedelta(days=7)
TRAINED, REFERENCE = 16, 8  # weeks
CHUNK, STEP = 5000, timedelta(seconds=523.152)  # rows, and from one to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`base` has the truth among its columns; `rows` have not, and `labels` hold it by `id`. All have an id, `time` is
    when a row was scored. Windows follow each other from `start` on."""

    name: str
    problem: Problem
    base: pd.DataFrame
    rows: pd.DataFrame
    labels: pd.DataFrame
    start: datetime
    every: timedelta

    @property
    def windows(self) -> list[Window]:
        """Up to the last row."""
        count = int((self.rows.time.iloc[-1] - self.start) / self.every) + 1
        return [Window(start=self.start + i * self.every, end=self.start + (i + 1) * self.every) for i in range(count)]

    def part(self, window: Window) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows of a window, and their labels."""
        rows = self.rows[(self.rows.time >= window.start) & (self.rows.time < window.end)]
        return rows, self.labels[self.labels.id.isin(rows.id)]


def car_loan(folder: Path) -> Case:
    """As it came: one row every 523.152 seconds."""
    base, rows, labels = (
        pd.read_csv(folder / f"car_loan_{part}.csv.gz").rename(columns={"timestamp": "time"})
        for part in ("reference", "analysis", "analysis_target")
    )
    for side in (base, rows):
        side["time"] = pd.to_datetime(side.time, utc=True)
    return Case(
        name="car_loan",
        problem=Problem(kind="binary", prediction="y_pred", probability="y_pred_proba", truth="repaid"),
        base=base,
        rows=rows,
        labels=labels,
        start=rows.time.iloc[0].to_pydatetime(),
        every=CHUNK * STEP,
    )


def elec2(folder: Path) -> Case:
    """Scored by boosted trees that saw the first weeks only; whether the price went up is the truth."""
    whole = electricity(folder).rows
    file = pd.read_csv(next(folder.glob("elec2.csv*")))
    known = [*whole.columns.drop("time"), "period"]
    whole["period"], whole["up"] = file.period, (file["class"] == "UP").astype(int)
    start = whole.time.iloc[0].to_pydatetime().astimezone(UTC)
    trained, judged = start + TRAINED * WEEK, start + (TRAINED + REFERENCE) * WEEK
    early = whole[whole.time < trained]
    model = HistGradientBoostingClassifier(random_state=SEED, early_stopping=False).fit(early[known], early.up)
    scored = whole[whole.time >= trained].reset_index(drop=True)
    scored.insert(0, "id", scored.index)
    scored["score"] = model.predict_proba(scored[known])[:, 1].round(6)
    scored["predicted"] = (scored.score >= 0.5).astype(int)
    later = scored[scored.time >= judged]
    return Case(
        name="elec2",
        problem=Problem(kind="binary", prediction="predicted", probability="score", truth="up"),
        base=scored[scored.time < judged],
        rows=later.drop(columns="up"),
        labels=later[["id", "up"]],
        start=judged,
        every=WEEK,
    )


CASES = (car_loan, elec2)


def areas(case: Case) -> Iterator[tuple[Window, int, float]]:
    """Each window's rows with a label, and its area under the ROC curve."""
    for window in case.windows:
        rows, labels = case.part(window)
        joined = rows.merge(labels, on="id")
        yield window, len(joined), area(joined, case.problem)


def area(rows: pd.DataFrame, problem: Problem) -> float:
    """Area under the ROC curve of rows that have their truth."""
    return float(roc_auc_score(rows[problem.truth], rows[problem.probability]))


def write(case: Case, folder: Path) -> None:
    """The tables as CSV, a file for each window, named by its start."""
    for part in ("rows", "labels"):
        (folder / case.name / part).mkdir(parents=True, exist_ok=True)
    case.base.to_csv(folder / case.name / "reference.csv", index=False)
    for window in case.windows:
        name = f"{window.start:%Y%m%dT%H%M%SZ}.csv"
        for part, table in zip(("rows", "labels"), case.part(window), strict=True):
            table.to_csv(folder / case.name / part / name, index=False)


def main() -> None:
    folder = Path(os.environ.get("DRIFTD_DATA", "tests/data")) / "drift"
    for of in CASES:
        case = of(folder)
        print(f"{case.name}: baseline of {len(case.base)} rows, area {area(case.base, case.problem):.4f}")
        for number, (window, rows, value) in enumerate(areas(case)):
            print(f"  {number:3} {window.start:%Y-%m-%d} {rows:5} rows  {value:.4f}")
        if len(sys.argv) > 1:
            write(case, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
