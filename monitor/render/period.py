"""A period in words: its verdict in a sentence, and what is told of windows, incidents, rules and people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from monitor.finding import Status
from monitor.incident import Incident, State
from monitor.period import Due, Period, Quality, Unanswered, Used, Violations
from monitor.render import evidence, sentences
from monitor.render.sentences import SENTENCE, Line, name, together
from monitor.render.untrusted import shown
from monitor.report import Inputs, Origin, Report, Span
from monitor.window import Window
from monitor.wording import count, counted, percent, span

STATES = {
    "dead": "given up without a verdict",
    "skipped": "left out by the bounds of catch-up",
    "pending": "still to be judged",
    "running": "being judged",
}
MOST_REASONS = 4
FEW = 4
DEEDS = {
    "incident.acknowledged": "incident acknowledged",
    "incident.muted": "incident muted",
    "action.requested": "action asked for",
    "action.refused": "action refused",
    "action.done": "action done",
    "action.failed": "action failed",
    "config.loaded": "configuration loaded",
    "config.not_loaded": "configuration not loaded",
    "windows.backfilled": "windows judged again",
}


def headline(period: Period) -> str:
    """How many windows were due, what became of them, and how much of what was asked could be judged."""
    if not period.due:
        return "No window was due in this time"
    found = [*_verdicts(period)]
    return f"Of {counted(len(period.due), 'window')} due, {together(found)}; {coverage(period)}"


def coverage(period: Period) -> str:
    """How many of the questions that applied were answered."""
    if not period.asked:
        return "nothing was asked"
    share = percent(period.judged / period.asked)
    return f"{count(period.judged)} of {count(period.asked)} findings judged ({share})"


def _verdicts(period: Period) -> Iterator[str]:
    many = period.verdicts
    for status in (Status.VIOLATED, Status.FAILED, Status.UNKNOWN, Status.OK):
        if many.get(status.value):
            why = f" ({reasons(period.unknown)})" if status is Status.UNKNOWN else ""
            yield f"{count(many[status.value])} {status.value.upper()}{why}"
    for state, words in STATES.items():
        if many.get(state):
            whys = Counter(one.reason for one in period.due if one.verdict == state and one.reason)
            yield f"{count(many[state])} {words}{f' ({reasons(whys)})' if whys else ''}"


def reasons(many: Mapping[str, int]) -> str:
    """Reasons with their numbers, the commonest first.

    >>> reasons({"no_data": 2, "too_few_rows": 3})
    'too_few_rows 3, no_data 2'
    """
    ordered = sorted(many.items(), key=lambda one: (-one[1], one[0]))
    told = [f"{name(reason)} {count(number)}" for reason, number in ordered[:MOST_REASONS]]
    more = len(ordered) - MOST_REASONS
    return ", ".join([*told, *([f"{counted(more, 'reason')} more"] if more > 0 else [])])


def stretch(period: Period) -> str:
    """From when to when, and how long that is."""
    between = sentences.span(Span(start=period.start, end=period.end))
    return f"{between} ({span(period.end - period.start)})"


def facts(period: Period) -> list[Line]:
    """Which monitor and time, what was read, by what it was judged, and what is promised."""
    lines = [("monitor", name(period.monitor)), ("windows", f"that end in {stretch(period)}")]
    if empty := gaps(period):
        told = span(sum((gap.length for gap in empty), timedelta(0)))
        lines.append(
            ("no window", f"for {told} of it, the first from {short(empty[0].start)} to {short(empty[0].end)}")
        )
    lines.append(("read", read(period)))
    if late := sum(one.late for one in period.due):
        lines.append(("late", f"{counted(late, 'record')} came after their window was judged"))
    if again := sum(one.revision > 1 for one in period.due):
        lines.append(("judged again", counted(again, "window")))
    lines += [("baseline", _used(period.baselines, "version"))] if period.baselines else []
    lines += [("configuration", _used(period.configs, "configuration"))] if period.configs else []
    return [*lines, *_promise(period)]


def _used(found: Sequence[Used], thing: str) -> str:
    if len(found) == 1:
        return shown(found[0].name or found[0].digest, SENTENCE)
    return f"{counted(len({(one.name, one.digest, one.more) for one in found}), thing)}, see what it was judged by"


def read(period: Period) -> str:
    """Captures and rows, and what was rejected for which reason."""
    rejected = rejects(period)
    text = f"{counted(sum(one.records for one in period.due), 'capture')}, "
    text += counted(sum(one.rows for one in period.due), "row")
    if dropped := sum(one.dropped for one in period.due):
        text += f", {count(dropped)} left out"
    return text + (
        f", {count(sum(rejected.values()))} rejected: {reasons(rejected)}" if rejected else ", none rejected"
    )


def rejects(period: Period) -> Mapping[str, int]:
    """Records that were rejected, by reason."""
    found: Counter[str] = Counter()
    for one in period.due:
        found.update(one.rejected)
    return found


def _promise(period: Period) -> Iterator[Line]:
    """In the words of the last window's report."""
    judged = [one for one in period.due if one.status is not None]
    if period.policy is None or not judged:
        return
    last = judged[-1].window
    report = Report(
        monitor=period.monitor,
        window=Span(start=last.start, end=last.end),
        baseline=Origin(),
        inputs=Inputs(),
        policy=period.policy,
    )
    yield "promise", evidence.promise(report)


def moment(at: datetime) -> str:
    """A day of the week and a time.

    >>> moment(datetime(2026, 1, 6, 9, tzinfo=UTC))
    'Tuesday 2026-01-06 09:00'
    """
    return f"{at.astimezone(UTC):%A %Y-%m-%d %H:%M}"


def short(at: datetime) -> str:
    """A time to the minute.

    >>> short(datetime(2026, 1, 6, 9, tzinfo=UTC))
    '2026-01-06 09:00'
    """
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def since(one: Violations) -> str:
    """When it began: where the move was placed, else the first window that was violated."""
    return moment(one.since or one.first.start)


def until(one: Violations, period: Period) -> str:
    """Whether it is still so; where no window has answered since, that is said."""
    judged = [due.window for due in period.due if due.status is not None]
    if not one.stands:
        return f"last in the window to {short(one.last.end)}"
    if judged and one.last != judged[-1]:
        return f"last in the window to {short(one.last.end)}, not answered since"
    return "still so in the last window"


def often(one: Violations) -> str:
    """In how many windows, of those that could tell.

    >>> from monitor.finding import Finding
    >>> at = Window(start=datetime(2026, 1, 6, tzinfo=UTC), end=datetime(2026, 1, 7, tzinfo=UTC))
    >>> often(Violations(rule="drift", feature="a", windows=6, judged=48, first=at, last=at, worst=Finding(
    ...     status=Status.VIOLATED), at=at, stands=True))
    '6 of 48 windows'
    """
    return f"{count(one.windows)} of {counted(max(one.judged, one.windows), 'window')}"


def life(incident: Incident, now: datetime) -> str:
    """Where it was in its life at the end: open or over, how long, who answered."""
    state = incident.state(now)
    began, last = incident.first.start, incident.last.end
    if state is State.RESOLVED and incident.resolved is not None:
        text = f"over; fired from {short(began)} to {short(last)} ({span(_whole(last - began))})"
    else:
        text = f"open since {moment(began)} ({span(_whole(last - began))} by the last window)"
    if state is State.MUTED and incident.mute is not None:
        text += f"; muted until {short(incident.mute.until)}"
    return text


def _whole(time: timedelta) -> timedelta:
    return timedelta(minutes=round(time / timedelta(minutes=1)))


def answered(incident: Incident) -> str:
    """What somebody said that it was."""
    said, mute = incident.acknowledged, incident.mute
    parts = []
    if said is not None:
        why = f": {shown(said.why, SENTENCE)}" if said.why else ""
        parts.append(f"acknowledged as {said.verdict} by {name(said.who)} on {short(said.at)}{why}")
    if mute is not None:
        parts.append(f"muted until {short(mute.until)} by {name(mute.who)}: {shown(mute.why, SENTENCE)}")
    return "; ".join(parts) or "nobody answered"


def about(incident: Incident) -> str:
    """The features that it is about, the first few of many."""
    return named(incident.features) or "the window as a whole"


def named(names: Sequence[str]) -> str:
    """The first few of many, and how many more.

    >>> named(["a", "b"]), named([*"abcdef"])
    ('a and b', 'a, b, c, d and 2 more')
    """
    few, left = [name(one) for one in names[:FEW]], len(names) - FEW
    return together([*few, *([f"{count(left)} more"] if left > 0 else [])])


def unanswered(one: Unanswered) -> tuple[str, str, str, str]:
    """What could not be judged: what that means, whose, by which rules, in how many windows."""
    told = sentences.what(one.latest)
    return told, named(one.features) or "the window as a whole", named(one.rules), counted(one.windows, "window")


def quality(one: Quality) -> str:
    """How often a metric was what, in words."""
    order = (Status.VIOLATED, Status.FAILED, Status.UNKNOWN, Status.OK)
    return ", ".join(f"{count(one.windows[s])} {s.value.upper()}" for s in order if one.windows.get(s))


def not_judged(period: Period) -> list[tuple[Window, str]]:
    """Windows without a verdict, each with why, and stretches of time that no window covers, in order."""
    found = [(one.window, _why(one)) for one in period.due if one.status is None]
    return sorted([*found, *((gap, "no window was due") for gap in gaps(period))], key=lambda one: one[0].start)


def gaps(period: Period) -> list[Window]:
    """Time that no window covers, where a window could have lain."""
    if not period.due:
        return []
    windows, found, at = [one.window for one in period.due], list[Window](), period.start
    for window in windows:
        if window.start > at and (at > period.start or window.start - at >= window.length):
            found.append(Window(start=at, end=window.start))
        at = max(at, window.end)
    return [*found, *([Window(start=at, end=period.end)] if period.end - at >= windows[-1].length else [])]


def _why(one: Due) -> str:
    told = [STATES.get(one.state, one.state), *(shown(text, SENTENCE) for text in (one.reason, one.why) if text)]
    return ": ".join(told)


def changes(found: Sequence[Used]) -> list[tuple[datetime, str]]:
    """When something else was judged by than before, and what it then was."""
    return [(one.first.start, one.name or one.digest) for one in found[1:]]


def deed(kind: str) -> str:
    """What somebody did, in words."""
    return DEEDS.get(kind, kind)
