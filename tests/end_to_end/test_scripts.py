"""SageMaker's scripts with the command: the same verdict as without one, exit codes, and what is told."""

import json
from pathlib import Path

import command
import pytest
import shop
from scripts import examples
from scripts.examples import captures, returning, written

SHIPPED = Path(__file__).parents[2] / "config" / "scripts"


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts") / "base"
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", folder)
    return folder


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop.write(tmp_path_factory.mktemp("window") / "a.jsonl", shop.csv_captures(shop.validation_rows()))


@pytest.mark.parametrize("preset", ["driftd", "sagemaker"])
def test_the_classic_script_changes_nothing_in_the_report(
    baseline: Path, window: Path, tmp_path: Path, preset: str
) -> None:
    """Answer and request side by side is what is read without a script, too: numbers, ids, times and roles."""
    path = written(tmp_path, examples.CONCATENATED)
    plain = command.check(window, baseline, "--preset", preset)
    ran = command.check(window, baseline, "--preset", preset, "--preprocess", path)
    assert ran.report == plain.report
    assert (ran.code, ran.err) == (plain.code, "")
    assert ran.report["inputs"]["rows"] == 666


def test_test_traffic_is_not_judged(tmp_path: Path) -> None:
    clean = captures(tmp_path / "clean.jsonl", [f"{i % 50},x" for i in range(2000)], ["0.5"] * 2000)
    table = tmp_path / "t.csv"
    table.write_text("y,a,b\n" + "".join(f"0.5,{i % 50},x\n" for i in range(2000)))
    command.driftd("baseline", "make", table, "--out", tmp_path / "base")
    requests = [f"{i // 2 % 50},x" if i % 2 else "999,test" for i in range(2000)]
    attributes = [{} if i % 2 else {"testIndicator": "true"} for i in range(2000)]
    mixed = captures(tmp_path / "mixed.jsonl", requests, ["0.5\n"] * 2000, attributes)
    path = written(tmp_path, examples.TEST_TRAFFIC)
    assert command.check(clean, tmp_path / "base", "--preprocess", path).code == 0
    assert command.check(mixed, tmp_path / "base").violated() >= {"a", "b"}
    ran = command.check(mixed, tmp_path / "base", "--preprocess", path)
    assert (ran.code, ran.violated()) == (0, set())
    assert ran.report["inputs"] == {**ran.report["inputs"], "records": 2000, "rows": 1000, "rejected": {}}


def test_a_baseline_may_be_made_through_the_same_script(tmp_path: Path) -> None:
    requests = [{"instances": [[i % 40 + 0.5, i % 7]]} for i in range(1500)]
    answers = [{"predictions": [[float(shop.score(i))]]} for i in range(1500)]
    captured = captures(tmp_path / "a.jsonl", requests, answers)
    path = written(tmp_path, examples.TENSORFLOW)
    made = command.driftd("baseline", "make", captured, "--out", tmp_path / "base", "--preprocess", path)
    assert (made.code, ": 1500 rows, 3 columns\n" in made.out) == (0, True)
    document = json.loads(next((tmp_path / "base").glob("v*/baseline.json")).read_text())
    assert document["columns"] == [str(i).zfill(20) for i in range(3)]
    ran = command.check(captured, tmp_path / "base", "--preprocess", path)
    assert ran.code == 0
    assert ran.err.startswith("preprocess: info: 1 instances\n")
    assert ran.err.endswith("preprocess: and more; the first 20 lines are shown\n")
    assert command.check(captured, tmp_path / "base").code == 0  # lists of instances are read without a script too


def test_a_baseline_is_not_made_where_the_script_breaks(tmp_path: Path, window: Path) -> None:
    path = returning(tmp_path, "{'a': nonsense}")
    ran = command.driftd("baseline", "make", window, "--out", tmp_path / "base", "--preprocess", path)
    why = "NameError: name 'nonsense' is not defined (pre.py:4); so with each of 666 records"
    assert (ran.code, ran.err) == (2, f"driftd: preprocess: pre.py: {why}\n")
    assert not (tmp_path / "base").exists()
    path = returning(tmp_path, "[]")
    ran = command.driftd("baseline", "make", window, "--out", tmp_path / "base", "--preprocess", path)
    assert (ran.code, ran.err) == (2, f"driftd: {window}: no row could be read; the preprocessor dropped 666 records\n")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("{'a': nonsense}", "NameError: name 'nonsense' is not defined (pre.py:4); so with each of 666 records"),
        ("len(bytearray(1 << 40))", "needed more memory than 1 GiB (`limits.memory`)"),
        ("__import__('os')._exit(7)", "ended with exit code 7 and no answer"),
    ],
    ids=["raises", "eats memory", "leaves"],
)
def test_a_script_that_breaks_is_one_failed_finding_and_the_window_is_judged_as_captured(
    baseline: Path, window: Path, tmp_path: Path, answer: str, why: str
) -> None:
    ran = command.check(window, baseline, "--preprocess", returning(tmp_path, answer))
    plain = command.check(window, baseline)
    failed = [f for f in ran.report["findings"] if f["status"] == "failed"]
    assert [(f["rule"], f["feature"]) for f in failed] == [("preprocess", None)]
    assert failed[0]["why"] == f"pre.py: {why}; the window was judged as it was captured"
    assert [f for f in ran.report["findings"] if f["status"] != "failed"] == plain.report["findings"]
    assert (ran.code, ran.report["status"], plain.code) == (4, "failed", 0)
    assert ran.report["inputs"] == plain.report["inputs"]


def test_records_on_which_it_breaks_are_rejected_and_shown(baseline: Path, window: Path, tmp_path: Path) -> None:
    broken = "    assert inference_record.event_metadata.event_id != 'id-7'\n    return {"
    path = written(tmp_path, examples.CONCATENATED.replace("    return {", broken))
    ran = command.driftd("check", window, "--baseline", baseline, "--preprocess", path)
    assert ran.code == 0
    assert f"rejected: {window}:8: preprocess_failed (AssertionError (pre.py:5))" in ran.out


def test_a_script_that_cannot_be_loaded_is_exit_2_before_anything_is_read(baseline: Path, tmp_path: Path) -> None:
    captured = captures(tmp_path / "a.jsonl", ["1"], ["0"])
    gone = command.check(captured, baseline, "--preprocess", tmp_path / "gone.py")
    right = "a Python file with a function 'preprocess_handler' would be right"
    assert (gone.code, gone.err) == (2, f"driftd: {tmp_path}/gone.py: does not exist; {right}\n")
    none = command.check(captured, baseline, "--preprocess", written(tmp_path, "x = 1\n"))
    assert none.code == 2
    assert f"{tmp_path}/pre.py:1: has no function 'preprocess_handler'" in none.err
    ran = command.check(
        captured, baseline, "--postprocess", written(tmp_path, "def f(:\n", "p.py"), "--out", tmp_path / "out"
    )
    assert ran.code == 2
    assert f"{tmp_path}/p.py:1: SyntaxError: " in ran.err
    assert not (tmp_path / "out").exists()


def test_a_postprocessor_reads_the_report_and_what_it_says_is_shown(
    baseline: Path, window: Path, tmp_path: Path
) -> None:
    path = SHIPPED / "postprocess.py"
    ran = command.check(window, baseline, "--postprocess", path, "--out", tmp_path / "out", "--preset", "sagemaker")
    count = len(json.loads((tmp_path / "out" / "constraint_violations.json").read_text())["violations"])
    assert count > 0
    assert (ran.code, ran.err) == (1, f"postprocess: base: {count} violations\n")
    assert ran.report["monitor"] == "base"


def test_a_postprocessor_needs_out(baseline: Path, window: Path) -> None:
    ran = command.check(window, baseline, "--postprocess", SHIPPED / "postprocess.py")
    told = "driftd: --postprocess needs --out, the folder of the report's files that the script is to read\n"
    assert (ran.code, ran.err) == (2, told)


def test_a_postprocessor_that_breaks_is_told_and_the_report_stays(baseline: Path, window: Path, tmp_path: Path) -> None:
    path = written(
        tmp_path, "def postprocess_handler():\n    print('begun')\n    raise RuntimeError('no network')\n", "post.py"
    )
    out = tmp_path / "out"
    ran = command.check(window, baseline, "--postprocess", path, "--out", out)
    why = "RuntimeError: no network (post.py:3)"
    told = f"postprocess: begun\ndriftd: postprocess: post.py: {why}; the report is in {out}\n"
    assert (ran.code, ran.err) == (4, told)
    assert json.loads((out / "report.json").read_text()) == ran.report
    violated = command.check(window, baseline, "--postprocess", path, "--out", out, "--preset", "sagemaker")
    assert (violated.code, violated.err) == (1, told)


def test_a_monitor_names_its_scripts_and_they_see_its_endpoint(baseline: Path, window: Path, tmp_path: Path) -> None:
    text = """
    import os

    def postprocess_handler():
        print(os.environ["sagemaker_endpoint_name"], os.environ["dataset_source"])
    """
    written(tmp_path, text, "post.py")
    config = tmp_path / "driftd.yaml"
    config.write_text(
        f"monitors:\n  churn:\n    endpoint: churn-xgb\n    captures: {window}\n    baseline: {baseline}\n"
        f"    preprocess: {SHIPPED / 'preprocess.py'}\n    postprocess: post.py\n"
    )
    ran = command.driftd("evaluate", "--config", config, "--json")
    assert (ran.code, ran.err) == (0, f"postprocess: churn-xgb {window}\n")
    assert ran.report["inputs"]["rows"] == 666
    assert command.driftd("config", "check", config).code == 0
    (tmp_path / "post.py").unlink()
    told = command.driftd("config", "check", config)
    why = f"names '{tmp_path}/post.py', and there is no such file; a Python script would be right"
    assert (told.code, told.err) == (2, f"driftd: {config}:7: monitors.churn.postprocess: {why}\n")
