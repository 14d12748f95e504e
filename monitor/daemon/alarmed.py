"""How the configured alarms of a monitor stand after a window: first those on numbers, then those on other alarms."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from monitor.alarm import Kept, Point
from monitor.alarming import judgement
from monitor.composite import all_combined
from monitor.config.alarms import AlarmLine
from monitor.daemon.banded import Bands
from monitor.daemon.numbered import Numbers, numbers
from monitor.daemon.watched import Watched
from monitor.formula.reach import reach
from monitor.formula.words import Formula, references_of
from monitor.store import occasions
from monitor.window import Window
from monitor.wording import number

NONE = timedelta(0)
NO_FEATURES = ("violations", "quality")
"""Numbers that stand with a rule or a metric in brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarmed:
    """How an alarm stands before anything withholds it; `before` is what was kept of it.

    `why` is told where it fires, `about` are the features whose numbers it rests on. `is_told`: there is something to
    tell of it; a composite that asks for occasions alone says what somebody has told already.
    """

    before: Kept
    kept: Kept
    reason: str
    why: str
    about: tuple[str, ...]
    looks_back: timedelta
    is_told: bool = True


def alarmed(connection: Connection, one: Watched, window: Window, before: Mapping[str, Kept]) -> dict[str, Alarmed]:
    """Every alarm of the monitor after this window, its newest, by name in the order of the configuration."""
    lines, interval = one.monitor.alarms, one.schedule.usual_interval
    asked = [_OnNumbers(name, line, line.formula, interval) for name, line in lines.items() if line.formula is not None]
    references = dict.fromkeys(about for each in asked for about in references_of(each.formula))
    after = window.end - max((each.looks_back for each in asked), default=NONE) - interval
    there = numbers(connection, one.name, list(references), after=after, until=window.end, interval=interval)
    bands = Bands(
        connection,
        one.name,
        lines,
        interval=interval,
        timezone=one.monitor.schedule.timezone,
        memory=one.memory,
    )
    found = {each.name: each.judged(there, bands, window, before.get(each.name, Kept())) for each in asked}
    bands.keep()
    if len(found) < len(lines):
        found |= _combined(lines, found, _kinds(connection, one, window), window, before)
    return {name: found[name] for name in lines}


@dataclass(frozen=True, slots=True)
class _OnNumbers:
    """An alarm on a condition, or on a number and what is usual of it."""

    name: str
    line: AlarmLine
    formula: Formula
    interval: timedelta

    @property
    def looks_back(self) -> timedelta:
        """How far back the windows lie that it looks at; what a band has learned from is not in this."""
        return reach(self.formula, self.interval) + self.line.alarm(self.name).looked_at * self.interval

    def judged(self, there: Numbers, bands: Bands, window: Window, before: Kept) -> Alarmed:
        alarm = self.line.alarm(self.name)
        newest = slice(-alarm.looked_at, None)
        values = there.answers(self.formula).values[newest]
        points = [
            Point(window=each, value=float(value), limits=self._limits(bands, each))
            for each, value in zip(there.windows[newest], values, strict=True)
        ]
        if self.line.band is not None:  # before there is a band, no window is one without data
            points = [point for point in points if point.limits is not None]
        found = judgement(points, alarm, before)
        usual = tuple(self._usual(points, bands, window))
        return Alarmed(
            before=before,
            kept=found.kept,
            reason="; ".join([found.reason, *usual]),
            why=f"{self.line.text} ({'; '.join([f'{self.line.of} windows', *usual])})",
            about=_features(self.formula),
            looks_back=self.looks_back,
        )

    def _limits(self, bands: Bands, window: Window) -> tuple[float, float] | None:
        return None if self.line.band is None else bands.limits(self.name, window)

    def _usual(self, points: Sequence[Point], bands: Bands, window: Window) -> Iterator[str]:
        """What is said of the window's band."""
        if self.line.band is None:
            return
        if not points or points[-1].window != window or points[-1].limits is None:
            yield bands.lack(self.name, window)
            return
        low, high = points[-1].limits
        yield f"the last was {number(points[-1].value or 0.0)}, where {number(low)} to {number(high)} is usual"


def _combined(
    lines: Mapping[str, AlarmLine],
    found: Mapping[str, Alarmed],
    kinds: Collection[str],
    window: Window,
    before: Mapping[str, Kept],
) -> dict[str, Alarmed]:
    """The composites; those first that others ask for."""
    composites = {name: line.combination for name, line in lines.items() if line.combination is not None}
    known = dict(found)
    states = {name: one.kept.state for name, one in found.items()}
    for name, one in all_combined(composites, states, kinds).items():
        was, children = before.get(name, Kept()), [known[child] for child in one.children]
        since = was.since if one.state is was.state else None
        known[name] = Alarmed(
            before=was,
            kept=Kept(state=one.state, since=since or window.end, judged_to=window.end),
            reason=one.reason,
            why=f"{lines[name].text}: {one.reason}",
            about=tuple(dict.fromkeys(feature for child in children for feature in child.about)),
            looks_back=max((child.looks_back for child in children), default=NONE),
            is_told=any(child.is_told for child in children),
        )
    return {name: known[name] for name in composites}


def _kinds(connection: Connection, one: Watched, window: Window) -> frozenset[str]:
    """The kinds of what was told that touches the window."""
    told = occasions.between(connection, window.start, window.end, one.name)
    return frozenset(each.kind for each in told if each.period.end > window.start)


def _features(formula: Formula) -> tuple[str, ...]:
    found = (one.feature for one in references_of(formula) if one.name not in NO_FEATURES)
    return tuple(dict.fromkeys(name for name in found if name is not None))
