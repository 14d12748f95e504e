"""Baseline folders: versions, current, digests; a version appears whole or not at all."""

import json
from pathlib import Path

import command
import pytest
import shop

from monitor import baselines
from monitor.errors import BaselineError

TRAINING = shop.CHURN / "training-dataset-with-header.csv"


def made(folder: Path, rows: int = 2333) -> str:
    lines = TRAINING.read_text().splitlines()[: rows + 1]
    source = folder.parent / "rows.csv"
    source.write_text("\n".join(lines) + "\n")
    assert command.driftd("baseline", "make", source, "--out", folder).code == 0
    return baselines.versions(folder)[-1]


def test_the_first_version_becomes_current_and_later_ones_wait_for_promotion(tmp_path: Path) -> None:
    first, second = made(tmp_path / "b"), made(tmp_path / "b", 1000)
    assert (first[:3], second[:3]) == ("v1-", "v2-")
    assert baselines.load(tmp_path / "b").version == first
    assert command.driftd("baseline", "promote", tmp_path / "b", "v2").out == f"{tmp_path}/b: current is {second}\n"
    assert baselines.load(tmp_path / "b").version == second
    assert baselines.load(tmp_path / "b", first).version == first
    assert baselines.load(tmp_path / "b" / first).profile.rows == 2333


def test_the_same_rows_twice_are_the_same_version(tmp_path: Path) -> None:
    assert made(tmp_path / "b") == made(tmp_path / "b")
    assert len(baselines.versions(tmp_path / "b")) == 1


def test_a_baseline_reads_back_as_it_was_written(tmp_path: Path) -> None:
    made(tmp_path / "b")
    found = baselines.load(tmp_path / "b")
    assert baselines.digest_of(found.profile) == found.digest
    assert found.columns == tuple(shop.churn_header())
    assert list(found.provenance.made_from) == ["rows.csv"]


def test_promoting_what_is_not_there_lists_what_is(tmp_path: Path) -> None:
    version = made(tmp_path / "b")
    ran = command.driftd("baseline", "promote", tmp_path / "b", "v7")
    assert (ran.code, ran.err) == (2, f"driftd: {tmp_path}/b: version 'v7' names 0 baselines; there are: {version}\n")


def test_a_folder_without_current_says_how_to_choose(tmp_path: Path) -> None:
    made(tmp_path / "b")
    (tmp_path / "b" / "current").unlink()
    with pytest.raises(BaselineError, match="names no current baseline; choose one of v1-"):
        baselines.load(tmp_path / "b")


def test_a_half_written_version_is_no_version(tmp_path: Path) -> None:
    made(tmp_path / "b")
    (tmp_path / "b" / ".making-abc").mkdir()
    (tmp_path / "b" / "v9-deadbeef").mkdir()
    assert len(baselines.versions(tmp_path / "b")) == 1


def test_show_names_provenance_and_every_column(tmp_path: Path) -> None:
    made(tmp_path / "b")
    ran = command.driftd("baseline", "show", tmp_path / "b")
    assert "rows         2333" in ran.out
    assert "rows.csv" in ran.out
    assert all(f"\n{name}" in ran.out for name in shop.churn_header())


def test_diff_tells_what_changed(tmp_path: Path) -> None:
    first, second = made(tmp_path / "b"), made(tmp_path / "b", 1000)
    same = command.driftd("baseline", "diff", tmp_path / "b" / first, tmp_path / "b" / first)
    other = command.driftd("baseline", "diff", tmp_path / "b" / first, tmp_path / "b" / second)
    assert "no difference" in same.out
    assert "rows 2333 -> 1000" in other.out
    assert "Day Mins: mean 180.2 -> " in other.out


def test_an_imported_baseline_judges_as_the_original_does_under_the_products_rules(tmp_path: Path) -> None:
    version = made(tmp_path / "b")
    files = [tmp_path / "b" / version / name for name in ("statistics.json", "constraints.json")]
    assert command.driftd("baseline", "import", *files, "--out", tmp_path / "i").code == 0
    captures = shop.write(tmp_path / "a.jsonl", shop.published_window())
    a, b = (command.check(captures, tmp_path / n, "--preset", "sagemaker").report["findings"] for n in ("b", "i"))
    assert [(f["rule"], f["feature"], f["status"], f["why"]) for f in a] == [
        (f["rule"], f["feature"], f["status"], f["why"]) for f in b
    ]
    assert sum(f["status"] == "violated" for f in b) == 60


def test_an_imported_baseline_serves_the_preset_driftd(tmp_path: Path) -> None:
    version = made(tmp_path / "b")
    files = [tmp_path / "b" / version / name for name in ("statistics.json", "constraints.json")]
    command.driftd("baseline", "import", *files, "--out", tmp_path / "i")
    names = shop.churn_header()[1:]
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    assert command.check(captures, tmp_path / "i").code == 0
    at = names.index("Eve Mins")
    moved = [[*r[:at], str(float(r[at]) + 30), *r[at + 1 :]] for r in shop.validation_rows()]
    shop.write(captures, shop.csv_captures(moved))
    assert command.check(captures, tmp_path / "i").violated() == {"Eve Mins"}


@pytest.mark.parametrize("name", ["constraints.json"])
def test_constraints_alone_still_give_types_and_columns(name: str, tmp_path: Path) -> None:
    version = made(tmp_path / "b")
    command.driftd("baseline", "import", tmp_path / "b" / version / name, "--out", tmp_path / "i")
    captures = shop.write(tmp_path / "a.jsonl", shop.published_window())
    assert len(command.check(captures, tmp_path / "i", "--preset", "sagemaker").violated()) == 60


@pytest.mark.parametrize(
    ("content", "said"),
    [("{}", "no list 'features'"), ("nope", "not JSON"), ('{"features": [{"name": 3}]}', "name")],
)
def test_import_says_what_is_wrong_with_a_file(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content)
    ran = command.driftd("baseline", "import", tmp_path / "x.json", "--out", tmp_path / "i")
    assert ran.code == 2
    assert str(tmp_path / "x.json") in ran.err
    assert said in ran.err


def edit(folder: Path, change: dict[str, object], feature: str) -> None:
    path = folder / (folder / "current").read_text().strip() / "constraints.json"
    document = json.loads(path.read_text())
    next(f for f in document["features"] if f["name"] == feature).update(change)
    path.write_text(json.dumps(document))


def test_hand_edits_are_honoured_by_the_products_preset(tmp_path: Path) -> None:
    made(tmp_path / "b")
    edit(tmp_path / "b", {"monitoringConfigOverrides": {"datatype_check_threshold": 0.99}}, "State_NY")
    edit(tmp_path / "b", {"monitoring_config_overrides": {"evaluate_constraints": "Disabled"}}, "State_CA")
    captures = shop.write(tmp_path / "a.jsonl", shop.published_window())
    ran = command.check(captures, tmp_path / "b", "--preset", "sagemaker")
    assert len(ran.violated()) == 58
    assert ran.violated().isdisjoint({"State_NY", "Eve Calls"})
    assert ran.report["baseline"]["constraints"] != baselines.constraints_digest({})


def test_a_wrong_hand_edit_is_exit_2_and_names_file_feature_and_key(tmp_path: Path) -> None:
    version = made(tmp_path / "b")
    edit(tmp_path / "b", {"monitoringConfigOverrides": {"datatype_check_threshold": 7}}, "State_NY")
    captures = shop.write(tmp_path / "a.jsonl", shop.published_window()[:50])
    ran = command.check(captures, tmp_path / "b")
    assert ran.code == 2
    assert f"{tmp_path}/b/{version}/constraints.json" in ran.err
    assert "State_NY" in ran.err
    assert "datatype_check_threshold" in ran.err


def test_a_column_switched_off_by_hand_is_left_out_of_the_preset_driftd(tmp_path: Path) -> None:
    made(tmp_path / "b")
    edit(tmp_path / "b", {"monitoringConfigOverrides": {"evaluate_constraints": "Disabled"}}, "Day Mins")
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    features = {f["feature"] for f in command.check(captures, tmp_path / "b").report["findings"]}
    assert "Eve Mins" in features
    assert "Day Mins" not in features


def test_a_value_added_to_the_domain_by_hand_is_no_longer_new(tmp_path: Path) -> None:
    source = tmp_path / "t.csv"
    source.write_text("plan,n\n" + "".join(f"{'ab'[i % 2]},{i}\n" for i in range(2000)))
    window = tmp_path / "w.csv"
    window.write_text("plan,n\n" + "".join(f"{'abc'[i % 3]},{i}\n" for i in range(2000)))
    command.driftd("baseline", "make", source, "--out", tmp_path / "b")

    def rules() -> set[str]:
        found = command.check(window, tmp_path / "b").report["findings"]
        return {f["rule"] for f in found if f["status"] == "violated"}

    assert "unseen_category" in rules()
    edit(tmp_path / "b", {"string_constraints": {"domains": ["a", "b", "c"]}}, "plan")
    assert "unseen_category" not in rules()
