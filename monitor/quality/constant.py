"""The best constant classifier: what a model that always says the commonest class would reach."""

from collections.abc import Iterator

from monitor.model_quality import Binary, Multiclass
from monitor.quality.metric import Metric, metric
from monitor.stats.interval import Interval

SUFFIX = "_best_constant_classifier"


def of_constant(found: Binary | Multiclass) -> Iterator[Metric]:
    """Recall, precision, accuracy and F of it, a share p of rows being of the commonest class.

    Of several classes, weighted: accuracy and recall are p, precision p^2, F `p (1 + b^2) p / (b^2 + p)`. Of two: those
    of the positive class, which are 0 where it is not the commonest.
    """
    true = found.cells.sum(axis=1)
    n = int(true.sum())
    if not n:
        return
    share = int(true.max()) / n
    is_binary = isinstance(found, Binary)
    says_positive = is_binary and true[1] > true[0]
    weight = share if not is_binary else float(says_positive)
    values = {"recall": 1.0, "precision": share, "accuracy": share / weight if weight else 0.0}
    values |= {name: (1 + b * b) * share / (b * b + share) for name, b in (("f0_5", 0.5), ("f1", 1.0), ("f2", 2.0))}
    values = {name: value * weight for name, value in values.items()} | {"accuracy": share}
    for name, value in values.items():
        full = name if is_binary or name == "accuracy" else f"weighted_{name}"
        yield metric(full + SUFFIX, Interval(value, value, value), n, better=None, method="exact")
