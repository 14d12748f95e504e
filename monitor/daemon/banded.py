"""Bands: what is usual of a number, learned from the windows before the day in which a window starts.

So a window's band follows from the window alone, whenever and however often it is asked for. What was told from outside
(a deploy, a holiday, an outage) is not learned from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Connection

from monitor.config.alarms import AlarmLine
from monitor.config.bands import Band
from monitor.daemon.numbered import Numbers, numbers
from monitor.formula.reach import reach
from monitor.formula.words import Formula, references_of
from monitor.series import Windows
from monitor.store import occasions, queries
from monitor.usual import BOUNDS, LEAST, Usual, learnable, usual
from monitor.window import Window
from monitor.wording import counted, span

State: TypeAlias = tuple[queries.Edition, tuple[Window, ...]]
"""What learning depends on besides the configuration: the results of the time before, and the occasions in it."""
Known: TypeAlias = Mapping[tuple[str, datetime], "Learned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What is usual, None where the `values` that there were to learn from are too few; what it was learned from."""

    usual: Usual | None
    values: int
    state: State


@dataclass(slots=True)
class Memory:
    """What bands the last window asked for, by alarm and day: to load weeks of figures for each window would be slow.
    How long that takes is all that depends on it."""

    known: Known = field(default_factory=dict)


class Bands:
    """The bands of one monitor's alarms, while a window of it is followed."""

    def __init__(
        self,
        connection: Connection,
        monitor: str,
        lines: Mapping[str, AlarmLine],
        *,
        interval: timedelta,
        timezone: str,
        memory: Memory,
    ) -> None:
        self._connection, self._monitor, self._memory = connection, monitor, memory
        self._interval, self._timezone = interval, timezone
        self._asked = {
            name: (line.band, line.formula)
            for name, line in lines.items()
            if line.band is not None and line.formula is not None
        }
        backs = (band.history + reach(formula, interval) for band, formula in self._asked.values())
        self._longest = max(backs, default=timedelta(0))
        self._numbers: dict[datetime, Numbers] = {}
        self._states: dict[datetime, State] = {}
        self._used: dict[tuple[str, datetime], Learned] = {}

    def limits(self, name: str, window: Window) -> tuple[float, float] | None:
        """From where to where the alarm's number is usual in a window; None where that is not known."""
        band, _ = self._asked[name]
        found = self._learned(name, _day(window)).usual
        if found is None:
            return None
        at = found.band(window, band.widths, BOUNDS if band.limits is None else band.limits)
        return at.low, at.high

    def lack(self, name: str, window: Window) -> str:
        """Why nothing is known of what is usual in a window."""
        day, (band, _) = _day(window), self._asked[name]
        values = counted(self._learned(name, day).values, "value")
        return f"the {span(band.history)} before {day:%Y-%m-%d} have {values} to learn from, and {LEAST} are needed"

    def keep(self) -> None:
        """Remember what was asked for, and nothing else."""
        self._memory.known = self._used

    def _learned(self, name: str, day: datetime) -> Learned:
        found = self._used.get((name, day)) or self._memory.known.get((name, day))
        if found is None or found.state != self._state(day):
            found = self._learn(*self._asked[name], day)
        self._used[name, day] = found
        return found

    def _learn(self, band: Band, formula: Formula, day: datetime) -> Learned:
        there, (_, excluded) = self._loaded(day), self._state(day)
        first = day - band.history
        answers = there.answers(formula, after=first - reach(formula, self._interval))
        series = answers.on(Windows.of([one for one in there.windows if one.end > first], self._interval))
        found = usual(series, timezone=band.timezone or self._timezone, excluded=excluded)
        return Learned(usual=found, values=len(learnable(series, excluded)), state=self._state(day))

    def _loaded(self, day: datetime) -> Numbers:
        """What there is before a day, once for all alarms."""
        if day not in self._numbers:
            asked = {one: None for _, formula in self._asked.values() for one in references_of(formula)}
            self._numbers[day] = numbers(
                self._connection,
                self._monitor,
                list(asked),
                after=day - self._longest,
                until=day,
                interval=self._interval,
            )
        return self._numbers[day]

    def _state(self, day: datetime) -> State:
        if day not in self._states:
            first = day - self._longest
            told = occasions.between(self._connection, first, day, self._monitor)
            edition = queries.edition(self._connection, self._monitor, first, day)
            self._states[day] = edition, tuple(one.period for one in told)
        return self._states[day]


def _day(window: Window) -> datetime:
    """Its midnight in UTC."""
    return window.start.replace(hour=0, minute=0, second=0, microsecond=0)
