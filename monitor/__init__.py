"""driftd watches machine-learning models in production. These are the names for rule files and for notebooks."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from monitor.rule import rule, transform  # here and now: `monitor.rule` is the decorator, not its module

if TYPE_CHECKING:
    from monitor.estimate import Estimate, mean_difference, metric_difference, share, share_difference, share_ratio
    from monitor.feature import Categorical, Feature, Numeric, Share
    from monitor.finding import Finding, Reason, Status, at_least, at_most, failed, skip, unknown
    from monitor.library import check as check
    from monitor.library import make_baseline as make_baseline
    from monitor.model_quality import ModelQuality
    from monitor.profile import Profile, Volume
    from monitor.quality.metric import Metric
    from monitor.quality.metrics import metrics_of
    from monitor.window import Window

__version__ = "0.1.0"

# What a rule file gets from `import *`; `check` and `make_baseline` are for notebooks, and have to be named.
__all__ = [
    "Categorical",
    "Estimate",
    "Feature",
    "Finding",
    "Metric",
    "ModelQuality",
    "Numeric",
    "Profile",
    "Reason",
    "Share",
    "Status",
    "Volume",
    "Window",
    "at_least",
    "at_most",
    "failed",
    "mean_difference",
    "metric_difference",
    "metrics_of",
    "rule",
    "share",
    "share_difference",
    "share_ratio",
    "skip",
    "transform",
    "unknown",
]

# Names are fetched when they are asked for, so that `driftd --help` loads no numerical library.
_HOMES = {
    "monitor.estimate": (
        "Estimate",
        "mean_difference",
        "metric_difference",
        "share",
        "share_difference",
        "share_ratio",
    ),
    "monitor.feature": ("Categorical", "Feature", "Numeric", "Share"),
    "monitor.finding": ("Finding", "Reason", "Status", "at_least", "at_most", "failed", "skip", "unknown"),
    "monitor.library": ("check", "make_baseline"),
    "monitor.model_quality": ("ModelQuality",),
    "monitor.profile": ("Profile", "Volume"),
    "monitor.quality.metric": ("Metric",),
    "monitor.quality.metrics": ("metrics_of",),
    "monitor.window": ("Window",),
}


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'monitor' has no attribute {name!r}")
    found = getattr(import_module(home), name)
    globals()[name] = found
    return found
