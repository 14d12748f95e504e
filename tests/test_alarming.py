"""How alarms stand: the documented truth tables, cell by cell, and what must hold of any points."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from alarms import alarm, points, window
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarm import Alarm, Comparison, Judgement, Kept, Missing, Point, State
from monitor.alarming import breaches, judgement
from monitor.document import from_document, to_document

OK, ALARM, INSUFFICIENT, KEEP = State.OK, State.ALARM, State.INSUFFICIENT_DATA, None
TABLE = [  # breaches, windows, points, then what is said with missing, ignore, breaching, not_breaching
    (3, 3, "0 - X - X", OK, OK, OK, OK),
    (3, 3, "0 - - - -", OK, OK, OK, OK),
    (3, 3, "- - - - -", INSUFFICIENT, KEEP, ALARM, OK),
    (3, 3, "0 X X - X", ALARM, ALARM, ALARM, ALARM),
    (3, 3, "- - X - -", ALARM, KEEP, ALARM, OK),
    (2, 3, "0 - X - X", ALARM, ALARM, ALARM, ALARM),
    (2, 3, "0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
    (2, 3, "0 - X - -", OK, OK, ALARM, OK),
    (2, 3, "- - - - 0", OK, OK, ALARM, OK),
    (2, 3, "- - - X -", ALARM, KEEP, ALARM, OK),
]
CELLS = [(*row[:3], missing, row[3 + at]) for row in TABLE for at, missing in enumerate(Missing)]
DRAWINGS = st.text("0X-", max_size=12)
SIZES = st.integers(1, 4).flatmap(lambda windows: st.tuples(st.integers(1, windows), st.just(windows)))
POLICIES, STATES = st.sampled_from(list(Missing)), st.sampled_from(list(State))


def stands(drawing: str, chosen: Alarm, before: State = INSUFFICIENT) -> State:
    return judgement(points(drawing), chosen, Kept(state=before)).state


def one_by_one(drawing: str, chosen: Alarm) -> Iterator[Judgement]:
    """As a daemon judges: after each window, with what was kept of the one before."""
    kept, drawn = Kept(), points(drawing)
    for end in range(1, len(drawn) + 1):
        found = judgement(drawn[:end], chosen, kept)
        kept = found.kept
        yield found


def test_all_forty_cells_are_here() -> None:
    assert len(CELLS) == 40
    assert len(set(CELLS)) == 40


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize(("count", "windows", "drawing", "missing", "told"), CELLS)
def test_a_cell_of_the_documented_tables(
    count: int, windows: int, drawing: str, missing: Missing, told: State | None, before: State
) -> None:
    assert stands(drawing, alarm(count, windows, missing), before) is (told or before)


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("drawing", ["- - - - X", "- - - X -", "- - - X X"])
def test_a_breach_after_missing_windows_waits_for_as_many_windows_as_an_alarm_takes(
    drawing: str, before: State
) -> None:
    assert stands(drawing, alarm(3, 3), before) is before
    assert stands(drawing + "X", alarm(3, 3), before) is (before if drawing == "- - - - X" else ALARM)


def test_a_breach_that_has_left_the_windows_asked_for_leaves_the_state() -> None:
    for before in State:
        assert stands("X - - - -", alarm(3, 3), before) is before
        assert stands("- X - - -", alarm(3, 3), before) is before


@pytest.mark.parametrize(
    ("count", "drawing", "told"),
    [
        (2, "X0X------0", "ioaaaaaiio"),  # by CloudWatch's rule ok after the third window without data: X has left
        (1, "X0X0-----0", "aaaaaaaaio"),
        (3, "XXXX------", "iiaaaaaaii"),
        (2, "0000X-----", "ooooooooo" + "i"),
        (1, "0000X-----", "ooooaaaaa" + "i"),
        (2, "X--------0", "iaaaaiiiio"),
    ],
)
def test_a_stream_that_stops_changes_no_state_until_it_has_left_the_stretch(
    count: int, drawing: str, told: str
) -> None:
    assert "".join(found.state.value[0] for found in one_by_one(drawing, alarm(count, 3))) == told


@pytest.mark.parametrize(("count", "windows", "drawing", "missing", "told"), CELLS)
def test_windows_judged_one_by_one_come_to_what_the_tables_say(
    count: int, windows: int, drawing: str, missing: Missing, told: State | None
) -> None:
    *_, last = one_by_one(drawing, alarm(count, windows, missing))
    assert last.state is (told or INSUFFICIENT)


def test_a_new_alarm_does_not_begin_by_breaching_for_windows_that_were_never_planned() -> None:
    chosen = alarm(2, 3, Missing.BREACHING)
    assert [found.state for found in one_by_one("0---", chosen)] == [OK, OK, ALARM, ALARM]
    assert [found.state for found in one_by_one("---", chosen)] == [INSUFFICIENT, ALARM, ALARM]
    assert judgement((), chosen).state is INSUFFICIENT
    assert judgement((), alarm()).reason == "nothing is new or revised; the state stays insufficient_data"


def test_a_revision_that_takes_a_breach_back_is_judged_whether_it_leaves_a_value_or_none() -> None:
    raised = judgement(points("00X"), alarm(1, 3))
    assert raised.state is ALARM
    for revised in ("000", "00-"):
        found = judgement(points(revised), alarm(1, 3), raised.kept)
        assert (found.state, found.previous, found.has_changed, found.is_new) == (OK, ALARM, True, True)
    assert judgement(points("00X-"), alarm(1, 3), raised.kept).state is ALARM


def test_other_settings_judge_the_same_points_anew() -> None:
    raised = judgement(points("00X"), alarm(1, 3))
    assert judgement(points("00X"), alarm(2, 3), raised.kept).state is OK
    assert judgement(points("00X"), replace(alarm(1, 3), threshold=6.0), raised.kept).state is OK


def test_a_state_set_by_hand_lasts_until_something_new_decides() -> None:
    quiet = judgement(points("000"), alarm())
    by_hand = replace(quiet.kept, state=ALARM)
    again = judgement(points("000"), alarm(), by_hand)
    assert (again.state, again.is_new, again.reason) == (
        ALARM,
        False,
        "nothing is new or revised; the state stays alarm",
    )
    assert again.kept == by_hand
    assert judgement(points("0000"), alarm(), again.kept).state is OK


def test_since_is_the_end_of_the_window_that_brought_the_state() -> None:
    found = list(one_by_one("000XXX00", alarm()))
    ends = [window(number).end for number in range(8)]
    assert [one.kept.since for one in found] == [ends[0]] * 4 + [ends[4]] * 3 + [ends[7]]
    assert [one.kept.judged_to for one in found] == ends
    assert [one.has_changed for one in found] == [True, False, False, False, True, False, False, True]


BAND = (2.0, 4.0)


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        (Comparison.MORE, [3.5, 5.0]),
        (Comparison.AT_LEAST, [3.0, 3.5, 5.0]),
        (Comparison.LESS, [1.0, 2.5]),
        (Comparison.AT_MOST, [1.0, 2.5, 3.0]),
        (Comparison.ABOVE, [5.0]),
        (Comparison.BELOW, [1.0]),
        (Comparison.OUTSIDE, [1.0, 5.0]),
    ],
)
def test_a_comparison_breaches_on_its_side(comparison: Comparison, breaching: list[float]) -> None:
    chosen = Alarm(name="a", comparison=comparison, threshold=None if comparison.asks_for_band else 3.0)
    values = [1.0, 2.5, 3.0, 3.5, 5.0]
    asked = [Point(window=window(0), value=value, limits=BAND) for value in values]
    assert [point.value for point in asked if breaches(point, chosen)] == breaching
    edges = [Point(window=window(0), value=value, limits=BAND) for value in BAND]
    if comparison.asks_for_band:
        assert [breaches(point, chosen) for point in edges] == [False, False]


def test_a_point_without_value_band_or_enough_rows_is_missing() -> None:
    band = Alarm(name="a", comparison=Comparison.OUTSIDE)
    many = alarm(min_samples=100)
    here = window(0)
    assert breaches(Point(window=here, value=None), alarm()) is None
    assert breaches(Point(window=here, value=float("nan")), alarm()) is None
    assert breaches(Point(window=here, value=9.0), band) is None
    assert breaches(Point(window=here, value=9.0, samples=99), many) is None
    assert breaches(Point(window=here, value=9.0), many) is None
    assert breaches(Point(window=here, value=9.0), alarm(min_samples=1)) is None
    assert breaches(Point(window=here, value=9.0, samples=100), many) is True
    assert breaches(Point(window=here, value=9.0), alarm()) is True
    assert breaches(Point(window=here, value=float("inf")), alarm()) is True


def test_windows_of_too_few_rows_are_insufficient_data() -> None:
    few = [replace(point, samples=9) for point in points("XXXXX")]
    found = judgement(few, alarm(min_samples=10))
    assert found.state is INSUFFICIENT
    assert found.reason == "none of the newest 5 windows has data of 10 rows or more; 2 of 3 raise the alarm"


@pytest.mark.parametrize(
    ("drawing", "chosen", "told"),
    [
        ("0XX", alarm(), "2 of 3 windows are > 3 (5, 5); 2 of 3 raise the alarm"),
        ("00X", alarm(), "1 of 3 windows is > 3 (5); 2 of 3 raise the alarm"),
        ("000", alarm(), "0 of 3 windows are > 3; 2 of 3 raise the alarm"),
        ("0----", alarm(), "0 of 1 window is > 3; 2 windows have no data; 2 of 3 raise the alarm"),
        ("0-X--", alarm(), "1 of 2 windows is > 3 (5); 1 window has no data; 2 of 3 raise the alarm"),
        (
            "----X",
            alarm(),
            "1 of 1 window is > 3 (5); 2 windows have no data; 2 of 3 raise the alarm; "
            "that decides nothing, and the state stays insufficient_data",
        ),
        (
            "--X--",
            alarm(3, 3),
            "1 of 1 window is > 3 (5); 2 windows have no data; 3 of 3 raise the alarm; "
            "the first breach is as many windows old, and nothing since is good",
        ),
        (
            "--X--",
            alarm(3, 3, Missing.BREACHING),
            "1 of 1 window is > 3 (5); 2 windows have no data and count as breaches; 3 of 3 raise the alarm",
        ),
        (
            "----X",
            alarm(2, 2, Missing.NOT_BREACHING),
            "1 of 1 window is > 3 (5); 1 window has no data and counts as good; 2 of 2 raise the alarm",
        ),
        (
            "-----",
            alarm(3, 3, Missing.BREACHING),
            "3 windows have no data and count as breaches; 3 of 3 raise the alarm",
        ),
        ("-----", alarm(3, 3), "none of the newest 5 windows has data; 3 of 3 raise the alarm"),
        ("-", alarm(3, 3), "none of the newest 1 window has data; 3 of 3 raise the alarm"),
        ("XXXXX", alarm(5, 5), "5 of 5 windows are > 3 (5, 5, 5, 5, 5); 5 of 5 raise the alarm"),
        ("XXXXXXX", alarm(7, 7), "7 of 7 windows are > 3 (..., 5, 5, 5, 5, 5); 7 of 7 raise the alarm"),
    ],
)
def test_the_reason_says_what_counted_and_what_would_raise_the_alarm(drawing: str, chosen: Alarm, told: str) -> None:
    assert judgement(points(drawing), chosen).reason == told


def test_the_reason_of_a_band_names_the_side() -> None:
    for comparison, side in ((Comparison.ABOVE, "above"), (Comparison.BELOW, "below"), (Comparison.OUTSIDE, "outside")):
        chosen = Alarm(name="a", comparison=comparison, breaches=1, windows=1)
        value = {"above": 5.0, "below": 1.0, "outside": 5.0}[side]
        found = judgement([Point(window=window(0), value=value, limits=BAND)], chosen)
        assert found.reason == f"1 of 1 window is {side} the band ({value:g}); 1 of 1 raise the alarm"


def test_a_judgement_tells_the_points_that_counted_and_survives_being_written_down() -> None:
    five = points("0 - X - -")
    found = judgement(five, alarm(2, 3, Missing.BREACHING))
    assert (found.alarm, found.window, found.counted, found.breaching) == (
        "high",
        window(4),
        (five[0], five[2]),
        (five[2],),
    )
    assert (found.filled, found.is_partial) == (1, True)
    assert judgement(five, alarm(2, 3)).filled == 0
    assert judgement(points("0X0X0X"), alarm()).counted == points("X0X", first=3)
    assert judgement(points("0X0X0X"), alarm()).is_partial is False
    assert from_document(Judgement, to_document(found)) == found
    kept = from_document(Kept, to_document(found.kept))
    assert judgement(five, alarm(2, 3, Missing.BREACHING), kept).is_new is False


def test_windows_out_of_order_or_twice_are_refused() -> None:
    one, two = points("0X")
    for wrong in ((two, one), (one, one)):
        with pytest.raises(ValueError, match=r"each window once, the newest last, would be right"):
            judgement(wrong, alarm())


@given(DRAWINGS, SIZES, POLICIES, STATES)
def test_missing_points_alone_never_raise_an_alarm_unless_they_count_as_breaches(
    drawing: str, size: tuple[int, int], missing: Missing, before: State
) -> None:
    state = stands(drawing.replace("X", "-"), alarm(*size, missing), before)
    assert state is not ALARM or missing is Missing.BREACHING or before is ALARM


@given(DRAWINGS, SIZES, POLICIES, STATES)
def test_more_breaches_never_take_an_alarm_back(
    drawing: str, size: tuple[int, int], missing: Missing, before: State
) -> None:
    chosen = alarm(*size, missing)
    if stands(drawing, chosen, before) is ALARM:
        worse = [drawing[:at] + "X" + drawing[at + 1 :] for at in range(len(drawing))]
        assert {stands(one, chosen, before) for one in worse} <= {ALARM}


@given(DRAWINGS, SIZES, POLICIES, STATES)
def test_the_same_points_never_change_a_state(
    drawing: str, size: tuple[int, int], missing: Missing, before: State
) -> None:
    chosen = alarm(*size, missing)
    first = judgement(points(drawing), chosen, Kept(state=before))
    again = judgement(points(drawing), chosen, first.kept)
    assert (again.state, again.has_changed, again.is_new, again.kept) == (first.state, False, False, first.kept)
    assert stands(drawing, chosen, first.state) is first.state
    assert judgement(points(drawing), chosen, Kept(state=before)) == first


@given(DRAWINGS, SIZES, POLICIES)
def test_points_before_the_stretch_matter_to_nobody(drawing: str, size: tuple[int, int], missing: Missing) -> None:
    chosen = alarm(*size, missing)
    seen = drawing[-chosen.looked_at :]
    assert stands(drawing, chosen) is judgement(points(seen, first=len(drawing) - len(seen)), chosen).state


@given(DRAWINGS.filter(lambda drawing: drawing[-1:] != "-"), POLICIES)
def test_one_of_one_is_what_the_newest_window_says(drawing: str, missing: Missing) -> None:
    expected = {"X": ALARM, "0": OK, "": INSUFFICIENT}[drawing[-1:]]
    assert stands(drawing, alarm(1, 1, missing)) is expected


@given(st.text("0X", min_size=4, max_size=12), SIZES, POLICIES)
def test_with_all_data_it_is_counting(drawing: str, size: tuple[int, int], missing: Missing) -> None:
    many = drawing[-size[1] :].count("X") >= size[0]
    assert stands(drawing, alarm(*size, missing)) is (ALARM if many else OK)


@given(DRAWINGS, st.integers(1, 12), SIZES, st.sampled_from([Missing.MISSING, Missing.IGNORE]))
def test_nothing_recovers_while_no_data_comes(
    drawing: str, silence: int, size: tuple[int, int], missing: Missing
) -> None:
    found = list(one_by_one(drawing + "-" * silence, alarm(*size, missing)))
    changes = [one.state for one in found[len(drawing) :] if one.has_changed]
    assert OK not in changes
