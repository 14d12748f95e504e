"""What may be chance tells nobody before it goes on."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import FEW, SCORE, STOPPED, WORSE, Life, drift, missing, told

from monitor.incident import Incident, Verdict
from monitor.incidents import Change, Step
from monitor.ladder import Fired, Firing, Key, Rung
from monitor.persistence import persisting, waiting

NOTHING: frozenset[Key] = frozenset()


def crossed(name: str | None = "a", rule: str = "range", **more) -> Firing:
    return Firing(rule=rule, feature=name, rung=Rung.DRIFT, **more)


def counted(*firings: Firing, before: Sequence = (), incidents: Sequence[Incident] = ()) -> list[Firing]:
    return list(persisting(Fired(firings=firings), before, incidents).firings)


class Damped(Life):
    """A monitor whose windows pass through persistence, as the daemon puts them."""

    def __init__(self) -> None:
        super().__init__()
        self.fired: list[frozenset[Key]] = []

    def at(self, number: int, seen: Fired) -> Step:
        before = self.fired[max(0, number - 2) : number]
        self.fired = [*self.fired[:number], frozenset(firing.key for firing in seen.firings)]
        return super().at(number, persisting(seen, before, self.incidents))


FIRES = frozenset([("range", "a"), ("drift", "b")])


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        ([], False),
        ([FIRES], True),
        ([NOTHING, FIRES], True),
        ([FIRES, NOTHING], True),
        ([NOTHING, NOTHING], False),
        ([FIRES, NOTHING, NOTHING], False),
        ([FIRES, FIRES], True),
        ([frozenset([("range", "b"), ("outliers", "a")])], False),
    ],
)
def test_a_rule_without_memory_counts_when_it_fires_in_two_of_the_newest_three_windows(
    before: list[frozenset[Key]], counts: bool
) -> None:
    assert counted(crossed(), before=before) == ([crossed()] if counts else [])


@pytest.mark.parametrize(
    ("firing", "at_once"),
    [
        (crossed(), False),
        (crossed(None, "mine"), False),
        (crossed("a", "baseline_drift_check"), False),
        (SCORE, False),
        (Firing(rule="error_rate", rung=Rung.QUALITY), False),
        (crossed(severity="page"), True),
        (drift("a"), True),
        (crossed("a", "skew"), True),
        (crossed(None, "alarm low", is_asked=True), True),
        (WORSE, True),
        (missing("a"), True),
        (FEW, True),
        (STOPPED, True),
        (Firing(rule="mine", rung=Rung.SCHEMA), True),
    ],
)
def test_broken_data_what_is_damped_and_what_is_to_page_count_at_once(firing: Firing, at_once: bool) -> None:
    assert counted(firing) == ([firing] if at_once else [])
    assert waiting(Fired(firings=(firing,)), ()) == (() if at_once else (firing,))


def test_what_somebody_hears_of_anyway_comes_with_what_it_is_part_of() -> None:
    assert counted(drift("a"), crossed("a"), crossed("b")) == [drift("a"), crossed("a")], "of the same feature"
    assert counted(missing("a"), crossed("a"), SCORE) == [missing("a"), crossed("a"), SCORE], "explained"
    assert counted(missing("a"), crossed("b")) == [missing("a")], "another feature's own affair"
    assert counted(FEW, crossed("b"), crossed(None, "mine")) == [FEW, crossed("b"), crossed(None, "mine")]
    whole = crossed(None, "mine")
    pair = crossed(None, "drift")
    assert counted(drift("a"), pair, whole) == [drift("a"), pair], "of no feature, and not explained"


def test_what_counts_because_it_went_on_brings_along_what_it_explains() -> None:
    error = Firing(rule="error_rate", feature="error", rung=Rung.QUALITY)
    assert counted(crossed(), error) == []
    assert counted(crossed(), error, before=[FIRES]) == [crossed(), error]


def test_what_is_part_of_an_open_incident_counts_and_of_one_that_is_over_does_not() -> None:
    life = Damped()
    life.step(crossed())
    assert told(life.step(crossed())) == [("opened", True)]
    life.step()
    assert counted(crossed(), incidents=life.incidents) == [crossed()]
    assert told(life.step()) == [("resolved", True)]
    assert counted(crossed(), incidents=life.incidents) == []


def test_what_was_called_no_fault_brings_nothing_along() -> None:
    life = Damped()
    life.step(missing("a"))
    life.acknowledge(Verdict.EXPECTED)
    assert counted(missing("a"), SCORE, incidents=life.incidents) == [missing("a")]


def test_order_and_what_could_not_be_told_stay() -> None:
    seen = Fired(firings=(crossed("b"), drift("a"), crossed("a")), unanswered=frozenset([("mine", None)]))
    found = persisting(seen, (), ())
    assert (found.firings, found.unanswered) == ((drift("a"), crossed("a")), seen.unanswered)


def test_one_breach_tells_nobody_and_a_window_that_could_not_answer_is_none() -> None:
    life = Damped()
    assert told(life.step(crossed())) == []
    life.step(unanswered=[("range", "a")])
    assert told(life.step(crossed())) == [("opened", True)]
    assert life.incidents[0].first.start == life.incidents[0].last.start


def test_a_unit_that_changes_is_one_incident_whichever_rule_is_first() -> None:
    tails = [crossed("a"), crossed("a", "outliers")]
    late = Damped()
    steps = [told(late.step(*tails)) for _ in range(2)] + [told(late.step(*tails, drift("a")))]
    assert steps == [[], [("opened", True)], [("grew", False)]]
    early = Damped()
    assert told(early.step(*tails, drift("a"))) == [("opened", True)]
    assert [told(early.step(*tails, drift("a"))) for _ in range(3)] == [[], [], []]
    assert len(late.incidents) == len(early.incidents) == 1


def changes_of(life: Damped, course: Sequence[Sequence[Firing]]) -> list[Change]:
    return [change for firings in course for change in life.step(*firings).changes]


RULES = [crossed(), crossed("a", "mine", severity="page"), missing("a"), STOPPED, FEW, SCORE, crossed(None, "mine")]


@pytest.mark.parametrize("firing", RULES, ids=lambda firing: f"{firing.rule} {firing.severity}")
def test_a_rule_that_crosses_its_limit_every_second_window_for_a_month_is_one_incident_told_once(
    firing: Firing,
) -> None:
    life = Damped()
    changes = changes_of(life, [[firing] if number % 2 else [] for number in range(30 * 24)])
    assert [(change.what, change.tells) for change in changes] == [("opened", True)]
    changes += changes_of(life, [[], [], []])
    assert [change.what for change in changes] == ["opened", "resolved"]


@given(st.lists(st.booleans(), max_size=40), st.sampled_from(RULES))
def test_an_incident_that_opens_has_two_windows_behind_it_and_two_quiet_ones_end_it(
    course: list[bool], firing: Firing
) -> None:
    life = Damped()
    needed = 1 if counted(firing) else 2
    opened: list[int] = []
    for number, fires in enumerate(course):
        for change in life.step(*[firing] if fires else []).changes:
            if change.what == "opened":
                assert sum(course[max(0, number - 2) : number + 1]) >= needed
                opened.append(number)
            if change.what == "resolved":
                assert course[number - 2 : number + 1] == [True, False, False]
    gaps = [later - earlier for earlier, later in pairwise(opened)]
    assert all(gap >= 3 for gap in gaps)


@given(
    st.lists(
        st.lists(
            st.sampled_from([*RULES, drift("a"), drift("b"), WORSE]), max_size=5, unique_by=lambda firing: firing.key
        ),
        max_size=10,
    )
)
def test_nothing_that_goes_on_is_kept_back_for_more_than_a_window(course: list[list[Firing]]) -> None:
    life = Damped()
    for firings in course:
        before = life.fired[-1] if life.fired else NOTHING
        life.step(*firings)
        held = {part.firing.key for one in life.incidents if one.is_open for part in one.parts}
        assert {firing.key for firing in firings} & before <= held
