"""Writing: a formula as text, as short as it is read as the same."""

import re
from datetime import timedelta

from monitor.formula.tokens import PLAIN, TIMES
from monitor.formula.words import (
    Absolute,
    Back,
    Both,
    Chain,
    Change,
    Compare,
    Either,
    Fill,
    Formula,
    If,
    Lag,
    Negative,
    Not,
    Number,
    Over,
    Power,
    Rate,
    Reference,
    parts_of,
)  # fmt: skip


def text_of(formula: Formula) -> str:
    """The text that `parsed` reads as this formula.

    >>> text_of(Compare(Reference("mean", "Day Mins"), "<", Over("avg", Reference("rows"), timedelta(hours=36))))
    "mean('Day Mins') < avg(rows, 36h)"
    """
    match formula:
        case Number(value):
            return _number(value)
        case Reference(name, feature):
            return name if feature is None else f"{name}({_feature(feature)})"
        case Either(parts):
            return " or ".join(_bound(part, 1) for part in parts)
        case Both(parts):
            return " and ".join(_bound(part, 2) for part in parts)
        case Not(part):
            return f"not {_bound(part, 2)}"
        case Compare(left, sign, right):
            return f"{_bound(left, 4)} {sign} {_bound(right, 4)}"
        case Chain(first, rest):
            level = _binding(formula) + 1
            return " ".join([_bound(first, level), *(f"{sign} {_bound(part, level)}" for sign, part in rest)])
        case Negative(part):
            return f"-{_bound(part, 6)}"
        case Power(base, exponent):
            return f"{_bound(base, 8)} ^ {_bound(exponent, 6)}"
        case _:
            return _function(formula)


def _function(formula: Formula) -> str:
    """The name, the parts, and what else stands in the brackets."""
    name, words = "", []
    match formula:
        case Absolute():
            name = "abs"
        case If():
            name = "if"
        case Rate():
            name = "rate"
        case Fill(_, by):
            name, words = "fill", [by if isinstance(by, str) else _number(by)]
        case Lag(_, back):
            name, words = "lag", [back_text(back)]
        case Change(_, back):
            name, words = "diff", [back_text(back)]
        case Over(what, _, back, with_now, share):
            name, words = what, [] if share is None else [_number(share)]
            words += [back_text(back), *(["now"] if with_now else [])]
    return f"{name}({', '.join([*map(text_of, parts_of(formula)), *words])})"


def back_text(back: Back) -> str:
    """How far back, in the largest unit that tells it whole.

    >>> back_text(timedelta(minutes=90)), back_text(timedelta(weeks=1)), back_text(24)
    ('90m', '1w', '24')
    """
    if isinstance(back, int):
        return str(back)
    length = back // timedelta(seconds=1)
    return next(f"{length // size}{unit}" for unit, size in TIMES.items() if not length % size)


def _binding(formula: Formula) -> int:
    """How fast it binds; what stands in an operator binds faster than it, or stands in brackets."""
    match formula:
        case Either():
            return 0
        case Both():
            return 1
        case Not():
            return 2
        case Compare():
            return 3
        case Chain(_, rest):
            return 4 if rest[0][0] in ("+", "-") else 5
        case Negative():
            return 6
        case Power():
            return 7
        case _:
            return 8


def _bound(formula: Formula, level: int) -> str:
    return text_of(formula) if _binding(formula) >= level else f"({text_of(formula)})"


def _number(value: float) -> str:
    return re.sub(r"\.0$", "", repr(value))


def _feature(name: str) -> str:
    return name if PLAIN.fullmatch(name) else "'{}'".format(name.replace("'", "''"))
