"""`driftd evaluate --start --end`: one window of a monitor."""

from pathlib import Path

import command
import pytest
import shop
from daemons import HOUR, START, Farm, serving, settled


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """666 captures, one every five seconds from midnight on; the last three quarters of an hour are of another day."""
    folder = tmp_path_factory.mktemp("project")
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", folder / "base")
    shop.write(folder / "captures" / "a.jsonl", [*shop.csv_captures(shop.validation_rows()), "garbage"])
    (folder / "driftd.yaml").write_text("monitors:\n  churn: {captures: captures, baseline: base}\n")
    return folder


def evaluated(project: Path, *arguments: object) -> command.Ran:
    return command.driftd("evaluate", "--config", project / "driftd.yaml", *arguments, "--json")


def test_a_window_is_judged_by_what_happened_in_it_and_its_report_lies_under_its_name(project: Path) -> None:
    first = evaluated(project, "--start", "2026-01-05T00:00:00Z", "--end", "2026-01-05T01:30:00+01:00")
    second = evaluated(project, "--start", "2026-01-05T00:30:00Z", "--end", "2026-01-05T01:00:00Z")
    assert first.report["window"] == {"start": "2026-01-05T00:00:00Z", "end": "2026-01-05T00:30:00Z"}
    assert (first.report["inputs"]["records"], first.report["inputs"]["rejected"]) == (360, {})
    assert (second.report["inputs"]["records"], second.report["inputs"]["rejected"]) == (307, {"not_json": 1})
    folders = {folder.name for folder in (project / "state" / "reports" / "churn").iterdir()}
    assert {"20260105T000000Z_20260105T003000Z_r0", "20260105T003000Z_20260105T010000Z_r0"} <= folders
    (fresh,) = [f for f in second.report["findings"] if f["rule"] == "freshness"]
    assert (fresh["status"], round(fresh["value"] * 1800)) == ("ok", 275)  # seconds without a capture before the end


def test_a_window_in_which_nothing_happened_is_unknown_and_has_a_report(project: Path) -> None:
    ran = evaluated(project, "--start", "2026-02-01", "--end", "2026-02-02")
    assert (ran.code, ran.report["status"], ran.report["inputs"]["records"]) == (3, "unknown", 0)
    assert ran.report["window"] == {"start": "2026-02-01T00:00:00Z", "end": "2026-02-02T00:00:00Z"}
    reasons = {finding["reason"] for finding in ran.report["findings"] if finding["status"] == "unknown"}
    assert "no_data" in reasons
    assert {finding["status"] for finding in ran.report["findings"]} <= {"unknown", "skipped"}
    page = project / "state" / "reports" / "churn" / "20260201T000000Z_20260202T000000Z_r0" / "report.html"
    assert page.exists()


def test_what_the_daemon_has_judged_stays_as_it_is(tmp_path: Path) -> None:
    farm = Farm(tmp_path)
    farm.baseline()
    farm.captures("m")
    farm.write()
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        before = service.site.windows("m", 5, "")
        own = farm.state / "reports" / "m" / "20260302T090000Z_20260302T100000Z_r1" / "report.json"
        report = own.read_bytes()
        late = farm.captures("m", moved=True, file="late.jsonl")
        later = late.parent.parent / "14" / "late.jsonl"
        later.parent.mkdir()
        late.rename(later)
        ran = evaluated(tmp_path, "--start", "2026-03-02T09:00:00Z", "--end", "2026-03-02T10:00:00Z")
        assert (ran.code, ran.report["inputs"]["rows"]) == (1, 600)
        assert "income" in ran.violated()
        assert service.site.windows("m", 5, "") == before
        assert own.read_bytes() == report
    by_hand = farm.state / "reports" / "m" / "20260302T090000Z_20260302T100000Z_r0" / "report.json"
    assert by_hand.read_text().strip() == ran.out.strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--start", "2026-01-05"], "driftd: --start without --end: both, or neither, would be right\n"),
        (["--end", "2026-01-05"], "driftd: --end without --start: both, or neither, would be right\n"),
        (
            ["--start", "yesterday", "--end", "2026-01-05"],
            "driftd: --start 'yesterday': is not a moment; a time with its zone would be right: 2026-01-01T00:00:00Z\n",
        ),
        (
            ["--start", "2026-01-06", "--end", "2026-01-05"],
            "driftd: --end '2026-01-05': is not after --start '2026-01-06'; a later time would be right\n",
        ),
    ],
)
def test_half_a_window_and_no_window_are_refused(project: Path, arguments: list[str], said: str) -> None:
    ran = evaluated(project, *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", said)
