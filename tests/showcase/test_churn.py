"""The shipped data as captures of an endpoint."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import command
import pytest
import shop

from monitor.showcase.churn import ROWS, captures, training

START = datetime(2026, 1, 5, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def requests(path: Path) -> list[list[str]]:
    return [record["captureData"]["endpointInput"]["data"].split(",") for record in records(path)]


def test_an_hour_lies_whole_in_the_folder_of_that_hour(tmp_path: Path) -> None:
    path = captures(tmp_path, START)
    assert path == tmp_path / "2026/01/05/13/00-00-000-captures.jsonl"
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]
    times = [record["eventMetadata"]["inferenceTime"] for record in records(path)]
    assert len(times) == ROWS
    assert times == sorted(times)
    assert (times[0], times[-1]) == ("2026-01-05T13:00:00Z", "2026-01-05T13:59:54Z")
    assert len({record["eventMetadata"]["eventId"] for record in records(path)}) == ROWS


def test_a_customer_asks_once_an_hour_and_the_hours_differ(tmp_path: Path) -> None:
    first, second = (requests(captures(tmp_path, START + hour * HOUR)) for hour in (0, 1))
    held_out = Counter(map(tuple, shop.validation_rows()))
    assert Counter(map(tuple, first)) <= held_out
    assert first != second


def test_the_same_hour_is_the_same_again_and_another_seed_is_not(tmp_path: Path) -> None:
    once = captures(tmp_path / "a", START).read_bytes()
    assert captures(tmp_path / "b", START).read_bytes() == once
    assert captures(tmp_path / "c", START, seed=1).read_bytes() != once


def test_more_time_or_fewer_rows_are_as_they_are_asked_for(tmp_path: Path) -> None:
    path = captures(tmp_path, START + timedelta(minutes=7), length=6 * HOUR, count=6)
    assert path.name == "07-00-000-captures.jsonl"
    times = [record["eventMetadata"]["inferenceTime"] for record in records(path)]
    assert times == [f"2026-01-05T{13 + hour}:07:00Z" for hour in range(6)]


def test_the_model_answers_to_training_data_as_to_requests(tmp_path: Path) -> None:
    with training(tmp_path / "t" / "training.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [*rows[0]] == ["score", *shop.churn_header()[1:]]
    scores = [float(row["score"]) for row in rows]
    assert all(0 < score < 1 for score in scores)
    assert 0.12 < sum(scores) / len(scores) < 0.16  # as many leave
    answers = [record["captureData"]["endpointOutput"]["data"] for record in records(captures(tmp_path, START))]
    assert 0.12 < sum(map(float, answers)) / ROWS < 0.16


def test_both_faults_are_there_and_nothing_else_is_changed(tmp_path: Path) -> None:
    good, bad = requests(captures(tmp_path / "a", START)), requests(captures(tmp_path / "b", START, faulty=True))
    names = shop.churn_header()[1:]
    minutes, calls = names.index("Day Mins"), names.index("CustServ Calls")
    for before, after in zip(good, bad, strict=True):
        assert float(after[minutes]) == pytest.approx(float(before[minutes]) * 1.15, abs=0.051)
        after[minutes], after[calls] = before[minutes], after[calls] or before[calls]
    assert good == bad
    again = requests(captures(tmp_path / "c", START, faulty=True))
    assert sum(row[calls] == "" for row in again) == ROWS / 12


def test_clean_hours_pass_and_faulty_ones_do_not(tmp_path: Path) -> None:
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", tmp_path / "base")
    good = command.check(captures(tmp_path / "a", START), tmp_path / "base")
    bad = command.check(captures(tmp_path / "b", START, faulty=True), tmp_path / "base")
    assert (good.code, good.violated()) == (0, set())
    assert (bad.code, bad.violated()) == (1, {"Day Mins", "CustServ Calls"})
