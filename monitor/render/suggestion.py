"""What is suggested for a monitor: the YAML to paste, and why it says so."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import yaml

from monitor.render.timeline import NAME, WHY, listed, moment, rate
from monitor.render.untrusted import shown
from monitor.suggesting import Suggestion
from monitor.wording import counted, percent, span

DAY = timedelta(days=1)
USUAL = 14
"""Windows that are learned from at least, where nothing else is said."""


def yaml_text(
    found: Suggestion, checks: Sequence[Any] = ("driftd",), said: Mapping[str, Any] = MappingProxyType({})
) -> str:
    """`checks` (those there are, and what is added) and `alarm` of the monitor (what is `said` there already, and what
    is changed); what is to be expected in a comment."""
    plan, checks = found.plan, list(checks)
    for tolerance in sorted({one.tolerance for one in found.widened}):
        names = [one.feature for one in found.widened if one.tolerance == tolerance]
        checks.append({"rule": "drift", "features": names, "tolerance": _share(tolerance)})
    learn = {"for": _duration(plan.learn_for)}
    if plan.learn_at_least < USUAL:  # so few were tried, and would not do by default
        learn["at_least"] = counted(plan.learn_at_least, "window")
    alarm: dict[str, Any] = {**said, "tolerance": _share(plan.tolerance), "learn": learn}
    if plan.layout.outputs.any():
        outputs = [name for name, is_output in zip(plan.layout.features, plan.layout.outputs, strict=True) if is_output]
        alarm["weights"] = {
            **said.get("weights", {}),
            "outputs": _share(round(sum(plan.weights.get(name, 0.0) for name in outputs), 6)),
        }
    text: str = yaml.safe_dump({"checks": checks, "alarm": alarm}, sort_keys=False, allow_unicode=True, width=110)
    return f"# to be expected: {rate(found.found)}\n{text}"


def reasons(name: str, found: Suggestion) -> Iterator[str]:
    """What was learned from, what came of it, and what was changed for it."""
    seen, plan = found.found, found.plan
    yield f"{name}: {counted(seen.windows, 'window')} from {moment(seen.start)} to {moment(seen.end)}"
    if seen.armed is None:
        yield "production changed while it was learned, so nothing could be tried: wait for quieter weeks"
    else:
        yield f"learned from until {moment(seen.armed)}; the rest replayed: {rate(seen)}"
    for at, word in seen.told:
        if word.what == "refused":
            yield f"{moment(at)}: learning began again, {shown(word.feature or '', NAME)} had changed"
    for one in found.widened:
        yield (
            f"{shown(one.feature, NAME)}: its tolerance is {percent(one.tolerance)}, not {percent(plan.tolerance)}: "
            f"{counted(one.before, 'alarm')} came and went, {one.after} would; leave it if they were good to know"
        )
    if found.restless:
        yield f"alarms came and went at every tolerance tried, which was left as it is: {listed(found.restless)}"
    if found.moved:
        yield f"moved, and not back at the end; look at them, they are no reason for a wider one: {listed(found.moved)}"
    for reason in dict.fromkeys(reason for _, reason in seen.unjudged):
        names = [feature for feature, why in seen.unjudged if why == reason]
        yield f"{WHY.get(reason, reason)}: {listed(names)}"
    if not found.widened:
        yield f"tolerance {percent(plan.tolerance)} is kept; learning takes {span(plan.learn_for)}, as was tried"


def _duration(time: timedelta) -> str:
    """In the largest unit that it has one of.

    >>> _duration(timedelta(days=4, hours=4)), _duration(timedelta(hours=8))
    ('4d', '8h')
    """
    units = {"d": DAY, "h": timedelta(hours=1), "m": timedelta(minutes=1)}
    return next((f"{time // unit}{name}" for name, unit in units.items() if time >= unit), "1m")


def _share(value: float) -> str:
    return f"{value * 100:g}%"
