"""The SDK's 100 rows: our statistics.json equals the published one in every field."""

import json
from pathlib import Path
from typing import Any

import command
import shop

FOLDER = shop.DATA / "sagemaker_sdk" / "quality_check_step" / "data_quality"


def differences(ours: Any, theirs: Any, at: str = "") -> list[str]:
    """Fields of theirs that ours does not have, or has otherwise."""
    if isinstance(theirs, dict):
        return [d for key, value in theirs.items() for d in differences(ours.get(key), value, f"{at}.{key}")]
    if isinstance(theirs, list) and len(ours) == len(theirs):
        return [d for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) for d in differences(a, b, f"{at}[{i}]")]
    return [] if ours == theirs else [f"{at}: {ours} is not {theirs}"]


def test_every_published_field_of_the_statistics_is_equal(tmp_path: Path) -> None:
    assert command.driftd("baseline", "make", FOLDER / "baseline_dataset.csv", "--out", tmp_path / "b").code == 0
    version = (tmp_path / "b" / "current").read_text().strip()
    ours = json.loads((tmp_path / "b" / version / "statistics.json").read_text())
    theirs = json.loads((FOLDER / "statistics.json").read_text())
    assert differences(ours, theirs) == []
    assert len(theirs["features"]) == len(ours["features"]) == 6


def test_the_suggested_constraints_are_the_published_ones(tmp_path: Path) -> None:
    command.driftd("baseline", "make", FOLDER / "baseline_dataset.csv", "--out", tmp_path / "b")
    version = (tmp_path / "b" / "current").read_text().strip()
    ours = json.loads((tmp_path / "b" / version / "constraints.json").read_text())
    theirs = json.loads((FOLDER / "good_cases" / "constraints.json").read_text())
    assert differences(ours, theirs) == []
