"""Findings in words: what a report says before and beside its table, as plain text of any length."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from monitor.finding import Finding, Reason, Status
from monitor.render.untrusted import shown
from monitor.report import Report, Span
from monitor.wording import count, counted, deviations, number, percent

NAME, SENTENCE = 32, 300  # characters of a name and of a text from captures that are shown
Kind = Literal["share", "change", "deviations", "ratio", "exact", "other"]
Line = tuple[str, str]
OF_QUALITY = ("model_quality", "model_quality_check")  # the rules whose findings are of metrics, and not of features
EXPLAINED: Mapping[str, str] = {
    Reason.NO_DATA: "there was no value to judge",
    Reason.NO_BASELINE: "the baseline has nothing to compare with",
    Reason.TOO_VARIABLE: "rows repeat each other so much that no number of them would do",
    Reason.BASELINE_TOO_SMALL: "no number of rows would do; a larger baseline would",
    Reason.ROWS_NOT_KEPT: "the rule asks for single rows, which were not kept",
}


def headline(report: Report) -> str:
    """The verdict with its coverage, in a line."""
    status, judged, asked = report.status, report.judged, report.asked
    word = status.value.upper()
    if status is Status.OK:
        return f"{word}, {count(judged)} of {count(asked)} judged"
    if status is Status.UNKNOWN:
        return f"{word}: {_why_unknown(report)}; {count(judged)} of {count(asked)} judged"
    broke = counted(sum(f.status is Status.FAILED for f in report.findings), "check")
    if status is Status.FAILED:
        return f"{word}: {broke} broke; {count(judged)} of {count(asked)} judged, none of them violated"
    violated = len(report.violations)
    left = f"{count(asked - judged)} of {count(asked)} could not be judged" if asked > judged else "all could be judged"
    told = f"{count(violated)} of {counted(judged, 'judged finding')} {'is' if violated == 1 else 'are'} violated"
    return f"{word}: {told}; {left}"


def _why_unknown(report: Report) -> str:
    if not report.asked:
        return "nothing was asked"
    if not report.judged:
        return f"nothing could be judged ({_reasons(report.findings)})"
    told = [f"{name(rule)} ({_reasons(f for f in report.findings if f.rule == rule)})" for rule in report.not_judged]
    return f"{together(told)} {'is' if len(told) == 1 else 'are'} required and could not be judged"


def _reasons(findings: Iterable[Finding]) -> str:
    """Why findings are unknown, the commonest reason first."""
    reasons = Counter(f.reason or "no reason given" for f in findings if f.status is Status.UNKNOWN)
    return ", ".join(name(reason) for reason, _ in reasons.most_common())


def inputs(report: Report) -> list[Line]:
    """What was read, from when, and the baseline it was judged against."""
    read = report.inputs
    text = f"{counted(read.records, 'capture')}, {counted(read.rows, 'row')}"
    if not read.records and not read.rows:
        text = "nothing: no capture was found"
    if read.dropped:
        text += f", {count(read.dropped)} left out"
    if read.rejected:
        commonest = sorted(read.rejected.items(), key=lambda item: (-item[1], item[0]))
        told = ", ".join(f"{name(reason)} {count(many)}" for reason, many in commonest)
        text += f", {count(sum(read.rejected.values()))} rejected: {told}"
    if report.window is not None:
        text += f"; {span(report.window)}"
    baseline = name(report.baseline.name) or "none"
    if report.baseline.version:
        baseline += f", version {name(report.baseline.version)}"
    monitor = [("monitor", name(report.monitor))] if report.monitor else []
    return [*monitor, ("read", text), ("baseline", baseline)]


def span(window: Span) -> str:
    """From when to when, in UTC; the day once where it is one."""
    start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    day = "" if start.date() == end.date() else f"{end:%Y-%m-%d} "
    until = "" if start == end else f" to {day}{_clock(end)}"
    return f"{start:%Y-%m-%d} {_clock(start)}{until} UTC"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def name(text: str) -> str:
    """A name as it can be shown."""
    return shown(text, NAME)


def about(finding: Finding) -> str:
    """What the finding is about."""
    return "(whole window)" if finding.feature is None else name(finding.feature)


def what(finding: Finding) -> str:
    """What was seen, or why nothing can be said; the method where the rule does not say."""
    method = "" if kind(finding) == "exact" else finding.method.split(",")[0]
    why = shown(finding.why or method, SENTENCE)
    if finding.status is not Status.UNKNOWN:
        return why
    reason = _unknown([finding])
    return reason if why in reason else f"{reason}; {why}"


def kind(finding: Finding) -> Kind:
    """The kind of number that the finding rests on: a share of rows, its change, a ratio, deviations, an exact fact."""
    estimate, method = finding.estimate, finding.method
    if method == "exact" or (estimate is None and finding.low is None):
        return "exact"
    if method.startswith("difference of metrics"):
        return "other"
    if estimate is not None and estimate.scale == "mean":
        return "deviations"
    if method.startswith("ratio of shares"):
        return "ratio"
    of_shares = "angle interval" in method or method.startswith("difference of shares")
    if of_shares or (estimate is not None and estimate.scale == "angle"):
        return "share" if finding.n_base is None else "change"
    if estimate is not None:
        return "ratio"
    return "deviations" if "in standard deviations" in method else "other"


def measured(finding: Finding) -> str:
    """The number with its interval, in its own unit; empty where there is none or the fact says it all."""
    value, form = finding.value, kind(finding)
    if value is None or finding.threshold is None or _says_it_all(finding):
        return ""
    bounds = "" if finding.low is None or finding.high is None else _bounds(finding.low, finding.high, form)
    return f"{_amount(value, form)}{bounds}"


def limit(finding: Finding) -> str:
    """The threshold in the same unit; empty where `measured` is."""
    if not measured(finding) or finding.threshold is None:
        return ""
    return f"{'limit' if finding.direction == 'at_most' else 'at least'} {_amount(finding.threshold, kind(finding))}"


def _says_it_all(finding: Finding) -> bool:
    """A fact that is there or not, such as a missing column."""
    return kind(finding) == "exact" and finding.threshold == 0 and finding.value in (0, 1)


def _amount(value: float, form: Kind) -> str:
    if form in ("share", "change"):
        return percent(value, sign=form == "change")
    if form == "ratio":
        return f"{number(value) if abs(value) >= 1000 else f'{value:.2g}'}x"
    return f"{deviations(value)} sd" if form == "deviations" else number(value)


def _bounds(low: float, high: float, form: Kind) -> str:
    texts = (_amount(bound, form).removesuffix(" %").removesuffix("x").removesuffix(" sd") for bound in (low, high))
    return f" [{', '.join(texts)}]"


def rows(finding: Finding) -> str:
    """How many rows the number rests on."""
    if finding.n_now is None:
        return ""
    return counted(finding.n_now, "row") + (f" against {count(finding.n_base)}" if finding.n_base is not None else "")


def beyond(finding: Finding) -> float:
    """How far the value lies beyond the limit, in standard deviations; an exact fact lies furthest."""
    estimate, value, threshold = finding.estimate, finding.value, finding.threshold
    if estimate is None or value is None or threshold is None:
        return math.inf
    gap = abs(estimate.in_deviations(value) - estimate.in_deviations(threshold))
    return 0.0 if math.isnan(gap) else gap


def unknown(report: Report) -> list[Line]:
    """Rule and what of it is unknown, a line for each reason; rules that say the same of the same share a line."""
    groups: dict[tuple[str, str | None, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.status is Status.UNKNOWN:
            asked = "" if finding.threshold is not None else finding.why
            groups.setdefault((finding.rule, finding.reason, asked), []).append(finding)
    lines: dict[str, list[str]] = {}
    for (rule, _, _), group in groups.items():
        required = " (required)" if rule in report.not_judged else ""
        lines.setdefault(f"{_subject(group, 'unknown')}{required}: {_unknown(group)}", []).append(rule)
    return [(name(rules[0]) if len(rules) == 1 else f"{len(rules)} rules", text) for text, rules in lines.items()]


def _subject(group: Sequence[Finding], word: str) -> str:
    """Up to three features by name, more by number; nothing for the window itself."""
    names = list(dict.fromkeys(about(f) for f in group if f.feature is not None))
    if len(names) > 3:
        return f"{count(len(names))} {'metrics' if group[0].rule in OF_QUALITY else 'features'} {word}"
    return f"{together(names)} {word}" if names else word


def _unknown(group: Sequence[Finding]) -> str:
    """The reason's name and what it means here."""
    needed = max((f.rows_needed for f in group if f.rows_needed is not None), default=None)
    if needed is not None:
        read = max((f.n_now or 0 for f in group), default=0)
        meaning = f"{counted(needed, 'row')} would do ({count(read)} read)"
    else:
        meaning = _own_words(group) or EXPLAINED.get(group[0].reason or "", "")
    reason = name(group[0].reason or "no reason given")
    return f"{reason}, {meaning}" if meaning else reason


def _own_words(group: Sequence[Finding]) -> str:
    """What the rule says, where it measured nothing and says the same of all."""
    whys = {f.why for f in group}
    return shown(whys.pop(), SENTENCE) if len(whys) == 1 and all(f.threshold is None for f in group) else ""


def fine(report: Report) -> list[Line]:
    """Rule and the smallest shift that would have been noticed; rules of facts without chance in the last line."""
    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.status is Status.OK:
            groups.setdefault(finding.rule, []).append(finding)
    lines, facts = [], []
    for rule, group in groups.items():
        worst = max((shift for f in group if (shift := _noticed(f)) is not None), default=None)
        if worst is None:
            facts.append(name(rule))
        else:
            text = f"{_subject(group, 'OK')}; the smallest shift that would have been noticed is {deviations(worst)} sd"
            lines.append((name(rule), text))
    return [*lines, *([("others", f"{together(facts)} OK")] if facts else [])]


def _noticed(finding: Finding) -> float | None:
    """The detectable shift in standard deviations."""
    if finding.estimate is None or finding.detectable is None or finding.rule in OF_QUALITY:
        return None
    shift = finding.estimate.in_deviations(finding.detectable)
    return shift if math.isfinite(shift) else None


def skipped(report: Report) -> list[Line]:
    """Rules whose question does not apply, with the number of findings; not what was told before and is still open."""
    rules = Counter(f.rule for f in report.findings if f.status is Status.SKIPPED and f.since is None)
    told = ", ".join(f"{name(rule)} {count(many)}" for rule, many in rules.items())
    return [("does not apply", told)] if told else []


def together(names: Iterable[str]) -> str:
    """Names as one says them.

    >>> together(["a"]), together(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *first, last = [*names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def legend(report: Report, listed: Sequence[Finding]) -> list[Line]:
    """What the signs mean that occur in the listed findings and in the lines about the others."""
    forms = {kind(f) for f in listed if measured(f)}
    noticed = any(f.status is Status.OK and _noticed(f) is not None for f in report.findings)
    meanings = (
        (
            bool(forms - {"exact"}),
            "[from, to]",
            "where the true figure lies, allowing for chance; violated: beyond the limit even so",
        ),
        ("change" in forms, "+5 %", "5 rows in 100 more than in the baseline"),
        ("ratio" in forms, "2x", "twice the baseline's share"),
        ("deviations" in forms or noticed, "sd", "standard deviation of the feature in the baseline"),
        (noticed, "noticed", "in 4 windows of 5 with such a shift"),
    )
    return [(sign, meaning) for occurs, sign, meaning in meanings if occurs]
