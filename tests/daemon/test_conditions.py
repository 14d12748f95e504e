"""Configured alarms after each window: on numbers, on what is usual, on one another, and withheld."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from daemon.parts import HOUR, NINE, store, window
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import LEASE, Plan, done
from sqlalchemy import event

from monitor.alarm import State
from monitor.daemon.conditions import Conditions, Stood, conditions
from monitor.daemon.watched import Watched, loaded
from monitor.document import to_document
from monitor.figures import Figures
from monitor.store import incidents, occasions
from monitor.store.database import Database
from monitor.store.incidents import Followed
from monitor.store.ledger import Ledger
from monitor.store.occasions import Occasion

OK, ALARM, INSUFFICIENT = State.OK, State.ALARM, State.INSUFFICIENT_DATA
DAY = timedelta(days=1)
LOW = "low: {when: mean(score) < 0.4, of: 1 of 1}"


def watched(folder: Path, alarms: str, more: str = "") -> Watched:
    path = folder / "driftd.yaml"
    path.write_text(
        f"monitors: {{m: {{captures: c, baseline: b, schedule: {{every: 1h, delay: 0s{more}}}, alarms: {{{alarms}}}}}}}"
    )
    return loaded(path, {}).monitors["m"]


class Course:
    """A monitor's windows, judged one after the other."""

    def __init__(self, database: Database, one: Watched) -> None:
        self.database, self.one, self.count, self.name = database, one, 0, one.name
        self.ledger = Ledger(database, "one")

    def judge(self, score: float | None, rows: int = 100) -> None:
        at = window(self.count)
        self.ledger.plan(self.name, Plan((at,), (), at.end), at.end)
        self._finish(at.end, score, rows)
        self.count += 1

    def _finish(self, now: datetime, score: float | None, rows: int) -> None:
        claim = self.ledger.claim([self.name], LEASE, now)
        assert claim is not None
        numbers = {} if score is None else {"mean": {"score": score}, "max": {"score": score}}
        figures = to_document(Figures(status="ok", rows=rows, numbers=numbers))
        self.ledger.finish(claim, replace(done(), figures=figures, records=rows, inputs=[], rows=rows), now)

    def judge_again(self, number: int, score: float) -> None:
        self.ledger.reopen(self.name, [window(number)], "backfill", window(self.count).end)
        self._finish(window(self.count).end, score, 100)

    def followed(self, outputs: Sequence[str] = ()) -> Conditions:
        """What the newest window comes to, written down."""
        at = window(self.count - 1)
        with self.database.read() as connection:
            found = conditions(connection, self.one, at, outputs)
        with self.database.write() as connection:
            incidents.followed(connection, self.name, Followed(window=at, revision=1, alarms=found.rows), at.end)
        return found

    def after(self, score: float | None, rows: int = 100, outputs: Sequence[str] = ()) -> dict[str, Stood]:
        self.judge(score, rows)
        return {one.name: one for one in self.followed(outputs).alarms}

    def tell(self, kind: str, first: int, last: int | None = None, monitor: str | None = "") -> None:
        """An occasion from the beginning of a window to the end of another; a moment without that."""
        end = None if last is None else window(last).end
        whose = self.name if monitor == "" else monitor
        one = Occasion(id=f"{whose}{kind}{first}", kind=kind, start=window(first).start, end=end, monitor=whose)
        with self.database.write() as connection:
            occasions.told(connection, one, NINE)

    def body(self, name: str) -> dict[str, object]:
        with self.database.read() as connection:
            found: dict[str, object] = json.loads(incidents.alarms(connection, self.name)[name].body)
        return found


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with store(tmp_path) as found:
        yield found


def course(database: Database, folder: Path, alarms: str, more: str = "") -> Course:
    return Course(database, watched(folder, alarms, more))


def wobble(number: int) -> float:
    """What a score usually is: from 0.48 to 0.52."""
    return 0.5 + 0.02 * (number % 5 - 2) / 2


def test_an_alarm_on_a_condition_says_how_it_stands_and_how_far_it_looked_back(
    database: Database, tmp_path: Path
) -> None:
    here = course(database, tmp_path, "down: {when: 'mean(score) < 0.9 * avg(mean(score), 2h)', of: 1 of 2}")
    assert here.after(0.5)["down"].state is INSUFFICIENT
    here.after(0.5)
    assert here.after(0.5)["down"].state is OK
    here.judge(0.2)
    found = here.followed(["score"])
    assert found.alarms == (
        Stood(
            name="down",
            state=ALARM,
            previous=OK,
            reason="1 of 2 windows is > 0 (1); 1 of 2 raise the alarm",
            is_withheld=False,
            looks_back=2 * HOUR + 4 * HOUR,
        ),
    )
    (firing,) = found.firings
    assert (firing.rule, firing.is_output, firing.is_asked, firing.about) == ("alarm down", True, True, ("score",))
    assert firing.why == "mean(score) < 0.9 * avg(mean(score), 2h) (1 of 2 windows)"
    assert here.after(0.2)["down"].previous is ALARM


def test_rules_and_metrics_in_brackets_are_no_features(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, "bad: {when: violations(range) + quality(f1) + rows > 1, of: 1 of 1}")
    here.judge(0.5)
    assert conditions_about(here) == set()
    both = course(database, tmp_path, f"{LOW}, few: {{when: rows < 10 * max(score), of: 1 of 1}}")
    both.count = here.count
    both.judge(0.2, rows=1)
    assert conditions_about(both) == {"score"}


def conditions_about(here: Course) -> set[str]:
    return {name for firing in here.followed().firings for name in firing.about}


def test_an_alarm_without_any_is_nothing_at_all(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, "")
    here.judge(0.5)
    assert here.followed() == Conditions()


BAND = "odd: {band: mean(score), of: 1 of 1}"


def test_a_band_is_learned_from_the_days_before_and_says_what_it_lacks(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, BAND)
    for number in range(15):  # from 9 to midnight: the next day has 15 values to learn from
        assert here.after(wobble(number))["odd"].state is INSUFFICIENT
    here.judge(0.5)
    found = here.followed()
    assert (found.alarms[0].state, found.unanswered) == (INSUFFICIENT, frozenset([("alarm odd", None)]))
    assert found.alarms[0].reason.endswith(
        "the 4 weeks before 2026-03-03 have 15 values to learn from, and 20 are needed"
    )
    for number in range(16, 15 + 24):
        here.judge(wobble(number))
    assert here.after(wobble(1))["odd"].state is OK
    here.judge(0.9)
    found = here.followed(["score"])
    assert (found.alarms[0].state, found.alarms[0].looks_back) == (ALARM, 3 * HOUR)
    (firing,) = found.firings
    assert firing.why.startswith("mean(score) outside what is usual (1 of 1 windows; the last was 0.9, where 0.4")
    assert firing.about == ("score",)
    assert " is outside the band (0.9); 1 of 1 raise the alarm; the last was 0.9, where" in found.alarms[0].reason


@pytest.mark.parametrize(
    ("side", "score", "state"), [("above", 0.1, OK), ("above", 0.9, ALARM), ("below", 0.1, ALARM), ("below", 0.9, OK)]
)
def test_a_band_may_have_one_side(database: Database, tmp_path: Path, side: str, score: float, state: State) -> None:
    here = course(database, tmp_path, f"odd: {{band: {{of: mean(score), side: {side}}}, of: 1 of 1}}")
    for number in range(40):
        here.judge(wobble(number))
    assert here.after(score)["odd"].state is state


def test_widths_limits_history_and_zone_are_heeded(database: Database, tmp_path: Path) -> None:
    wide = "wide: {band: {of: mean(score), widths: 100}, of: 1 of 1}"
    capped = "capped: {band: {of: mean(score), widths: 100, limits: [0, 0.6]}, of: 1 of 1}"
    short = "short: {band: {of: mean(score), history: 10h}, of: 1 of 1}"
    here = course(database, tmp_path, f"{wide}, {capped}, {short}")
    for number in range(40):
        here.judge(wobble(number))
    found = here.after(0.65)
    assert {name: one.state for name, one in found.items()} == {"wide": OK, "capped": ALARM, "short": INSUFFICIENT}
    assert "the 10 hours before 2026-03-04 have 10 values" in found["short"].reason


def test_a_number_that_looks_back_is_learned_from_its_history_alone(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, "odd: {band: {of: 'avg(mean(score), 4h)', history: 10h}}")
    for number in range(40):
        here.judge(wobble(number))
    assert "the 10 hours before 2026-03-04 have 10 values" in here.after(0.5)["odd"].reason


def test_hours_of_a_band_are_those_of_its_zone_or_of_the_schedule(database: Database, tmp_path: Path) -> None:
    alarms = "home: {band: mean(score), of: 1 of 1}, utc: {band: {of: mean(score), timezone: UTC}, of: 1 of 1}"
    here = course(database, tmp_path, alarms, ", timezone: America/New_York")
    zone, found = ZoneInfo("America/New_York"), {}
    for number in range(144):  # to 8 o'clock on 8 March; at 7 clocks went forward there
        local = window(number).start.astimezone(zone)
        here.judge(wobble(number) + local.hour)
    found = {one.name: one.state for one in here.followed().alarms}
    assert found == {"home": OK, "utc": ALARM}


@pytest.mark.parametrize("missing", ["missing", "ignore", "breaching", "not_breaching"])
def test_while_a_band_is_learned_no_policy_for_missing_data_decides(
    database: Database, tmp_path: Path, missing: str
) -> None:
    here = course(database, tmp_path, f"odd: {{band: mean(score), missing: {missing}}}")
    assert [here.after(wobble(number))["odd"].state for number in range(8)] == [INSUFFICIENT] * 8


@pytest.mark.parametrize("kind", ["deploy", "holiday", "outage"])
def test_what_was_told_from_outside_is_not_learned_from(database: Database, tmp_path: Path, kind: str) -> None:
    here = course(database, tmp_path, BAND)
    for number in range(40):
        here.judge(wobble(number) if number < 30 else 9.0)
    assert here.after(9.0)["odd"].state is OK
    here.tell(kind, 30, 39, monitor=None)
    assert here.after(9.0)["odd"].state is ALARM
    here.tell(kind, 0, 25)
    assert "have 4 values to learn from" in here.after(9.0)["odd"].reason


def test_a_band_is_learned_once_a_day_and_anew_where_its_history_has_changed(
    database: Database, tmp_path: Path
) -> None:
    here = course(database, tmp_path, f"{BAND}, more: {{band: {{of: rows}}, of: 1 of 1}}")
    read: list[str] = []
    for number in range(43):
        here.judge(wobble(number))

    def loads() -> int:
        """How often results were read."""
        read.clear()
        with database.read() as connection:
            event.listen(connection, "before_cursor_execute", lambda c, cursor, statement, *_: read.append(statement))
            conditions(connection, here.one, window(here.count - 1), ())
        return sum("result.figures" in statement for statement in read)

    here.judge(wobble(43))
    first, again = loads(), loads()
    assert first > again == 1  # the windows that are judged, and nothing of the weeks before
    here.judge(wobble(44))
    assert loads() == 1
    here.judge_again(10, 0.7)
    assert loads() == first
    here.tell("deploy", 3, 4)
    assert loads() == first


def test_what_is_remembered_changes_nothing(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, BAND)
    for number in range(45):
        here.judge(wobble(number) * (1 + number // 24))
        remembered = here.followed()
    fresh = course(database, tmp_path, BAND)
    fresh.count = here.count
    assert fresh.followed().alarms[0].state is remembered.alarms[0].state
    assert fresh.followed().rows[0].state == remembered.rows[0].state
    assert len(here.one.memory.known) == 1


def test_a_composite_stands_by_how_others_stand(database: Database, tmp_path: Path) -> None:
    alarms = (
        f"both: {{composite: ALARM(low) and ALARM(few)}}, {LOW}, few: {{when: rows < 50, of: 1 of 1, severity: info}}"
    )
    here = course(database, tmp_path, alarms)
    found = here.after(0.1)
    assert [(name, one.state) for name, one in found.items()] == [("both", OK), ("low", ALARM), ("few", OK)]
    assert found["both"].looks_back == 3 * HOUR
    here.judge(0.1, rows=3)
    after = here.followed(["score"])
    stood, both = after.alarms[0], after.firings[0]
    assert (stood.name, stood.state, stood.previous) == ("both", ALARM, OK)
    assert (both.rule, both.about, both.is_output) == ("alarm both", ("score",), True)
    assert both.why == "ALARM(low) and ALARM(few): its condition holds: low is alarm, few is alarm"
    since = here.body("both")["since"]
    here.after(0.1, rows=3)
    assert here.body("both")["since"] == since


def test_an_occasion_counts_where_it_touches_the_window(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, "on: {composite: DURING(deploy)}, off: {composite: not ALARM(on)}")
    here.tell("deploy", 1, 2)
    here.tell("deploy", 4)
    here.tell("holiday", 5)
    here.tell("deploy", 6, 6, monitor="other")
    states = [here.after(0.5) for _ in range(7)]
    assert [found["on"].state is ALARM for found in states] == [False, True, True, False, True, False, False]
    assert [found["off"].state is ALARM for found in states] == [True, False, False, True, False, True, True]
    here.tell("deploy", 7, 7, monitor=None)
    assert here.after(0.5)["on"].state is ALARM


def test_a_composite_of_occasions_alone_tells_nobody_what_somebody_told(database: Database, tmp_path: Path) -> None:
    silent = "on: {composite: DURING(deploy)}, again: {composite: ALARM(on)}"
    here = course(database, tmp_path, f"{silent}, meant: {{composite: ALARM(on) and OK(low)}}, {LOW}")
    here.tell("deploy", 0)
    here.judge(0.5)
    found = here.followed()
    assert [one.state for one in found.alarms] == [ALARM, ALARM, ALARM, OK]
    assert [one.rule for one in found.firings] == ["alarm meant"]


HELD = "low: {when: mean(score) < 0.4, of: 1 of 1, suppressor: deploying}, deploying: {composite: DURING(deploy)}"


def drawn(found: Conditions) -> str:
    """A fires, w withheld, - insufficient data, o none of these."""
    (low,) = (one for one in found.alarms if one.name == "low")
    fires, is_unanswered = (
        any(one.rule == "alarm low" for one in found.firings),
        ("alarm low", None) in found.unanswered,
    )
    assert is_unanswered == (low.is_withheld or low.state is INSUFFICIENT)
    return "A" if fires else "w" if low.is_withheld else "-" if is_unanswered else "o"


def test_what_is_suppressed_is_told_when_the_deploy_is_over(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, HELD)
    here.tell("deploy", 1, 3)
    said, told = "", []
    for score in (0.5, 0.1, 0.1, 0.1, 0.1, 0.1):
        here.judge(score)
        found = here.followed()
        said, told = said + drawn(found), [*told, found.alarms[0]]
    assert said == "owwwAA"
    assert [one.state for one in told] == [OK, *[ALARM] * 5]
    assert [one.previous for one in told] == [INSUFFICIENT, OK, ALARM, ALARM, OK, ALARM]
    assert told[1].reason.endswith("; actions are withheld while 'deploying' is in alarm")
    assert "withheld" not in told[4].reason


def test_an_end_is_withheld_too_and_what_came_and_went_is_no_change(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, HELD)
    here.tell("deploy", 2, 4)
    said, told = "", []
    for score in (0.5, 0.1, 0.1, 0.5, 0.1, 0.1, 0.1):
        here.judge(score)
        found = here.followed()
        said, told = said + drawn(found), [*told, found.alarms[0]]
    # In the deploy it goes on; its end and the next begin are withheld; behind the deploy all is as it was told last.
    assert said == "oAAwwAA"
    assert (told[5].state, told[5].previous) == (ALARM, ALARM)


def test_what_withholds_it_is_kept_with_the_alarm(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, HELD)
    here.tell("deploy", 1, 1)
    here.after(0.5)
    here.after(0.1)
    body = here.body("low")
    assert body["hold"] == {
        "state": "alarm", "told": "ok", "is_due": True, "by": "suppressor", "until": None, "suppressor": "deploying",
    }  # fmt: skip
    assert str(body["reason"]).endswith("actions are withheld while 'deploying' is in alarm")
    assert "hold" not in here.body("deploying")


def test_waiting_and_extension_go_by_the_ends_of_windows(database: Database, tmp_path: Path) -> None:
    periods = "suppressor: {alarm: deploying, wait: 90m, extension: 2h}"
    here = course(database, tmp_path, HELD.replace("suppressor: deploying", periods))
    here.tell("deploy", 4, 4)
    said = ""
    for score in (0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.5, 0.5, 0.5):
        here.judge(score)
        said += drawn(here.followed())
    assert said == "wwowwwwAwwo"


def test_an_alarm_that_stood_before_it_had_a_suppressor_was_told(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, LOW)
    here.after(0.5)
    here.after(0.1)
    here.one = watched(tmp_path, HELD)
    here.tell("deploy", 2, 9)
    here.judge(0.1)
    assert drawn(here.followed()) == "A"  # nothing has changed: what is open stays open
    here.one = watched(tmp_path, LOW)
    here.judge(0.1)
    assert drawn(here.followed()) == "A"
    assert "hold" not in here.body("low")


def test_the_same_window_again_says_the_same(database: Database, tmp_path: Path) -> None:
    here = course(database, tmp_path, f"{HELD}, {BAND}, both: {{composite: ALARM(low) or ALARM(odd)}}")
    here.tell("deploy", 41, 42)
    for number in range(41):
        here.judge(wobble(number))
    for score in (0.5, 0.1, 0.1, 0.1):
        here.judge(score)
        once, twice = here.followed(), here.followed()
        assert (twice.firings, twice.unanswered) == (once.firings, once.unanswered)
        assert [one.state for one in twice.alarms] == [one.state for one in once.alarms]
        assert all(one.previous is one.state for one in twice.alarms)


PERIODS = st.integers(0, 2)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with store(tmp_path_factory.mktemp("shared")) as found:
        yield found


NAMES = count()


@given(
    scores=st.lists(st.booleans(), min_size=1, max_size=8),
    deploys=st.sets(st.integers(0, 7)),
    wait=PERIODS,
    extension=PERIODS,
)
@settings(max_examples=25)
def test_nothing_changes_for_those_who_are_told_during_a_deploy_and_in_the_end_they_know_how_it_stands(
    shared: Database, scores: list[bool], deploys: set[int], wait: int, extension: int
) -> None:
    periods = f"suppressor: {{alarm: deploying, wait: {wait}h, extension: {extension}h}}"
    one = watched(Path(str(shared.place)).parent, HELD.replace("suppressor: deploying", periods))
    here = Course(shared, replace(one, name=f"m{next(NAMES)}"))
    for number in deploys:
        here.tell("deploy", number)
    fires = False
    for number, is_low in enumerate([*scores, *scores[-1:] * 10]):
        here.judge(0.1 if is_low else 0.5)
        found = here.followed()
        assert found.alarms[0].state is (ALARM if is_low else OK)
        sign = drawn(found)
        now = fires if sign == "w" else sign == "A"
        assert now == fires or number not in deploys
        fires = now
    assert fires == scores[-1]
