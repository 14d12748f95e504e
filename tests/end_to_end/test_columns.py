"""Roles of columns and conditions on rows, from the command line to the report."""

import csv
import json
from pathlib import Path

import command
import pandas as pd
import pytest
import shop

START = 1767571200  # 2026-01-05T00:00:00Z
CONFIG = """\
monitors:
  churn:
    captures: captures.csv
    baseline: base
    columns: {prediction: score, truth: Churn, id: request_id, time: ts, version: model, exclude: [note]}
    where: "test_traffic is null"
"""


def table(path: Path, *, tests: bool = False) -> Path:
    """The held-out rows as a CSV table with columns that are no features; `tests`: every sixth is test traffic."""
    rows = shop.validation_rows()
    names = ["request_id", "ts", "model", "note", "test_traffic", "score", *shop.churn_header()]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for i, row in enumerate(rows):
            is_test = tests and i % 6 == 5
            label, features = str(i % 2), ["999999"] * len(row) if is_test else row
            extra = [f"r-{i}", START + 5 * i, "v7", f"free text {i}", "yes" if is_test else "", shop.score(i)]
            writer.writerow([*extra, label, *features])
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "driftd.yaml").write_text(CONFIG)
    table(tmp_path / "training.csv")
    made = command.driftd(
        "baseline", "make", tmp_path / "training.csv", "--out", tmp_path / "base",
        "--config", tmp_path / "driftd.yaml", "--monitor", "churn",
    )  # fmt: skip
    assert (made.code, made.err) == (0, "")
    assert ": 666 rows, 72 columns\nhistory: 1 window from " in made.out
    return tmp_path


def evaluated(project: Path) -> command.Ran:
    return command.driftd("evaluate", "--config", project / "driftd.yaml", "--json")


def test_columns_with_roles_are_no_features_and_rows_left_out_are_counted(project: Path) -> None:
    table(project / "captures.csv", tests=True)
    ran = evaluated(project)
    report = ran.report
    assert (ran.code, ran.err, report["status"]) == (0, "", "ok")
    assert (report["inputs"]["rows"], report["inputs"]["dropped"], report["inputs"]["records"]) == (555, 111, 666)
    assert report["window"] == {"start": "2026-01-05T00:00:00Z", "end": "2026-01-05T00:55:20Z"}
    judged = {f["feature"] for f in report["findings"]}
    assert {"score", "Day Mins"} <= judged
    assert judged & {"request_id", "ts", "model", "note", "Churn"} == set()
    (ids,) = [f for f in report["findings"] if f["rule"] == "duplicates"]
    assert (ids["status"], ids["why"]) == ("ok", "0 % of 555 records repeat an id")


def test_a_window_takes_the_rows_whose_column_says_so(project: Path) -> None:
    table(project / "captures.csv", tests=True)
    ran = command.driftd(
        "evaluate", "--config", project / "driftd.yaml", "--json",
        "--start", "2026-01-05T00:10:00Z", "--end", "2026-01-05T00:40:00Z",
    )  # fmt: skip
    inputs = ran.report["inputs"]
    assert (inputs["rows"], inputs["dropped"], inputs["records"], ran.err) == (300, 60, 360, "")
    assert ran.report["window"] == {"start": "2026-01-05T00:10:00Z", "end": "2026-01-05T00:40:00Z"}
    (ids,) = [f for f in ran.report["findings"] if f["rule"] == "duplicates"]
    assert (ids["status"], ids["why"]) == ("ok", "0 % of 300 records repeat an id")


def test_without_the_condition_the_test_traffic_is_a_violation(project: Path) -> None:
    table(project / "captures.csv", tests=True)
    (project / "driftd.yaml").write_text(CONFIG.replace('    where: "test_traffic is null"\n', ""))
    ran = evaluated(project)
    assert ran.code == 1
    assert {"Day Mins", "test_traffic"} <= ran.violated()


def test_a_headerless_table_takes_all_names_of_the_baseline_by_place(project: Path) -> None:
    lines = table(project / "captures.csv").read_text().splitlines()[1:]
    (project / "captures.csv").write_text("\n".join(lines))
    ran = evaluated(project)
    assert (ran.code, ran.report["inputs"]["rows"]) == (0, 666)
    assert ran.report["window"]["start"] == "2026-01-05T00:00:00Z"


def test_captures_without_the_columns_that_are_no_features_take_the_names_of_the_features(tmp_path: Path) -> None:
    config = CONFIG.replace("captures.csv", "captures").replace(", exclude: [note]", "").replace("    where", "    #")
    (tmp_path / "driftd.yaml").write_text(config)
    rows = list(csv.reader(table(tmp_path / "all.csv").read_text().splitlines()))
    with (tmp_path / "training.csv").open("w", newline="") as file:
        csv.writer(file).writerows([row[:3] + row[5:] for row in rows])  # request_id, ts, model, score, Churn, ...
    made = command.driftd(
        "baseline", "make", tmp_path / "training.csv", "--out", tmp_path / "base", "--config", tmp_path / "driftd.yaml"
    )
    assert ": 666 rows, 70 columns\nhistory: 1 window from " in made.out
    shop.write(tmp_path / "captures" / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    ran = evaluated(tmp_path)
    assert (ran.code, ran.report["inputs"]["rows"], ran.report["inputs"]["rejected"]) == (0, 666, {})
    assert "columns.id: no row has a column 'request_id'; there are score, " in ran.err
    assert ran.report["window"] is None


def test_columns_of_a_baseline_made_without_roles_are_not_judged_where_they_have_one(project: Path) -> None:
    command.driftd("baseline", "make", project / "training.csv", "--out", project / "plain")
    (project / "driftd.yaml").write_text(CONFIG.replace("baseline: base", "baseline: plain"))
    table(project / "captures.csv")
    ran = evaluated(project)
    assert {f["feature"] for f in ran.report["findings"]} & {"request_id", "ts", "model", "note", "Churn"} == set()
    assert (ran.code, [f for f in ran.report["findings"] if f["status"] == "failed"]) == (0, [])


def test_check_and_make_take_a_condition_too(project: Path) -> None:
    captures = table(project / "captures.csv", tests=True)
    made = command.driftd("baseline", "make", captures, "--out", project / "live", "--where", "test_traffic is null")
    assert made.out.endswith(": 555 rows, 76 columns, 111 rows left out\n")
    ran = command.check(captures, project / "live", "--where", "test_traffic is null and age is null")
    assert ran.report["inputs"]["dropped"] == 111
    assert ran.err == (
        "driftd: where: no row has a column 'age', so it was null in all of them; "
        "there are request_id, ts, model, note, test_traffic, score, Churn, Account Length and 68 more\n"
    )
    shown = command.driftd("check", captures, "--baseline", project / "live", "--where", "test_traffic is null")
    assert "666 captures, 555 rows, 111 left out" in shown.out


def test_a_check_without_roles_takes_the_baselines_ids_and_times_for_no_new_columns(project: Path) -> None:
    captures = table(project / "captures.csv")
    ran = command.check(captures, project / "base")
    assert {f["feature"] for f in ran.report["findings"]} & {"request_id", "ts", "model", "Churn"} == set()
    captures.write_text(captures.read_text().replace("request_id", "a_new_one"))
    assert command.check(captures, project / "base").violated() == {"a_new_one", "note"}  # a check knows no `exclude`


def test_a_payload_in_json_has_roles_as_a_table_has(project: Path) -> None:
    names = shop.churn_header()[1:]
    rows = [dict(zip(names, map(shop.number, row), strict=True)) for row in shop.validation_rows()]
    logged = [
        {**row, "request_id": i // 2, "ts": (START + i) * 1000, "model": "v7", "note": "n", "Churn": 0}
        | ({"test_traffic": "yes"} if i % 6 == 5 else {})
        for i, row in enumerate(rows)
    ]
    shop.write(
        project / "captures" / "a.jsonl",
        [shop.capture(row, {"score": float(shop.score(i))}, i) for i, row in enumerate(logged)],
    )
    (project / "driftd.yaml").write_text(CONFIG.replace("captures.csv", "captures"))
    report = evaluated(project).report
    assert report["window"] == {"start": "2026-01-05T00:00:00Z", "end": "2026-01-05T00:11:04Z"}
    assert (report["inputs"]["rows"], report["inputs"]["dropped"]) == (555, 111)
    assert {f["feature"] for f in report["findings"]} & {"request_id", "ts", "model", "note", "Churn"} == set()
    (ids,) = [f for f in report["findings"] if f["rule"] == "duplicates"]
    assert (ids["status"], ids["why"]) == ("violated", "40 % of 555 records repeat an id")


FORMS = ["table.csv", "lines.jsonl", "table.parquet", "mapped.jsonl", "captures.jsonl"]


@pytest.mark.parametrize("form", FORMS)
def test_roles_and_conditions_are_the_same_in_every_format(form: str, project: Path) -> None:
    frame = pd.read_csv(table(project / "captures.csv", tests=True))
    path = project / form
    config = CONFIG.replace("captures.csv", form)
    if form == "table.csv":
        frame.to_csv(path, index=False)
    elif form == "table.parquet":
        frame.assign(ts=pd.to_datetime(frame["ts"], unit="s", utc=True)).to_parquet(path)
    else:
        rows = [{n: v for n, v in row.items() if v == v} for row in frame.to_dict("records")]
        if form == "mapped.jsonl":
            rows = [{"at": "2020-01-01", "key": "same", "in": row} for row in rows]
            layout = "{jsonl: {inputs: $.in, id: $.key, time: $.at}}"
            config = config.replace(f"captures: {form}", f"captures: {{path: {form}, format: {layout}}}")
        lines = map(json.dumps, rows) if form != "captures.jsonl" else [shop.capture(r, "1", 0) for r in rows]
        shop.write(path, lines)
    if form == "captures.jsonl":  # whose answer is a column more
        config = config.replace("exclude: [note]", "exclude: [note, output_0]")
    (project / "driftd.yaml").write_text(config)
    ran = evaluated(project)
    report = ran.report
    assert (report["inputs"]["records"], report["inputs"]["rows"], report["inputs"]["dropped"]) == (666, 555, 111)
    assert report["window"] == {"start": "2026-01-05T00:00:00Z", "end": "2026-01-05T00:55:20Z"}
    assert {f["feature"] for f in report["findings"]} & {"request_id", "ts", "model", "note", "Churn"} == set()
    (ids,) = [f for f in report["findings"] if f["rule"] == "duplicates"]
    assert ids["why"] == "0 % of 555 records repeat an id"
    assert (ran.code, ran.err) == (0, "")


def test_what_a_capture_says_besides_its_payload_can_be_asked_for(tmp_path: Path) -> None:
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", tmp_path / "base")
    records = [json.loads(line) for line in shop.csv_captures(shop.validation_rows())]
    for record in records[::3]:
        record["eventMetadata"]["customAttributes"] = ["canary"]
    captures = shop.write(tmp_path / "a.jsonl", map(json.dumps, records))
    ran = command.check(captures, tmp_path / "base", "--where", "custom_attributes is null")
    assert (ran.report["inputs"]["rows"], ran.report["inputs"]["dropped"], ran.err) == (444, 222, "")
    ran = command.check(captures, tmp_path / "base", "--where", "custom_attributes like '%canary%'")
    assert (ran.report["inputs"]["rows"], ran.report["inputs"]["dropped"], ran.err) == (222, 444, "")


def test_a_condition_with_a_mistake_is_exit_2_and_says_what_would_be_right(project: Path) -> None:
    captures = table(project / "captures.csv")
    told = "driftd: where: 'score >' ends after '>'; a value such as 3 or 'yes' would be right\n"
    ran = command.check(captures, project / "base", "--where", "score >")
    assert (ran.code, ran.err) == (2, told)
    made = command.driftd("baseline", "make", captures, "--out", project / "x", "--where", "score >")
    assert (made.code, made.err) == (2, told)


def test_a_condition_that_leaves_no_row_is_told(project: Path) -> None:
    captures = table(project / "captures.csv")
    made = command.driftd("baseline", "make", captures, "--out", project / "x", "--where", "score > 2")
    assert (made.code, made.err) == (2, f"driftd: {captures}: `where` leaves none of 666 rows\n")
    ran = command.check(captures, project / "base", "--where", "score > 2")
    assert (ran.code, ran.report["inputs"]["rows"], ran.report["inputs"]["dropped"]) == (3, 0, 666)
