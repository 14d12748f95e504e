"""From the ledger to workers and back; the worker is a script, the ledger is real."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from daemon.parts import HOUR, MINUTE, NINE, Heard, answer, configuration, store, window, worked
from sqlalchemy import text

from monitor.catchup import Plan
from monitor.child.limits import Limits
from monitor.daemon.bundle import packed, unpacked
from monitor.daemon.clock import HandClock
from monitor.daemon.dispatch import Dispatcher
from monitor.daemon.task import Answer, Task, Worked
from monitor.daemon.watched import loaded as load
from monitor.daemon.workers import Cut, Workers
from monitor.errors import StoreError
from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import EvidenceRow

PATIENCE = 20.0


class Scripted(Workers):
    """Answers as it is told to, and remembers what it was asked."""

    def __init__(self, answers: Callable[[Task], Worked]) -> None:
        self.answers = answers
        self.asked: list[Task] = []
        self.prior: list[bytes] = []

    def run(self, task: Task, limits: Limits, prior: bytes = b"") -> Worked:
        self.asked.append(task)
        self.prior.append(prior)
        return self.answers(task)


@dataclass
class Stage:
    """A dispatcher on a ledger, with hours of monitor `m` planned."""

    folder: Path
    database: Database
    clock: HandClock = field(default_factory=lambda: HandClock(NINE + 9 * HOUR))
    heard: Heard = field(default_factory=Heard)
    made: list[Dispatcher] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.database, "me")

    def dispatcher(self, answers: Callable[[Task], Worked], *, slots: int = 1) -> tuple[Dispatcher, Scripted]:
        workers = Scripted(answers)
        made = Dispatcher(
            database=self.database,
            ledger=self.ledger,
            workers=workers,
            slots=slots,
            clock=self.clock,
            listener=self.heard,
        )
        self.made.append(made)
        return made, workers

    def plan(self, *names: str, hours: int = 1) -> None:
        plan = Plan(windows=tuple(window(number) for number in range(hours)), planned_to=window(hours - 1).end)
        self.ledger.plan_all(dict.fromkeys(names or ("m",), plan), NINE + 9 * HOUR)

    def rows(self, monitor: str = "m") -> list[tuple[str, int, str]]:
        with self.database.read() as connection:
            return [(row.state, row.failures, row.reason) for row in queries.windows(connection, monitor)][::-1]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with store(tmp_path) as database:
        made = Stage(tmp_path, database)
        yield made
        for dispatcher in made.made:
            dispatcher.close()
            dispatcher.end()


def broken(*_: object) -> Worked:
    raise RuntimeError("no such luck")


def test_windows_are_judged_in_order_until_none_is_due(stage: Stage) -> None:
    stage.plan(hours=4)
    dispatcher, workers = stage.dispatcher(lambda _: worked())
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    assert dispatcher.wait(PATIENCE)
    assert [task.window for task in workers.asked] == [window(number) for number in range(4)]
    assert stage.rows() == [("done", 0, "")] * 4
    assert [told[0] for told in stage.heard.told] == ["judged"] * 4


def test_a_worker_is_told_what_it_needs(stage: Stage) -> None:
    stage.plan(hours=2)
    dispatcher, workers = stage.dispatcher(lambda _: worked())
    loaded = configuration(stage.folder)
    dispatcher.open(loaded)
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    first, second = workers.asked
    assert (first.name, first.folder, first.revision) == ("m", str(stage.folder), 1)
    assert (first.config_digest, first.reports) == (loaded.digest, str(stage.folder / "state" / "reports" / "m"))
    assert first.closed == ()
    assert second.closed == (window(0),), "late records are counted for what is judged"


def test_a_worker_is_told_what_the_policy_kept_and_what_people_said(stage: Stage) -> None:
    stage.plan(hours=3)
    kept = [EvidenceRow(window=window(n), look=b"look %d" % n, layout="cells", said={"words": []}) for n in range(3)]

    def answers(task: Task) -> Worked:
        assert task.window is not None
        number = (task.window.start - NINE) // HOUR
        if number == 0:
            stage.ledger.mark("m", "noise", None, who="ann", why="", now=NINE)  # nothing is judged yet
        if number == 1:
            stage.ledger.mark("m", "noise", None, who="ann", why="", now=NINE)
        return replace(worked(), evidence=packed([kept[number]]))

    dispatcher, workers = stage.dispatcher(answers)
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    sent = [[(row.window, row.look) for row in unpacked(prior)] for prior in workers.prior]
    assert sent == [[(row.window, row.look) for row in kept[:number]] for number in range(3)]
    assert [len(task.marks) for task in workers.asked] == [0, 0, 1]
    assert workers.asked[2].marks[0].after == window(1).end, "it was being judged without it"


def test_where_windows_are_not_followed_nothing_is_read_for_it(stage: Stage) -> None:
    stage.plan(hours=2)

    def answers(task: Task) -> Worked:
        assert task.window is not None
        row = EvidenceRow(window=task.window, look=b"look", layout="cells", said={})
        return replace(worked(), evidence=packed([row]))

    dispatcher, workers = stage.dispatcher(answers)
    dispatcher.open(configuration(stage.folder, "}, checks: [{rule: volume}], labels: {a: b"))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert workers.prior == [b"", b""]


def test_no_more_run_at_once_than_there_are_slots_and_monitors(stage: Stage) -> None:
    stage.plan("a", "b", "c", hours=2)
    running: list[str] = []
    most: list[int] = []
    lock, both = threading.Lock(), threading.Barrier(2, timeout=PATIENCE)

    def answers(task: Task) -> Worked:
        with lock:
            running.append(task.name)
            most.append(len(running))
            assert len(set(running)) == len(running), "one window of a monitor at a time"
        both.wait()
        with lock:
            running.remove(task.name)
        return worked()

    dispatcher, workers = stage.dispatcher(answers, slots=2)
    dispatcher.open(configuration(stage.folder, names=("a", "b", "c")))
    dispatcher.pump()
    assert dispatcher.wait(PATIENCE)
    assert (len(workers.asked), max(most)) == (6, 2)


def test_a_failure_is_counted_and_waits_before_it_is_tried_again(stage: Stage) -> None:
    stage.plan()
    dispatcher, workers = stage.dispatcher(lambda _: Worked(answer=Answer(failure="input", why="not there")))
    dispatcher.open(configuration(stage.folder))
    for minutes in (0, 0.9, 1.1, 3, 7, 40):
        stage.clock.move(NINE + 9 * HOUR + minutes * MINUTE)
        dispatcher.pump()
        dispatcher.wait(PATIENCE)
    assert len(workers.asked) == 3
    assert stage.rows() == [("dead", 3, "input")]
    assert stage.heard.told == [("failed", "input", "not there", state) for state in ("pending", "pending", "dead")]


@pytest.mark.parametrize("failure", ["source", "disk"])
def test_what_is_nobodys_fault_is_tried_as_long_as_it_takes(stage: Stage, failure: str) -> None:
    stage.plan()
    dispatcher, workers = stage.dispatcher(lambda _: Worked(answer=Answer(failure=failure, why="not now")))
    dispatcher.open(configuration(stage.folder))
    for minutes in range(0, 60, 10):
        stage.clock.move(NINE + 9 * HOUR + minutes * MINUTE)
        dispatcher.pump()
        dispatcher.wait(PATIENCE)
    assert len(workers.asked) == 6
    assert stage.rows() == [("pending", 0, failure)]


def test_a_bug_of_ours_is_a_failure_as_well_and_is_not_tried_without_end(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.plan()
    dispatcher, workers = stage.dispatcher(broken)
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert len(workers.asked) == 1
    assert stage.rows() == [("pending", 1, "internal")]
    assert stage.heard.told == [("failed", "internal", "RuntimeError: no such luck", "pending")]
    assert "internal error, please report it" in caplog.text


def test_an_answer_that_makes_no_sense_is_such_a_bug(stage: Stage) -> None:
    stage.plan()
    dispatcher, workers = stage.dispatcher(lambda _: Worked(answer=Answer(status="ok")))
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert (len(workers.asked), stage.rows()) == (1, [("pending", 1, "internal")])


def test_one_that_was_cut_off_is_pending_again_and_not_counted(stage: Stage) -> None:
    stage.plan()

    def cut(_: Task) -> Worked:
        dispatcher.close()
        raise Cut

    dispatcher, workers = stage.dispatcher(cut)
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert stage.rows()[0][:2] == ("pending", 0)
    assert stage.heard.told == []
    assert len(workers.asked) == 1


def test_one_that_was_taken_over_meanwhile_is_written_by_its_new_owner_alone(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.plan()

    def slow(_: Task) -> Worked:
        other = Ledger(stage.database, "another")
        assert other.take_over(stage.clock()) == 1
        assert other.claim(["m"], HOUR, stage.clock()) is not None
        dispatcher.close()
        return worked()

    dispatcher, _ = stage.dispatcher(slow)
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert stage.heard.told == []
    assert stage.rows()[0][0] == "running"
    assert "another daemon has taken this window over" in caplog.text


def test_what_cannot_be_written_down_is_handed_back_at_the_next_tick_and_not_judged_again_and_again(
    stage: Stage,
) -> None:
    stage.plan()

    def breaking(_: Task) -> Worked:
        with stage.database.write() as connection:
            connection.execute(text("ALTER TABLE result RENAME TO gone"))
        return worked()

    dispatcher, workers = stage.dispatcher(breaking)
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert len(workers.asked) == 1
    assert stage.heard.told == [("troubled", "write")]
    assert stage.rows()[0][0] == "running"
    with stage.database.write() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO result"))
    workers.answers = lambda _: worked()
    dispatcher.settle()
    assert stage.rows()[0][:2] == ("pending", 0)
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert stage.rows()[0][0] == "done"


def test_nothing_is_taken_before_it_is_open_nor_after_it_is_closed_nor_of_what_is_not_enabled(stage: Stage) -> None:
    stage.plan("m", "off")
    dispatcher, workers = stage.dispatcher(lambda _: worked())
    dispatcher.pump()
    loaded = configuration(stage.folder, names=("m", "off"))
    loaded.path.write_text(loaded.path.read_text().replace("off: {", "off: {enabled: false, "))
    loaded = load(loaded.path, {})
    dispatcher.open(loaded, claims=False)
    dispatcher.pump()
    assert workers.asked == []
    dispatcher.open(loaded)
    dispatcher.close()
    dispatcher.pump()
    assert workers.asked == []
    dispatcher.open(loaded)
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert [task.name for task in workers.asked] == ["m"]
    assert stage.rows("off")[0][0] == "pending"


def test_a_monitor_is_looked_at_once_at_a_time(stage: Stage) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def look(_: Task) -> Worked:
        begun.set()
        go_on.wait(PATIENCE)
        return Worked(answer=answer(first=NINE))

    dispatcher, workers = stage.dispatcher(look, slots=2)
    loaded = configuration(stage.folder)
    dispatcher.look(loaded.monitors["m"])
    assert workers.asked == [], "it is not open yet"
    dispatcher.open(loaded, claims=False)
    dispatcher.look(loaded.monitors["m"])
    assert begun.wait(PATIENCE)
    dispatcher.look(loaded.monitors["m"])
    assert dispatcher.busy == 0, "a look takes no slot"
    go_on.set()
    assert dispatcher.wait(PATIENCE)
    assert (len(workers.asked), workers.asked[0].window) == (1, None)
    assert stage.heard.told == [("looked", "m")]


def test_waiting_ends_when_its_time_is_over(stage: Stage) -> None:
    stage.plan()
    go_on = threading.Event()

    def slow(_: Task) -> Worked:
        go_on.wait(PATIENCE)
        return worked()

    dispatcher, _ = stage.dispatcher(slow)
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    assert not dispatcher.wait(0.01)
    go_on.set()
    assert dispatcher.wait(PATIENCE)


def test_a_failure_of_a_window_that_was_taken_over_is_not_ours_to_tell(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.plan()

    def slow(_: Task) -> Worked:
        Ledger(stage.database, "another").take_over(stage.clock())
        dispatcher.close()
        return Worked(answer=Answer(failure="timeout", why="slow"))

    dispatcher, _ = stage.dispatcher(slow)
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert (stage.heard.told, stage.rows()[0][:2]) == ([], ("pending", 0))
    assert "another daemon has taken this window over" in caplog.text


def test_one_that_is_cut_off_while_the_store_fails_is_handed_back_when_it_works(stage: Stage) -> None:
    stage.plan()

    def cut(_: Task) -> Worked:
        dispatcher.close()
        with stage.database.write() as connection:
            connection.execute(text("ALTER TABLE run RENAME TO gone"))
        raise Cut

    dispatcher, _ = stage.dispatcher(cut)
    dispatcher.open(configuration(stage.folder))
    dispatcher.pump()
    dispatcher.wait(PATIENCE)
    assert stage.heard.told == [("troubled", "write")]
    with pytest.raises(StoreError):
        dispatcher.settle()
    with stage.database.write() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO run"))
    dispatcher.settle()
    assert stage.rows()[0][:2] == ("pending", 0)


def test_a_look_that_is_cut_off_is_no_look(stage: Stage) -> None:
    def cut(_: Task) -> Worked:
        raise Cut

    dispatcher, _ = stage.dispatcher(cut)
    loaded = configuration(stage.folder)
    dispatcher.open(loaded)
    dispatcher.look(loaded.monitors["m"])
    assert dispatcher.wait(PATIENCE)
    assert stage.heard.told == []


def test_a_look_that_breaks_on_a_bug_of_ours_is_told_and_frees_its_slot(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    dispatcher, _ = stage.dispatcher(broken)
    loaded = configuration(stage.folder)
    dispatcher.open(loaded)
    dispatcher.look(loaded.monitors["m"])
    assert dispatcher.wait(PATIENCE)
    assert "internal error, please report it" in caplog.text
