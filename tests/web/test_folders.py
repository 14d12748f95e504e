"""Files of reports: those and no others, whatever a path says."""

from pathlib import Path

import pytest
from web.memory import Memory, client

NAME = "2026-01-02T02:00:00Z_2026-01-02T03:00:00Z"
AT = f"/api/v1/monitors/churn/reports/{NAME}"


def files(folder: Path) -> Path:
    """A report folder, with what must never leave it beside it."""
    (folder / "secret.json").write_text('"secret"')
    inside = folder / "folder"
    inside.mkdir()
    (inside / "report.json").write_text('{"version": 1}')
    (inside / "report.html").write_text("<!doctype html><title>report</title>")
    (inside / "secret.json").write_text('"secret"')
    (inside / "constraints.json").symlink_to(folder / "secret.json")
    (inside / "report.md").mkdir()
    return inside


def test_a_report_is_found_by_its_window(tmp_path: Path) -> None:
    daemon = Memory(folder=files(tmp_path))
    browser = client(daemon)
    answer = browser.get(f"{AT}/report.json")
    assert (answer.status_code, answer.json(), answer.headers["content-type"]) == (
        200,
        {"version": 1},
        "application/json",
    )
    for path in (f"{AT}_r2", "/api/v1/monitors/churn/reports/20260102T020000Z_20260102T030000Z_r2"):
        assert browser.get(f"{path}/report.json").status_code == 200
    window = "churn", "2026-01-02T02:00:00+00:00", "2026-01-02T03:00:00+00:00"
    assert daemon.told == [("folder", *window, "None"), ("folder", *window, "2"), ("folder", *window, "2")]
    assert browser.get(f"{AT}/report.json", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_the_page_runs_nothing_and_fetches_nothing(tmp_path: Path) -> None:
    answer = client(Memory(folder=files(tmp_path))).get(f"{AT}/report.html")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


@pytest.mark.parametrize(
    "file",
    [
        "secret.json", "../secret.json", "..%2Fsecret.json", "%2e%2e%2fsecret.json", "..", ".", "report.json%00",
        "report.json/", "/etc/passwd", "%2Fetc%2Fpasswd", "constraints.json", "report.md", "statistics.json",
        "..%5Csecret.json", "report.json%2F..%2Fsecret.json",
    ],
)  # fmt: skip
def test_nothing_but_a_reports_own_files_is_given(file: str, tmp_path: Path) -> None:
    answer = client(Memory(folder=files(tmp_path))).get(f"{AT}/{file}")
    assert answer.status_code == 404
    assert "secret" not in answer.text.replace("secret.json", "")


@pytest.mark.parametrize(
    "window", ["x", "2026-01-01_2026-01-02", "..", "a_b_r1", "2026-01-02T02:00:00Z", "_", "%2e%2e_.."]
)
def test_a_window_is_two_times(window: str, tmp_path: Path) -> None:
    daemon = Memory(folder=files(tmp_path))
    answer = client(daemon).get(f"/api/v1/monitors/churn/reports/{window}/report.json")
    assert answer.status_code in (400, 404)
    assert daemon.told == []


def test_a_window_without_a_report_is_not_found() -> None:
    answer = client(Memory()).get(f"{AT}/report.json")
    assert (answer.status_code, answer.json()["error"]) == (404, "monitor 'churn' has no report.json of this window")
