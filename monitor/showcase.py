"""The shipped data as captures of an endpoint, hour by hour, clean or with faults planted in a copy."""

import csv
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

SHIPPED = Path(__file__).parent / "shipped" / "churn"
TRAINING = SHIPPED / "training.csv"
ROWS_AN_HOUR = 600
FAULTS = (
    "Day Mins is 15 % higher than what was measured",
    "CustServ Calls is missing in one request of twelve",
)
CONFIG = """\
# The demonstration: two variants of one model, judged every hour; in `churn-green` two faults begin. So that it need
# not last for two weeks, what production is like is learned in half a day.
state: state/
web: {listen: "LISTEN"}
defaults:
  baseline: baselines/churn
  schedule: {every: 1h, delay: 1m}
  alarm: {learn: {for: 12h, at_least: 12 windows}}
  endpoint: {model: churn, version: "7"}
monitors:
  churn-blue: {captures: captures/blue, endpoint: {name: churn-prod, variant: blue}}
  churn-green: {captures: captures/green, endpoint: {name: churn-prod, variant: green}}
"""
VARIANTS = {"churn-blue": "blue", "churn-green": "green"}


def captures(
    folder: Path,
    start: datetime,
    *,
    faulty: bool = False,
    length: timedelta = timedelta(hours=1),
    seed: int | None = None,
) -> Path:
    """What an endpoint logs from `start` on, in a file below `folder` laid out as SageMaker does; returns the file.

    A customer asks at most once an hour; who asks is drawn by the seed, or by the hour. The file appears whole.
    """
    with TRAINING.open(newline="") as file:
        names = next(csv.reader(file))[1:]
    with (SHIPPED / "validation.csv").open(newline="") as file:
        rows = [row[1:] for row in csv.reader(file)]
    count = max(1, round(ROWS_AN_HOUR * (length / timedelta(hours=1))))
    random.Random(f"0 {start.isoformat()}" if seed is None else seed).shuffle(rows)  # noqa: S311  no secret
    lines = []
    for number, row in enumerate(rows[:count]):
        request = _planted(row, names, number) if faulty else row
        lines.append(_line(request, number, start + number * length / count))
    path = folder / f"{start:%Y/%m/%d/%H}" / f"{start:%M-%S}-000-captures.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.parent / f".{path.name}"
    unfinished.write_text("".join(lines))
    return unfinished.replace(path)


def _planted(row: list[str], names: list[str], number: int) -> list[str]:
    fields = dict(zip(names, row, strict=True))
    fields["Day Mins"] = f"{float(fields['Day Mins']) * 1.15:.1f}"
    if number % 12 == 0:
        fields["CustServ Calls"] = ""
    return list(fields.values())


def _line(request: list[str], number: int, at: datetime) -> str:
    score = ((number * 37) % 997 + 1) / 1000
    sides = {"endpointInput": ("INPUT", ",".join(request)), "endpointOutput": ("OUTPUT", f"{score:.4f}")}
    record = {
        "captureData": {
            side: {"observedContentType": "text/csv", "mode": mode, "data": data, "encoding": "CSV"}
            for side, (mode, data) in sides.items()
        },
        "eventMetadata": {
            "eventId": f"{at:%Y%m%d%H%M%S}-{number:04}",
            "inferenceTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        },
        "eventVersion": "0",
    }
    return json.dumps(record) + "\n"
