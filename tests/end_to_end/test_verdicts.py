"""Held-out rows of the churn set against its training rows, as they are and with one fault at a time."""

import random
from collections.abc import Callable
from pathlib import Path

import command
import pytest
import shop

Rows = list[list[str]]
NAMES = shop.churn_header()[1:]
SCORED_FOR_LABELS = {"Churn"}


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("churn") / "base"
    ran = command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", folder)
    assert ran.code == 0
    return folder


def judged(lines: list[str], baseline: Path, folder: Path) -> command.Ran:
    return command.check(shop.write(folder / "captures" / "a.jsonl", lines), baseline)


def changed(name: str, change: Callable[[int, str], str]) -> Rows:
    at = NAMES.index(name)
    rows = shop.validation_rows()
    return [[*row[:at], change(i, row[at]), *row[at + 1 :]] for i, row in enumerate(rows)]


def test_fresh_rows_are_ok(baseline: Path, tmp_path: Path) -> None:
    ran = judged(shop.csv_captures(shop.validation_rows()), baseline, tmp_path)
    assert ran.code == 0
    assert ran.report["status"] == "ok"
    assert ran.violated() == set()


def test_fresh_rows_as_named_objects_are_ok(baseline: Path, tmp_path: Path) -> None:
    ran = judged(shop.json_captures(shop.validation_rows(), NAMES), baseline, tmp_path)
    assert (ran.code, ran.report["status"]) == (0, "ok")


def test_csv_and_objects_give_the_same_statuses(baseline: Path, tmp_path: Path) -> None:
    rows = shop.validation_rows()
    a = judged(shop.csv_captures(rows), baseline, tmp_path / "a").report["findings"]
    b = judged(shop.json_captures(rows, NAMES), baseline, tmp_path / "b").report["findings"]
    assert [(f["rule"], f["feature"], f["status"]) for f in a] == [(f["rule"], f["feature"], f["status"]) for f in b]


@pytest.mark.parametrize("name", ["Day Mins", "Eve Mins", "Night Calls", "Account Length", "Intl Mins"])
@pytest.mark.parametrize("as_objects", [False, True])
def test_half_a_standard_deviation_in_one_feature_is_found_and_no_other_is_named(
    name: str, as_objects: bool, baseline: Path, tmp_path: Path
) -> None:
    values = [float(row[NAMES.index(name)]) for row in shop.validation_rows()]
    mean = sum(values) / len(values)
    half = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5 / 2
    rows = changed(name, lambda _, v: str(round(float(v) + half, 1) if "." in v else round(float(v) + half)))
    lines = shop.json_captures(rows, NAMES) if as_objects else shop.csv_captures(rows)
    ran = judged(lines, baseline, tmp_path)
    assert ran.code == 1
    assert ran.violated() == {name}


@pytest.mark.parametrize("as_objects", [False, True])
def test_a_new_code_in_one_row_of_twenty_is_found(as_objects: bool, baseline: Path, tmp_path: Path) -> None:
    rows = changed("State_CA", lambda i, v: "2" if i % 20 == 0 else v)
    lines = shop.json_captures(rows, NAMES) if as_objects else shop.csv_captures(rows)
    ran = judged(lines, baseline, tmp_path)
    assert (ran.code, ran.violated()) == (1, {"State_CA"})


@pytest.mark.parametrize("name", ["Eve Calls", "State_NY", "Day Mins", "CustServ Calls"])
@pytest.mark.parametrize("as_objects", [False, True])
def test_gaps_in_one_row_of_twenty_are_found(name: str, as_objects: bool, baseline: Path, tmp_path: Path) -> None:
    rows = changed(name, lambda i, v: "" if i % 20 == 0 else v)
    lines = shop.json_captures(rows, NAMES) if as_objects else shop.csv_captures(rows)
    ran = judged(lines, baseline, tmp_path)
    assert (ran.code, ran.violated()) == (1, {name})


@pytest.mark.parametrize("name", ["Account Length", "State_WY", "Intl Mins"])
def test_a_column_that_is_gone_is_named(name: str, baseline: Path, tmp_path: Path) -> None:
    at = NAMES.index(name)
    rows = [[*row[:at], *row[at + 1 :]] for row in shop.validation_rows()]
    ran = judged(shop.json_captures(rows, [*NAMES[:at], *NAMES[at + 1 :]]), baseline, tmp_path)
    assert (ran.code, ran.violated()) == (1, {name})


def test_rows_without_names_that_are_a_column_short_are_one_finding_with_both_widths(
    baseline: Path, tmp_path: Path
) -> None:
    ran = judged(shop.csv_captures([row[:-1] for row in shop.validation_rows()]), baseline, tmp_path)
    violated = [f for f in ran.report["findings"] if f["status"] == "violated"]
    others = {f["status"] for f in ran.report["findings"] if f["feature"] is not None}
    assert ran.code == 1
    assert [f["why"] for f in violated] == ["666 of 666 rows have 69 columns; the baseline has 70"]
    assert others == {"unknown"}


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_neither_splits_nor_order_of_files_change_a_finding(parts: int, baseline: Path, tmp_path: Path) -> None:
    lines = shop.csv_captures(changed("Eve Mins", lambda _, v: str(float(v) + 20)))
    whole = judged(lines, baseline, tmp_path / "whole").report
    for order in (1, -1):
        folder = tmp_path / f"split{order}"
        for part in range(parts):
            shop.write(folder / f"{order * part + 10:02}.jsonl", lines[part::parts])
        report = command.check(folder, baseline).report
        assert report["findings"] == whole["findings"]
        assert report["status"] == "violated"


def test_the_same_input_gives_the_same_bytes(baseline: Path, tmp_path: Path) -> None:
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    first, second = (command.check(captures, baseline, "--out", tmp_path / name) for name in ("x", "y"))
    assert first.out == second.out
    for file in (tmp_path / "x").iterdir():
        assert file.read_bytes() == (tmp_path / "y" / file.name).read_bytes()


def test_the_order_of_captures_of_one_and_the_same_second_does_not_show(baseline: Path, tmp_path: Path) -> None:
    rows = changed("Eve Mins", lambda _, v: str(float(v) + 20))
    lines = [shop.capture(",".join(row), shop.score(i), i, at=shop.START) for i, row in enumerate(rows)]
    first = judged(lines, baseline, tmp_path / "a").report
    for seed in range(3):
        random.Random(seed).shuffle(lines)
        folder = tmp_path / f"shuffled{seed}"
        for part in range(seed + 1):
            shop.write(folder / f"{part}.jsonl", lines[part :: seed + 1])
        assert command.check(folder, baseline).report["findings"] == first["findings"]


@pytest.mark.parametrize("answer", [0.0145, {"score": 0.0145}, {"Churn": 0.0145}, "0.0145", "0.0145\n"])
def test_the_answers_score_finds_its_column_however_it_is_written(
    answer: object, baseline: Path, tmp_path: Path
) -> None:
    objects = [dict(zip(NAMES, map(shop.number, row), strict=True)) for row in shop.validation_rows()]
    ran = judged([shop.capture(request, answer, i) for i, request in enumerate(objects)], baseline, tmp_path)
    assert (ran.code, ran.report["status"], ran.report["inputs"]["rejected"]) == (0, "ok", {})


def test_repeated_rows_in_a_baseline_of_captures_count_once(tmp_path: Path) -> None:
    rng = random.Random(7)

    def rows(count: int) -> Rows:
        return [[f"{rng.gauss(0, 1):.3f}" for _ in range(12)] for _ in range(count)]

    repeated = [row for row in rows(200) for _ in range(5)]
    captures = shop.write(tmp_path / "base.jsonl", shop.csv_captures(repeated))
    assert command.driftd("baseline", "make", captures, "--out", tmp_path / "base").code == 0
    for window in range(10):
        fresh = shop.write(tmp_path / f"{window}.jsonl", shop.csv_captures(rows(1000)))
        assert command.check(fresh, tmp_path / "base").violated() == set()
