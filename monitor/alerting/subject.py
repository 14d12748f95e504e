"""What alerts need to know of a monitor: its names, its rhythm, and how grave each of its checks is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from monitor import configured, promise
from monitor.config.grammar import Config, Monitor
from monitor.figures import DRIFT_RULES
from monitor.metrics.labels import clean
from monitor.metrics.state import OWN_LABELS
from monitor.metrics.table import TABLE
from monitor.rule import Check
from monitor.rulepath import RulePath
from monitor.sagemaker.violations import TYPES
from monitor.schedule import DAY, MONDAY, YEAR, Once, Schedule

LEVELS: Mapping[str, str] = {"page": "critical", "warning": "warning", "info": "info"}
"""Severities of checks, the gravest first, and what they are called in alerts."""
RESERVED = frozenset(
    {"alertname", "severity", "rung", "job", "instance", "pod", "revision"}
    | OWN_LABELS.union(*(row.labels for row in TABLE))
)
"""Labels that are driftd's or the scrape's; one of a monitor's own never takes their place."""
SLACK = timedelta(minutes=10)
"""What a run may take longer than the one before it."""
STEP, ENDS = timedelta(hours=6), 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A check about drift: the features it is asked about, and how grave it is. The last one that names one counts."""

    globs: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A monitor that is judged. `rules` are severities by rule, of features the gravest.

    `longest` and `usual` are distances of two windows, `learning` is how long it learns (None: its windows are not
    followed), `shows_features` whether each feature has series, moved or not.
    """

    name: str
    model: str = ""
    endpoint: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    longest: timedelta = timedelta(hours=1)
    usual: timedelta = timedelta(hours=1)
    delay: timedelta = timedelta(0)
    is_once: bool = False
    learning: timedelta | None = None
    shows_features: bool = True
    drift: tuple[Layer, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)

    @property
    def gravest(self) -> str:
        """How grave it is that nothing is judged: as grave as the worst that would go unsaid."""
        return worst([*self.rules.values(), *(layer.severity for layer in self.drift)])

    @property
    def silent(self) -> timedelta:
        """How far the newest capture may lie behind: one window without any, and the longest wait for the next."""
        return self.longest + self.usual

    @property
    def stale(self) -> timedelta:
        """How old the last verdict may be. `delay` moves every verdict alike, and so is no part of it."""
        return self.silent + SLACK

    @property
    def first(self) -> timedelta:
        """How long the first verdict may take."""
        return max(DAY, self.stale + self.delay)

    @property
    def names(self) -> dict[str, str]:
        """Labels of each of its alerts, but for what each alert is about."""
        about = {"monitor": self.name, "model": clean(self.model), "model_endpoint": clean(self.endpoint)}
        return {name: value for name, value in (about | dict(self.labels)).items() if value}


def worst(severities: Sequence[str]) -> str:
    """The gravest of these; `warning` where there is none.

    >>> worst(["info", "critical"]), worst([])
    ('critical', 'warning')
    """
    return next((level for level in LEVELS.values() if level in severities), "warning")


def subjects(config: Config, rules: RulePath) -> tuple[Subject, ...]:
    """The monitors that are judged, in their order."""
    return tuple(_subject(one, config, rules) for one in config.monitors.values() if one.enabled)


def left_out(config: Config) -> Iterator[str]:
    """A line for every label of a monitor that its alerts cannot have."""
    for monitor in config.monitors.values():
        for name in sorted(RESERVED.intersection(monitor.labels)):
            yield f"monitors.{monitor.name}.labels: {name!r} is a label of driftd's own; its alerts go without yours"


def own_labels(monitor: Monitor) -> dict[str, str]:
    """The monitor's own labels as its alerts have them: an empty one is none to Prometheus."""
    found = {name: clean(value) for name, value in sorted(monitor.labels.items()) if name not in RESERVED}
    return {name: value for name, value in found.items() if value}


def _subject(monitor: Monitor, config: Config, rules: RulePath) -> Subject:
    timetable = monitor.schedule.timetable
    checks = configured.checks(monitor, rules, is_followed=configured.follows(monitor, rules))
    is_theirs = "sagemaker" in monitor.presets
    plan = promise.followed(monitor)
    return Subject(
        name=monitor.name,
        model=monitor.endpoint.model or "",
        endpoint=monitor.endpoint.name or "",
        labels=own_labels(monitor),
        longest=longest(timetable),
        usual=timetable.usual_interval,
        delay=monitor.schedule.delay,
        is_once=isinstance(timetable.ends, Once),
        learning=None if plan is None else plan.learning * plan.interval,
        shows_features=config.metrics.feature_detail == "all",
        drift=_layers(checks, is_theirs=is_theirs) if config.metrics.feature_detail != "none" else (),
        rules=_severities(checks, is_theirs=is_theirs),
    )


def _layers(checks: Sequence[Check], *, is_theirs: bool) -> tuple[Layer, ...]:
    """SageMaker's own check is asked about every feature, and driftd's changes what is told of those it names."""
    theirs = [Layer(globs=("*",), severity=LEVELS["warning"])] if is_theirs else []
    ours = [check for check in checks if check.rule.name in DRIFT_RULES and check.enabled]
    return (*theirs, *(Layer(globs=check.features, severity=LEVELS[check.severity]) for check in ours))


def _severities(checks: Sequence[Check], *, is_theirs: bool) -> dict[str, str]:
    found = dict.fromkeys(TYPES, LEVELS["warning"]) if is_theirs else {}
    for check in checks:
        if check.enabled:
            name, level = clean(check.rule.name), LEVELS[check.severity]
            found[name] = worst([level, found.get(name, level)])
    return found


def longest(timetable: Schedule) -> timedelta:
    """The longest distance of two ends: of the first so many, and of those around every sixth hour of a year.

    A weekend, a night or a month is found; a gap of less than six hours that comes seldom may be overlooked.
    """
    if isinstance(timetable.ends, Once):
        return timetable.usual_interval
    ends: list[datetime] = []
    at = timetable.ends.after(MONDAY)
    while at is not None and len(ends) < ENDS and at <= MONDAY + YEAR:
        ends.append(at)
        at = timetable.ends.after(at)
    gaps = [later - earlier for earlier, later in pairwise(ends)]
    if len(ends) == ENDS:
        for number in range(YEAR // STEP):
            before, after = timetable.ends.before(MONDAY + number * STEP), timetable.ends.after(MONDAY + number * STEP)
            gaps += [after - before] if before is not None and after is not None else []
    return max([timetable.usual_interval, *gaps])
