"""Windows measured and judged from small tables: the reports that a page has to show, with their profiles."""

import numpy as np

from monitor.judge import judge
from monitor.profile import Profile
from monitor.report import Inputs, Origin, Report
from monitor.rulepath import preset, shipped
from monitor.testing import profile

CHECKS = preset(shipped())


def judged(now, base, **others):
    """Report, profile and baseline of two tables, judged by the preset."""
    base = profile(base) if isinstance(base, dict) else base
    now = profile(now, base)
    known = {
        "monitor": "shop",
        "window": None,
        "baseline": Origin(name="shop", version="v1", digest="sha256:ba5e", constraints="sha256:c0de"),
        "inputs": Inputs(records=now.rows, rows=now.rows, digest="sha256:f00d"),
    }
    report = Report(findings=judge(now, base, CHECKS), **{**known, **others})
    return report, now, base


def columns(rng, rows, moved=0.0):
    """A table of every kind of column; `moved` shifts them."""
    texts = np.array([f"city {i}" for i in range(40)], dtype=object)
    weights = 1 / np.arange(1, 41) ** (1 - moved)
    return {
        "normal": rng.normal(50 + 10 * moved, 10, rows).round(1),
        "long tail": rng.lognormal(3 + moved, 1.6, rows).round(2),
        "zeros": np.where(rng.random(rows) < 0.8 - moved / 2, 0, rng.lognormal(2, 1, rows).round(2)),
        "whole": rng.poisson(80 - 20 * moved, rows),
        "flag": (rng.random(rows) < 0.1 + moved / 2).astype(int),
        "few": rng.poisson(2 + moved, rows),
        "far": rng.normal(5, 1, rows) * (1 if not moved else 1000),
        "constant": np.full(rows, 5 + int(moved > 0)),
        "yes or no": np.where(rng.random(rows) < 0.3 + moved / 2, "yes", "no"),
        "city": np.where(
            rng.random(rows) < moved / 4, "Atlantis", texts[rng.choice(40, rows, p=weights / weights.sum())]
        ),
        "gone": rng.normal(0, 1, rows) if not moved else [None] * rows,
        "gaps": [
            None if gap else str(v)
            for gap, v in zip(rng.random(rows) < 0.05 + moved / 3, rng.normal(0, 1, rows), strict=True)
        ],
    }


def everything():
    """A window in which every kind of column has moved."""
    return judged(columns(np.random.default_rng(2), 700, 0.6), columns(np.random.default_rng(1), 3000))


def quiet():
    """A window in which nothing has."""
    return judged(columns(np.random.default_rng(3), 3000), columns(np.random.default_rng(1), 3000))


def without_profiles(report):
    """A report that nothing was measured for."""
    return report, Profile(), Profile()
