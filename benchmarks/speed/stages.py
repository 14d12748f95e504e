"""Stages: what the profiler saw, by what the time went into."""

import cProfile
import pstats
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

# The first that a function's module begins with.
STAGES = {
    "read": ("monitor/sources", "monitor/reading", "monitor/formats", "monitor/place", "monitor/selection"),
    "envelope": ("monitor/decode", "monitor/batch"),
    "payloads": ("monitor/payloads",),
    "measure": ("monitor/measures", "monitor/stats/moments", "monitor/stats/quantiles", "monitor/stats/distinct"),
    "baseline": ("monitor/baseline", "monitor/document", "monitor/rule", "monitor/sagemaker"),
    "compare": ("monitor/judge", "monitor/builtin", "monitor/stats", "monitor/distance", "monitor/every_measure"),
    "report": ("monitor/render", "monitor/report"),
}
OTHER = "other"
MOST = 15
Function = tuple[str, int, str]
Seen = dict[Function, tuple[int, int, float, float, dict[Function, tuple[int, int, float, float]]]]


def profiled(work: Callable[[], object]) -> dict[str, Any]:
    """Seconds by stage, and driftd's own functions that took longest with all that they called."""
    profile = cProfile.Profile()
    profile.runcall(work)
    seen: Seen = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    own = {function: module for function in seen if (module := module_of(function))}
    longest = sorted(own, key=lambda function: -seen[function][3])[:MOST]
    return {
        "stages": by_stage(seen),
        "longest": [[f"{own[f]}: {f[2]}", round(seen[f][3], 3), seen[f][0]] for f in longest],
    }


def by_stage(seen: Seen) -> dict[str, float]:
    """Each function's own time to its stage; that of libraries to whoever called them, in the shares of the calls'
    times.

    >>> inner, outer = ("~", 0, "sort"), ("/x/monitor/measures/numeric.py", 9, "numeric")
    >>> by_stage({outer: (1, 1, 1.0, 3.0, {}), inner: (1, 1, 2.0, 2.0, {outer: (1, 1, 2.0, 2.0)})})["measure"]
    3.0
    """
    found: dict[str, float] = dict.fromkeys([*STAGES, OTHER], 0.0)
    known: dict[Function, dict[str, float]] = {}
    for function, (_, _, own, _, _) in seen.items():
        for stage, share in _shares(function, seen, known, frozenset()).items():
            found[stage] += own * share
    return {stage: round(seconds, 3) for stage, seconds in found.items()}


def _shares(function: Function, seen: Seen, known: dict[Function, dict[str, float]], above: Iterable[Function]) -> Any:
    """Which stages a function works for."""
    if function in known:
        return known[function]
    module = module_of(function)
    callers = {} if module else {f: one[3] for f, one in seen[function][4].items() if f not in above and f in seen}
    total = sum(callers.values())
    shares: dict[str, float] = defaultdict(float)
    if module or not total:
        shares[stage_of(module)] = 1.0
    for caller, seconds in callers.items() if total else ():
        for stage, share in _shares(caller, seen, known, {*above, function}).items():
            shares[stage] += share * seconds / total
    known[function] = shares
    return shares


def module_of(function: Function) -> str:
    """A file of driftd's as its path from the root; nothing for any other."""
    parts = Path(function[0]).parts
    return "/".join(parts[parts.index("monitor") :]) if "monitor" in parts else ""


def stage_of(module: str) -> str:
    """
    >>> stage_of("monitor/stats/quantiles.py"), stage_of("monitor/stats/chi_squared.py"), stage_of("")
    ('measure', 'compare', 'other')
    """
    return next((stage for stage, heads in STAGES.items() if module.startswith(heads)), OTHER)
