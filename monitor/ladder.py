"""Ladder: what fires in a window, each on its rung, and what a failure on a lower rung explains.

A failure of the whole window explains all that stands above it: where captures stop, nothing else said of them counts.
A failure of one feature explains what stands above it of the same feature, of the model's outputs and quality, which
follow from the inputs, and of the window as a whole. It does not explain what another feature does: a column that stays
broken for a month must not hide that others drift.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

from monitor.finding import Finding, Reason, Status


class Rung(StrEnum):
    """From the lowest up: did captures come, enough of them, of the right form, with values, as they were, and does
    the model do well."""

    FRESHNESS = "freshness"
    VOLUME = "volume"
    SCHEMA = "schema"
    MISSING = "missing"
    DRIFT = "drift"
    QUALITY = "quality"

    @property
    def height(self) -> int:
        """0 is the lowest. (Rungs are texts: `<` would go by the alphabet.)"""
        return _HEIGHTS[self]


_HEIGHTS: Final = {rung: height for height, rung in enumerate(Rung)}
BROKEN: Final = (Rung.FRESHNESS, Rung.VOLUME, Rung.SCHEMA, Rung.MISSING)
"""The rungs where the data are broken, and no model should be trained on them."""

RUNGS: Final[Mapping[str, Rung]] = {
    "freshness": Rung.FRESHNESS,
    "volume": Rung.VOLUME,
    "duplicates": Rung.VOLUME,
    "missing_column": Rung.SCHEMA,
    "extra_column": Rung.SCHEMA,
    "data_type": Rung.SCHEMA,
    "completeness": Rung.MISSING,
    "constant": Rung.MISSING,
    "unseen_category": Rung.DRIFT,
    "non_negative": Rung.DRIFT,
    "range": Rung.DRIFT,
    "outliers": Rung.DRIFT,
    "mean_shift": Rung.DRIFT,
    "drift": Rung.DRIFT,
    "skew": Rung.DRIFT,
    "prediction_drop": Rung.DRIFT,
    "prediction_outliers": Rung.DRIFT,
    "rare_class": Rung.DRIFT,
    "domain_classifier": Rung.DRIFT,
    "reconstruction": Rung.DRIFT,
    "isolation_forest": Rung.DRIFT,
    "model_quality": Rung.QUALITY,
    "model_quality_check": Rung.QUALITY,
    "adwin": Rung.QUALITY,
    "page_hinkley": Rung.QUALITY,
    "data_type_check": Rung.SCHEMA,
    "missing_column_check": Rung.SCHEMA,
    "extra_column_check": Rung.SCHEMA,
    "completeness_check": Rung.MISSING,
    "categorical_values_check": Rung.DRIFT,
    "baseline_drift_check": Rung.DRIFT,
}
"""The shipped rules and SageMaker's checks. A column that stands still says as much as one without values."""

HARMLESS: Final = frozenset(["duplicates", "extra_column", "extra_column_check"])
"""Rules whose violation explains nothing else: the model reads no column that is too many, and a record that is there
twice moves nothing."""

DAMPED: Final = frozenset(["drift", "skew", "adwin", "page_hinkley"])
"""Rules that have added up evidence before they fire. All others know of this window alone."""

SEVERITIES: Final = ("info", "warning", "page")
MOST_TOLD: Final = 3
"""Findings of one rule on one feature that are told in words; all are counted."""

Key: TypeAlias = tuple[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """A rule that fires on a feature, or on the whole window (`feature` None). `is_output`: the feature is the model's
    answer; `is_asked`: somebody has configured an alarm for it, on numbers of the features `about`; `is_followed`: it
    is the policy's, which knows since when."""

    rule: str
    feature: str | None = None
    rung: Rung
    severity: str = "warning"
    why: str = ""
    is_output: bool = False
    is_asked: bool = False
    about: tuple[str, ...] = ()
    is_followed: bool = False

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            right = f"one of {', '.join(SEVERITIES)} would be right"
            raise ValueError(f"firing of rule {self.rule!r}: severity {self.severity!r}; {right}")

    @property
    def key(self) -> Key:
        return self.rule, self.feature

    @property
    def is_damped(self) -> bool:
        """Whether it rests on more than one look: a rule with a memory, or an alarm of so many windows."""
        return self.rule in DAMPED or self.is_asked or self.is_followed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """What fires in one window, a rule and feature once. `unanswered` was asked, and nobody can say whether it holds;
    of an empty window (`is_empty`) that is everything."""

    firings: tuple[Firing, ...] = ()
    unanswered: frozenset[Key] = frozenset()
    is_empty: bool = False

    def is_over(self, key: Key) -> bool:
        """Whether something that fired before does no longer: not to be able to tell is not that."""
        return not self.is_empty and key not in self.unanswered and all(f.key != key for f in self.firings)


def rung_of(rule: str, rungs: Mapping[str, Rung] | None = None) -> Rung:
    """Where a rule stands: as `rungs` says (for rules of one's own), as shipped, else on drift.

    >>> rung_of("completeness"), rung_of("mine"), rung_of("mine", {"mine": Rung.QUALITY})
    (<Rung.MISSING: 'missing'>, <Rung.DRIFT: 'drift'>, <Rung.QUALITY: 'quality'>)
    """
    return {**RUNGS, **(rungs or {})}.get(rule, Rung.DRIFT)


def worst(severities: Iterable[str]) -> str:
    """The gravest; info of none.

    >>> worst(["warning", "page", "info"]), worst([])
    ('page', 'info')
    """
    return max(severities, key=SEVERITIES.index, default="info")


def fired(findings: Iterable[Finding], outputs: Collection[str] = (), rungs: Mapping[str, Rung] | None = None) -> Fired:
    """What fires among a window's findings: what is violated, and that nothing was read at all.

    `outputs` are the features that are the model's answers, `rungs` where rules of one's own stand. That there are no
    rows stands on freshness, whichever rule of the whole window says it; where records came, on the rung that tells why
    none could be read. A rule that broke is no fault of the data and does not fire.
    """
    findings = tuple(findings)
    stands = {finding.rule: rung_of(finding.rule, rungs) for finding in findings}
    found = [_firing(f, stands[f.rule], outputs) for f in findings if f.status is Status.VIOLATED]
    empty = [f for f in findings if _says_empty(f, stands[f.rule])]
    came = [firing.rung for firing in found if firing.feature is None and firing.rung in (Rung.VOLUME, Rung.SCHEMA)]
    stood = min(came, key=lambda rung: rung.height, default=Rung.FRESHNESS)
    found += [_firing(f, stood, outputs) for f in empty]
    unanswered = frozenset((f.rule, f.feature) for f in findings if _is_unsure(f))
    return Fired(firings=_each_once(found), unanswered=unanswered, is_empty=bool(empty))


def _is_unsure(finding: Finding) -> bool:
    """Not answered; or told once, skipped since, and open until somebody accepts it, as the policy has it of skew."""
    is_standing = finding.status is Status.SKIPPED and finding.since is not None
    return is_standing or finding.status in (Status.UNKNOWN, Status.FAILED)


def _says_empty(finding: Finding, rung: Rung) -> bool:
    is_whole = finding.feature is None and rung in (Rung.VOLUME, Rung.SCHEMA)
    return is_whole and finding.status is Status.UNKNOWN and finding.reason == Reason.NO_DATA


def _firing(finding: Finding, rung: Rung, outputs: Collection[str]) -> Firing:
    return Firing(
        rule=finding.rule,
        feature=finding.feature,
        rung=rung,
        severity=finding.severity,
        why=finding.why,
        is_output=finding.feature in outputs,
        is_followed=finding.since is not None,
    )


def _each_once(found: Sequence[Firing]) -> tuple[Firing, ...]:
    """Several findings of one rule on one feature are one firing: the lowest rung, the gravest severity, all words."""
    by_key: dict[Key, list[Firing]] = {}
    for firing in found:
        by_key.setdefault(firing.key, []).append(firing)
    return tuple(_together(several) for several in by_key.values())


def _together(several: Sequence[Firing]) -> Firing:
    told = [firing.why for firing in several[:MOST_TOLD] if firing.why]
    more = [f"and {len(several) - MOST_TOLD} more"] if len(several) > MOST_TOLD else []
    lowest = min(several, key=lambda firing: firing.rung.height)
    return replace(lowest, severity=worst(firing.severity for firing in several), why="; ".join(told + more))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibited:
    """A firing that another one, on a lower rung, explains."""

    firing: Firing
    by: Firing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """`left` is to be told; `inhibited` is explained by something else. Together they are all that fires."""

    left: tuple[Firing, ...] = ()
    inhibited: tuple[Inhibited, ...] = ()


def laddered(firings: Iterable[Firing], excused: Collection[Key] = ()) -> Ladder:
    """Which firings are left, and which are inhibited by what.

    `excused` are those that somebody called no fault: they fire on, but explain nothing any more.
    """
    firings = tuple(firings)
    reasons = Reasons(firing for firing in firings if firing.key not in excused)
    found = [(firing, reasons.lowest_of(firing)) for firing in firings]
    return Ladder(
        left=tuple(firing for firing, by in found if by is None),
        inhibited=tuple(Inhibited(firing=firing, by=by) for firing, by in found if by is not None),
    )


class Reasons:
    """Firings that may explain others, found by feature: a window of thousands of features may have them all fire."""

    def __init__(self, firings: Iterable[Firing] = ()) -> None:
        self._all: list[Firing] = []
        self._about: dict[str | None, list[Firing]] = {}
        for firing in firings:
            self.add(firing)

    def add(self, firing: Firing) -> None:
        """One more."""
        self._all.append(firing)
        self._about.setdefault(firing.feature, []).append(firing)

    def lowest_of(self, firing: Firing) -> Firing | None:
        """The lowest that explains it, of one rung the feature's own."""
        is_wide = firing.feature is None or firing.is_output or firing.rung is Rung.QUALITY
        near = self._all if is_wide else [*self._about.get(None, ()), *self._about.get(firing.feature, ())]
        found = [lower for lower in near if explains(lower, firing)]
        order = [(lower.rung.height, lower.feature != firing.feature, str(lower.key)) for lower in found]
        return found[order.index(min(order))] if found else None


def explains(lower: Firing, higher: Firing) -> bool:
    """Whether a firing explains another one that stands above it."""
    if lower.rule in HARMLESS or lower.rung.height >= higher.rung.height:
        return False
    is_wide = lower.feature is None or higher.feature is None or lower.feature == higher.feature
    return is_wide or higher.rung is Rung.QUALITY or (higher.is_output and not lower.is_output)
