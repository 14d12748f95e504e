"""A baseline whose rows had times keeps a history in its folder, and gives it to those who ask."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import command
import jsonschema
import numpy as np
import pandas as pd
import pytest
import shop

import monitor
from monitor import baselines, make_baseline
from monitor.arrays import packed
from monitor.errors import BaselineError
from monitor.history import History

SCHEMA = json.loads((Path(monitor.__file__).parent / "schemas" / "history.schema.json").read_text())
START = pd.Timestamp("2026-01-05T00:00Z")


def table(path: Path, hours: int = 72, a_hour: int = 40) -> Path:
    rng = np.random.default_rng(4)
    rows = hours * a_hour
    at = START + pd.to_timedelta(np.arange(rows) * (3600 // a_hour), unit="s")
    frame = pd.DataFrame({"y": rng.random(rows).round(4), "amount": rng.normal(size=rows).round(3)})
    frame["plan"], frame["at"] = rng.choice(["a", "b"], rows), at.strftime("%Y-%m-%dT%H:%M:%SZ")
    frame.to_csv(path, index=False)
    return path


def history(folder: Path) -> History:
    found = baselines.load(folder, with_history=True).history
    assert found is not None
    return found


def made(tmp_path: Path, *arguments: object, hours: int = 72, a_hour: int = 40) -> command.Ran:
    data = table(tmp_path / "t.csv", hours, a_hour)
    return command.driftd("baseline", "make", data, "--out", tmp_path / "b", *arguments)


def test_a_column_of_times_gives_a_history_by_hour_and_is_no_feature(tmp_path: Path) -> None:
    ran = made(tmp_path, "--time", "at")
    told = "72 hours from 2026-01-05 00:00 to 2026-01-08 00:00 UTC, 2 880 rows with a time"
    assert (ran.code, ran.out.splitlines()[1]) == (0, f"history: {told}")
    assert f"history      {told}\n" in command.driftd("baseline", "show", tmp_path / "b").out
    found = baselines.load(tmp_path / "b")
    assert list(found.profile.features) == ["amount", "plan", "y"]
    assert (found.history, found.history_digest) == (None, history(tmp_path / "b").digest)


def test_rows_without_times_give_none_and_say_so(tmp_path: Path) -> None:
    ran = made(tmp_path)
    assert "history" not in ran.out
    assert "history      none: rows had no times" in command.driftd("baseline", "show", tmp_path / "b").out
    found = baselines.load(tmp_path / "b", with_history=True)
    assert (found.history, found.history_digest) == (None, "")
    assert not list((tmp_path / "b").rglob("history.json"))


def test_few_rows_an_hour_are_counted_by_day(tmp_path: Path) -> None:
    assert (
        "history: 3 days from 2026-01-05 00:00 to 2026-01-08 00:00 UTC" in made(tmp_path, "--time", "at", a_hour=5).out
    )


def test_captures_have_times_of_their_own(tmp_path: Path) -> None:
    shop.write(tmp_path / "c.jsonl", shop.csv_captures(shop.validation_rows()))
    ran = command.driftd("baseline", "make", tmp_path / "c.jsonl", "--out", tmp_path / "b")
    assert "history: 1 hour from" in ran.out or "hours from 2026-01-05 00:00" in ran.out
    assert history(tmp_path / "b").rows.sum() == baselines.load(tmp_path / "b").profile.rows


def config(tmp_path: Path, schedule: str) -> Path:
    (tmp_path / "captures").mkdir(exist_ok=True)
    path = tmp_path / "driftd.yaml"
    path.write_text(
        "monitors:\n  churn:\n    captures: captures\n    baseline: b\n"
        f"    columns: {{time: at, prediction: y}}\n    schedule: {schedule}\n"
    )
    return path


def test_a_monitors_columns_and_windows_are_those_of_its_configuration(tmp_path: Path) -> None:
    path = config(tmp_path, "{cron: '0 0 * * *', timezone: Asia/Kolkata}")
    ran = made(tmp_path, "--config", path, "--monitor", "churn")
    assert "history: 4 windows from 2026-01-05 00:00 to 2026-01-08 00:00 UTC" in ran.out
    found = history(tmp_path / "b")
    assert [datetime.fromtimestamp(int(at), UTC).hour * 60 for at in found.starts] == [0, 18 * 60, 18 * 60, 18 * 60]
    assert found.rows.tolist() == [740, 960, 960, 220]


def test_a_column_named_on_the_command_line_goes_before_that_of_the_configuration(tmp_path: Path) -> None:
    path = config(tmp_path, "1h")
    ran = made(tmp_path, "--config", path, "--time", "when")
    assert "columns.time: no row has a column 'when'" in ran.err
    assert "history" not in ran.out


def test_the_same_rows_by_other_windows_are_another_version_and_twice_the_same_are_one(tmp_path: Path) -> None:
    made(tmp_path, "--time", "at")
    made(tmp_path, "--time", "at")
    assert len(baselines.versions(tmp_path / "b")) == 1
    path = config(tmp_path, "1d")
    path.write_text(path.read_text().replace(", prediction: y", ""))
    made(tmp_path, "--config", path)
    first, second = baselines.versions(tmp_path / "b")
    same = [baselines.load(tmp_path / "b", version) for version in (first, second)]
    assert [len(history(tmp_path / "b" / version)) for version in (first, second)] == [72, 3]
    assert same[0].digest == same[1].digest
    ran = command.driftd("baseline", "diff", tmp_path / "b" / first, tmp_path / "b" / second)
    assert "no difference" in ran.out


def test_rows_in_another_order_and_in_several_files_are_the_same_history_to_the_byte(tmp_path: Path) -> None:
    made(tmp_path, "--time", "at", hours=40)  # as many rows as the sketch that places the cells holds in any order
    lines = (tmp_path / "t.csv").read_text().splitlines()
    for number, part in enumerate((lines[:500:-1], lines[500:0:-1])):
        (tmp_path / f"u{number}.csv").write_text("\n".join([lines[0], *part]) + "\n")
    files = [tmp_path / "u0.csv", tmp_path / "u1.csv"]
    assert command.driftd("baseline", "make", *files, "--out", tmp_path / "u", "--time", "at").code == 0
    assert history(tmp_path / "u").packed() == history(tmp_path / "b").packed()


def test_the_file_keeps_to_its_schema(tmp_path: Path) -> None:
    made(tmp_path, "--time", "at")
    document = json.loads(file_of(tmp_path).read_text())
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    assert (document["stretches"], document["start"], document["end"]) == (
        *(72, "2026-01-05T00:00:00Z", "2026-01-08T00:00:00Z"),
    )


def file_of(tmp_path: Path) -> Path:
    return next((tmp_path / "b").rglob("history.json"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format_version": 2}, "format version 2; this driftd reads 1"),
        ({"packed": "no"}, "not a history that driftd wrote"),
        ({"packed": base64.b64encode(b"none").decode()}, "not a history that driftd wrote"),
        ({"packed": base64.b64encode(packed({}, {})).decode()}, "not a history that driftd wrote"),
        ({"packed": None}, "not a history that driftd wrote"),
    ],
)
def test_a_file_that_is_no_history_is_an_error_that_names_it(change: dict, said: str, tmp_path: Path) -> None:
    made(tmp_path, "--time", "at")
    path = file_of(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(BaselineError, match=said) as raised:
        baselines.load(tmp_path / "b", with_history=True)
    assert str(path) in str(raised.value)
    assert baselines.load(tmp_path / "b").profile.rows == 2880


def test_the_history_of_another_baseline_is_told(tmp_path: Path) -> None:
    made(tmp_path, "--time", "at")
    (tmp_path / "o").mkdir()
    made(tmp_path / "o", "--time", "at", hours=48)
    file_of(tmp_path).write_bytes(file_of(tmp_path / "o").read_bytes())
    with pytest.raises(BaselineError, match="not the history of this baseline"):
        baselines.load(tmp_path / "b", with_history=True)


def test_arrays_that_do_not_fit_are_no_history(tmp_path: Path) -> None:
    made(tmp_path, "--time", "at")
    found = history(tmp_path / "b")
    with pytest.raises(ValueError, match="do not fit"):
        History(**{**fields(found), "rows": found.rows[1:]})
    with pytest.raises(ValueError, match="no order"):
        History(**{**fields(found), "starts": found.starts[::-1].copy()})


def fields(found: History) -> dict:
    return {name: getattr(found, name) for name in History.__slots__}


def test_what_sagemaker_wrote_has_no_history(tmp_path: Path) -> None:
    made(tmp_path, "--time", "at")
    folder = file_of(tmp_path).parent
    files = [folder / "statistics.json", folder / "constraints.json"]
    assert command.driftd("baseline", "import", *files, "--out", tmp_path / "i").code == 0
    assert baselines.load(tmp_path / "i", with_history=True).history is None


def test_from_python_a_column_of_times_gives_a_history_that_is_saved(tmp_path: Path) -> None:
    frame = pd.read_csv(table(tmp_path / "t.csv"), parse_dates=["at"])
    baseline = make_baseline(frame, columns={"time": "at"})
    assert baseline.history is not None
    baseline.save(tmp_path / "b")
    assert history(tmp_path / "b").digest == baseline.history.digest
