"""Stages: what the profiler saw, by what the time went into."""

import cProfile
import pstats
from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from typing import Any

# The first that a function's module begins with. Where payloads are CSV, what reads JSON reads the envelope.
STAGES = {
    "read": ("monitor/sources", "monitor/reading", "monitor/formats", "monitor/place", "monitor/selection"),
    "envelope": ("monitor/decode", "monitor/batch", "monitor/payloads/json"),
    "CSV payloads": ("monitor/payloads",),
    "measure": ("monitor/measures", "monitor/stats/moments", "monitor/stats/quantiles", "monitor/stats/distinct"),
    "baseline": ("monitor/baseline", "monitor/document", "monitor/rule", "monitor/sagemaker"),
    "compare": ("monitor/judge", "monitor/builtin", "monitor/stats", "monitor/distance", "monitor/every_measure"),
    "report": ("monitor/render", "monitor/report"),
}
OTHER = "other"
MOST = 15
Function = tuple[str, int, str]
Shares = dict[str, float]
Seen = dict[Function, tuple[int, int, float, float, dict[Function, tuple[int, int, float, float]]]]


def profiled(work: Callable[[], object]) -> dict[str, Any]:
    """Seconds by stage, and the functions of driftd's that took longest."""
    profile = cProfile.Profile()
    profile.runcall(work)
    seen: Seen = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    spent = by_function(seen)
    longest = sorted(spent, key=lambda name: -spent[name])[:MOST]
    return {"stages": by_stage(spent), "longest": [[n, stage_of(n), round(spent[n], 3)] for n in longest]}


def by_stage(spent: Mapping[str, float]) -> dict[str, float]:
    """
    >>> by_stage({"monitor/sources/files.py: blocks": 1.0, "": 0.5})["read"]
    1.0
    """
    found = dict.fromkeys([*STAGES, OTHER], 0.0)
    for name, seconds in spent.items():
        found[stage_of(name)] += seconds
    return {stage: round(seconds, 3) for stage, seconds in found.items()}


def by_function(seen: Seen) -> dict[str, float]:
    """Each function's own time, and that of the libraries it calls in the shares of its calls' times.

    >>> inner, outer = ("~", 0, "sort"), ("/x/monitor/measures/numeric.py", 9, "numeric")
    >>> by_function({outer: (1, 1, 1.0, 3.0, {}), inner: (1, 1, 2.0, 2.0, {outer: (1, 1, 2.0, 2.0)})})
    {'monitor/measures/numeric.py: numeric': 3.0}
    """
    found: dict[str, float] = defaultdict(float)
    known: dict[Function, Shares] = {}
    for function, (_, _, own, _, _) in seen.items():
        for name, share in _shares(function, seen, known, frozenset()).items():
            found[name] += own * share
    return dict(found)


def _shares(function: Function, seen: Seen, known: dict[Function, Shares], above: Set[Function]) -> Shares:
    """Which of driftd's functions a function works for; `above` are those it was asked for."""
    if function in known:
        return known[function]
    if module := module_of(function):
        return known.setdefault(function, {f"{module}: {function[2]}": 1.0})
    callers = {f: one[3] for f, one in seen[function][4].items() if f not in above and f in seen}
    total = sum(callers.values())
    shares: dict[str, float] = defaultdict(float)
    for caller, seconds in callers.items() if total else ():
        for name, share in _shares(caller, seen, known, above | {function}).items():
            shares[name] += share * seconds / total
    return known.setdefault(function, dict(shares) or {"": 1.0})


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
