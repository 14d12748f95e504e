"""Remarks: what is odd about a formula. It is no mistake and can be answered, but hardly says what was meant."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.formula.reach import reach
from monitor.formula.stretches import usually
from monitor.formula.words import Back, Change, Fill, Formula, Lag, Over, parts_of, references_of
from monitor.formula.writing import text_of
from monitor.wording import span


def remarks(formula: Formula, interval: timedelta, kept: timedelta | None = None) -> tuple[str, ...]:
    """What is to be said of it, each once, in the order of its text; nothing is the rule.

    `interval` is how far apart windows usually end, `kept` for how long they are kept (None: for good).
    """
    found = [*_alone(formula), *_short(formula, interval), *_pinned(formula)]
    back = reach(formula, interval)
    if kept is not None and back > kept:
        found.append(
            f"`{text_of(formula)}` looks back {span(back)}, and windows are kept for {span(kept)}; "
            "looking back less far, or a longer retention would be right"
        )
    return tuple(dict.fromkeys(found))


def _alone(formula: Formula) -> Iterator[str]:
    if not references_of(formula):
        yield f"`{text_of(formula)}` asks for no series, so it is the same in every window; a series would be right"


def _short(formula: Formula, interval: timedelta) -> Iterator[str]:
    """Stretches in which no window lies, or too few."""
    back: Back | None = None
    least = 1
    match formula:
        case Over(what, _, given):
            back, least = given, 2 if what == "std" else 1
        case Lag(_, given) | Change(_, given):
            back = given
    if back is not None and usually(back, interval) < least:
        right = span(least * interval) if isinstance(back, timedelta) else f"{least}"
        why = "needs two windows" if least == 2 else f"is shorter than a window ({span(interval)})"
        never = "is always 0" if isinstance(formula, Over) and formula.what == "count" else "never has a value"
        yield f"`{text_of(formula)}` {why} and {never}; {right} or more would be right"
    for part in parts_of(formula):
        yield from _short(part, interval)


def _pinned(formula: Formula) -> Iterator[str]:
    """Fills that reach the newest window; behind a lag, or in a function that leaves that window out, they do not."""
    if isinstance(formula, Lag) or (isinstance(formula, Over) and not formula.with_now):
        return
    if isinstance(formula, Fill) and formula.by != "linear":
        yield (
            f"`{text_of(formula)}` fills the newest window too: while data is missing, the answer stays as that says; "
            "to let the alarm's policy for missing data decide, or to fill inside a function of the windows before, "
            "such as avg(fill(x, 0), 1d), would be right"
        )
    for part in parts_of(formula):
        yield from _pinned(part)
