"""Model quality from the command line to the report: a baseline that remembers, windows that carry their truth."""

import csv
import json
import random
from pathlib import Path

import command
import jsonschema
import pandas as pd
import pytest
import shop
import splits
from outcomes import CHURN, DATA, SDK
from sklearn.metrics import roc_auc_score

from monitor import check, make_baseline
from monitor.finding import Status
from monitor.library import Form, judged
from monitor.quality.metrics import metrics_of

SCHEMA = json.loads((Path(__file__).parents[2] / "monitor" / "schemas" / "report.schema.json").read_text())
NAMED = ("--problem", "binary", "--prediction", "prediction", "--probability", "probability", "--truth", "label")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    made = command.driftd("baseline", "make", CHURN, "--out", tmp_path / "base", *NAMED)
    assert (made.code, made.err) == (0, "")
    return tmp_path / "base"


def rows(path: Path, change) -> Path:
    with CHURN.open() as file:
        names, *lines = list(csv.reader(file))
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([names, *(change(i, *line) for i, line in enumerate(lines))])
    return path


def test_a_check_needs_no_option_and_tells_every_metric(base: Path, tmp_path: Path) -> None:
    worse = rows(tmp_path / "worse.csv", lambda i, p, said, label: (p, 1 - int(said) if i % 5 == 0 else said, label))
    ran = command.driftd("check", worse, "--baseline", base, "--json", "--out", tmp_path / "out")
    assert ran.code == 1
    report = ran.report
    jsonschema.validate(report, SCHEMA)
    violated = {(f["rule"], f["feature"]) for f in report["findings"] if f["status"] == "violated"}
    assert ("model_quality", "accuracy") in violated
    assert report["quality"]["coverage"] == 1.0
    accuracy = next(one for one in report["quality"]["metrics"] if one["name"] == "accuracy")
    assert accuracy["base"] == pytest.approx(189 / 201)
    assert report["quality"]["outputs"] == ["prediction", "probability"]
    assert "label" not in {f["feature"] for f in report["findings"]}
    found = json.loads((tmp_path / "out" / "model_quality_constraint_violations.json").read_text())
    assert "accuracy" in {entry["metric_name"] for entry in found["violations"]}
    others = json.loads((tmp_path / "out" / "constraint_violations.json").read_text())["violations"]
    assert "accuracy" not in {entry["feature_name"] for entry in others}
    for name in ("report.html", "report.md"):
        told = (tmp_path / "out" / name).read_text()
        assert "labels for 201 of 201 predictions" in told
        assert "balanced_accuracy" in told
    shown = command.driftd("check", worse, "--baseline", base).out
    assert "model quality: labels for 201 of 201 predictions (100 %)" in shown


def test_few_labels_are_unknown_and_none_are_too(base: Path, tmp_path: Path) -> None:
    few = rows(tmp_path / "few.csv", lambda i, p, said, label: (p, said, label if i % 34 == 0 else ""))
    report = command.driftd("check", few, "--baseline", base, "--json").report
    found = [f for f in report["findings"] if f["rule"] == "model_quality"]
    assert [(f["status"], f["reason"]) for f in found] == [("unknown", "truth_missing")]
    assert found[0]["why"] == "labels for 6 of 201 predictions: 2.99 % and 30 % are needed"


def test_preset_sagemaker_judges_without_slack_and_in_that_products_words(base: Path, tmp_path: Path) -> None:
    same = command.driftd("check", CHURN, "--baseline", base, "--preset", "sagemaker")
    assert same.code == 0
    one = rows(tmp_path / "one.csv", lambda i, p, said, label: (p, 1 - int(said) if i == 0 else said, label))
    ran = command.driftd("check", one, "--baseline", base, "--preset", "sagemaker", "--json")
    found = {f["feature"]: f["why"] for f in ran.report["findings"] if f["status"] == "violated"}
    assert found["accuracy"].startswith("Metric accuracy with 0.9353233830845771 +/- ")
    assert found["accuracy"].endswith(" was LessThanThreshold '0.9402985074626866'")


def test_captures_that_were_merged_with_their_labels_are_judged(tmp_path: Path) -> None:
    training = tmp_path / "training.csv"
    lines = [f"0.{i % 10}5,{i % 10},{int(i % 10 > 4)}\n" for i in range(400)]
    training.write_text("score,a,label\n" + "".join(lines))  # as captures are read: what was answered comes first
    named = ("--problem", "binary", "--probability", "score", "--truth", "label")
    assert command.driftd("baseline", "make", training, "--out", tmp_path / "base", *named).code == 0
    captures = tmp_path / "captures.jsonl"
    captures.write_text("".join(merged(i) for i in range(400)))
    report = command.driftd("check", captures, "--baseline", tmp_path / "base", "--json").report
    assert report["quality"]["labelled"] == 300
    found = {one["name"]: one["value"] for one in report["quality"]["metrics"]}
    assert (found["accuracy"], found["auc"]) == (1.0, 1.0)


def merged(i: int) -> str:
    label = ["1" if i % 10 > 4 else "0", json.dumps({"label": int(i % 10 > 4)}), None, f"{float(i % 10 > 4)}"][i % 4]
    record = {
        "captureData": {
            "endpointInput": {"observedContentType": "text/csv", "data": f"{i % 10}", "encoding": "CSV"},
            "endpointOutput": {"observedContentType": "text/csv", "data": f"0.{i % 10}5", "encoding": "CSV"},
        },
        "eventMetadata": {"eventId": f"e{i}", "inferenceTime": f"2026-01-05T00:{i // 60:02d}:{i % 60:02d}Z"},
        "eventVersion": "0",
    }
    if label is not None:
        record["groundTruthData"] = {"data": label, "encoding": "CSV" if i % 4 != 1 else "JSON"}
    return json.dumps(record) + "\n"


def test_what_no_row_answers_is_told_with_the_columns(tmp_path: Path) -> None:
    ran = command.driftd("baseline", "make", CHURN, "--out", tmp_path / "b", "--problem", "binary", "--truth", "label")
    assert ran.code == 2
    assert "problem binary: no row has both a prediction (column the answer's: 0 of 201 rows) and a label" in ran.err


def test_python_asks_alike_and_a_configuration_too(tmp_path: Path) -> None:
    table = pd.read_csv(SDK / "baseline_dataset.csv")
    made = make_baseline(table, columns={"prediction": "Label", "truth": "Prediction"}, problem="regression")
    made.save(tmp_path / "base")
    report = check(table, tmp_path / "base", columns={"prediction": "Label", "truth": "Prediction"})
    found = {one["name"]: one["value"] for one in report.quality["metrics"]}
    assert found["mae"] == pytest.approx(0.5040653554420981)
    (tmp_path / "driftd.yaml").write_text(
        "monitors:\n  m:\n    captures: rows.csv\n    baseline: base\n    problem: regression\n"
        "    columns: {prediction: Label, truth: Prediction}\n"
    )
    table.to_csv(tmp_path / "rows.csv", index=False)
    ran = command.driftd("evaluate", "--config", tmp_path / "driftd.yaml", "--json")
    assert {one["name"]: one["value"] for one in ran.report["quality"]["metrics"]} == pytest.approx(found)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_every_engine_counts_the_same(kind: str, tmp_path: Path) -> None:
    draw = random.Random(3)

    def row() -> dict[str, object]:
        label = draw.randint(0, 3 if kind == "multiclass" else 1) + (draw.random() if kind == "regression" else 0)
        said = label if draw.random() < 0.8 else draw.randint(0, 1)
        return {"a": draw.random(), "said": said, "p": draw.random(), "label": label if draw.random() < 0.7 else None}

    columns = {"prediction": "said", "truth": "label"} | ({"probability": "p"} if kind == "binary" else {})
    base = make_baseline(pd.DataFrame([row() for _ in range(500)]), columns=columns, problem=kind)
    for number in range(300):
        shop.write(tmp_path / f"{number:03}.jsonl", [json.dumps(row()) for _ in range(5)])
    engine = splits.Here(seed=1)
    here, there = (
        judged([tmp_path], base, None, columns, None, "driftd", Form(engine=one)).profile.quality
        for one in ("local", engine)
    )
    assert len(engine.came) > 1
    assert (here.rows, here.labelled, here.unpredicted) == (there.rows, there.labelled, there.unpredicted)
    assert here.rows == 1500
    one, other = (metrics_of(side) for side in (here, there))
    for name in one:
        assert other[name].value == pytest.approx(one[name].value, rel=1e-9)
        assert other[name].high == pytest.approx(one[name].high, rel=1e-6, nan_ok=True)


def test_a_users_rule_may_ask_about_model_quality(base: Path, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "profit.py").write_text(
        '"""Half of the churners must be found."""\n'
        "from monitor import Finding, ModelQuality, at_least, metrics_of, rule\n\n\n"
        "@rule\ndef found(now: ModelQuality, base: ModelQuality, *, least: float = 0.6) -> Finding:\n"
        '    """Violated when recall is below `least`."""\n'
        '    return at_least(metrics_of(now)["recall"].value, least)\n'
    )
    report = command.driftd("check", CHURN, "--baseline", base, "--rules", tmp_path / "rules", "--json").report
    own = next(f for f in report["findings"] if f["rule"] == "found")
    assert (own["status"], own["value"]) == ("violated", pytest.approx(16 / 28))


def test_a_model_that_fails_from_one_row_on_is_found_there_and_not_before() -> None:
    reference, analysis, target = (
        pd.read_csv(DATA / "drift" / f"car_loan_{name}.csv.gz") for name in ("reference", "analysis", "analysis_target")
    )
    columns = {
        "prediction": "y_pred", "probability": "y_pred_proba", "truth": "repaid", "id": "id", "time": "timestamp",
    }  # fmt: skip
    made = make_baseline(reference, columns=columns, problem="binary")
    rows = analysis.merge(target, on="id")
    found = []
    for start in range(0, 50_000, 5000):
        chunk = rows.iloc[start : start + 5000]
        report = check(chunk, made, columns=columns)
        area = next(one["value"] for one in report.quality["metrics"] if one["name"] == "auc")
        assert area == pytest.approx(roc_auc_score(chunk["repaid"], chunk["y_pred_proba"]), abs=1e-3)
        found.append(any(f.rule == "model_quality" and f.status is Status.VIOLATED for f in report.findings))
    assert found == [False] * 5 + [True] * 5


def test_constraints_of_model_quality_are_taken_over_and_judged(base: Path, tmp_path: Path) -> None:
    (version,) = base.glob("v*")
    whole = json.loads((version / "constraints.json").read_text())
    section = "binary_classification_constraints"
    quality = {"version": 0.0, section: {**whole.pop(section)}}
    quality[section]["recall"]["threshold"] = 0.9
    (tmp_path / "data.json").write_text(json.dumps(whole))
    (tmp_path / "quality.json").write_text(json.dumps(quality))
    files = (version / "statistics.json", tmp_path / "data.json", tmp_path / "quality.json")
    assert command.driftd("baseline", "import", *files, "--out", tmp_path / "theirs").code == 0
    (tmp_path / "driftd.yaml").write_text(
        f"monitors:\n  m:\n    captures: {CHURN}\n    baseline: theirs\n    checks: sagemaker\n    problem: binary\n"
        "    columns: {prediction: prediction, probability: probability, truth: label}\n"
    )
    report = command.driftd("evaluate", "--config", tmp_path / "driftd.yaml", "--json").report
    found = {f["feature"]: f["why"] for f in report["findings"] if f["status"] == "violated"}
    assert found["recall"].endswith(" was LessThanThreshold '0.9'")
    alone = command.driftd("baseline", "import", tmp_path / "quality.json", "--out", tmp_path / "none")
    assert alone.code == 2
    assert "quality.json: constraints of model quality alone; give those of data quality besides" in alone.err


def test_a_baseline_shows_what_its_model_reached(base: Path, tmp_path: Path) -> None:
    told = "binary, 201 rows with a label: accuracy 0.9403, precision 1, recall 0.5714, f1 0.7273, auc 0.9395"
    assert f"quality      {told}" in command.driftd("baseline", "show", base).out
    command.driftd("baseline", "make", CHURN, "--out", tmp_path / "plain")
    assert "quality " not in command.driftd("baseline", "show", tmp_path / "plain").out
    assert f"quality none -> {told}" in command.driftd("baseline", "diff", tmp_path / "plain", base).out
    assert "quality" not in command.driftd("baseline", "diff", base, base).out
