"""A postprocessor behind a report: it finds the files where SageMaker has them, and touches nothing else."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scripts.examples import written

from monitor.child.limits import Limits
from monitor.report import Inputs, Origin, Report, Span
from monitor.scripts.postprocess import environment, postprocess
from monitor.scripts.script import ScriptFailed, script

LIMITS = Limits(seconds=3, memory_bytes=256 << 20)
START, END = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 5, 1, tzinfo=UTC)
REPORT = Report(monitor="churn", window=Span(start=START, end=END), baseline=Origin(), inputs=Inputs())

READS = """
import json
import os
import pathlib
import shutil

OUTPUT = "/opt/ml/processing/output"
VIOLATIONS = "/opt/ml/processing/output/constraint_violations.json"


def postprocess_handler():
    counts = []
    with open(VIOLATIONS) as file:
        counts.append(len(json.load(file)["violations"]))
    name = "constraint_violations"
    with open(f"/opt/ml/processing/output/{name}.json") as file:
        counts.append(len(json.load(file)["violations"]))
    path = pathlib.Path("/opt/ml") / "processing" / "output" / f"{name}.json"
    counts.append(len(json.loads(path.read_text())["violations"]))
    counts.append(len(json.load(open(os.path.join("/opt/ml/processing", "output", f"{name}.json")))["violations"]))
    counts.append(len(json.load(open(os.path.join(os.environ["output_path"], f"{name}.json")))["violations"]))
    counts.append(len(json.load(open(f"{name}.json"))["violations"]))
    print(counts, os.path.exists(OUTPUT), os.listdir(OUTPUT), os.path.exists("/opt/ml/processing/input"))
    shutil.copy(VIOLATIONS, "/opt/ml/processing/output/copy.json")
    print("/opt/mlx", "see /opt/ml/processing/output", end="")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "report"
    found.mkdir()
    (found / "constraint_violations.json").write_text(json.dumps({"violations": [{}, {}]}))
    return found


def said(tmp_path: Path, folder: Path, text: str) -> tuple[str, ...]:
    path = written(tmp_path, text, "post.py")
    about = environment(REPORT, folder, source=Path("/data/captures"), endpoint="churn-xgb")
    return tuple(postprocess(script(path, "postprocess_handler", LIMITS), folder, about))


def test_paths_that_scripts_have_written_into_them_lead_to_the_report(tmp_path: Path, folder: Path) -> None:
    told = said(tmp_path, folder, READS)
    assert told == (
        "[2, 2, 2, 2, 2, 2] True ['constraint_violations.json'] False",
        "/opt/mlx see /opt/ml/processing/output",
    )
    assert sorted(os.listdir(folder)) == ["constraint_violations.json", "copy.json"]
    assert not Path("/opt/ml/processing/output").exists()


def test_the_variables_are_those_that_are_known_and_no_others(tmp_path: Path, folder: Path, monkeypatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    text = """
    import os

    def postprocess_handler():
        for name, value in sorted(os.environ.items()):
            if not name.isupper():
                print(f"{name}={value}")
        print("AWS_SECRET_ACCESS_KEY" in os.environ)
    """
    assert said(tmp_path, folder, text) == (
        "analysis_type=DATA_QUALITY",
        "dataset_source=/data/captures",
        "end_time=2026-01-05T01:00:00Z",
        f"output_path={folder}",
        "publish_cloudwatch_metrics=Disabled",
        "sagemaker_endpoint_name=churn-xgb",
        "sagemaker_monitoring_schedule_name=churn",
        "start_time=2026-01-05T00:00:00Z",
        "False",
    )


def test_what_is_not_known_is_no_variable(tmp_path: Path) -> None:
    undated = Report(monitor="churn", window=None, baseline=Origin(), inputs=Inputs())
    assert sorted(environment(undated, tmp_path)) == [
        "analysis_type", "output_path", "publish_cloudwatch_metrics", "sagemaker_monitoring_schedule_name"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("raise KeyError('total')", "post.py: KeyError: 'total' (post.py:3)"),
        ("open('/opt/ml/processing/output/gone.json')", "post.py: FileNotFoundError: [Errno 2] No such file"),
        ("exit(3)", "post.py: SystemExit: 3"),
        ("\n        while True: pass", "post.py: no answer within 3 s (`limits.time`)"),
        ("bytearray(1 << 40)", "post.py: needed more memory than 256 MiB (`limits.memory`)"),
        ("import os; os._exit(9)", "post.py: ended with exit code 9 and no answer"),
    ],
    ids=["raises", "no such file", "exits", "hangs", "eats memory", "leaves"],
)
def test_one_that_breaks_is_named_with_the_reason_and_the_report_stays(
    tmp_path: Path, folder: Path, body: str, why: str
) -> None:
    with pytest.raises(ScriptFailed) as caught:
        said(tmp_path, folder, f"\ndef postprocess_handler():\n    {body.strip()}\n")
    assert caught.value.name == "postprocess"
    assert caught.value.why.startswith(why)
    assert (folder / "constraint_violations.json").exists()
