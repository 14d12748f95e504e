"""The shipped data as captures, clean or with faults planted in a copy."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

SHIPPED = Path(__file__).parent / "shipped" / "churn"
TRAINING = SHIPPED / "training.csv"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
FAULTS = (
    "Day Mins is 15 % higher than what was measured",
    "CustServ Calls is missing in one request of twelve",
)


def captures(folder: Path, *, faulty: bool) -> Path:
    """An hour of captures below `folder`, laid out as SageMaker does; returns the folder."""
    with TRAINING.open(newline="") as file:
        names = next(csv.reader(file))[1:]
    with (SHIPPED / "validation.csv").open(newline="") as file:
        rows = [row[1:] for row in csv.reader(file)]
    lines = []
    for number, row in enumerate(rows):
        request = _planted(row, names, number) if faulty else row
        lines.append(_line(request, number, START + number * timedelta(hours=1) / len(rows)))
    path = folder / f"{START:%Y/%m/%d/%H}" / "00-00-000-captures.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    return folder


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
        "eventMetadata": {"eventId": f"request-{number:04}", "inferenceTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
        "eventVersion": "0",
    }
    return json.dumps(record) + "\n"
