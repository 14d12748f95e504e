"""`driftd report`: one monitor over a stretch of time, from the store."""

import json
from pathlib import Path

import command
import periods
import pytest
from command import Ran
from daemons import Farm

MONITOR = "  churn: {captures: captures/churn, baseline: baselines/model, schedule: 1h}"


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Farm:
    made = Farm(tmp_path_factory.mktemp("farm"))
    made.write(monitors=MONITOR)
    periods.keep(made.state).close()
    return made


def report(farm: Farm, *more: object) -> Ran:
    return command.driftd("report", "--config", farm.config, *more)


def test_without_a_file_it_is_markdown_of_the_last_week(farm: Farm) -> None:
    ran = report(farm)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("### VIOLATED: Of 12 windows due, 4 VIOLATED")
    assert "that end in 2025-12-29 12:00 to 2026-01-05 12:00 UTC (1 week)" in ran.out


def test_windows_between_two_times_are_told(farm: Farm) -> None:
    ran = report(farm, "--monitor", "churn", "--from", "2026-01-05T02:00:00Z", "--to", "2026-01-05T06:00:00Z")
    assert ran.out.startswith("### VIOLATED: Of 4 windows due, 2 VIOLATED and 2 OK; ")
    calm = report(farm, "--from", "2026-01-05", "--to", "2026-01-05T04:00:00Z", "--form", "json")
    assert json.loads(calm.out)["verdicts"] == {"ok": 4}


@pytest.mark.parametrize(
    ("name", "start"), [("a/week.html", "<!DOCTYPE html>"), ("week.json", "{"), ("week.md", "###")]
)
def test_the_form_is_that_of_the_file(farm: Farm, tmp_path: Path, name: str, start: str) -> None:
    ran = report(farm, "--out", tmp_path / name)
    assert (ran.code, ran.out) == (0, f"{tmp_path / name}: written\n")
    assert (tmp_path / name).read_text().startswith(start)
    other = report(farm, "--out", tmp_path / "x.txt", "--form", "html")
    assert other.code == 0
    assert (tmp_path / "x.txt").read_text().startswith("<!DOCTYPE html>")


def test_what_is_wrong_is_told_with_what_would_be_right(farm: Farm, tmp_path: Path) -> None:
    assert "--from 'soon': is not a moment" in report(farm, "--from", "soon").err
    backwards = report(farm, "--from", "2026-01-06", "--to", "2026-01-05")
    told = "--from 2026-01-06T00:00:00Z: is not before --to 2026-01-05T00:00:00Z; an earlier time would be right"
    assert (backwards.code, backwards.err) == (2, f"driftd: {told}\n")
    assert "has no monitor 'x'; name one of churn" in report(farm, "--monitor", "x").err
    bare = Farm(tmp_path)
    bare.write(monitors=MONITOR.replace("churn:", "other:", 1))
    assert "driftd.db: is not there; `driftd run` makes it" in report(bare).err
    periods.keep(bare.state).close()
    assert report(bare).err == (
        "driftd: monitor 'other': no window is stored; `driftd run` stores those it judges, `driftd backfill` those of "
        "the past\n"
    )


def test_the_store_is_only_read(farm: Farm) -> None:
    before = (farm.state / "driftd.db").read_bytes()
    assert report(farm, "--form", "html").code == 0
    assert (farm.state / "driftd.db").read_bytes() == before
