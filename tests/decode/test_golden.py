"""Captures in every published shape give exactly the expected rows."""

import json
from pathlib import Path

import golden
import pytest
import shop

CAPTURES = golden.GOLDEN / "captures"
FILES = [
    *sorted(CAPTURES.glob("*.jsonl")),
    *sorted((CAPTURES / "manifest").glob("*.json")),
    *sorted((shop.DATA / "captures").glob("*.jsonl")),
]


def expected_of(path: Path) -> dict:
    folder, stem = (CAPTURES, f"manifest_{path.stem}") if path.parent.name == "manifest" else (path.parent, path.stem)
    return golden.expected(folder / f"{stem}.expected.json")


def test_there_are_files_to_read():
    assert len(FILES) >= 11 + 3 + 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_capture_file_gives_exactly_the_expected_rows(path):
    expected = expected_of(path)
    told, read_as = golden.read([path], expected["names"])
    assert told == expected
    assert read_as[path.name] == ("manifest" if path.parent.name == "manifest" else "sagemaker")


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_line_gives_alone_what_it_gives_beside_the_others(path, tmp_path):
    expected = expected_of(path)
    text = path.read_text()
    records = json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]
    whole, _ = golden.read([path], expected["names"])
    for record in records:
        id = record["eventMetadata"]["eventId"]
        rows = [row for row in whole["rows"] if row["id"] == id]
        (tmp_path / "f").write_text(json.dumps(record) + "\n")
        alone = golden.read([tmp_path / "f"], expected["names"])[0]["rows"]
        for row in (*rows, *alone):
            row["about"] = row.get("about", {})
        assert alone == rows


def test_a_folder_of_manifests_and_files_reads_each_file_once():
    told, read_as = golden.read([CAPTURES / "manifest"], ["score", "age", "income"])
    assert [row["in"]["age"] for row in told["rows"]] == ["31", "58", "45"]
    assert told["rejected"] == {"not_here": 1}
    assert sorted(read_as.values()) == ["csv", "csv", "manifest", "manifest", "manifest"]


@pytest.mark.parametrize(
    "name", ["../secret.csv", "../../secret.csv", "/{}", "link.csv", "manifest.json", "in/../../x"]
)
def test_a_manifest_names_nothing_outside_its_folder(name, tmp_path):
    (tmp_path / "secret.csv").write_text("1,2\n")
    folder = tmp_path / "captures"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    names = [name.format(tmp_path / "secret.csv")]
    (folder / "manifest.json").write_text(json.dumps([{"prefix": ""}, *names]))
    told, _ = golden.read([folder / "manifest.json"])
    assert (told["rows"], told["rejected"]) == ([], {"not_here": 1})
    (folder / "manifest.json").write_text(json.dumps([{"prefix": f"file://{tmp_path}/"}, *names]))
    assert golden.read([folder / "manifest.json"])[0]["rows"] == []
