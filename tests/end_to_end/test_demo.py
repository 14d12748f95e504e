"""The demonstration finds what it planted and nothing else."""

import json
from pathlib import Path

import command


def test_the_demo_judges_a_clean_window_and_finds_both_planted_faults(tmp_path: Path) -> None:
    ran = command.driftd("demo", "--once", "--out", tmp_path / "demo")
    folder = tmp_path / "demo" / "reports"
    reports = {name: json.loads((folder / name / "report.json").read_text()) for name in ("clean", "faulty")}
    violated = {f["feature"] for f in reports["faulty"]["findings"] if f["status"] == "violated"}
    assert ran.code == 0
    assert reports["clean"]["status"] == "ok"
    assert violated == {"Day Mins", "CustServ Calls"}
    assert f"report: {folder / 'faulty' / 'report.html'}, for programs {folder / 'faulty' / 'report.json'}\n" in ran.out
    assert all((folder / name / file).exists() for name in reports for file in ("report.html", "report.md"))


def test_the_demo_may_be_run_twice(tmp_path: Path) -> None:
    first, second = (command.driftd("demo", "--out", tmp_path / "demo") for _ in range(2))
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
