"""A broken upstream, through the daemon: one incident with the right cause, not one for each feature."""

import json
import random
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import shop
from daemons import HOUR, START, Farm, serving, settled
from sqlalchemy import select

from monitor.baselines import add
from monitor.batch import Expected
from monitor.cause import Cause
from monitor.document import from_document
from monitor.incident import Incident
from monitor.intake import Intake
from monitor.making import make
from monitor.reading import Reading
from monitor.roles import Roles
from monitor.store import incidents
from monitor.store.tables import OUTBOX
from monitor.usual import LEAST

INPUTS = ("age", "income", "debt", "tenure", "calls", "city", "plan")
ROWS = 600
MONITOR = (
    "  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s},"
    " columns: {prediction: score}}"
)

Row = dict[str, str]
Fault = Callable[[Row, int], Row | None]
"""A row as it comes, None for one that is lost; rows are counted."""


def row(draw: random.Random) -> Row:
    """A customer, and the model's answer, which follows from it."""
    income, tenure, calls = draw.gauss(50, 10), draw.expovariate(1 / 24), draw.gauss(10, 3)
    return {
        "age": f"{draw.gauss(40, 12):.1f}",
        "income": f"{income:.2f}",
        "debt": f"{income * draw.uniform(0.2, 0.6):.2f}",
        "tenure": f"{tenure:.1f}",
        "calls": f"{calls:.1f}",
        "city": draw.choices("abcd", (4, 3, 2, 1))[0],
        "plan": draw.choice(["basic", "plus"]),
    }


def answer(asked: Row) -> str:
    """The model takes what it gets: a number that is none is 0 to it."""
    numbers = [_number(asked.get(name, "")) for name in ("income", "calls", "tenure")]
    score = 0.3 + (numbers[0] - 50) / 200 + (numbers[1] - 10) / 100 + 0.1 * (asked.get("city") == "a")
    return f"{min(max(score, 0.0), 1.0):.4f}"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def healthy(asked: Row, number: int) -> Row:
    return asked


def null(asked: Row, number: int) -> Row:
    return {**asked, "income": ""}


def in_cents(asked: Row, number: int) -> Row:
    return {**asked, "income": f"{float(asked['income']) * 100:.0f}"}


def renamed(asked: Row, number: int) -> Row:
    return {**asked, "city": "north" if asked["city"] == "a" else asked["city"]}


def worded(asked: Row, number: int) -> Row:
    return {**asked, "income": f"about {asked['income']}"}


def narrower(asked: Row, number: int) -> Row:
    return {name: value for name, value in asked.items() if name != "debt"}


def stopped(asked: Row, number: int) -> None:
    return None


def torn(asked: Row, number: int) -> Row:
    return {} if number % 2 else asked


def half_lost(asked: Row, number: int) -> Row | None:
    """One of two senders is gone; the one that is left has older customers, who earn and call more."""
    moved = {name: f"{float(asked[name]) * 1.5:.2f}" for name in ("age", "debt", "calls")}
    return None if number % 2 else {**asked, **moved}


def hour(farm: Farm, start: datetime, fault: Fault = healthy) -> None:
    """An hour of captures; rows that are lost leave no trace, torn ones are no captures."""
    draw = random.Random(zlib.crc32(f"{start}".encode()))
    lines = []
    for number in range(ROWS):
        asked = fault(row(draw), number)
        if asked is not None:
            at = start + number * HOUR / ROWS
            lines.append(shop.capture(",".join(asked.values()), answer(asked), number, at=at) if asked else "{torn")
    shop.write(farm.folder / "captures" / "m" / f"{start:%Y/%m/%d/%H}" / "a.jsonl", lines)


@pytest.fixture(params=["learning", "learned"])
def farm(request: pytest.FixtureRequest, tmp_path: Path) -> Farm:
    """A monitor that is learning production, and one that has learned it in some hours and by a baseline with times."""
    made, draw, lines, is_learned = Farm(tmp_path), random.Random(1), [], request.param == "learned"
    for number in range(36_000 if is_learned else 4_000):
        asked, at = row(draw), START - 15 * 24 * HOUR + number * HOUR / 100
        lines.append(",".join([answer(asked), *asked.values()] + [f"{at:%Y-%m-%dT%H:%M:%SZ}"] * is_learned))
    table = shop.write(tmp_path / "training.csv", [",".join(["score", *INPUTS] + ["at"] * is_learned), *lines])
    baseline = make(Intake(Reading([table], Expected()), Roles(time="at" if is_learned else None)), name="model")
    add(tmp_path / "baselines" / "model", baseline)
    made.write("defaults: {alarm: {learn: {for: 8h, at_least: 8 windows}}}" if is_learned else "", monitors=MONITOR)
    return made


def lived(farm: Farm, *faults: Fault) -> tuple[list[Incident], list[str]]:
    """A window for each fault: the incidents there ever were, and what was told of them."""
    for number, fault in enumerate(faults):
        hour(farm, START + number * HOUR, fault)
    with serving(farm, START + HOUR) as (service, clock):
        for number in range(len(faults)):
            settled(service, clock, START + (number + 1) * HOUR)
        leading = service.state.leading
        assert leading is not None
        with leading.database.read() as connection:
            rows = incidents.page(connection, "m")
            told = select(OUTBOX.c.kind).where(OUTBOX.c.kind.like("incident.%")).order_by(OUTBOX.c.end_at)
            kinds = [row.kind.removeprefix("incident.") for row in connection.execute(told)]
    return [from_document(Incident, json.loads(row.body)) for row in rows], kinds


@pytest.mark.parametrize(
    ("fault", "cause", "features"),
    [
        (stopped, Cause.NO_DATA, ()),
        (torn, Cause.PIPELINE, ()),
        (narrower, Cause.SCHEMA, ()),
        (worded, Cause.SCHEMA, ("income",)),
        (null, Cause.PIPELINE, ("income",)),
        (in_cents, Cause.UNIT_OR_SCALE, ("income", "score")),
        (renamed, Cause.CATEGORY, ("city", "score")),
    ],
)
def test_a_broken_upstream_is_one_incident_with_its_cause_through_the_fault_and_after_it(
    farm: Farm, fault: Fault, cause: Cause, features: tuple[str, ...]
) -> None:
    found, told = lived(farm, *[healthy] * 10, *[fault] * 4, *[healthy] * 3)
    (one,) = found
    assert (one.cause, one.features) == (cause, features), one.why
    assert one.first.start == START + 10 * HOUR, "broken data are told at once"
    assert [kind for kind in told if kind != "changed"] == ["opened"] + ["resolved"] * (not one.is_open)
    assert told.count("changed") == (fault is renamed and "score" not in of_first(one)), "answers moved hours later"


def of_first(incident: Incident) -> set[str | None]:
    return {part.firing.feature for part in incident.parts if part.first == incident.first}


def test_half_of_the_rows_lost_while_several_features_move_is_the_pipeline(farm: Farm) -> None:
    found, told = lived(farm, *[healthy] * LEAST, *[half_lost] * 3)
    (one,) = found
    assert (one.cause, one.features[:3]) == (Cause.PIPELINE, ("age", "calls", "debt"))
    assert one.why.endswith("features moved at once, and only 50 % of the usual rows came")
    assert told == ["opened"]


def test_how_many_rows_are_usual_is_not_known_of_fewer_windows(farm: Farm) -> None:
    found, _ = lived(farm, *[healthy] * 3, half_lost, half_lost)
    assert [one.cause for one in found] == [Cause.SHAPE]


def test_one_bad_hour_stands_in_its_report_and_tells_nobody_and_the_next_of_three_does(farm: Farm) -> None:
    farm.write(monitors=MONITOR.replace("columns:", "checks: [{rule: volume}, {rule: unseen_category}], columns:"))
    course = [renamed, *[healthy] * 3, renamed, healthy, renamed, healthy, renamed, healthy, healthy]
    found, told = lived(farm, *course)
    (one,) = found
    assert (one.cause, one.first.start, one.last.start) == (Cause.CATEGORY, START + 6 * HOUR, START + 8 * HOUR)
    assert told == ["opened", "resolved"]
    reports = sorted((farm.state / "reports" / "m").glob("*/report.json"))
    violated = [json.loads(report.read_text())["status"] == "violated" for report in reports]
    assert violated == [fault is renamed for fault in course]
