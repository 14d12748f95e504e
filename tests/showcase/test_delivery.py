"""A model of numbers whose labels come late."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.showcase.delivery import COLUMNS, FIRST, LAST, SLOWER, asked, captures, labels, training

START = datetime(2026, 1, 5, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def labelled(path: Path) -> dict[str, float]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {row["eventMetadata"]["eventId"]: float(row["groundTruthData"]["data"]) for row in rows}


def test_somebody_asks_every_minute_and_the_same_minute_is_the_same_again(tmp_path: Path) -> None:
    whole = captures(tmp_path / "whole", START, START + DAY, START).read_text()
    assert whole.count("\n") == 24 * 60
    parts = [captures(tmp_path / "parts", START + n * HOUR, START + (n + 1) * HOUR, START) for n in range(24)]
    assert "".join(part.read_text() for part in parts) == whole


def test_a_label_comes_once_however_often_it_is_looked_and_some_never(tmp_path: Path) -> None:
    end = START + DAY + LAST
    once = labelled(labels(tmp_path / "once", START, end, START, end))
    often = [labels(tmp_path / "often", START + n * HOUR, START + (n + 1) * HOUR, START, end) for n in range(24 * 4)]
    found = [labelled(path) for path in often]
    assert sum(map(len, found)) == len(once)
    assert {event: value for one in found for event, value in one.items()} == once
    day = list(asked(START, START + DAY, START))
    known = [one for one in day if one.event in once]
    assert 0.93 < len(known) / len(day) < 0.97
    assert all(FIRST <= one.labelled_at - one.at <= LAST for one in known if one.labelled_at is not None)


def test_closed_roads_make_everything_longer_and_the_model_does_not_know(tmp_path: Path) -> None:
    end = START + DAY + LAST
    open_, closed = (labelled(labels(tmp_path / name, START, end, START, at))
                     for name, at in (("open", end), ("closed", START)))  # fmt: skip
    assert closed == pytest.approx({event: SLOWER * value for event, value in open_.items()}, abs=0.12)
    errors = [one.took - one.minutes for one in asked(START, START + DAY, START)]
    assert abs(sum(errors) / len(errors)) < 0.5


def test_training_data_have_the_answer_and_what_came_true_of_others(tmp_path: Path) -> None:
    with training(tmp_path / "t" / "training.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 4000
    here = {(f"{one.minutes:.1f}", f"{one.took:.1f}") for one in asked(START, START + DAY, START)}
    assert sum((row["minutes"], row["took"]) in here for row in rows) < 0.2 * len(rows)
