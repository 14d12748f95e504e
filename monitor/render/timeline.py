"""What a back-test found, for a terminal and for programs."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from monitor.backtesting import Difference, Episode, Timeline
from monitor.policy.plan import Plan
from monitor.render.sentences import SENTENCE
from monitor.render.untrusted import shown
from monitor.wording import counted, number, span

MOST = 40
NAMED = 6
NAME = 40
VERSION = 1
WHY = {
    "too_variable": "wandering too much to be judged",
    "too_few_rows": "too few rows to be judged",
    "no_data": "without any value",
}


def told(name: str, found: Timeline, plan: Plan) -> str:
    """One timeline, in lines to read."""
    return "\n".join([*_head(name, found), *_alarms(found), "", *summary(found, plan)]) + "\n"


def summary(found: Timeline, plan: Plan) -> Iterator[str]:
    """How often, against what is promised; and what was not judged."""
    if found.armed is None:
        yield f"production was not learned: {_missing(found, plan)}"
    else:
        yield f"{rate(found)}; promised are at most {number(plan.at_most)} in {span(plan.per)} while nothing changes"
    for reason in dict.fromkeys(reason for _, reason in found.unjudged):
        names = [name for name, why in found.unjudged if why == reason]
        yield f"{WHY.get(reason, reason)}: {listed(names)}"


def rate(found: Timeline) -> str:
    """How often it fired.

    >>> from datetime import UTC, timedelta
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> rate(Timeline(windows=24, start=at, end=at, quiet=timedelta(days=30), armed=at))
    '0 alarms in 30 days: 0 a month, and below 3 with 95 % confidence'
    """
    days = found.quiet.total_seconds() / 86400
    text = f"{counted(len(found.alarms), 'alarm')} in {number(days)} day{'' if days == 1 else 's'}"
    if found.a_month is None or found.most_a_month is None:
        return f"{text}, which is too short to say how often"
    return f"{text}: {_short(found.a_month)} a month, and below {_short(found.most_a_month)} with 95 % confidence"


def _short(value: float) -> str:
    return number(float(f"{value:.2g}"))


def compared(names: tuple[str, str], found: tuple[Timeline, Timeline], difference: Difference) -> str:
    """Two timelines of the same windows: what both said, and what one of them only."""
    lines = [f"{name}: {rate(one) if one.armed else 'not learned'}" for name, one in zip(names, found, strict=True)]
    entries = [(one.at, f"= {_entry(one)}{_later(one, other)}") for one, other in difference.both]
    entries += [(one.at, f"- {_entry(one)}: {names[0]} only") for one in difference.first]
    entries += [(one.at, f"+ {_entry(one)}: {names[1]} only") for one in difference.second]
    told_lines = [text for _, text in sorted(entries)]
    return "\n".join([*lines, "", *(told_lines or ["no alarm by either"])]) + "\n"


def document(name: str, found: Timeline, plan: Plan) -> dict[str, Any]:
    """One timeline, for programs."""
    return {
        "version": VERSION,
        "monitor": name,
        "windows": found.windows,
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "armed": None if found.armed is None else found.armed.isoformat(),
        "days": found.quiet.total_seconds() / 86400,
        "alarms": [*map(_alarm, found.alarms)],
        "early": [*map(_alarm, found.early)],
        "a_month": found.a_month,
        "most_a_month": found.most_a_month,
        "promised": {"at_most": plan.at_most, "per_days": plan.per.total_seconds() / 86400},
        "learning": [{"at": at.isoformat(), "what": word.what, "why": word.why} for at, word in found.told],
        "skews": list(found.skews),
        "unjudged": [{"feature": feature, "reason": reason} for feature, reason in found.unjudged],
    }


def differing(found: Difference) -> dict[str, Any]:
    """What two timelines differ in, for programs."""
    return {
        "both": [[_episode(one), _episode(other)] for one, other in found.both],
        "first": [*map(_episode, found.first)],
        "second": [*map(_episode, found.second)],
    }


def dumped(content: dict[str, Any]) -> str:
    """As one JSON document."""
    return json.dumps(content, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def listed(names: Sequence[str]) -> str:
    """Names, the first few of many.

    >>> listed(["a", "b"]), listed(list("abcdefgh"))
    ('a, b', 'a, b, c, d, e, f and 2 more')
    """
    text = ", ".join(shown(name, NAME) for name in names[:NAMED])
    return text if len(names) <= NAMED else f"{text} and {len(names) - NAMED} more"


def moment(at: datetime) -> str:
    """A moment, to the minute."""
    return f"{at:%Y-%m-%d %H:%M}Z"


def _head(name: str, found: Timeline) -> Iterator[str]:
    yield f"{name}: {counted(found.windows, 'window')} from {moment(found.start)} to {moment(found.end)}"
    for at, word in found.told:
        feature = "" if word.feature is None else f" {shown(word.feature, NAME)}"
        said = {"armed": "production has been learned", "refused": "learning was refused"}.get(word.what, word.what)
        yield f"  {moment(at)}  {said}{feature}{f': {shown(word.why, SENTENCE)}' if word.why else ''}"
    if found.skews:
        yield f"  other than in the training baseline: {listed(found.skews)}"


def _alarms(found: Timeline) -> Iterator[str]:
    groups = sorted((*found.early, *found.alarms), key=lambda group: group[0].at)
    for group in groups[:MOST]:
        since = min(episode.since or episode.at for episode in group)
        names = listed([episode.feature for episode in group])
        what = "ALARM" if group[0].question == "drift" else "skew "
        channels = ", ".join(dict.fromkeys(episode.channel for episode in group))
        yield f"  {moment(group[0].at)}  {what}  {names}, since {moment(since)} ({channels}{_over(group)})"
    if len(groups) > MOST:
        yield f"  and {len(groups) - MOST} more"


def _over(group: Sequence[Episode]) -> str:
    if group[0].question == "skew":
        return ", while production was learned"
    closed = [episode.closed for episode in group if episode.closed is not None]
    return f"; over by {moment(max(closed))}" if len(closed) == len(group) else "; open at the end"


def _missing(found: Timeline, plan: Plan) -> str:
    if found.windows < plan.learning:
        return f"that takes {counted(plan.learning, 'window')}, and there are {found.windows}"
    return "it changed while it was learned"


def _entry(one: Episode) -> str:
    return f"{moment(one.at)}  {shown(one.feature, NAME)}"


def _later(one: Episode, other: Episode) -> str:
    apart = other.at - one.at
    return "" if not apart else f": {span(abs(apart))} {'later' if other.at > one.at else 'earlier'} by the second"


def _alarm(group: Sequence[Episode]) -> dict[str, Any]:
    return {"at": group[0].at.isoformat(), "features": [*map(_episode, group)]}


def _episode(one: Episode) -> dict[str, Any]:
    return {
        "feature": one.feature,
        "at": one.at.isoformat(),
        "since": None if one.since is None else one.since.isoformat(),
        "closed": None if one.closed is None else one.closed.isoformat(),
        "channel": one.channel,
    }
