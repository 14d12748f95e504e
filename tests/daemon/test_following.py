"""The policy on a ledger: the same data come to the same state in any order, and what comes late is followed again."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from daemon.courses import BASE, HOUR, LATER, NINE, QUICK, ROWS, Course, baseline, hour, monitor
from daemon.parts import store, window

from monitor.daemon.following import ANEW, Following
from monitor.feature import Numeric
from monitor.finding import Status
from monitor.judge import judge
from monitor.policy.look import Look
from monitor.rule import Check
from monitor.rulepath import shipped
from monitor.store import evidence, queries
from monitor.store.database import Database
from monitor.store.memories import kept as memories_kept

HOURS = 14


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with store(tmp_path) as made:
        yield made


def course(database: Database, folder: Path, **others: object) -> Course:
    return Course(database, monitor(folder), **others)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """All windows in order, each with all its rows; ages move in the eleventh."""
    folder = tmp_path_factory.mktemp("straight")
    with store(folder) as database:
        made = course(database, folder, moved_from=10)
        made.plan(range(HOURS))
        made.run()
        made.kept_then = made.kept()  # type: ignore[attr-defined]
        made.told_then = made.told()  # type: ignore[attr-defined]
        return made


def test_production_is_learned_then_armed_and_a_move_is_an_alarm(straight: Course) -> None:
    phases = [straight.said[number].document["phase"] for number in range(HOURS)]
    assert phases[0] == "learning"
    assert phases[-1] == "armed"
    alarms = [(kind, body) for kind, body in straight.told_then if kind == "policy.alarm"]  # type: ignore[attr-defined]
    (alarm,) = alarms
    assert [one["feature"] for one in alarm[1]["features"]] == ["age"]
    assert (alarm[1]["question"], alarm[1]["window"]["start"]) == ("drift", "2026-03-02T19:00:00Z")
    armed = [body for kind, body in straight.told_then if kind == "policy.armed"]  # type: ignore[attr-defined]
    assert len(armed) == 1
    assert [one["feature"] for one in straight.said[HOURS - 1].document["open"]] == ["age"]


@pytest.mark.parametrize("seed", range(3))
def test_any_split_order_and_revision_gives_the_same_state(
    database: Database, tmp_path: Path, straight: Course, seed: int
) -> None:
    made, draw = course(database, tmp_path, moved_from=10), random.Random(seed)
    left = list(range(HOURS))
    draw.shuffle(left)
    while left:
        count = draw.randint(1, 5)
        made.plan(left[:count])
        left = left[count:]
        made.run(rows=draw.choice([0, 100, ROWS]))
    made.plan(draw.sample(range(HOURS), HOURS))
    made.run()
    assert made.kept() == straight.kept_then  # type: ignore[attr-defined]


def test_windows_one_by_one_and_all_at_once_are_the_same_although_memories_go(
    database: Database, tmp_path: Path, straight: Course
) -> None:
    made = course(database, tmp_path, moved_from=10)
    for number in range(HOURS):
        made.plan([number])
        made.run()
    assert made.kept() == straight.kept_then  # type: ignore[attr-defined]
    with_memory = {row[0] for row in made.kept() if row[4] is not None}
    assert with_memory == {one.start for one in memories_kept(window(number) for number in range(HOURS))}


def test_a_daemon_that_dies_between_windows_or_in_one_changes_nothing(
    database: Database, tmp_path: Path, straight: Course
) -> None:
    made = course(database, tmp_path, moved_from=10)
    made.plan(range(HOURS))
    for number in range(HOURS):
        claim = made.ledger.claim(["m"], HOUR, LATER)
        assert claim is not None
        lost = made.judged(claim)
        if number % 3 == 0:  # its successor takes over before it has written anything
            successor = Course(database, made.monitor, moved_from=10)
            successor.ledger = type(made.ledger)(database, f"successor-{number}")
            successor.ledger.take_over(LATER)
            assert made.ledger.finish(claim, lost, LATER) is None
            made = successor
            again = made.ledger.claim(["m"], HOUR, LATER)
            assert again is not None
            made.finish(again, made.judged(again))
        else:
            made.finish(claim, lost)
    assert made.kept() == straight.kept_then  # type: ignore[attr-defined]


def test_what_comes_late_opens_the_newest_window_only_and_is_told(database: Database, tmp_path: Path) -> None:
    made = course(database, tmp_path)
    made.plan(range(8))
    made.run()
    assert [kind for kind, _ in made.told()] == ["policy.armed"]
    made.moved_from = 6  # as if the moved rows of these hours came late
    made.plan([6])
    first, newest = made.run()
    assert (first.replayed, first.alarms, newest.replayed) == (window(7), 0, None)
    with database.read() as connection:
        rows = {row.window: (row.revision, row.state) for row in queries.windows(connection, "m")}
    assert [rows[window(number)] for number in (5, 6, 7)] == [(1, "done"), (2, "done"), (2, "done")]
    kinds = [kind for kind, _ in made.told()]
    assert kinds.count("policy.alarm") == 0, "the window of the late rows is long told; the newest had it open already"
    (replayed,) = [body for kind, body in made.told() if kind == "policy.replayed"]
    assert replayed["window"]["start"] == "2026-03-02T15:00:00Z"
    assert (replayed["newest"]["end"], replayed["opened"], replayed["closed"]) == (
        "2026-03-02T17:00:00Z",
        ["age"],
        [],
    )
    assert [one["feature"] for one in made.said[7].document["open"]] == ["age"]


def test_what_comes_late_and_changes_nothing_leaves_all_verdicts(database: Database, tmp_path: Path) -> None:
    made = course(database, tmp_path)
    made.plan(range(7))
    made.run(rows=390)
    before = made.told()
    made.plan([3])
    (found,) = made.run()
    assert found.replayed is None
    assert made.told() == before


def test_another_baseline_or_other_windows_begin_anew_and_say_so(database: Database, tmp_path: Path) -> None:
    made = course(database, tmp_path)
    made.plan(range(8))
    made.run()
    made.base = baseline("sha256:2")
    made.plan([8, 9])
    made.run()
    assert made.said[7].document["phase"] == "armed"
    assert made.said[8].document["learned"] == {"seen": 1, "needed": 6}
    assert ANEW in made.said[8].document["notes"]
    assert made.said[9].document["learned"] == {"seen": 2, "needed": 6}
    assert ANEW not in made.said[9].document["notes"]
    made.monitor = monitor(tmp_path, ", window: 2h" + QUICK)
    made.plan([10])
    made.run()
    assert ANEW in made.said[10].document["notes"]


def test_what_people_said_holds_from_the_next_window_on_and_in_a_replay(database: Database, tmp_path: Path) -> None:
    made = course(database, tmp_path, moved_from=8)
    made.plan(range(9))
    made.run()
    assert [one["feature"] for one in made.said[8].document["open"]] == ["age"]
    made.ledger.mark("m", "expected", "age", who="ann", why="new market", now=LATER)
    made.plan([9, 10])
    made.run()
    assert made.said[9].document["open"] == []
    kept = made.kept()
    made.plan([2, 9])
    made.run()
    assert made.kept() == kept


def test_scores_of_another_kind_are_no_move(database: Database, tmp_path: Path) -> None:
    made = course(database, tmp_path)
    made.plan([0])
    made.run()
    now, base = hour(0), BASE
    age = base.features["age"]
    assert isinstance(age, Numeric)
    gone = replace(now, features={**now.features, "age": replace(age, absent=age.rows, missing=age.rows)})
    checks = [Check(rule=shipped()["drift"], severity="page"), Check(rule=shipped()["skew"], severity="info")]
    found = judge(gone, base, checks, policy=made.said[0])
    assert {(f.rule, f.feature, f.severity) for f in found} == {
        ("drift", None, "page"),
        *(("skew", name, "info") for name in base.features),
    }


def test_without_a_check_of_skew_learning_asks_about_it_in_drifts_name(database: Database, tmp_path: Path) -> None:
    made = course(database, tmp_path, moved_from=10)
    made.plan(range(11))
    made.run()
    only = [Check(rule=shipped()["drift"], features=("age",), severity="page")]
    learning = judge(hour(0), BASE, only, policy=made.said[0])
    assert {(f.rule, f.feature, f.severity) for f in learning} == {("drift", None, "page"), ("skew", "age", "page")}
    armed = judge(hour(10), BASE, only, policy=made.said[10])
    assert {(f.rule, f.feature, f.status) for f in armed} == {("drift", "age", Status.VIOLATED)}


def test_a_window_that_is_not_followed_keeps_its_look(tmp_path: Path) -> None:
    following = Following(monitor=monitor(tmp_path), window=window(0))
    following.look(hour(0, rows=9), baseline())
    (row,) = following.rows
    look = Look.unpacked(row.look)
    assert (row.memory, row.learned, look.rows, look.window) == (b"", b"", 9, window(0))


def test_looks_kept_while_nothing_was_followed_are_learned_from_when_it_is(
    database: Database, tmp_path: Path, straight: Course
) -> None:
    made = course(database, tmp_path, moved_from=10)
    made.plan(range(HOURS - 1))
    while (claim := made.ledger.claim(["m"], HOUR, LATER)) is not None:
        number = (claim.window.start - NINE) // HOUR
        following = Following(monitor=made.monitor, window=claim.window)
        following.look(hour(number, moved_from=10), made.base)
        made.finish(claim, replace(made.judged(claim), evidence=following.rows, outbox=(), replays=False))
    made.plan([HOURS - 1])
    made.run()
    assert made.said[HOURS - 1].document["phase"] == "armed"
    newest, expected = made.kept()[-1], straight.kept_then[-1]  # type: ignore[attr-defined]
    assert newest[4] == expected[4]


def test_what_is_said_is_kept_beside_the_memory_without_what_only_reports_need(
    database: Database, tmp_path: Path
) -> None:
    made = course(database, tmp_path)
    made.plan([0])
    made.run()
    with database.read() as connection:
        row = evidence.newest(connection, "m")
    assert row is not None
    said = made.said[0].document
    assert row.said == {name: value for name, value in said.items() if name != "bands"}
    assert [band["feature"] for band in said["bands"]] == ["score", "age", "city"]
    assert json.loads(json.dumps(said)) == said
