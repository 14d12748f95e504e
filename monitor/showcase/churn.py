"""Which customers leave: the shipped data as captures of an endpoint, clean or with faults planted in a copy."""

import csv
import math
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from monitor.showcase.records import capture, written

SHIPPED = Path(__file__).parent.parent / "shipped" / "churn"
TRAINING = SHIPPED / "training.csv"
ROWS = 600
FAULTS = (
    "Day Mins is 15 % higher than what was measured",
    "CustServ Calls is missing in one request of twelve",
)
INTERCEPT = -7.3
WEIGHTS = {
    "Day Mins": 0.0126,
    "Eve Mins": 0.0046,
    "Night Mins": 0.0033,
    "Intl Mins": 0.069,
    "Intl Calls": -0.081,
    "CustServ Calls": 0.51,
    "Int'l Plan_yes": 2.13,
    "VMail Plan_yes": -0.94,
}
"""Of a logistic regression, as fitted to the training data (AUC 0.82)."""


def score(fields: Mapping[str, str]) -> float:
    """The model: the chance that a customer leaves; what is missing is taken for 0."""
    log_odds = INTERCEPT + sum(weight * float(fields[name] or 0) for name, weight in WEIGHTS.items())
    return 1 / (1 + math.exp(-log_odds))


def training(path: Path) -> Path:
    """Write the training data with the model's answer to each row as its first column."""
    with TRAINING.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = [*rows[0]][1:]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["score", *names])
        writer.writerows([f"{score(row):.4f}", *(row[name] for name in names)] for row in rows)
    return path


def captures(
    folder: Path,
    start: datetime,
    *,
    faulty: bool = False,
    length: timedelta = timedelta(hours=1),
    count: int = ROWS,
    seed: int | None = None,
) -> Path:
    """What an endpoint logs in so much time, in a file below `folder` laid out as SageMaker does; returns the file.

    A customer asks at most once; who asks is drawn by the seed, or by the time. The file appears whole.
    """
    with TRAINING.open(newline="") as file:
        names = next(csv.reader(file))[1:]
    with (SHIPPED / "validation.csv").open(newline="") as file:
        rows = [row[1:] for row in csv.reader(file)]
    random.Random(f"0 {start.isoformat()}" if seed is None else seed).shuffle(rows)  # noqa: S311  no secret
    lines = []
    for number, row in enumerate(rows[:count]):
        fields = dict(zip(names, row, strict=True))
        if faulty:
            _plant(fields, number)
        at = start + number * length / count
        lines.append(capture(",".join(fields.values()), f"{score(fields):.4f}", f"{at:%Y%m%d%H%M%S}-{number:04}", at))
    return written(folder, start, "captures", lines)


def _plant(fields: dict[str, str], number: int) -> None:
    fields["Day Mins"] = f"{float(fields['Day Mins']) * 1.15:.1f}"
    if number % 12 == 0:
        fields["CustServ Calls"] = ""
