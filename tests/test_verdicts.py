"""What the policy promises, on seeded traffic, in short; `make simulate` is the long form."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.verdicts import (
    delays,
    drawing,
    edges,
    errors,
    foolish,
    late,
    life,
    nulls,
    one_window,
    page,
    pairs,
    plan,
    results,
    stock,
)
from benchmarks.verdicts.delays import Condition, shift
from benchmarks.verdicts.run import Make, Product
from benchmarks.verdicts.table import Row, markdown, poisson_interval, share_interval
from benchmarks.verdicts.traffic import Setting, Traffic
from benchmarks.verdicts.trial import Trial
from benchmarks.verdicts.worlds import Change
from monitor.library import make_baseline
from monitor.measures.window import measure
from monitor.policy.layout import layout_of, look_of
from monitor.tables import InMemory

SEED = "5eed"


def rows(trial: Trial, runs: int, make: Make = Product) -> list[Row]:
    """The rows that a few runs give."""
    return trial.rows([trial.one(trial.seeded(SEED, run), make) for run in range(runs)])


def kept(found: Sequence[Row]) -> bool:
    assert found
    return all(row.passed in (True, None) for row in found)


# --- the promises


def test_nothing_is_said_in_twelve_weeks_without_drift() -> None:
    trial = nulls.trial("A1", "iid", Setting(), 2016, quiet=True)
    (row,) = rows(trial, 1)
    assert row.passed, row


def test_nothing_is_said_of_a_strong_rhythm() -> None:
    (row,) = rows(nulls.trial("A2", "strong, dated", Setting(world="strong", dated=True), 672), 1)
    assert row.passed, row


def test_nothing_is_said_at_the_edge_of_the_band() -> None:
    found = edges.edge(Setting(), True, 1000, np.random.default_rng(3), Product)
    assert found["armed"]
    assert found["alarms"] == 0


def test_a_quarter_and_half_a_standard_deviation_are_found_and_named() -> None:
    trial = delays.trial(
        Condition(name="A7", words="iid", setting=Setting(), horizon=48), shift(0.25, 3), shift(0.5, 1)
    )
    outcomes = [trial.one(trial.seeded(SEED, run), Product) for run in range(3)]
    assert kept(trial.rows(outcomes)), trial.rows(outcomes)
    assert all(case["named"] for outcome in outcomes for case in outcome["cases"])


def test_production_aside_from_training_is_told_once_and_later_drift_is_found() -> None:
    setting = Setting(offset=0.2)
    assert kept(rows(delays.trial(Condition(name="A20", words="", setting=setting, horizon=48), shift(0.5, 2)), 3))
    found = nulls.null(setting, 336, np.random.default_rng(11), Product)
    assert (found["alarms"], found["skews"]) == (0, 30)


@pytest.mark.parametrize("world", ["iid", "mild"])
def test_a_change_while_production_is_learned_is_told_and_not_learned(world: str) -> None:
    found = life.while_learning(Setting(world=world), 0.5, np.random.default_rng(21), Product)
    assert found["first"] is not None
    assert found["first"] <= life.SOON
    assert found["refused"] is not None


def test_a_standard_deviation_is_told_in_the_very_first_window() -> None:
    found = [life.first_window(Setting(), 1.0, np.random.default_rng(run), Product) for run in range(8)]
    assert found == [{"found": True, "others": 0}] * 8


def test_a_model_that_errs_no_more_than_it_did_is_not_called_worse() -> None:
    weekly = Setting(world="weekly", errors=0.1, features=5)
    assert kept(rows(nulls.trial("E1", "weekly", weekly, 672, settings={"weights": errors.WEIGHT}), 1))


def test_five_points_more_of_errors_are_found_within_three_windows_and_named() -> None:
    trial = plan.trials()["delay E2 weekly, a model wrong in 10 % of rows"]
    outcomes = [trial.one(trial.seeded(SEED, run), Product) for run in range(3)]
    assert kept(trial.rows(outcomes)), trial.rows(outcomes)
    assert all(case["named"] for outcome in outcomes for case in outcome["cases"])


def test_daily_windows_keep_quiet_and_find() -> None:
    daily = Setting(hours=24)
    assert kept(rows(nulls.trial("A22", "daily", daily, 364), 1))
    assert kept(rows(delays.trial(Condition(name="A22", words="daily", setting=daily, horizon=30), shift(0.5, 1)), 3))


def test_rows_that_come_late_raise_no_alarm() -> None:
    found = late.null(Setting(hours=24), 100, np.random.default_rng(6), Product)
    assert (found["armed"], found["alarms"]) == (True, 0)


def test_one_window_of_repeated_rows_is_not_called_moved() -> None:
    found = one_window.windows(5, 0.0, np.random.default_rng(26), Product, 12)
    assert found["called"] <= 1


# --- the table tells good detectors from bad ones


def test_a_detector_that_never_alarms_fails() -> None:
    trial = delays.trial(
        Condition(name="A7", words="iid", setting=Setting(), horizon=24), shift(0.25, 3), shift(0.5, 1)
    )
    assert [row.passed for row in rows(trial, 3, foolish.Never)] == [False, False]
    assert [row.passed for row in rows(plan.trials()["first window"], 3, foolish.Never)] == [False]


def test_a_detector_that_always_alarms_fails() -> None:
    trial = nulls.trial("A1", "iid", Setting(), 300, quiet=True)
    assert [row.passed for row in rows(trial, 1, foolish.Always)] == [False]
    trial = delays.trial(Condition(name="A7", words="iid", setting=Setting(), horizon=24), shift(0.5, 1))
    name = "delay A7 iid"
    outcomes = {name: [trial.one(trial.seeded(SEED, run), foolish.Always) for run in range(2)]}
    outcomes[name] = [{"cases": outcome["cases"] * 2} for outcome in outcomes[name]]
    assert [row.passed for row in delays.named_rows(outcomes)] == [False]


# --- the traffic is as the product would see it


def test_looks_are_those_of_measured_rows() -> None:
    traffic = Traffic(Setting(features=4, rows=2000), np.random.default_rng(1))
    (look,) = traffic.looks(1)
    values = one_window.rows(np.random.default_rng(2), 20_000, 4)
    base = make_baseline(one_window.table(values)).profile
    real = layout_of(base)
    assert traffic.layout.owner.tolist() == real.owner.tolist()
    assert traffic.layout.pairs == real.pairs
    seen = look_of(measure(InMemory(one_window.table(values[:2000])), base), base, look.window)
    assert seen.counts.shape == look.counts.shape
    assert seen.joint.shape == look.joint.shape
    shares, theirs = look.counts / look.totals, seen.counts / seen.totals
    assert np.abs(shares[:13] - theirs[:13])[1:].max() < 0.05
    assert (look.joint[1, 0], seen.joint[1, 0]) == (1997.0, 1997.0)


def test_repeated_rows_have_the_design_effect_that_would_be_measured() -> None:
    traffic = Traffic(Setting(features=4, repeat=5), np.random.default_rng(1))
    given = [look.effect[0] for look in traffic.looks(50)]
    rng = np.random.default_rng(2)
    base = make_baseline(one_window.table(one_window.rows(rng, 20_000, 20))).profile
    found = []
    for _ in range(5):
        now = measure(InMemory(one_window.table(one_window.rows(rng, 1000, 20, 5))), base).settled()
        found.append(np.median([feature.design_effect for feature in now.features.values()]))
    assert abs(np.mean(given) - np.mean(found)) < 0.3


def test_a_shift_moves_the_shares_of_its_feature_and_of_no_other() -> None:
    quiet, moved = (Traffic(Setting(rows=100_000), np.random.default_rng(1)) for _ in range(2))
    (before,), (after,) = quiet.looks(1), moved.looks(1, Change(feature=3, shift=0.5))
    by_feature = np.abs(after.counts / after.totals - before.counts / before.totals).reshape(30, -1).max(axis=1)
    assert by_feature[3] > 0.15
    assert np.delete(by_feature, 3).max() < 0.02


def test_traffic_that_is_left_and_taken_up_again_goes_on_where_it_was() -> None:
    once, twice = (Traffic(Setting(world="strong", rows=100_000), np.random.default_rng(1)) for _ in range(2))
    whole = list(once.looks(40))
    some = twice.looks(40)
    parts = [next(some) for _ in range(7)]
    parts += twice.looks(33)
    assert [look.window for look in parts] == [look.window for look in whole]
    shares = [np.array([look.counts / look.totals for look in looks]) for looks in (whole, parts)]
    assert np.abs(shares[0] - shares[1]).max() < 0.01


def test_late_rows_come_within_three_windows_and_then_all_are_there() -> None:
    traffic = Traffic(Setting(features=3), np.random.default_rng(1))
    looks = list(traffic.looks(40))
    from benchmarks.verdicts.traffic import late as arrivals

    told = list(arrivals(looks, 0.05, np.random.default_rng(2)))
    firsts = [i for i, (at, look) in enumerate(told) if look.rows < 1000]
    again = {at: i for i, (at, look) in enumerate(told) if look is looks[at]}
    assert [told[i][0] for i in firsts] == list(range(40))
    newest = [max(at for at, _ in told[: i + 1]) for i in range(len(told))]
    assert {newest[i] - at for at, i in again.items()} == {1, 2, 3}
    assert all((look.counts <= looks[at].counts).all() for at, look in told)


def test_windows_of_correlated_rows_tell_so() -> None:
    values = one_window.rows(np.random.default_rng(3), 5000, 4)
    assert np.abs(np.tanh(pairs.measured(values)[0]) - one_window.CORRELATION).max() < 0.05
    drawn = pairs.drawn(np.zeros((1, 4)), 0.3, [(1, 0.4)], 50_000, np.random.default_rng(4))
    assert np.round(np.tanh(drawn[0]), 1).tolist() == [0.3, 0.3, 0.3, 0.7, 0.3, 0.3]


def test_other_tools_rules_know_a_shift_and_its_size() -> None:
    rng = np.random.default_rng(5)
    reference = stock.Reference.of(stock.histogram(rng.normal(size=(50_000, 2))))
    values = rng.normal(size=(5000, 2)) + np.array([0.0, 0.5])
    found = reference.measures(stock.histogram(values))
    assert np.round(found["w1"], 1).tolist() == [0.0, 0.5]  # a shift's distance is its size
    assert found["ks p"][0] > 0.001 > found["ks p"][1]
    assert 0.2 < found["psi"][1] < 0.3  # 0.25 = shift squared


# --- the command


def test_runs_are_seeded_by_commit_trial_and_run() -> None:
    trials = list(plan.trials().values())[:2]
    draws = {trial.seeded(commit, run).integers(2**62) for trial in trials for commit in "ab" for run in range(2)}
    assert len(draws) == 8
    assert trials[0].seeded("a", 0).integers(2**62) in draws


def test_null_rows_have_ten_runs_at_least() -> None:
    every = [trial for trial in plan.parts()["budget"] if trial.name.startswith(("null", "edge", "late"))]
    assert len(every) > 30
    assert [trial.name for trial in every if trial.runs < 10] == []


def test_a_run_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    kept = tmp_path / "runs.jsonl"
    wanted = [("driftd", "first window", run) for run in range(2)]
    assert len(list(results.done(wanted, SEED, kept, 1))) == 2
    kept.write_text(kept.read_text() + '{"cut off')
    assert len(results.load(kept)) == 2
    assert list(results.done(wanted, SEED, kept, 1)) == []


def test_the_page_has_the_rows_and_says_what_was_missed(tmp_path: Path) -> None:
    trial = plan.trials()["first window"]
    known = {
        ("driftd", trial.name, 0): {"found": True, "others": 0},
        ("never", trial.name, 0): {"found": False, "others": 0},
    }
    assert page.write(known, "abc", tmp_path) == []
    missed = {("driftd", trial.name, 0): {"found": False, "others": 0}}
    assert [row.name for row in page.write(missed, "abc", tmp_path / "missed")] == ["L1"]
    assert "- L1, 1 sd in one of 30" in (tmp_path / "missed" / "verdicts.md").read_text()
    text = (tmp_path / "verdicts.md").read_text()
    assert markdown(trial.rows([{"found": True, "others": 0}])).splitlines()[2] in text
    assert "L1, never alarms" in text
    for name in ("budget", "delay-iid", "delay-mild"):
        assert f"pictures/{name}.svg" in text
        assert (tmp_path / "pictures" / f"{name}.svg").read_text().startswith("<svg")


def test_a_line_to_never_is_drawn_above_the_frame() -> None:
    line = drawing.Line(name="x & y", points=[(1, 1), (10, float("inf"))], colour="#000")
    chart = drawing.Chart(
        title="t", x=(1, 10), y=(1, 10), x_ticks=[1], y_ticks=[1], x_name="x", y_name="y", lines=[line]
    )
    found = drawing.svg([chart], "a picture")
    assert "never" in found
    assert "x &amp; y" in found
    assert f"{drawing.LEFT:.1f},{drawing.HEIGHT - drawing.BOTTOM:.1f}" in found


def test_intervals_are_those_of_tables() -> None:
    assert [round(end, 3) for end in poisson_interval(10)] == [4.795, 18.39]
    assert [round(end, 4) for end in share_interval(1, 10)] == [0.0025, 0.445]
