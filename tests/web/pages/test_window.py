"""A window's page: its findings, what was read and rejected, every attempt."""

import json
from pathlib import Path

import pytest
from web.memory import Memory, client
from web.near import HOSTILE
from web.pages.test_layout import STAMPS, Elements

LINE = {"path": "a.jsonl", "line": 7, "reason": "not_json", "why": "Expecting value", "shape": "aa 00 aa"}


def page(stamps: str = STAMPS, folder: Path | None = None) -> str:
    answer = client(Memory(folder=folder)).get(f"/monitors/churn/windows/{stamps}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_findings_stand_by_what_they_are_with_a_link_to_their_feature() -> None:
    text = page()
    assert "VIOLATED: 1 of 2 judged findings is violated; 2 of 4 could not be judged" in text
    assert "Checks that broke" in text
    assert "too_few_rows, 2 000 rows would do (10 read)" in text
    assert "../../../monitors/churn/feature?name=age&amp;until=" in text


def test_what_went_in_stands_there_with_its_digests() -> None:
    text = page()
    assert all(digest in text for digest in ("sha256:i", "sha256:b", "sha256:c", "sha256:f"))
    assert "2: not_json" in text
    assert "3 records after the window was judged" in text
    assert "And 6 files more." in text


def test_samples_of_rejected_records_are_shapes(tmp_path: Path) -> None:
    (tmp_path / "rejected.json").write_text(json.dumps({"version": 1, "samples": [LINE]}))
    text = page(folder=tmp_path)
    assert "a.jsonl:7" in text
    assert "aa 00 aa" in text


def test_only_files_that_are_there_are_linked(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<p>")
    links = [attrs["href"] for tag, attrs in Elements(page(folder=tmp_path)).found if tag == "a"]
    found = [link for link in links if link and "/reports/" in link]
    assert found == [f"../../../api/v1/monitors/churn/reports/{STAMPS}_r2/report.html"]


def test_every_attempt_is_told_with_how_long_it_took_or_why_it_failed() -> None:
    text = page()
    assert "1.5 s" in text
    assert "revision 2 of 2" in text
    assert f"{STAMPS}_r1" not in text  # that attempt gave no verdict
    assert "revision 1 of 2" in page(f"{STAMPS}_r1")


def test_a_window_without_a_verdict_says_why() -> None:
    text = page("20260102T010000Z_20260102T020000Z")
    assert "No verdict: the window was left out" in text
    assert "Window after" in text


def test_a_hostile_value_stays_text() -> None:
    for text in (page(), page("20260102T010000Z_20260102T020000Z")):
        assert "<img" not in text
        assert HOSTILE not in text


@pytest.mark.parametrize(
    ("stamps", "code", "told"),
    [
        ("x", 400, "not a window"),
        ("20260102T020000Z_20260102T010000Z", 404, "a window that ends before it starts"),
        (f"{STAMPS}_r9", 404, "r9"),
    ],
)
def test_what_there_is_not_is_told(stamps: str, code: int, told: str) -> None:
    answer = client().get(f"/monitors/churn/windows/{stamps}")
    assert (answer.status_code, told in answer.text) == (code, True)
