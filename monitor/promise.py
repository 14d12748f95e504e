"""What a configuration promises about false alarms, and what learning takes, as lines to read."""

import math
from collections.abc import Iterable, Iterator
from datetime import timedelta

import numpy as np

from monitor import configured
from monitor.builtin.drift import drift
from monitor.config.checks import checks_by
from monitor.config.grammar import Monitor
from monitor.policy.layout import Layout
from monitor.policy.plan import Plan
from monitor.schedule import YEAR, Once
from monitor.stats.enough import rows_for
from monitor.stats.rosetta import in_words
from monitor.wording import count, counted, number, span

CELLS = 12
"""Of a feature of numbers."""
WHILE = "to be expected while traffic wanders as learned"
NOTHING = Layout(
    features=(),
    owner=np.zeros(0, dtype=np.int64),
    outputs=np.zeros(0, dtype=np.bool_),
    counts=np.zeros(0, dtype=np.int64),
    totals=np.zeros(0, dtype=np.int64),
    effect=np.zeros(0),
    places=(),
)
"""Of a baseline that nobody has looked at: what is promised does not depend on it."""


def lines(monitor: Monitor) -> Iterator[str]:
    """What is promised of one monitor."""
    if (plan := followed(monitor)) is None:
        yield "drift is not followed over time: " + (
            "there is one window only" if isinstance(monitor.schedule.timetable.ends, Once) else "no check asks for it"
        )
        return
    yield f"at most {rate(plan.at_most, plan.per)}{_bound(monitor, plan)}; {learning(plan)}"
    yield f"tolerance {in_words(plan.tolerance)}"
    if (least := rows_for(plan.tolerance, "rows", CELLS, math.inf)) is not None:
        yield f"in one window alone chance passes that below {count(least)} rows; evidence adds up over windows"
    for check in checks_by(monitor, drift.__rule__):  # type: ignore[attr-defined]
        if check.options.get("tolerance", plan.tolerance) != plan.tolerance:
            yield f"tolerance of {', '.join(check.features)}: {in_words(check.options['tolerance'])}"
    if monitor.shadow:
        yield "in shadow: judged, and nothing is done"


def in_all(monitors: Iterable[Monitor]) -> str:
    """What all monitors together promise; empty where there is nothing to add up."""
    plans = [plan for monitor in monitors if monitor.enabled and (plan := followed(monitor)) is not None]
    if not plans:
        return ""
    expected = sum(plan.at_most * (YEAR / plan.per) for plan in plans)
    verb = "is" if expected <= 1 else "are"
    return f"{counted(len(plans), 'monitor')}: at most {_alarms(expected)} a year {verb} {WHILE}"


def followed(monitor: Monitor) -> Plan | None:
    """What is planned for it, None where drift is not followed over time."""
    is_asked = any(check.enabled for check in checks_by(monitor, drift.__rule__))  # type: ignore[attr-defined]
    if not is_asked or isinstance(monitor.schedule.timetable.ends, Once):
        return None
    return configured.plan(monitor, NOTHING)


def rate(at_most: float, per: timedelta) -> str:
    """So many false alarms in such a time.

    >>> rate(1.0, timedelta(weeks=52)), rate(0.25, timedelta(weeks=4))
    ('1 false alarm in 52 weeks', '0.25 false alarms in 4 weeks')
    """
    return f"{_alarms(at_most)} in {span(per)}"


def learning(plan: Plan) -> str:
    """How long it learns."""
    windows = counted(plan.learning, "window")
    if plan.learning == plan.learn_at_least and plan.learning * plan.interval > plan.learn_for:
        return f"learns for {windows}, which are {span(plan.learning * plan.interval)}"
    return f"learns for {span(plan.learn_for)}, {windows}"


def _alarms(count: float) -> str:
    return f"{number(count)} false alarm{'' if count == 1 else 's'}"


def _bound(monitor: Monitor, plan: Plan) -> str:
    if plan.at_most >= monitor.at_most:
        return ""
    return f" (not {number(monitor.at_most)}: more than one in {configured.FEWEST_QUIET} windows would tell nothing)"
