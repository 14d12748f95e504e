"""One window judged: what its scripts are told and say."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import shop
from daemon.parts import MONITOR, task
from daemons import HOUR, START, Farm

from monitor.daemon.windowed import MOST_SAID, judged
from monitor.sources.listing import listed
from monitor.store.words import Object


@pytest.fixture
def farm(shared: Path, tmp_path: Path) -> Farm:
    shutil.copytree(shared, tmp_path, dirs_exist_ok=True)
    made = Farm(tmp_path)
    made.write(monitors=MONITOR.replace("captures/m", "captures/m, postprocess: post.py"))
    return made


def test_a_postprocessor_runs_behind_the_report_and_what_it_breaks_on_is_told(farm: Farm) -> None:
    script = farm.folder / "post.py"
    script.write_text("def postprocess_handler():\n    raise KeyError('total')\n")
    found = judged(task(farm))
    answer, report = found.answer, found.report
    assert any("KeyError" in said for said in answer.said)
    assert len(answer.said) <= MOST_SAID
    assert (answer.status, json.loads(report)["status"]) == ("ok", "ok")
    assert (Path(answer.folder) / "report.json").read_bytes() == report
    script.write_text("def postprocess_handler():\n    pass\n")
    assert judged(task(farm)).answer.said == ()


def test_what_was_read_before_and_has_not_changed_is_read_again_only_where_its_records_are(farm: Farm) -> None:
    (farm.folder / "post.py").write_text("def postprocess_handler():\n    pass\n")
    farm.captures("m", START - HOUR, count=60)
    asked = task(farm)
    files = listed(str(farm.folder / "captures" / "m"))
    assert [Path(seen.path).parent.name for seen in judged(asked).answer.objects] == ["08", "09"]
    known = tuple(Object(path=f.path, size=f.size, stamp=f.stamp, first=f.own, last=f.own + 0.9 * HOUR) for f in files)
    answer = judged(replace(asked, known=known)).answer
    assert [Path(seen.path).parent.name for seen in answer.objects] == ["09"]
    changed = tuple(replace(one, stamp="another") for one in known)
    assert len(judged(replace(asked, known=changed)).answer.objects) == 2


def test_a_window_that_is_spread_over_processes_is_judged_and_remembered_as_one_that_is_not(farm: Farm) -> None:
    (farm.folder / "post.py").write_text("def postprocess_handler():\n    pass\n")
    captures = (farm.folder / "captures" / "m").rglob("*.jsonl")
    lines = [line for path in captures for line in path.read_text().splitlines()]
    for number in range(300):  # more than one process opens
        shop.write(
            farm.folder / "captures" / "m" / f"{START:%Y/%m/%d/%H}" / f"{number}.jsonl", lines[number : number + 1]
        )
    one = judged(task(farm))
    farm.write("engine: processes", monitors=MONITOR.replace("captures/m", "captures/m, postprocess: post.py"))
    other = judged(task(farm))
    assert other.answer.notes == ()
    assert (other.answer.objects, other.answer.status) == (one.answer.objects, one.answer.status)
    reports = [json.loads(worked.report) for worked in (one, other)]
    assert reports[0]["inputs"] == reports[1]["inputs"]
    assert reports[0]["inputs"]["records"] == 600
    statuses = [[(f["rule"], f["feature"], f["status"]) for f in report["findings"]] for report in reports]
    assert statuses[0] == statuses[1]


def test_the_input_has_a_digest_that_follows_what_was_read(farm: Farm) -> None:
    (farm.folder / "post.py").write_text("def postprocess_handler():\n    pass\n")
    first = judged(task(farm)).answer.input_digest
    assert judged(task(farm)).answer.input_digest == first
    farm.captures("m", count=5, file="b.jsonl")
    assert judged(task(farm)).answer.input_digest != first
