"""Numbers as people write them."""

import math
from datetime import timedelta


def number(value: float) -> str:
    """Four significant digits, no more zeros than needed.

    >>> number(179.41), number(0.000123456), number(1234567.0), number(3.0), number(float("nan"))
    ('179.4', '0.0001235', '1 235 000', '3', 'none')
    """
    if not math.isfinite(value):
        return "none" if math.isnan(value) else str(value)
    if value and abs(value) >= 10000:
        digits = max(0, math.floor(math.log10(abs(value))) - 3)
        return f"{round(value, -digits):,.0f}".replace(",", " ")
    return f"{value:.4g}"


def percent(share: float, *, sign: bool = False) -> str:
    """A share in per cent, two significant digits and at least one decimal below ten.

    >>> percent(0.0496), percent(0.15, sign=True), percent(0.0), percent(1.0), percent(0.00042)
    ('5 %', '+15 %', '0 %', '100 %', '0.042 %')
    """
    value = share * 100
    if not math.isfinite(value):
        return "none"
    text = f"{value:.2g}" if abs(value) < 10 else f"{value:.3g}"
    if "e" in text:
        text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.1g}" if abs(value) >= 1e-4 else "0"
    return f"{'+' if sign and value > 0 else ''}{text} %"


def count(number_of_things: int) -> str:
    """A whole number to its last digit, in groups of three.

    >>> count(7), count(1977), count(1234567)
    ('7', '1 977', '1 234 567')
    """
    return f"{number_of_things:,}".replace(",", " ")


def counted(number_of_things: int, thing: str) -> str:
    """So many of a thing.

    >>> counted(1, "row"), counted(1977, "row")
    ('1 row', '1 977 rows')
    """
    return f"{count(number_of_things)} {thing}{'' if number_of_things == 1 else 's'}"


def deviations(value: float) -> str:
    """A number of the baseline's standard deviations, without its unit.

    >>> deviations(0.5231), deviations(-0.4), deviations(0.0421), deviations(12.34), deviations(0.0)
    ('0.52', '-0.40', '0.042', '12.3', '0')
    """
    size = abs(value)
    if not math.isfinite(value) or size >= 1000 or size == 0:
        return number(value)
    if size < 0.1:
        return f"{value:.2g}" if size >= 1e-4 else "0"
    return f"{value:.2f}" if size < 10 else f"{value:.3g}"


def span(time: timedelta) -> str:
    """A stretch of time in the largest unit that tells it; days where that would be a long number.

    >>> span(timedelta(weeks=52)), span(timedelta(days=1)), span(timedelta(minutes=90)), span(timedelta(days=19.6))
    ('52 weeks', '1 day', '90 minutes', '19.6 days')
    """
    units = {"week": timedelta(weeks=1), "day": timedelta(days=1), "hour": timedelta(hours=1)}
    for unit, one in (*units.items(), ("minute", timedelta(minutes=1))):
        if time and not time % one and time // one < 1000:
            return counted(time // one, unit)
    return f"{number(time / units['day'])} days"


def one_line(text: str, longest: int = 500) -> str:
    """One line that can be printed, whatever a column of a capture is called.

    >>> one_line("fell" + chr(10) + "  by" + chr(7) + "half")
    'fell by?half'
    """
    return "".join(each if each.isprintable() else "?" for each in " ".join(text.split()))[:longest]
