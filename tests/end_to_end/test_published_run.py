"""The published Model Monitor run: 1,977 captures, sixty violations."""

import json
from pathlib import Path

import command
import pytest
import shop

INTEGRAL = (
    "Data type match requirement is not met. Expected data type: Integral, Expected match: 100.0%. "
    "Observed: Only {}% of data is Integral."
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[command.Ran, Path]:
    folder = tmp_path_factory.mktemp("published")
    captures = shop.write(folder / "captures" / "2026/01/05/00" / "a.jsonl", shop.published_window())
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", folder / "base")
    found = command.driftd(
        "check", captures.parents[4], "--baseline", folder / "base", "--preset", "sagemaker", "--out", folder / "out"
    )
    return found, folder / "out"


def test_the_published_sixty_violations_come_out_with_their_texts_and_exit_1(ran: tuple[command.Ran, Path]) -> None:
    found, out = ran
    violations = json.loads((out / "constraint_violations.json").read_text())["violations"]
    assert found.code == 1
    assert len(violations) == 60
    assert {v["constraint_check_type"] for v in violations} == {"data_type_check"}
    texts = [v["description"] for v in violations]
    assert texts[0] == INTEGRAL.format("0.0")
    assert set(texts[1:]) == {INTEGRAL.format("99.64592817400101")}


def test_violations_stand_in_the_order_of_the_baselines_columns(ran: tuple[command.Ran, Path]) -> None:
    violations = json.loads((ran[1] / "constraint_violations.json").read_text())["violations"]
    names = [v["feature_name"] for v in violations]
    header = shop.churn_header()
    assert names[0] == "Churn"
    assert names == sorted(names, key=header.index)


def test_the_exit_message_is_the_products(ran: tuple[command.Ran, Path]) -> None:
    assert "CompletedWithViolations: Job completed successfully with 60 violations." in ran[0].out


def test_statistics_of_the_baseline_hold_the_published_numbers(tmp_path: Path) -> None:
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", tmp_path / "base")
    version = (tmp_path / "base" / "current").read_text().strip()
    features = json.loads((tmp_path / "base" / version / "statistics.json").read_text())["features"]
    by_name = {feature["name"]: feature for feature in features}
    churn, length = (by_name[n]["numerical_statistics"] for n in ("Churn", "Account Length"))
    types = [feature["inferred_type"] for feature in features]
    assert (types.count("Integral"), types.count("Fractional")) == (66, 4)
    assert (churn["sum"], round(churn["mean"], 6), round(churn["std_dev"], 6)) == (325, 0.139306, 0.346265)
    assert (round(length["mean"], 6), round(length["std_dev"], 6)) == (101.276897, 39.552442)
    assert (length["min"], length["max"]) == (1, 243)
