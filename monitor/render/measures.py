"""How far a violated feature lies from what it was held against, in words: a line with the measures that people know
best, and all of them as rows."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.every_measure import OF_TRAINING
from monitor.finding import Finding
from monitor.measurement import Measurement
from monitor.wording import deviations

# Label, and the unit where it has one, in the order in which they are told.
LABELS: Mapping[str, tuple[str, str]] = {
    "ks": ("KS", ""),
    "cvm": ("Cramer-von Mises", ""),
    "linf": ("L-infinity", ""),
    "psi": ("PSI", ""),
    "js": ("JS distance, base 2", ""),
    "hellinger": ("Hellinger", ""),
    "tv": ("total variation", ""),
    "chi2": ("chi-squared by row", ""),
    "g": ("G by row", ""),
    "w1": ("Wasserstein-1", "sd"),
    "energy": ("energy", "sd"),
    "mean": ("mean", "sd"),
    "variance": ("variance", "times"),
    "quantile_05": ("5 % quantile", "sd"),
    "median": ("median", "sd"),
    "quantile_95": ("95 % quantile", "sd"),
    "missing": ("rows without a value", "of all"),
}
BEST_KNOWN = ("ks", "linf", "psi", "js")
EQUAL = ("ks", "psi", "tv")  # whose size in deviations is told for the whole, the first that is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure in words."""

    label: str
    value: str
    bounds: str
    equals: str
    method: str


def rows(finding: Finding) -> tuple[Row, ...]:
    """All measures of a finding."""
    known = sorted((m for m in finding.measures if m.name in LABELS), key=lambda m: [*LABELS].index(m.name))
    return tuple(
        Row(
            label=_label(m),
            value=_short(m.value),
            bounds=_bounds(m),
            equals="" if m.deviations is None else f"{deviations(m.deviations)} sd",
            method=m.method,
        )
        for m in known
    )


def against(finding: Finding) -> str:
    """What the window is held against: drift that is followed has production as it was learned.

    >>> from monitor.finding import Finding, Status
    >>> against(Finding(status=Status.VIOLATED, rule="drift")), against(
    ...     Finding(status=Status.VIOLATED, rule="drift", evidence=1.2)
    ... )
    ('the baseline', 'production as learned')
    """
    return "production as learned" if finding.rule == "drift" and finding.evidence is not None else "the baseline"


def _label(found: Measurement) -> str:
    name, unit = LABELS[found.name]
    whose = "against training" if found.method.startswith(OF_TRAINING) else ""
    return ", ".join(filter(None, (name, unit, whose)))


def summary(finding: Finding) -> str:
    """The best known measures in a line, and what shift of a normal feature they equal; empty without measures.

    >>> from monitor.finding import Finding, Status
    >>> ks = Measurement(name="ks", value=0.21, low=0.15, high=0.26, deviations=0.532)
    >>> summary(Finding(status=Status.VIOLATED, measures=(ks,)))
    'KS 0.21 [0.15, 0.26]; as a shift of 0.53 sd'
    """
    found = {m.name: m for m in finding.measures}
    told = [
        f"{LABELS[n][0].split(' ')[0]} {_short(found[n].value)} {_bounds(found[n])}" for n in BEST_KNOWN if n in found
    ]
    equal = next((found[n].deviations for n in EQUAL if n in found and found[n].deviations is not None), None)
    size = f"; as a shift of {deviations(equal)} sd" if told and equal is not None else ""
    return f"{', '.join(told)}{size}"


def _bounds(found: Measurement) -> str:
    return f"[{_short(found.low)}, {_short(found.high)}]"


def _short(value: float) -> str:
    """Two significant digits, three from 1 on.

    >>> _short(0.1234), _short(1.2345), _short(0.0), _short(0.00001), _short(123456.0)
    ('0.12', '1.23', '0', '0.00001', '123456')
    """
    if not math.isfinite(value):
        return "none"
    if abs(value) >= 100:
        return f"{value:.0f}"
    text = f"{value:.2g}" if abs(value) < 1 else f"{value:.3g}"
    return f"{value:.5f}" if "e" in text else text
