"""What stands on a report's page: the violated by feature, worst first, and the rest by rule, within bounds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.finding import Finding, Status
from monitor.profile import Profile
from monitor.render import sentences
from monitor.render.band import band, meter
from monitor.render.bars import NAMED
from monitor.render.drawing import Picture
from monitor.render.evidence import amount, weighed
from monitor.render.interval import interval
from monitor.render.measures import Row, against, summary
from monitor.render.measures import rows as measure_rows
from monitor.render.sides import TITLE, Sides, sides
from monitor.render.untrusted import shown
from monitor.report import Report
from monitor.wording import count, number

MOST_CARDS, MOST_PICTURES, MOST_LISTED = 60, 100, 1000  # violated features, other features, findings
MOST_NEAR = 100  # features that are followed
NAMED_SMALL = 8  # categories of a feature that is not violated
ORDER = (Status.VIOLATED, Status.FAILED, Status.UNKNOWN, Status.OK, Status.SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A finding in words."""

    status: str
    feature: str
    rule: str
    what: str
    measured: str
    limit: str
    rows: str
    severity: str
    interval: Picture | None = None
    band: Picture | None = None
    evidence: str = ""
    meter: Picture | None = None
    in_short: str = ""
    measures: tuple[Row, ...] = ()
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is violated of one feature (or of the window, without `sides`), worst first."""

    title: str
    rules: tuple[str, ...]
    lines: tuple[Line, ...]
    sides: Sides | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A feature that is followed: evidence, and the band of the share that is nearest to an end of it."""

    title: str
    place: str
    evidence: str
    widened: str
    meter: Picture
    band: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The findings of one rule, worst first, and how many have which status."""

    rule: str
    told: str
    lines: tuple[Line, ...]


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """By status, then by how far beyond the limit."""
    return sorted(findings, key=lambda f: (ORDER.index(f.status), -sentences.beyond(f)))


def line(finding: Finding, *, drawn: bool = False, told: Mapping[str, Any] | None = None) -> Line:
    """The words that a terminal has for the finding; `drawn` with pictures, in the band of its feature where it is
    `told`."""
    picture = band(told, finding) if told is not None and finding.evidence is not None else None
    is_news = drawn and finding.evidence is not None and finding.evidence >= 1
    return Line(
        status=finding.status.value.upper(),
        feature=sentences.about(finding),
        rule=sentences.name(finding.rule),
        what=sentences.what(finding),
        measured=sentences.measured(finding),
        limit=sentences.limit(finding),
        rows=sentences.rows(finding),
        severity=sentences.name(finding.severity),
        interval=interval(finding) if drawn and picture is None and sentences.measured(finding) else None,
        band=picture,
        evidence=weighed(finding),
        meter=meter(finding.evidence or 0.0) if is_news else None,
        in_short=summary(finding),
        measures=measure_rows(finding) if drawn else (),
        against=against(finding),
    )


def violated_features(report: Report, now: Profile, base: Profile) -> list[Card]:
    """A card for each feature with a violated finding; the worst `MOST_CARDS`."""
    found: dict[str, list[Finding]] = {}
    for finding in worst_first(report.violations):
        if finding.feature is not None:
            found.setdefault(finding.feature, []).append(finding)
    bands = {one["feature"]: one for one in _bands(report)}
    return [
        _card(shown(name, TITLE), group, sides(now.features.get(name), base.features.get(name), NAMED), bands.get(name))
        for name, group in [*found.items()][:MOST_CARDS]
    ]


def violated_window(report: Report) -> list[Card]:
    """A card for each rule that is violated by the window as a whole."""
    found: dict[str, list[Finding]] = {}
    for finding in worst_first(f for f in report.violations if f.feature is None):
        found.setdefault(finding.rule, []).append(finding)
    return [_card(sentences.name(rule), group, None) for rule, group in [*found.items()][:MOST_CARDS]]


def _card(title: str, findings: Sequence[Finding], sides: Sides | None, told: Mapping[str, Any] | None = None) -> Card:
    rules = tuple(dict.fromkeys(sentences.name(f.rule) for f in findings))
    lines = tuple(line(f, drawn=True, told=told) for f in findings[:MOST_CARDS])
    return Card(title=title, rules=rules, lines=lines, sides=sides)


def _bands(report: Report) -> Sequence[Mapping[str, Any]]:
    bands: Sequence[Mapping[str, Any]] = (report.policy or {}).get("bands", ())
    return bands


def groups(report: Report, cards: Sequence[Card]) -> list[list[tuple[int, str]]]:
    """Features that moved together, each with the number of its card; those that have none are left out."""
    places = {card.title: number for number, card in enumerate(cards, 1)}
    found = [
        [(places[title], title) for name in group if (title := shown(name, TITLE)) in places]
        for group in (report.policy or {}).get("groups", ())
    ]
    return [group for group in found if len(group) > 1]


def nearest(report: Report) -> list[Near]:
    """How near features are to an alarm, the nearest first; up to `MOST_NEAR`."""
    bands = sorted(_bands(report), key=lambda one: -(one["evidence"] or 0.0))
    return [
        Near(
            title=shown(one["feature"], TITLE),
            place=shown(one["place"], sentences.SENTENCE),
            evidence=amount(one["evidence"] or 0.0),
            widened=number(one["widened"]) if one["widened"] != 1 else "",
            meter=meter(one["evidence"] or 0.0),
            band=band(one),
        )
        for one in bands[:MOST_NEAR]
    ]


def other_features(report: Report, now: Profile, base: Profile) -> list[Sides]:
    """The features without a violated finding, in the baseline's order; up to `MOST_PICTURES`."""
    violated = {f.feature for f in report.violations}
    names = [name for name in base.features if name not in violated]
    drawn = (sides(now.features.get(name), base.features[name], NAMED_SMALL) for name in names[:MOST_PICTURES])
    return [feature for feature in drawn if feature is not None]


def broken(report: Report) -> list[Line]:
    """What broke: the same of many features once."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.status is Status.FAILED:
            found.setdefault((finding.rule, finding.why), []).append(finding)
    return [
        replace(line(group[0]), feature=f"{count(len(group))} features") if len(group) > 1 else line(group[0])
        for group in found.values()
    ]


def by_rule(report: Report) -> list[Group]:
    """Findings by rule, in the order of the report; the `MOST_LISTED` worst of them."""
    chosen = worst_first(report.findings)[:MOST_LISTED]
    found: dict[str, list[Finding]] = {finding.rule: [] for finding in report.findings}
    for finding in chosen:
        found[finding.rule].append(finding)
    return [
        Group(rule=sentences.name(rule), told=_counts(group), lines=tuple(line(f) for f in group))
        for rule, group in found.items()
        if group
    ]


def _counts(findings: Sequence[Finding]) -> str:
    many = Counter(f.status for f in findings)
    return ", ".join(f"{count(many[status])} {status.value.upper()}" for status in ORDER if many[status])
