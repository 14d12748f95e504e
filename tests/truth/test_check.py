"""`driftd check --truth`: captures and labels joined in one go."""

import random
from pathlib import Path

import labelled
import pytest
from command import check, driftd
from daemons import START, Farm
from labelled import HOUR, batches, captures, deliver


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    return labelled.farm(tmp_path)


def judged(farm: Farm, *arguments: object) -> dict[str, object]:
    ran = check(farm.folder / "captures", farm.folder / "baselines" / "model", *arguments)
    assert ran.code in (0, 1), ran.err
    return ran.report["quality"] | {"truth": ran.report.get("truth"), "findings": ran.report["findings"]}


def test_labels_are_joined_with_captures(farm: Farm) -> None:
    truths = captures(farm, 0)
    deliver(farm, "a.jsonl", truths[:150])
    deliver(farm, "b.jsonl", [*truths[100:], ("never", 1)], at=START + HOUR)
    deliver(farm, "c.jsonl", [(truths[0][0], 1 - truths[0][1])], at=START + 2 * HOUR)
    told = judged(farm, "--truth", farm.folder / "labels")
    assert (told["predicted"], told["labelled"], told["coverage"]) == (200, 200, 1.0)
    assert told["truth"] == {"repeats": 50, "corrections": 1}
    assert {one["status"] for one in told["findings"] if one["rule"] == "model_quality"} <= {"ok", "unknown"}  # type: ignore[index,attr-defined]
    without = judged(farm)
    assert (without["labelled"], without["truth"]) == (0, None)


def test_deliveries_named_in_any_order_give_the_same_bytes(farm: Farm) -> None:
    truths = captures(farm, 0)
    files = [deliver(farm, "a.jsonl", b, at=START + n * HOUR) for n, b in enumerate(batches(truths, 5, 2))]
    told = []
    for seed in range(3):
        random.Random(seed).shuffle(files)
        arguments = [part for file in files for part in ("--truth", file)]
        told.append(check(farm.folder / "captures", farm.folder / "baselines" / "model", *arguments).out)
    assert len(set(told)) == 1


def test_too_few_labels_say_nothing(farm: Farm) -> None:
    deliver(farm, "a.jsonl", captures(farm, 0)[:6])
    told = judged(farm, "--truth", farm.folder / "labels")
    findings = [one for one in told["findings"] if one["rule"] == "model_quality"]  # type: ignore[attr-defined]
    assert {(one["status"], one["reason"]) for one in findings} == {("unknown", "truth_missing")}


def test_lines_without_a_label_are_told_and_abort_nothing(farm: Farm) -> None:
    truths = captures(farm, 0)
    file = deliver(farm, "a.jsonl", [*truths, ("odd", "{}")])
    file.write_text(file.read_text() + "nonsense\n")
    ran = check(farm.folder / "captures", farm.folder / "baselines" / "model", "--truth", file)
    assert ran.report["quality"]["labelled"] == 200
    assert "truth: 1 records hold no label (label_unclear)" in ran.err
    assert "a.jsonl:202: not_json" in ran.err


def test_a_baseline_without_a_problem_says_what_would_be_right(tmp_path: Path) -> None:
    plain = Farm(tmp_path)
    plain.baseline()
    captures(plain, 0)
    labels = deliver(plain, "a.jsonl", [("id-0", 1)])
    ran = driftd("check", tmp_path / "captures", "--baseline", tmp_path / "baselines" / "model", "--truth", labels)
    assert ran.code == 2
    assert "baseline 'model' does not say what question the model answers; one that was made with a problem" in ran.err
