"""Numbers: what alarms may ask of a judged window, by name; of a monitor's windows in a row they are series."""

from collections.abc import Callable, Mapping
from math import isfinite, nan
from typing import Final

from monitor.feature import Numeric
from monitor.figures import Figures
from monitor.profile import Profile

MOST = 1000
"""Features whose numbers are kept with a window; the model's answers come first."""

OF_FEATURE: Final[Mapping[str, Callable[[Numeric], float]]] = {
    "mean": lambda feature: feature.moments.mean,
    "std": lambda feature: feature.moments.deviation,
    "min": lambda feature: feature.moments.minimum,
    "median": lambda feature: float(feature.quantiles.quantile(0.5)),
    "max": lambda feature: feature.moments.maximum,
}
"""Of a feature of numbers, over its finite values."""

OF_WINDOW: Final[Mapping[str, Callable[[Figures], float]]] = {
    "records": lambda found: found.records,
    "rows": lambda found: found.rows,
    "rejected": lambda found: sum(found.rejected.values()),
    "coverage": lambda found: found.judged / found.asked if found.asked else nan,
    "violated": lambda found: sum(found.violations.values()),
    "drifted": lambda found: len(found.drifted),
    "evidence": lambda found: nan if found.policy is None or found.policy.evidence is None else found.policy.evidence,
}
"""Of a window as a whole: records read, rows and rejects; the share of what was asked that could be judged; findings
that are violated; features that have drifted; the evidence towards the next alarm (1: there it is)."""

NAMES: Final[Mapping[str, bool]] = {
    **dict.fromkeys(OF_WINDOW, False),
    **dict.fromkeys((*OF_FEATURE, "missing", "score", "violations", "quality"), True),
}
"""Every name, and whether it stands with one in brackets: a feature; of `violations` a rule, of `quality` a metric."""


def numbers_of(profile: Profile) -> dict[str, dict[str, float]]:
    """The numbers of a window's features, by name and feature; what is not finite is left out."""
    features = [one for one in profile.features.values() if isinstance(one, Numeric) and one.moments.count]
    features = sorted(features, key=lambda one: one.role != "prediction")[:MOST]
    found = {name: {one.name: float(of(one)) for one in features} for name, of in OF_FEATURE.items()}
    return {name: {key: value for key, value in these.items() if isfinite(value)} for name, these in found.items()}


def number(found: Figures, name: str, about: str | None) -> float:
    """One number of a window; nan where it has none. `about` is what stands in brackets. KeyError for another name.

    >>> number(Figures(status="ok", rows=7, missing={"age": 0.25}), "missing", "age")
    0.25
    """
    if name in OF_WINDOW:
        return float(OF_WINDOW[name](found))
    if not NAMES[name]:
        raise KeyError(name)
    if name == "score":
        return next((one.score for one in found.scores if one.feature == about), nan)
    known: Mapping[str, Mapping[str, float]] = {
        "missing": found.missing,
        "violations": found.violations,
        "quality": found.quality,
        **found.numbers,
    }
    return float(known.get(name, {}).get(about or "", nan))
