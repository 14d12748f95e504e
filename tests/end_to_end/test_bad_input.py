"""What cannot be read, is not there, or makes no sense: a clear message, the right exit code, never a green light."""

import json
import os
from pathlib import Path

import command
import pytest
import shop


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad") / "base"
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", folder)
    return folder


def test_an_empty_file_is_exit_3_and_unknown(baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    ran = command.check(tmp_path / "a.jsonl", baseline)
    assert (ran.code, ran.report["status"]) == (3, "unknown")
    assert "ok" not in {f["status"] for f in ran.report["findings"]}


def test_an_empty_file_is_no_success_under_the_products_rules(baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    ran = command.driftd("check", tmp_path / "a.jsonl", "--baseline", baseline, "--preset", "sagemaker")
    assert ran.code == 3
    assert ran.out.startswith("UNKNOWN: nothing could be judged")
    assert "successfully" not in ran.out


def test_an_empty_folder_is_exit_3(baseline: Path, tmp_path: Path) -> None:
    assert command.check(tmp_path, baseline).code == 3


def test_a_binary_file_is_exit_3_and_says_where(baseline: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.tar"
    path.write_bytes(bytes(range(256)) * 50)
    ran = command.driftd("check", path, "--baseline", baseline)
    assert ran.code == 3
    assert f"rejected: {path}:1: not_text (byte 1 is 0: a binary file)" in ran.out


def test_garbage_that_claims_to_be_captures_is_exit_3(baseline: Path, tmp_path: Path) -> None:
    path = shop.write(tmp_path / "a.jsonl", ['{"captureData": oops', "more", "and more"])
    ran = command.check(path, baseline)
    assert ran.code == 3
    assert ran.report["inputs"]["rejected"] == {"not_json": 3}


def test_a_missing_path_is_exit_2_and_named(baseline: Path, tmp_path: Path) -> None:
    ran = command.check(tmp_path / "nowhere", baseline)
    assert ran.code == 2
    assert ran.err == f"driftd: {tmp_path}/nowhere: does not exist; give a capture file, or a folder that holds some\n"


def test_a_missing_baseline_is_exit_2_and_says_how_to_make_one(tmp_path: Path) -> None:
    path = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()[:3]))
    ran = command.check(path, tmp_path / "base")
    assert ran.code == 2
    assert "driftd baseline make DATA --out" in ran.err


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("baseline.json", b"{", ":1: not JSON"),
        ("baseline.json", b"\x00\xff\xfe", "not JSON text"),
        ("baseline.json", b"[]", "a JSON object would be right"),
        ("baseline.json", b'{"format_version": 99}', "format version 99"),
        ("baseline.json", b'{"format_version": 1}', "not a baseline that driftd wrote"),
        ("constraints.json", b"nope", ":1: not JSON"),
        ("statistics.json", None, "is not there"),
    ],
)
def test_an_unreadable_baseline_is_exit_2_and_names_file_and_line(
    file: str, content: bytes | None, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "base"
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", folder)
    broken = folder / (folder / "current").read_text().strip() / file
    broken.unlink()
    if content is not None:
        broken.write_bytes(content)
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()[:3]))
    ran = command.check(captures, folder)
    assert ran.code == 2
    assert str(broken) in ran.err
    assert said in ran.err


def test_an_unknown_format_is_exit_2_and_lists_the_known_ones(baseline: Path, tmp_path: Path) -> None:
    ran = command.check(tmp_path, baseline, "--format", "sagemkr")
    assert ran.code == 2
    assert "csv, or a YAML file with a mapped format would be right" in ran.err


def test_no_rows_make_no_baseline(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n")
    ran = command.driftd("baseline", "make", tmp_path / "a.csv", "--out", tmp_path / "base")
    assert ran.code == 2
    assert "no row could be read" in ran.err
    assert not (tmp_path / "base").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_exit_2(baseline: Path, tmp_path: Path) -> None:
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    tmp_path.chmod(0o500)
    assert command.check(captures, baseline, "--out", tmp_path / "out").code == 2


def test_a_report_cannot_be_written_over_a_file(baseline: Path, tmp_path: Path) -> None:
    captures = shop.write(tmp_path / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    ran = command.check(captures, baseline, "--out", captures)
    assert ran.code == 2
    assert str(captures) in ran.err


def test_good_files_beside_bad_ones_are_judged_and_the_bad_are_told(baseline: Path, tmp_path: Path) -> None:
    shop.write(tmp_path / "c" / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    (tmp_path / "c" / "b.bin").write_bytes(b"\x00" * 100)
    ran = command.check(tmp_path / "c", baseline)
    assert ran.report["inputs"]["rejected"] == {"not_text": 1}
    assert ran.report["inputs"]["rows"] == 666


def test_json_prints_one_document_and_nothing_else(baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    assert isinstance(json.loads(command.check(tmp_path, baseline).out), dict)
