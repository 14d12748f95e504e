"""A daemon with an incident for pages: hours of a small shop, whose amounts have moved; names in it are hostile."""

import csv
import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import shop
from daemons import HOUR, START, Farm, serving, settled

from monitor.baselines import add
from monitor.batch import Expected
from monitor.daemon.service import Service
from monitor.intake import Intake
from monitor.making import make
from monitor.reading import Reading

HOSTILE = "</script><img src=x onerror=alert(1)>"
EMOJI = "\N{PILE OF POO}\N{ZERO WIDTH JOINER}" * 1500
"""A category of over 10 kB."""
HOURS, MOVED_FROM = 20, 14
WRITER = "w-secret"
WRITER_SHA256 = "90d69e968ead0b001bf76513a78e28b5533c4aa1baee660698fae819a1e823cb"
MONITOR = """\
  m:
    captures: captures/m
    baseline: baselines/model
    schedule: {every: 1h, delay: 0s}
    alarm: {learn: {for: 1h, at_least: 6 windows}}
    alarms: {moved: {when: drifted > 0, of: 1 of 1}}
    actions: [{name: retrain, alarm: moved, command: [/bin/true]}]
"""


def rows(count: int, seed: int, *, moved: bool = False) -> list[list[str]]:
    """An answer, an amount, a column of a hostile name, a city; moved: amounts and cities are other ones."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        cities = [*"abb", EMOJI if moved and number % 40 == 0 else "c"] if moved else [*"aabcd"]
        amount = "" if number % 25 == 0 else f"{draw.lognormvariate(3.7, 0.4) * (1.4 if moved else 1):.2f}"
        found.append([f"{draw.random():.3f}", amount, f"{draw.gauss(40, 12):.1f}", draw.choice(cities)])
    return found


def line(fields: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(fields)
    return text.getvalue()


def farm(folder: Path, more: str = "") -> Farm:
    """Baseline, captures and configuration."""
    made = Farm(folder)
    table = folder / "training.csv"
    place = folder / "baselines" / "model"
    for seed in (1, 2):
        table.write_text("\n".join(map(line, [["score", "amount", HOSTILE, "city"], *rows(3000, seed)])) + "\n")
        add(place, make(Intake(Reading([table], Expected())), name="model"))
    for hour in range(HOURS):
        start = START + hour * HOUR
        lines = []
        for number, fields in enumerate(rows(400, 100 + hour, moved=hour >= MOVED_FROM)):
            at = start + number * HOUR / 400
            lines.append(shop.capture(line(fields[1:]), fields[0], number, at=at))
        bad = ["no capture"] if hour == HOURS - 1 else []
        shop.write(folder / "captures" / "m" / f"{start:%Y/%m/%d/%H}" / "a.jsonl", [*lines, *bad])
    web = f', tokens: [{{id: ops, sha256: "{WRITER_SHA256}", scopes: [write]}}]'
    made.write(more, monitors=MONITOR, web=web)
    return made


@dataclass(frozen=True)
class Judged:
    """A daemon that has judged all of it: where it answers, and its pages by name."""

    service: Service
    url: str
    incident: str

    @property
    def pages(self) -> dict[str, str]:
        last, name = START + (HOURS - 1) * HOUR, "m"
        stamps = "_".join(f"{at:%Y%m%dT%H%M%SZ}" for at in (last, last + HOUR))
        versions = [one.version for one in self.service.site.details.shelf(name).versions]
        return {
            "features": "/monitors/m/feature",
            "numbers": "/monitors/m/feature?name=amount",
            "categories": "/monitors/m/feature?name=city",
            "hostile": "/monitors/m/feature?name=%3C%2Fscript%3E%3Cimg+src%3Dx+onerror%3Dalert%281%29%3E",
            "window": f"/monitors/m/windows/{stamps}",
            "incidents": "/incidents",
            "incident": f"/incidents/{self.incident}",
            "baselines": "/baselines",
            "versions": f"/baselines?monitor=m&first={versions[0]}&second={versions[-1]}",
            "config": "/config",
            "audit": "/audit",
            "status": "/status",
        }


@contextmanager
def judged(folder: Path) -> Iterator[Judged]:
    """It has told of a deploy, and of what moved there is an incident."""
    made = farm(folder)
    with serving(made, START) as (service, clock):
        for hour in range(1, HOURS + 1):
            settled(service, clock, START + hour * HOUR + timedelta(minutes=1))
        people = service.site.people
        people.tell("deploy", monitor="m", start=START + 13 * HOUR, end=None, why="version 8", key=None, by="ci")
        (row, *_) = people.incidents("m", False, 10, "").items
        yield Judged(service=service, url=service.address.rstrip("/"), incident=row.id)
