"""Alerts on what was found in the last closed window.

There is no `for`: these values change once a window, and how much evidence a verdict takes is the daemon's business.
"""

from collections.abc import Iterator

from monitor.alerting.alert import LEADS, Alert, Told, indented, joined, of
from monitor.alerting.layers import matchers, samples
from monitor.alerting.promql import one_of
from monitor.alerting.rungs import RUNGS, rung_of
from monitor.alerting.subject import LEVELS, Subject
from monitor.figures import DRIFT_RULES

VIOLATIONS = 2
"""Of each rule, in a trial."""


def alerts(subject: Subject) -> Iterator[Alert]:
    """Drift by severity, then violations by rung and severity."""
    tried = samples(subject)
    for severity, parts in matchers(subject).items():
        yield _drift(subject, severity, parts, [name for name, level in tried.items() if level == severity])
    for rung in RUNGS:
        for severity in LEVELS.values():
            rules = sorted(r for r, s in subject.rules.items() if s == severity and rung_of(r) == rung)
            if rules:
                yield _violation(subject, severity, rung, rules)


def _acts(subject: Subject) -> str:
    """A monitor that judges without acting raises no alert on what it found."""
    return f"{LEADS}\nunless on (job, instance, monitor) {of(subject.name, 'driftd_monitor_shadow')} == 1"


def _drift(subject: Subject, severity: str, parts: list[str], tried: list[str]) -> Alert:
    begin = "Feature {} has drifted in the last window of monitor {}."
    drifted = joined([f"{of(subject.name, 'driftd_feature_drifted', part)} == 1" for part in parts])
    return Alert(
        name="DriftdFeatureDrift",
        expr=f"(\n{indented(drifted)}\n)\n{_acts(subject)}",
        severity=severity,
        labels={**subject.names, "rung": "drift"},
        summary="A feature of a model has drifted.",
        description=begin.format("{{ $labels.feature }}", "{{ $labels.monitor }}"),
        broken=tuple(
            Told(labels={"feature": name}, description=begin.format(name, subject.name)) for name in sorted(tried)
        ),
    )


def _violation(subject: Subject, severity: str, rung: str, rules: list[str]) -> Alert:
    """Drift is told by feature where it can be: this tells of pairs of features, and of features without a series."""
    begin = "Rule {} has {} violations in the last window of monitor {}."
    others, of_drift = [r for r in rules if r not in DRIFT_RULES], [r for r in rules if r in DRIFT_RULES]
    parts = [_violated(subject, others)] if others else []
    if of_drift:
        told = f"{of(subject.name, 'driftd_feature_drifted')} == 1"
        parts.append(f"{_violated(subject, of_drift)}\nunless on (job, instance, monitor) {told}")

    def as_told(names: list[str]) -> tuple[Told, ...]:
        count = str(VIOLATIONS)
        return tuple(Told(labels={"rule": r}, description=begin.format(r, count, subject.name)) for r in names)

    return Alert(
        name="DriftdViolation",
        expr=f"(\n{indented(joined(parts))}\n)\n{_acts(subject)}",
        severity=severity,
        labels={**subject.names, "rung": rung},
        summary="A rule is violated.",
        description=begin.format("{{ $labels.rule }}", "{{ $value }}", "{{ $labels.monitor }}"),
        broken=as_told(others if samples(subject) else rules),
        bare=as_told(rules),
    )


def _violated(subject: Subject, rules: list[str]) -> str:
    return f"{of(subject.name, 'driftd_monitor_violations', f', rule=~{one_of(rules)}')} > 0"
