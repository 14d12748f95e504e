"""`driftd inspect`: every file explained in a screen, and its YAML reads it."""

import json
from pathlib import Path

import command
import pytest
import shop
import yaml

from monitor.config.load import load

CAPTURES = [shop.capture("1.5,x", "0.5", i) for i in range(30)]


def test_captures_are_told_with_times_ids_pairs_and_columns(tmp_path: Path) -> None:
    path = shop.write(tmp_path / "churn.jsonl", [*CAPTURES, "{", shop.capture("1", "0.5", 99)])
    ran = command.driftd("inspect", path)
    assert ran.code == 0
    for line in (
        "  format    sagemaker",
        "  records   32, 30 rows, 2 rejected",
        "  times     2026-01-05 00:00:00 UTC to 2026-01-05 00:08:15 UTC",
        "  ids       31, 31 different",
        "  pairs     31 records with a request and an answer",
        "  3 columns (by place: they have no names)",
        "  _c0  Fractional  answer  always 0.5",
        "  _c2  String              always the same",
        "  rejected  column_count 1, not_json 1",
        "      0",
        "        format: sagemaker",
    ):
        assert line in ran.out.splitlines()


def test_no_text_and_no_digit_of_a_rejected_record_is_shown(tmp_path: Path) -> None:
    path = shop.write(tmp_path / "f.jsonl", [*CAPTURES, '{"name": "Secret Person", "card": 4111'])
    ran = command.driftd("inspect", path)
    assert '      {"aaaa": "aaaaaa aaaaaa", "aaaa": 0000' in ran.out.splitlines()
    assert "Secret" not in ran.out
    assert "4111" not in ran.out


def test_a_log_of_requests_and_answers_comes_with_the_mapping_that_reads_it(tmp_path: Path) -> None:
    records = [
        {"request_id": f"r{i}", "ts": f"2026-01-05T00:00:{i:02}Z", "request": {"a": i}, "response": {"score": 0.5}}
        for i in range(20)
    ]
    path = shop.write(tmp_path / "gateway.jsonl", map(json.dumps, records))
    ran = command.driftd("inspect", path)
    assert "this reads it as requests and answers:" in ran.out.splitlines()
    document = yaml.safe_load(ran.out.partition("this reads it as requests and answers:")[2])
    layout = document["monitors"]["gateway"]["captures"]["format"]
    assert layout == {"jsonl": {"id": "$.request_id", "time": "$.ts", "inputs": "$.request", "outputs": "$.response"}}
    (tmp_path / "layout.yaml").write_text(yaml.safe_dump({"format": layout}))
    again = command.driftd("inspect", path, "--format", tmp_path / "layout.yaml")
    for line in ("  ids       20, 20 different", "  pairs     20 records with a request and an answer", "  2 columns"):
        assert line in again.out.splitlines()
    assert "score  Fractional  answer  always 0.5" in again.out


@pytest.mark.parametrize("name", ["a.jsonl", "t.csv"])
def test_the_yaml_is_a_configuration(tmp_path: Path, name: str) -> None:
    lines = CAPTURES if name == "a.jsonl" else ["id,time,amount,score", *(f"{i},2026-01-05,2.5,0.5" for i in range(20))]
    path = shop.write(tmp_path / name, lines)
    ran = command.driftd("inspect", path)
    (tmp_path / "driftd.yaml").write_text(ran.out.partition("this reads it:")[2])
    monitor = load(tmp_path / "driftd.yaml").monitors[path.stem]
    assert monitor.captures.path == path


def test_a_folder_is_told_as_one_with_its_files(tmp_path: Path) -> None:
    shop.write(tmp_path / "in" / "a.jsonl", CAPTURES)
    shop.write(tmp_path / "in" / "b.jsonl", CAPTURES)
    (tmp_path / "in" / "c.csv").write_text("a,b\n1,2\n")
    ran = command.driftd("inspect", tmp_path / "in")
    assert "  format    sagemaker (2 files), csv (1 file)" in ran.out.splitlines()


def test_a_file_without_any_row_is_exit_3_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"\x00\x01")
    ran = command.driftd("inspect", tmp_path / "model.bin")
    assert ran.code == 3
    assert "  format    none: it could not be told; name one with --format" in ran.out.splitlines()
    assert "not_text: byte 1 is 0: a binary file" in ran.out
    assert command.driftd("inspect", tmp_path / "gone").code == 2


def test_many_columns_fit_on_a_screen(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"column{i}" for i in range(200)) + "\n" + ",".join("1" for _ in range(200)) + "\n")
    ran = command.driftd("inspect", path)
    assert "  and 176 more: 176 Integral" in ran.out.splitlines()
    assert len(ran.out.splitlines()) < 50
