"""`driftd backtest`: what a configuration would have said of windows that are stored."""

import json
from pathlib import Path

import command
import evidences
import pytest
import streams
from command import Ran
from daemons import Farm

MONITOR = "  m: {{captures: captures/m, baseline: baselines/model, schedule: 1h, alarm: {{learn: {{for: 4d}}{more}}}}}"


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Farm:
    """200 hours are stored: 96 to learn from, then `income` moves for good and `age` for a while."""
    made = Farm(tmp_path_factory.mktemp("farm"))
    made.baseline()
    made.write(monitors=MONITOR.format(more=""))
    moved = {"age": [(110, 140, 0.8)], "income": [(150, 200, 0.25)]}
    evidences.keep(made, streams.looks(evidences.layout(made), 200, moved=moved))
    return made


def backtest(farm: Farm, *more: object, config: Path | None = None) -> Ran:
    return command.driftd("backtest", "--config", config or farm.config, "--monitor", "m", *more)


def other(farm: Farm, more: str) -> Path:
    path = farm.folder / "other.yaml"
    path.write_text(f"monitors:\n{MONITOR.format(more=more)}\n")
    return path


def test_it_says_what_would_have_fired_when_and_how_often(farm: Farm) -> None:
    ran = backtest(farm)
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert lines[0] == "m: 200 windows from 2026-01-05 00:00Z to 2026-01-13 08:00Z"
    learned = "production has been learned: tried on itself: by its first 48 windows the other 48 raise no alarm"
    assert lines[1] == f"  2026-01-09 00:00Z  {learned}"
    assert "ALARM  age, since 2026-01-09 14:00Z" in lines[2]
    assert "over by 2026-01-" in lines[2]
    assert "ALARM  income, since 2026-01-11 06:00Z" in lines[3]
    assert "open at the end" in lines[3]
    assert lines[-1].startswith("2 alarms in 4.333 days: 14 a month, and below ")
    assert lines[-1].endswith("promised are at most 1 in 52 weeks while nothing changes")


def test_for_programs_it_is_one_document(farm: Farm) -> None:
    document = json.loads(backtest(farm, "--json").out)
    assert (document["version"], document["monitor"], document["windows"]) == (1, "m", 200)
    assert [[one["feature"] for one in alarm["features"]] for alarm in document["alarms"]] == [["age"], ["income"]]
    assert document["alarms"][1]["features"][0]["closed"] is None
    assert document["promised"] == {"at_most": 1.0, "per_days": 364.0}
    assert document["armed"] == "2026-01-09T00:00:00+00:00"


def test_only_the_windows_of_a_stretch_are_replayed(farm: Farm) -> None:
    ran = backtest(farm, "--end", "2026-01-11")
    assert ran.out.startswith("m: 144 windows from 2026-01-05 00:00Z to 2026-01-11 00:00Z\n")
    assert "income" not in ran.out
    short = backtest(farm, "--start", "2026-01-12")
    assert "production was not learned: that takes 96 windows, and there are 32\n" in short.out


def test_what_is_found_while_production_is_learned_is_told_apart(farm: Farm) -> None:
    ran = backtest(farm, "--start", "2026-01-09T10:00:00Z")
    (line,) = [line for line in ran.out.splitlines() if "  skew   " in line]
    assert "  skew   age, since 2026-01-09 14:00Z (" in line
    assert line.endswith(", while production was learned)")
    document = json.loads(backtest(farm, "--start", "2026-01-09T10:00:00Z", "--json").out)
    assert (document["alarms"], [alarm["features"][0]["feature"] for alarm in document["early"]]) == ([], ["age"])


def test_two_configurations_are_told_apart(farm: Farm) -> None:
    wider = other(farm, ", tolerance: 12%")
    ran = backtest(farm, "--against", wider)
    assert ran.code == 0
    assert ran.out.startswith(f"{farm.config}: 2 alarms in ")
    assert f"\n{wider}: 1 alarm in " in ran.out
    (both, only) = ran.out.splitlines()[3:]
    assert both.startswith("= ")
    assert "  age" in both
    assert only.startswith("- ")
    assert only.endswith(f"  income: {farm.config} only")
    document = json.loads(backtest(farm, "--against", wider, "--json").out)
    assert [one["feature"] for one in document["difference"]["first"]] == ["income"]
    assert len(document["against"]["alarms"]) == 1


def test_what_is_missing_is_told_with_what_would_be_right(farm: Farm, tmp_path: Path) -> None:
    empty = Farm(tmp_path)
    empty.baseline()
    empty.write()
    assert backtest(empty).err == f"driftd: store {empty.state / 'driftd.db'}: is not there; `driftd run` makes it\n"
    evidences.keep(empty, [])
    assert backtest(empty).err == (
        "driftd: monitor 'm': no window is stored; `driftd run` stores those it judges, `driftd backfill` those of the "
        "past\n"
    )
    evidences.keep(empty, streams.looks(evidences.layout(empty), 3), digest="another")
    assert "3 windows are stored, none of them judged by baseline model v1-" in backtest(empty).err
    assert backtest(farm, "--start", "2027-01-01").err == (
        "driftd: monitor 'm': none of 200 stored windows lies there: they are from 2026-01-05T00:00:00Z to "
        "2026-01-13T08:00:00Z\n"
    )
    assert "--start 'soon': is not a moment; " in backtest(farm, "--start", "soon").err
    assert "has no monitor 'x'" in command.driftd("backtest", "--config", farm.config, "--monitor", "x").err


def scheduled(farm: Farm, every: str, baseline: str = "baselines/model") -> Path:
    path = other(farm, "")
    text = path.read_text().replace("schedule: 1h", f"schedule: {every}")
    path.write_text(text.replace("baseline: baselines/model", f"baseline: {baseline}"))
    return path


def test_windows_of_a_coarser_schedule_are_added_up(farm: Farm) -> None:
    path = scheduled(farm, "6h")
    document = json.loads(backtest(farm, "--against", path, "--json").out)
    assert (document["windows"], document["against"]["windows"]) == (200, 33)
    assert document["against"]["armed"] == "2026-01-09T00:00:00+00:00"
    both = [one["feature"] for one, _ in document["difference"]["both"]]
    assert sorted(both) == ["age", "income"]
    assert [later["at"] >= at["at"] for at, later in document["difference"]["both"]] == [True, True]
    assert backtest(farm, "--against", path).out.splitlines()[3].startswith("= ")


def test_windows_that_do_not_add_up_and_other_cells_are_refused(farm: Farm) -> None:
    ran = backtest(farm, "--against", scheduled(farm, "15m"))
    assert ran.code == 2
    assert "--against has windows of 15 minutes, which those stored, of 1 hour, do not add up to; the same" in ran.err
    table = farm.folder / "training.csv"
    table.write_text("age,income\n" + "".join(f"{number % 7},{number}\n" for number in range(60)))
    made = command.driftd("baseline", "make", table, "--out", farm.folder / "baselines" / "another")
    assert made.code == 0
    ran = backtest(farm, "--against", scheduled(farm, "1h", "baselines/another"))
    assert ran.code == 2
    assert "--against has another baseline, so what is stored was counted on other cells" in ran.err
