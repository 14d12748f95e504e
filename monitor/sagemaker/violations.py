"""Model Monitor's checks of a window against constraints: its list, its order, its words, as findings.

Where that product leaves a question open (see the documentation), the choices made here: whole numbers pass where
fractions are expected, truth values where texts are; a column whose type check failed has no drift entry; signs
(`is_non_negative`) are not enforced; of chi-squared a p-value below the threshold is drift.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from monitor.feature import Categorical, Numeric
from monitor.finding import Finding, Reason, Status, skip, unknown
from monitor.profile import Measured, Profile
from monitor.sagemaker import texts
from monitor.sagemaker.constraints import Constraints, FeatureConstraints, MonitoringConfig
from monitor.sagemaker.distance import categorical_distance, chi_squared, numeric_distance, weighted
from monitor.sagemaker.keys import Node, features_of, wrong
from monitor.sagemaker.quality_violations import RULES as OF_QUALITY
from monitor.sagemaker.taking_over import counts_of, levels_of
from monitor.sagemaker.texts import java_double

__all__ = ["TYPES", "exit_message", "java_double", "read_violations", "violations", "violations_document"]

METHOD = "sagemaker"
DATA_TYPE, COMPLETENESS, VALUES = "data_type_check", "completeness_check", "categorical_values_check"
DRIFT, MISSING, EXTRA = "baseline_drift_check", "missing_column_check", "extra_column_check"
TYPES = (DATA_TYPE, COMPLETENESS, VALUES, DRIFT, MISSING, EXTRA)
# Rules of our own that ask what one of that product's checks asks.
ALIKE = {
    "data_type": DATA_TYPE,
    "completeness": COMPLETENESS,
    "unseen_category": VALUES,
    "drift": DRIFT,
    "missing_column": MISSING,
    "extra_column": EXTRA,
}


def violations(now: Profile, constraints: Constraints, statistics: Mapping[str, Any] | None) -> tuple[Finding, ...]:
    """Every check's answer, in the order of the constraints; within a column type, completeness, values, drift.

    `statistics` is the baseline's statistics.json; without it drift is UNKNOWN. A window of another number of columns
    has one violation and no other finding: nobody can say which values belong to which column. Only the number
    counts, not the names. A key that the constraints leave out gives no finding.
    """
    whole = _columns(now, constraints)
    if any(finding.status is Status.VIOLATED for finding in whole):
        return whole
    base = features_of(statistics) if statistics else {}
    found = [*whole]
    for name, asked in constraints.features.items():
        answers = _answers(now.features.get(name), asked, constraints.config_of(name), base.get(name))
        found += [replace(finding, rule=rule, feature=name) for rule, finding in answers]
    return tuple(found)


def columns_now(now: Profile) -> int:
    """How many columns the window had.

    Without rows: the commonest width among those rejected for it. By place: columns that more than half of the rows
    have, so that a few rows of another width do not count. By name: the baseline's that any row has, and all others.
    """
    if not now.rows:
        widths = now.volume.widths
        return int(max(widths, key=lambda width: (widths[width], int(width)))) if widths else 0
    if now.positions:
        known = sum(2 * feature.absent < feature.rows for feature in now.features.values())
        return known + sum(2 * count > now.rows for count in now.extra.values())
    return sum(feature.absent < feature.rows for feature in now.features.values()) + len(now.extra)


def _columns(now: Profile, constraints: Constraints) -> tuple[Finding, ...]:
    if not constraints.config.evaluate_constraints:
        return tuple(replace(_disabled(), rule=rule) for rule in (MISSING, EXTRA))
    if not now.rows and not now.volume.widths:
        return tuple(replace(_no_rows(), rule=rule) for rule in (MISSING, EXTRA))
    here, asked = columns_now(now), len(constraints.features)
    about = Finding(status=Status.OK, value=float(here), threshold=float(asked), method=METHOD)
    missing = replace(about, rule=MISSING, direction="at_least", why=f"{here} columns of {asked}")
    extra = replace(about, rule=EXTRA, direction="at_most", why=f"{here} columns of {asked}")
    if here < asked:
        return (replace(missing, status=Status.VIOLATED, why=texts.columns("missing", here, asked)),)
    if here > asked:
        return (replace(extra, status=Status.VIOLATED, why=texts.columns("extra", here, asked)),)
    return missing, extra


def _answers(
    now: Measured | None, asked: FeatureConstraints, config: MonitoringConfig, base: Node | None
) -> Iterator[tuple[str, Finding]]:
    """The checks of one column that its constraints ask for."""
    rules = [DATA_TYPE]
    rules += [COMPLETENESS] if asked.completeness is not None else []
    rules += [VALUES] if asked.domains is not None else []
    subject = _subject(now, config)
    if isinstance(subject, Finding):
        yield from ((rule, subject) for rule in (*rules, DRIFT))
        return
    kind = _data_type(subject, asked, config)
    yield DATA_TYPE, kind
    if asked.completeness is not None:
        yield COMPLETENESS, _completeness(subject, asked.completeness)
    if asked.domains is not None:
        yield VALUES, _values(subject, asked.domains, config)
    if kind.status is not Status.VIOLATED:
        yield DRIFT, _drift(subject, config, base)


def _subject(now: Measured | None, config: MonitoringConfig) -> Measured | Finding:
    """The column, or why nothing can be asked about it."""
    if not config.evaluate_constraints:
        return _disabled()
    if now is None:
        return unknown(Reason.COLUMN_MISSING, "the baseline's profile does not have this column")
    return now if now.rows else _no_rows()


def _data_type(now: Measured, asked: FeatureConstraints, config: MonitoringConfig) -> Finding:
    classes, kind = now.classes, asked.inferred_type
    right = {
        "Integral": classes.integral,
        "Fractional": classes.fractional + classes.integral,
        "String": classes.string + classes.boolean,
    }.get(kind)
    if right is None:
        return skip("the baseline's type is Unknown, which is not checked")
    if not now.present:
        return unknown(Reason.NO_DATA, "no value is present")
    finding = _at_least(right, now.present, config.datatype_check_threshold, f"of data is {kind}")
    if finding.status is Status.OK:
        return finding
    return replace(finding, why=texts.data_type(kind, right, now.present, config.datatype_check_threshold))


def _completeness(now: Measured, least: float) -> Finding:
    finding = _at_least(now.present, now.rows, least, "of data is complete")
    if finding.status is Status.OK:
        return finding
    return replace(finding, why=texts.completeness(now.present, now.rows, least))


def _values(now: Measured, domains: tuple[str, ...], config: MonitoringConfig) -> Finding:
    if not isinstance(now, Categorical):
        return skip("a column of numbers has no domain")
    if not now.present:
        return unknown(Reason.NO_DATA, "no value is present")
    least = config.domain_content_threshold
    inside, perhaps = inside_domain(now, frozenset(domains))
    finding = _at_least(inside, now.present, least, "of data is in the expected domain")
    if finding.status is Status.OK:
        return finding
    if (inside + perhaps) / now.present >= least:
        return unknown(Reason.ROWS_NOT_KEPT, f"{perhaps} values are of kinds too rare to be counted one by one")
    return replace(finding, why=texts.categorical_values(inside, now.present, least))


def inside_domain(now: Categorical, domain: frozenset[str]) -> tuple[int, int]:
    """How many values lie inside a domain, and how many more might: those that are not counted one by one."""
    others, never_seen = now.cells[len(now.values) : -1].tolist()
    own = sum(count for value, count in zip(now.values, now.cells.tolist(), strict=False) if value in domain)
    inside = own + sum(count for value, count in now.unseen.items() if value in domain)
    left = never_seen - sum(now.unseen.values())
    known = frozenset(now.known)
    beyond = domain - known - frozenset(now.values)
    perhaps = left if beyond - now.unseen.keys() else 0
    if now.is_complete and known and known <= domain:
        return inside + others, perhaps
    return inside, perhaps + (others if known & domain or (not now.is_complete and beyond) else 0)


def _drift(now: Measured, config: MonitoringConfig, base: Node | None) -> Finding:
    if not config.perform_comparison:
        return skip("perform_comparison is Disabled")
    levels = levels_of(base) if base is not None else ()
    counts = counts_of(base) if base is not None else None
    if isinstance(now, Numeric) and levels:
        points = weighted(levels)
        distance = numeric_distance(weighted(now.quantiles.levels), points, config.comparison_method)
        n, m, threshold = now.count, int(points[1].sum()), config.comparison_threshold
    elif isinstance(now, Categorical) and counts:
        distance = _categorical_distance(now, counts, config)
        n, m, threshold = now.present, sum(counts.values()), config.categorical_comparison_threshold
    else:
        return unknown(Reason.NO_BASELINE, "the baseline's statistics hold no distribution to compare with")
    if math.isnan(distance):
        return unknown(Reason.NO_DATA if not n else Reason.TOO_FEW_ROWS, f"{n} values give no distance")
    is_p_value = isinstance(now, Categorical) and _is_chi_squared(config) and config.comparison_method == "Robust"
    drifted = distance < threshold if is_p_value else distance > threshold
    return Finding(
        status=Status.VIOLATED if drifted else Status.OK,
        value=distance,
        direction="at_least" if is_p_value else "at_most",
        threshold=threshold,
        n_now=n,
        n_base=m,
        method=METHOD,
        why=texts.drift(distance, threshold) if drifted else f"Baseline drift distance: {java_double(distance)}",
    )


def _is_chi_squared(config: MonitoringConfig) -> bool:
    return config.categorical_drift_method == "ChiSquared"


def _categorical_distance(now: Categorical, base: Mapping[str, int], config: MonitoringConfig) -> float:
    """Values that the window does not count one by one (over 64 never seen) are only in its total."""
    counts = dict(zip(now.values, now.cells.tolist(), strict=False)) | dict(now.unseen)
    if _is_chi_squared(config):
        return chi_squared(counts, base, config.comparison_method)
    return categorical_distance(counts, base, config.comparison_method, total=now.present)


def _at_least(count: int, total: int, least: float, told: str) -> Finding:
    value = count / total
    return Finding(
        status=Status.OK if value >= least else Status.VIOLATED,
        value=value,
        direction="at_least",
        threshold=least,
        n_now=total,
        method=METHOD,
        why=f"{texts.percentage(count, total)} {told}",
    )


def _disabled() -> Finding:
    return skip("evaluate_constraints is Disabled")


def _no_rows() -> Finding:
    return unknown(Reason.NO_DATA, "no row was read")


def violations_document(findings: Iterable[Finding]) -> dict[str, Any]:
    """constraint_violations.json of any findings: those that are violated, in their order; model quality has its own.

    Rules that ask what a check of that product asks go by the check's type, others keep their name.
    """
    return {"violations": [_entry(f) for f in findings if f.status is Status.VIOLATED and f.rule not in OF_QUALITY]}


def _entry(finding: Finding) -> dict[str, str]:
    kind = ALIKE.get(finding.rule, finding.rule)
    name = texts.WHOLE_WINDOW.get(kind, "") if finding.feature is None else finding.feature
    return {"feature_name": name, "constraint_check_type": kind, "description": finding.why}


def read_violations(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings of a constraint_violations.json, of any age; BaselineError names a key that is wrong."""
    entries = Node.of(document).items("violations")
    if entries is None:
        raise wrong("violations", None, "a list of violations")
    return tuple(_read(Node.of(entry, f"violations[{number}]")) for number, entry in enumerate(entries))


def _read(entry: Node) -> Finding:
    values = {key: entry.value.get(key) for key in ("feature_name", "constraint_check_type", "description")}
    for key, value in values.items():
        if not isinstance(value, str):
            raise wrong(entry.place_of(key), value, "a text")
    name, kind, why = (str(value) for value in values.values())
    is_whole = name in ("", texts.WHOLE_WINDOW.get(kind))
    return Finding(status=Status.VIOLATED, rule=kind, feature=None if is_whole else name, why=why, method=METHOD)


def exit_message(findings: Iterable[Finding]) -> str:
    """How that product ends: the message of a job with, or without, violations."""
    count = sum(finding.status is Status.VIOLATED for finding in findings)
    if not count:
        return "Completed: Job completed successfully with no violations."
    return f"CompletedWithViolations: Job completed successfully with {count} violations."
