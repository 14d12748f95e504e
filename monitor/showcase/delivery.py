"""How many minutes a delivery takes: a model of numbers whose labels come late, and which becomes wrong one day.

Somebody asks every minute. What is asked, what came true and when that is known follow from the minute alone.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.showcase.records import capture, label, written

COLUMNS = ("minutes", "distance_km", "items", "weather", "courier", "took")
MINUTE = timedelta(minutes=1)
FIRST, LAST = timedelta(hours=6), timedelta(hours=72)
"""How long after it was asked a label comes, at least and at most."""
NEVER = 0.05
"""Of so many no label comes at all."""
SLOWER = 1.3
"""How much longer everything takes while the roads are closed."""
WEATHER = {"dry": 0.0, "rain": 4.0, "snow": 9.0}
COURIERS = {"bike": 0.0, "scooter": -2.5, "car": 1.5}
TRAINING_ROWS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, the model's answer, and what came true if roads were as ever."""

    at: datetime
    event: str
    request: str
    minutes: float
    took: float
    labelled_at: datetime | None


def asked(start: datetime, end: datetime, origin: datetime) -> Iterator[Asked]:
    """What is asked from one time to another; everything is told by the minutes since `origin`."""
    for minute in range((start - origin) // MINUTE, (end - origin) // MINUTE):
        yield _asked(minute, origin)


def training(path: Path) -> Path:
    """Write a table of deliveries before all others, each with the model's answer and what came true."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        origin = datetime.min
        for one in (_asked(-1 - row, origin + TRAINING_ROWS * MINUTE) for row in range(TRAINING_ROWS)):
            writer.writerow([f"{one.minutes:.1f}", *one.request.split(","), f"{one.took:.1f}"])
    return path


def captures(folder: Path, start: datetime, end: datetime, origin: datetime) -> Path:
    """What the endpoint logs from one time to another, in a file."""
    lines = [capture(one.request, f"{one.minutes:.1f}", one.event, one.at) for one in asked(start, end, origin)]
    return written(folder, start, "captures", lines)


def labels(folder: Path, after: datetime, to: datetime, origin: datetime, closed: datetime) -> Path:
    """The labels that become known after one time and until another, in a file; roads are closed from `closed` on."""
    lines = [
        label(f"{one.took * (SLOWER if one.at >= closed else 1):.1f}", one.event)
        for one in asked(max(origin, after - LAST), to, origin)
        if one.labelled_at is not None and after < one.labelled_at <= to
    ]
    return written(folder, to, "labels", lines)


def _asked(minute: int, origin: datetime) -> Asked:
    draw = random.Random(f"delivery {minute}")  # noqa: S311  no secret
    distance, items = draw.gammavariate(3.0, 1.4), draw.randint(1, 6)
    (weather,) = draw.choices([*WEATHER], [70, 25, 5])
    (courier,) = draw.choices([*COURIERS], [50, 30, 20])
    minutes = 9 + 3.2 * distance + 1.1 * items + WEATHER[weather] + COURIERS[courier]
    wait, at = draw.random(), origin + minute * MINUTE
    return Asked(
        at=at,
        event=f"delivery-{minute}",
        request=f"{distance:.1f},{items},{weather},{courier}",
        minutes=minutes,
        took=max(5.0, minutes + draw.gauss(0, 4)),
        labelled_at=at + FIRST + wait / (1 - NEVER) * (LAST - FIRST) if wait < 1 - NEVER else None,
    )
