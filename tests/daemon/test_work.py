"""The worker's side, in this process: each thing that can go wrong is told as what it is."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from daemon.parts import MONITOR, WINDOW, task
from daemons import HOUR, START, Farm
from object_store import environment

from monitor.daemon.task import Task
from monitor.daemon.work import answered
from monitor.window import Window

RULE = '''
from monitor import *

@rule
def mine(now: Feature, base: Feature) -> Finding:
    """The user's."""
    return at_most(0, 1)
'''


@pytest.fixture
def farm(shared: Path, tmp_path: Path) -> Farm:
    shutil.copytree(shared, tmp_path, dirs_exist_ok=True)
    made = Farm(tmp_path)
    made.write()
    return made


def failed(asked: Task) -> tuple[str, str]:
    found = answered(asked)
    answer = found.answer
    assert (found.report, found.profile, found.evidence, answer.status) == (b"", b"", b"", "")
    assert answer.took_seconds > 0
    assert answer.why.isprintable()
    return answer.failure, answer.why


def test_a_window_is_read_judged_and_its_report_written(farm: Farm) -> None:
    found = answered(task(farm))
    answer, report, profile = found.answer, found.report, found.profile
    folder = farm.state / "reports" / "m" / "20260302T090000Z_20260302T100000Z_r1"
    assert (answer.failure, answer.why, answer.status) == ("", "", "ok")
    assert answer.folder == str(folder)
    assert (folder / "report.json").read_bytes() == report
    assert json.loads(profile)["volume"]["rows"] == answer.figures["rows"] == 300
    assert answer.baseline["name"] == "model"
    assert answer.baseline["rows"] == 4000
    assert list(answer.phases) == ["load", "evaluate", "publish"]
    (seen,) = answer.objects
    assert (seen.rows, seen.first, seen.last) == (300, START, START + 299 * HOUR / 300)


def test_records_of_windows_that_are_closed_are_counted_for_each(farm: Farm) -> None:
    farm.captures("m", START - HOUR, count=60)
    closed = (Window(start=START - 2 * HOUR, end=START - HOUR), Window(start=START - HOUR, end=START))
    answer = answered(replace(task(farm), closed=closed)).answer
    early, own = sorted(answer.objects, key=lambda one: one.path)
    assert (early.rows, early.elsewhere) == (0, {"1": 60})
    assert (own.rows, own.elsewhere) == (300, {})


def test_a_place_is_looked_at_for_its_first_event(farm: Farm) -> None:
    farm.captures("m", START - timedelta(days=40) + timedelta(minutes=20), count=3)
    found = answered(task(farm, window=None))
    answer = found.answer
    assert (answer.failure, answer.is_empty, found.report, found.profile) == ("", False, b"", b"")
    assert answer.first == START - timedelta(days=40) + timedelta(minutes=20)


def test_a_place_with_nothing_in_it_is_empty_and_no_failure(farm: Farm) -> None:
    shutil.rmtree(farm.folder / "captures" / "m")
    (farm.folder / "captures" / "m").mkdir()
    answer = answered(task(farm, window=None)).answer
    assert (answer.failure, answer.first, answer.is_empty) == ("", None, True)


def test_a_file_without_times_begins_when_its_folder_says(farm: Farm) -> None:
    odd = farm.folder / "captures" / "m" / "2026" / "01" / "02" / "03" / "a.jsonl"
    odd.parent.mkdir(parents=True)
    odd.write_text("garbage\n")
    assert answered(task(farm, window=None)).answer.first == START.replace(month=1, day=2, hour=3)


@pytest.mark.parametrize("window", [WINDOW, None], ids=["window", "look"])
def test_captures_that_are_not_there_are_a_failure_of_the_input(farm: Farm, window: Window | None) -> None:
    asked = task(farm, window=window)
    shutil.rmtree(farm.folder / "captures")
    failure, why = failed(asked)
    assert failure == "input"
    assert why.endswith("captures/m: does not exist; give a capture file, or a folder that holds some")


def test_a_baseline_that_is_not_there_or_is_broken_is_a_failure_of_the_baseline(farm: Farm) -> None:
    asked, place = task(farm), farm.folder / "baselines" / "model"
    version = (place / "current").read_text().strip()
    (place / version / "baseline.json").write_text("{")
    assert failed(asked)[0] == "baseline"
    (place / "current").write_text("v99\n")
    assert failed(asked)[0] == "baseline"
    shutil.rmtree(place)
    failure, why = failed(asked)
    assert failure == "baseline"
    assert "no baseline is there" in why


def test_a_users_rule_file_that_loads_no_more_does_not_take_the_others_with_it(farm: Farm) -> None:
    (farm.folder / "rules").mkdir()
    (farm.folder / "rules" / "mine.py").write_text(RULE)
    farm.write("rules: [rules]", monitors=MONITOR.replace("0s}}", "0s}, checks: [driftd, {rule: mine}]}"))
    asked = task(farm)
    assert answered(asked).answer.status == "ok"
    (farm.folder / "rules" / "mine.py").write_text("import nowhere\n")
    found = answered(asked)
    answer, report = found.answer, found.report
    assert answer.failure == ""
    broken = {(f["rule"], f["status"]) for f in json.loads(report)["findings"] if f["status"] == "failed"}
    assert broken == {("mine", "failed")}


PREPROCESS = """
import pathlib

def preprocess_handler(record):
    pathlib.Path({other!r}).unlink(missing_ok=True)
    return {{"age": 3}}
"""


def test_a_capture_file_that_vanishes_after_it_was_listed_is_told_and_the_others_are_judged(farm: Farm) -> None:
    gone = farm.captures("m", file="b.jsonl", count=3)
    farm.write(monitors=MONITOR.replace("captures/m", "captures/m, preprocess: pre.py"))
    (farm.folder / "pre.py").write_text(PREPROCESS.format(other=str(gone)))
    found = answered(task(farm))
    answer, report = found.answer, found.report
    inputs = json.loads(report)["inputs"]
    assert (answer.failure, answer.figures["rows"]) == ("", 300)
    assert (inputs["records"], inputs["rejected"]) == (301, {"unreadable": 1})


def test_a_report_that_cannot_be_written_is_no_verdict(farm: Farm) -> None:
    farm.state.mkdir()
    (farm.state / "reports").write_text("in the way")
    failure, why = failed(task(farm))
    assert failure == "internal"
    assert "reports/m: Not a directory" in why
    assert "report" in why


def test_a_configuration_that_is_not_one_ends_one_attempt_and_is_told(farm: Farm) -> None:
    asked = replace(task(farm), monitor={"captures": "captures/m", "unknown": 1})
    assert failed(asked)[0] == "internal"


def test_a_store_that_does_not_answer_is_the_sources_failure_and_nobodys_fault(farm: Farm) -> None:
    asked = task(farm)
    with environment("http://127.0.0.1:9"):
        captures = failed(replace(asked, monitor={**asked.monitor, "captures": {"path": "s3://bucket/captures"}}))
        baseline = failed(replace(asked, monitor={**asked.monitor, "baseline": "s3://bucket/baselines/model"}))
    assert captures[0] == baseline[0] == "source"
    assert "s3://bucket" in captures[1]
    assert "s3://bucket" in baseline[1]
