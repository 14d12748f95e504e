"""Dated folders: the time that `2026/01/05/09`, `year=2026/month=01/day=05/hour=09` and `dt=2026-01-05` stand for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from monitor.window import Window

PARTS = {"year": r"(\d{4})", "month": r"(\d{2})", "day": r"(\d{2})", "hour": r"(\d{2})"}
FORMS = {
    "plain": tuple(re.compile(digits) for digits in PARTS.values()),
    "named": tuple(re.compile(f"{name}={digits}") for name, digits in PARTS.items()),
}
DAY = 3  # numbers that make a day
WHOLE = re.compile(r"(?:dt|date|day)=(\d{4})-(\d{2})-(\d{2})(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Dated:
    """What the folders down to here say: year, month, day, hour, as far as they have come.

    `form` is how they are written, and has to be kept to; `closed` where folders of other names lie below a day.

    >>> str(Dated().below("2026").below("01").below("05").span.end)
    '2026-01-06 00:00:00+00:00'
    >>> Dated().below("dt=2026-01-05-09") == dated(["captures", "year=2026", "month=01", "day=05", "hour=09"])
    True
    >>> Dated().below("2026").below("13").numbers
    ()
    """

    numbers: tuple[int, ...] = ()
    form: Literal["", "plain", "named", "closed"] = ""

    def below(self, name: str) -> "Dated":
        """The same for a folder of this name below. What is no part of a date ends a beginning, and keeps a day."""
        whole = WHOLE.fullmatch(name)
        if whole is not None:
            return Dated(tuple(int(text) for text in whole.groups() if text is not None), "named")._checked()
        form: Literal["plain", "named"] = "named" if "=" in name else "plain"
        levels, begun = FORMS[form], len(self.numbers)
        if begun < len(levels) and self.form in ("", form):
            found = levels[begun].fullmatch(name)
            further = Dated((*self.numbers, int(found[1])), form)._checked() if found is not None else Dated()
            if further.numbers:
                return further
        year = levels[0].fullmatch(name)
        if year is not None:
            return Dated((int(year[1]),), form)._checked()
        return Dated(self.numbers, "closed") if begun >= DAY else Dated()

    @property
    def span(self) -> Window | None:
        """The month, day or hour; None for less: a folder `2026` alone may be anything."""
        if len(self.numbers) < 2:
            return None
        year, month, day, hour = (*self.numbers, *(1, 0)[len(self.numbers) - 2 :])[:4]
        start = datetime(year, month, day, hour, tzinfo=UTC)
        if len(self.numbers) == 2:
            return Window(start=start, end=(start + timedelta(days=31)).replace(day=1))
        return Window(
            start=start, end=start + timedelta(days=1) if len(self.numbers) == DAY else start + timedelta(hours=1)
        )

    @property
    def hour(self) -> Window | None:
        """The day or hour of the files in this folder; None where it is not known so closely."""
        return self.span if len(self.numbers) >= DAY else None

    def _checked(self) -> "Dated":
        """The same, or nothing where there is no such day; years from 1970 to 2999."""
        try:
            return self if 1970 <= self.numbers[0] < 3000 and (self.span or len(self.numbers) == 1) else Dated()
        except ValueError:
            return Dated()


def dated(folders: Iterable[str]) -> Dated:
    """What the names of folders, one below the other, say."""
    found = Dated()
    for name in folders:
        found = found.below(name)
    return found
