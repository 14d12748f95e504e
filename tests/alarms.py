"""Alarms to test with: points from a drawing (0 good, X a breach, - no data; the newest right), any composites."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from monitor.alarm import Alarm, Comparison, Missing, Point, State
from monitor.composite import Both, Composite, Constant, During, Either, Not, Stands
from monitor.window import Window

HOUR, FIRST = timedelta(hours=1), datetime(2026, 3, 1, tzinfo=UTC)
VALUES = {"0": 1.0, "X": 5.0, "-": None}


def window(number: int) -> Window:
    """The hour of this number."""
    return Window(start=FIRST + number * HOUR, end=FIRST + (number + 1) * HOUR)


def points(drawing: str, first: int = 0) -> tuple[Point, ...]:
    """A point for each sign; `first` is the number of the first one's hour."""
    signs = drawing.replace(" ", "")
    return tuple(Point(window=window(first + at), value=VALUES[sign]) for at, sign in enumerate(signs))


def alarm(breaches: int = 2, windows: int = 3, missing: Missing = Missing.MISSING, min_samples: int = 0) -> Alarm:
    """Raised by values above 3."""
    return Alarm(
        name="high",
        comparison=Comparison.MORE,
        threshold=3.0,
        breaches=breaches,
        windows=windows,
        missing=missing,
        min_samples=min_samples,
    )


NAMES = ["a", "b", "c"]
KINDS = ["deploy", "bank holiday"]
LEAVES = st.one_of(
    st.builds(Stands, st.sampled_from(NAMES), st.sampled_from(list(State))),
    st.builds(During, st.sampled_from(KINDS)),
    st.builds(Constant, st.booleans()),
)
TREES: st.SearchStrategy[Composite] = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.builds(Not, part),
        st.builds(lambda parts: Both(tuple(parts)), st.lists(part, min_size=2, max_size=3)),
        st.builds(lambda parts: Either(tuple(parts)), st.lists(part, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)
