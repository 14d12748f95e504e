"""A baseline that keeps rows, and the checks that compare them, from the command line."""

import json
from pathlib import Path

import command
import pytest
import shop

from monitor import baselines

TRAINING = shop.CHURN / "training-dataset-with-header.csv"
CHECKS = (
    "[{rule: domain_classifier, max_rows: 600}, {rule: reconstruction}, {rule: isolation_forest}, "
    "{rule: adwin, column: Account Length}]"
)


def project(folder: Path, *arguments: object) -> Path:
    made = command.driftd("baseline", "make", TRAINING, "--out", folder / "base", *arguments)
    assert made.code == 0, made.err
    assert ("rows in plain text" in made.out) == bool(arguments)
    shop.write(folder / "captures" / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    text = f"monitors:\n  churn: {{captures: captures, baseline: base, checks: {CHECKS}}}\n"
    (folder / "driftd.yaml").write_text(text)
    return folder


def judged(folder: Path) -> dict[str, dict[str, object]]:
    ran = command.driftd("evaluate", "--config", folder / "driftd.yaml", "--json")
    return {finding["rule"]: finding for finding in ran.report["findings"]}


def test_rows_that_were_kept_are_compared_with_the_windows(tmp_path: Path) -> None:
    found = judged(project(tmp_path, "--sample", 1000))
    classifier, lost = found["domain_classifier"], found["reconstruction"]
    assert classifier["status"] in ("ok", "unknown")
    assert classifier["value"] == pytest.approx(0.5, abs=0.08)
    assert str(classifier["why"]).endswith("(on 666 of 666 rows, against 584 of 2333 of the baseline)")
    assert lost["status"] == "ok"
    assert found["isolation_forest"]["status"] == "ok"
    assert (found["adwin"]["status"], found["adwin"]["why"]) == ("ok", "on 666 of 666 rows")


def test_without_kept_rows_the_answer_is_unknown_and_says_how(tmp_path: Path) -> None:
    found = judged(project(tmp_path))
    assert {found[rule]["reason"] for rule in ("domain_classifier", "isolation_forest", "reconstruction")} == {
        "rows_not_kept"
    }
    assert "--sample 5000" in str(found["domain_classifier"]["why"])


def test_the_kept_rows_are_a_file_that_people_can_read_and_belong_to_the_version(tmp_path: Path) -> None:
    project(tmp_path, "--sample", 100)
    folder = tmp_path / "base"
    kept = baselines.load(folder)
    document = json.loads((folder / kept.version / "sample.json").read_text())
    assert document["rows"] == kept.sample_rows == 73
    assert [column["name"] for column in document["columns"]] == list(kept.columns)
    table = baselines.sample_of(kept)
    assert table is not None
    assert table.num_rows == 73
    again = command.driftd("baseline", "make", TRAINING, "--out", folder, "--sample", 100)
    assert again.code == 0
    assert baselines.versions(folder) == (kept.version,)
    assert "sample       73 rows" in command.driftd("baseline", "show", folder).out
    command.driftd("baseline", "make", TRAINING, "--out", folder)
    assert len(baselines.versions(folder)) == 2  # one without rows is another


@pytest.mark.parametrize("text", ['{"format_version": 9}', '{"format_version": 1, "columns": [{}]}', "[]"])
def test_a_sample_that_was_damaged_is_told_by_its_name(text: str, tmp_path: Path) -> None:
    project(tmp_path, "--sample", 100)
    folder = tmp_path / "base"
    (folder / baselines.load(folder).version / "sample.json").write_text(text)
    ran = command.driftd("evaluate", "--config", tmp_path / "driftd.yaml")
    assert ran.code == 2
    assert "sample.json" in ran.err
