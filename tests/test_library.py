"""`make_baseline` and `check` from Python: the same answers as the command line, and a report that shows itself."""

import json
import warnings
from pathlib import Path
from typing import Any

import command
import pandas as pd
import pyarrow as pa
import pytest
import shop

import monitor
from monitor import check, make_baseline
from monitor.baselines import load, versions
from monitor.errors import BaselineError, ConfigError, InputError
from monitor.finding import Status
from monitor.render.json import report_document
from monitor.report import Report

TRAINING = shop.CHURN / "training-dataset-with-header.csv"
COLUMNS = {"prediction": "Churn"}


@pytest.fixture(scope="module")
def training() -> pd.DataFrame:
    return pd.read_csv(TRAINING)


@pytest.fixture(scope="module")
def validation(training: pd.DataFrame) -> pd.DataFrame:
    return pd.read_csv(shop.CHURN / "validation.csv", header=None, names=list(training.columns))


@pytest.fixture(scope="module")
def saved(training: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library") / "churn"
    make_baseline(training).save(folder)
    return folder


def findings(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report_document(report)["findings"]
    return found


def test_a_frame_a_table_a_path_and_the_command_line_say_the_same(
    training: pd.DataFrame, validation: pd.DataFrame, saved: Path, tmp_path: Path
) -> None:
    faulty = validation.assign(**{"Day Mins": validation["Day Mins"] * 1.15})
    path = tmp_path / "faulty.csv"
    faulty.to_csv(path, index=False)
    command.driftd("baseline", "make", TRAINING, "--out", tmp_path / "churn")
    ran = command.check(path, tmp_path / "churn")
    assert (ran.code, "Day Mins" in ran.violated()) == (1, True)
    for table, baseline in (
        (faulty, saved),
        (faulty, make_baseline(training)),
        (pa.Table.from_pandas(faulty), str(saved)),
        (pa.Table.from_pandas(faulty).combine_chunks().to_batches()[0], load(saved)),
        (path, saved),
        ([str(path)], saved),
    ):
        report = check(table, baseline)
        assert report.status is Status.VIOLATED
        assert findings(report) == ran.report["findings"]
        assert report.baseline.digest.startswith("sha256:")


def test_a_baseline_from_a_frame_counts_what_one_from_the_file_counts(saved: Path, tmp_path: Path) -> None:
    command.driftd("baseline", "make", TRAINING, "--out", tmp_path / "churn")
    frame, file = load(saved), load(tmp_path / "churn")
    assert (frame.columns, frame.constraints) == (file.columns, file.constraints)
    for name, feature in frame.profile.features.items():
        other = file.profile.features[name]
        assert (feature.kind, feature.type, feature.missing) == (other.kind, other.type, other.missing)
        assert feature.cells.tolist() == other.cells.tolist()


def test_saving_adds_a_version_as_the_command_does(training: pd.DataFrame, tmp_path: Path) -> None:
    made = make_baseline(training, COLUMNS, name="mine")
    assert (made.name, made.version, made.provenance.format) == ("mine", "", "pandas")
    first = made.save(tmp_path / "churn")
    second = make_baseline(training[:400]).save(str(tmp_path / "churn"))
    assert (first.name, first.digest) == ("churn", made.digest)
    assert versions(tmp_path / "churn") == (first.version, second.version)
    assert (tmp_path / "churn" / "current").read_text() == f"{first.version}\n"
    assert first.save(tmp_path / "churn").version == first.version
    assert load(tmp_path / "churn").profile.features["Churn"].role == "prediction"


def test_columns_and_conditions_are_those_of_a_configuration(training: pd.DataFrame) -> None:
    rows = range(len(training))
    stamps = pd.date_range("2026-01-05", periods=len(rows), freq="s", tz="UTC")
    frame = training.assign(ts=stamps, request_id=[f"r{i}" for i in rows], is_test=[i % 2 == 0 for i in rows])
    columns = {"prediction": ["Churn"], "id": "request_id", "time": "ts", "exclude": ["is_*"]}
    baseline = make_baseline(frame, columns, "is_test = false")
    assert (baseline.profile.rows, baseline.profile.volume.dropped) == (1166, 1167)
    report = check(frame, baseline, columns=columns, where="is_test = false")
    assert (report.status, report.inputs.rows, report.inputs.dropped) == (Status.OK, 1166, 1167)
    assert report.window is not None
    assert (report.window.start.second, report.window.end.minute) == (1, 38)
    assert {f.feature for f in report.findings} & {"ts", "request_id", "is_test"} == set()


def test_a_column_that_is_not_there_is_warned_of(validation: pd.DataFrame) -> None:
    with pytest.warns(UserWarning, match=r"columns.id: no row has a column 'churn'; did you mean 'Churn'\?") as caught:
        baseline = make_baseline(validation, {"id": "churn"})
    assert Path(caught[0].filename).name == "test_library.py"
    with pytest.warns(UserWarning, match="where: no row has a column 'test_traffic', so it was null in all of them"):
        check(validation, baseline, where="test_traffic is null")


def test_rules_of_a_folder_are_put_besides(validation: pd.DataFrame, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        '"""One rule."""\nfrom monitor import *\n\n@rule\ndef never(now: Profile, base: Profile) -> Finding:\n'
        '    """Always violated."""\n    return at_most(now.rows, 0)\n'
    )
    report = check(validation, saved, rules=tmp_path)
    assert [(f.rule, f.value) for f in report.violations] == [("never", 666)]


def test_the_preset_of_sagemaker_may_be_asked(validation: pd.DataFrame, saved: Path) -> None:
    assert {f.rule for f in check(validation, saved, preset="sagemaker").findings} <= {
        "data_type_check", "completeness_check", "baseline_drift_check", "missing_column_check", "extra_column_check",
        "categorical_values_check",
    }  # fmt: skip
    with pytest.raises(InputError, match="preset 'sage': unknown; driftd or sagemaker would be right"):
        check(validation, saved, preset="sage")  # type: ignore[arg-type]


def test_mistakes_are_told_by_name(validation: pd.DataFrame, saved: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="columns: unknown key 'target'"):
        make_baseline(validation, {"target": "Churn"})
    with pytest.raises(InputError, match=r"where: 'Churn =' ends after '='; a value such as 3 or 'yes' would be right"):
        check(validation, saved, where="Churn =")
    with pytest.raises(BaselineError, match="no baseline is there; make one"):
        check(validation, tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"nowhere\.csv: does not exist"):
        make_baseline(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="the table: is a list; a pandas DataFrame"):
        check([1, 2], saved)
    with pytest.raises(InputError, match="the table: no row could be read; there is none"):
        make_baseline(validation[:0])
    with pytest.raises(InputError, match="the table: `where` leaves none of 666 rows"):
        make_baseline(validation, where="Churn > 5")


def test_an_empty_window_is_unknown(validation: pd.DataFrame, saved: Path) -> None:
    report = check(validation[:0], saved)
    assert (report.status, report.inputs.rows) == (Status.UNKNOWN, 0)


def test_a_report_shows_itself_as_html_and_as_markdown(validation: pd.DataFrame, saved: Path) -> None:
    report = check(validation.assign(**{"Day Mins": validation["Day Mins"] * 1.15}), saved)
    assert isinstance(report, Report)
    assert "<td>Day Mins</td><td>drift</td>" in report._repr_html_()
    assert "| `Day Mins` | `drift` |" in report._repr_markdown_()


def test_nothing_is_warned_of_otherwise_and_the_names_are_public(validation: pd.DataFrame, saved: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(validation, saved, columns=COLUMNS)
    assert (monitor.check, monitor.make_baseline) == (check, make_baseline)
    assert json.loads((next(saved.glob("v1-*")) / "baseline.json").read_text())["columns"][0] == "Churn"
