"""Tests of the rules, for `promtool test rules`: each alert fires, is silent, and goes when its series go stale.

Monitors are broken by turns, every other one, so that a rule that looks at another monitor than its own is seen.
Every look costs an evaluation of all rules, so there are few: at the first no alert has waited yet, until the second
the longest `for` of all has passed, at the third all series are stale.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from monitor.alerting.alert import Alert, spelled
from monitor.alerting.generic import NAME, TRIALS
from monitor.alerting.promql import series
from monitor.alerting.rules import alerts
from monitor.alerting.shipped import INFO, SHARED
from monitor.alerting.subject import Subject
from monitor.alerting.worlds import LEADER, World, values

HOUR = timedelta(hours=1)
SHORTEST = timedelta(hours=8)
"""More than the longest look back of an expression, which is six hours."""
EVERY, FIRED = timedelta(minutes=30), 2
"""Of alerts that are the same for all monitors: how far apart values lie, and the look at which all fire."""


def document(subjects: Sequence[Subject], rules: Mapping[str, Any], *, file: str, runbooks: str) -> dict[str, Any]:
    """The tests of rules, which stand in a file with this name; `runbooks` is the address that alerts link to."""
    own = {subject.name: list(alerts(subject)) for subject in subjects}
    waits = [alert.wait for found in own.values() for alert in found]
    step = max([SHORTEST, *(-(-wait // HOUR) * HOUR for wait in waits)])
    work = _Writing(subjects=subjects, own=own, step=step, runbooks=runbooks)
    tests = [*work.of_all_monitors(rules), *(work.of_each() if subjects else ())]
    return {"rule_files": [file], "evaluation_interval": spelled(step), "tests": tests}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    subjects: Sequence[Subject]
    own: Mapping[str, Sequence[Alert]]
    step: timedelta
    runbooks: str

    def of_each(self) -> Iterator[dict[str, Any]]:
        """Of the alerts of single monitors."""

        def turn(number: int) -> Callable[[int], World]:
            return lambda place: "broken" if place % 2 == number else "fine"

        named = "broken monitors raise their alerts, the others none, and all is over when series go stale"
        yield self._own(f"the first, the third and so on: {named}", turn(0))
        yield self._own(f"the second, the fourth and so on: {named}", turn(1))
        yield self._own("monitors that were never judged, and show no features", lambda _: "bare")

    def _own(self, name: str, world_of: Callable[[int], World]) -> dict[str, Any]:
        worlds = {subject.name: world_of(place) for place, subject in enumerate(self.subjects)}
        seconds = int(self.step.total_seconds())
        found = [pair for one in self.subjects for pair in values(one, worlds[one.name], seconds)]
        rows = [(series("driftd_leader", LEADER), "1+0"), *found]
        every = [alert for alerts in self.own.values() for alert in alerts]
        waiting = {alert.name for alert in every if alert.wait}
        looks: Mapping[int, Sequence[Alert]] = {0: (), 1: every, 2: ()}
        cases = [
            _case(
                name,
                look * self.step,
                [told for alert in firing if alert.name == name for told in self._in(alert, worlds)],
            )
            for name in sorted({alert.name for alert in every})
            for look, firing in looks.items()
            if look or name in waiting
        ]
        shown = [{"series": row, "values": f"{value}x1 stale"} for row, value in rows]
        return {"name": name, "interval": spelled(self.step), "input_series": shown, "alert_rule_test": cases}

    def _in(self, alert: Alert, worlds: Mapping[str, World]) -> Iterator[dict[str, Any]]:
        world = worlds[alert.labels["monitor"]]
        annotations = alert.rule(self.runbooks)["annotations"]
        for told in {"broken": alert.broken, "bare": alert.bare, "fine": ()}[world]:
            labels = {"severity": alert.severity, **LEADER, **alert.labels, **told.labels}
            yield _expected(labels, annotations, told.description)

    def of_all_monitors(self, rules: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Of alerts that are the same for all monitors, tried with the first; those on driftd itself are as shipped."""
        (group,) = [group for group in rules["groups"] if group["name"] == SHARED]
        for is_quiet in (False, True):
            yield self._shared({rule["alert"]: rule for rule in group["rules"]}, is_quiet=is_quiet)

    def _shared(self, rules: Mapping[str, Any], *, is_quiet: bool) -> dict[str, Any]:
        name, labels = (self.subjects[0].name, self.subjects[0].labels) if self.subjects else ("any", {})
        at, count = FIRED * self.step, FIRED * self.step // EVERY
        about = {**LEADER, "monitor": name}
        rows = {series("driftd_leader", LEADER): f"1+0x{count}", series(INFO, {**about, **labels}): f"1+0x{count}"}
        cases = []
        for alert, rule in rules.items():
            trial = TRIALS[alert]
            tried = {**LEADER, "monitor": trial.monitor.replace(NAME, name)}
            for metric, more, fires, quiet in trial.series:
                rows[series(metric, {**tried, **more})] = (quiet if is_quiet else fires).replace("{n}", str(count))
            own = labels if trial.has_own_labels else {}
            found = {**rule["labels"], **tried, **own, **trial.labels}
            told = _expected(found, rule["annotations"], trial.description.replace(NAME, tried["monitor"]))
            cases += [_case(alert, at, [] if is_quiet else [told]), _case(alert, at + self.step, [])]
        shown = [{"series": row, "values": f"{values} stale"} for row, values in rows.items()]
        named = "all is well" if is_quiet else "each fires, and is over when its series go stale"
        name = f"alerts that are the same for all monitors: {named}"
        return {"name": name, "interval": spelled(EVERY), "input_series": shown, "alert_rule_test": cases}


def _case(name: str, at: timedelta, expected: Sequence[Any]) -> dict[str, Any]:
    return {"alertname": name, "eval_time": spelled(at) if at else "0s", "exp_alerts": list(expected)}


def _expected(labels: Mapping[str, str], annotations: Mapping[str, str], description: str) -> dict[str, Any]:
    return {"exp_labels": dict(labels), "exp_annotations": {**annotations, "description": description}}
