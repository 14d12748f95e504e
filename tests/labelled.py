"""A daemon whose labels come late: captures with ids of their own, a baseline that knows its problem, and labels."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import daemons
import shop
from truths import line

from monitor.baselines import add
from monitor.batch import Expected
from monitor.intake import Intake
from monitor.making import make
from monitor.problem import Problem
from monitor.reading import Reading
from monitor.roles import Roles

HOUR = timedelta(hours=1)
MONITOR = (
    "  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s}, problem: binary, "
    "columns: {probability: score}, truth: {path: labels, due: 2h, max_delay: 2d%s}, %s}"
)
ALONE = "checks: [{rule: model_quality}, {rule: volume}]"
FOLLOWED = "alarm: {learn: {for: 1h, at_least: 6 windows}}"


def farm(folder: Path, truth: str = "", more: str = ALONE) -> daemons.Farm:
    """With a baseline of 2,000 rows in which the score is the chance of a 1, and no captures yet."""
    found = daemons.Farm(folder)
    draw = random.Random(7)
    folder.mkdir(exist_ok=True)
    table = folder / "training.csv"
    rows = [f"{row},{came(row, draw)}" for row in daemons.rows(2000, 1)]
    table.write_text(",".join((*daemons.COLUMNS, "y")) + "\n" + "".join(f"{row}\n" for row in rows))
    problem = Problem(kind="binary", probability="score", truth="y")
    read = Intake(Reading([table], Expected()), Roles(probability=("score",), truth="y"))
    add(folder / "baselines" / "model", make(read, name="model", problem=problem))
    (folder / "labels").mkdir()
    found.write("log: debug", monitors=MONITOR % (truth, more))
    return found


def came(row: str, draw: random.Random) -> int:
    """What came true of a row: 1 with the chance that its score says."""
    return int(draw.random() < float(row.split(",")[0]))


def captures(
    found: daemons.Farm, hour: int, count: int = 200, several: int = 1, *, begin: datetime = daemons.START
) -> list[tuple[str, int]]:
    """An hour of captures, of `several` rows each; id and what came true of each row, in order."""
    draw = random.Random(hour)
    start = begin + hour * HOUR
    rows = daemons.rows(count, 100 + hour)
    lines, truths = [], []
    for number in range(0, count, several):
        some = [row.split(",", 1) for row in rows[number : number + several]]
        at = start + number * HOUR / count
        text = ("\n".join(row for _, row in some), "\n".join(answer for answer, _ in some))
        lines.append(shop.capture(*text, hour * count + number, at=at))
        truths += [(f"id-{hour * count + number}", came(f"{answer},", draw)) for answer, _ in some]
    shop.write(found.folder / "captures" / "m" / f"{start:%Y/%m/%d/%H}" / "a.jsonl", lines)
    return truths


def deliver(found: daemons.Farm, name: str, truths: Iterable[tuple[str, object]], at: datetime | None = None) -> Path:
    """A file of labels; in the folder of an hour where one is given."""
    folder = found.folder / "labels" / (f"{at:%Y/%m/%d/%H}" if at is not None else "")
    return shop.write(folder / name, [line(key, str(label)) for key, label in truths])


def wrong(truths: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """As if the model were mostly wrong."""
    return [(key, 1 - label) for key, label in truths]


def batches(truths: Sequence[tuple[str, int]], count: int, seed: int) -> list[list[tuple[str, object]]]:
    """The labels in so many deliveries: shuffled, some of them twice, some first wrong and put right later."""
    draw = random.Random(seed)
    found: list[list[tuple[str, object]]] = [[] for _ in range(count)]
    for key, label in truths:
        first = draw.randrange(count)
        found[first].append((key, label))
        if draw.random() < 0.3:
            found[draw.randrange(count)].append((key, label))
        if first and draw.random() < 0.3:
            found[draw.randrange(first)].append((key, 1 - label))
        if draw.random() < 0.1:
            found[first].insert(0, (key, draw.choice(["2", "what?"])))
    for batch in found:
        last = dict(batch)
        draw.shuffle(batch)
        batch.extend((key, last[key]) for key in list(last)[::7])
    return found
