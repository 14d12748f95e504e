"""Metrics of a problem of several classes: each class's own, weighted by how often it came true."""

from collections.abc import Iterator

from monitor.model_quality import Multiclass
from monitor.quality.delta import mcc, weighted_f
from monitor.quality.intervals import mean_of
from monitor.quality.metric import Metric, metric
from monitor.stats.shares import wilson

WEIGHTED = {"weighted_precision": 0.0, "weighted_f0_5": 0.5, "weighted_f1": 1.0, "weighted_f2": 2.0}


def of_classes(found: Multiclass) -> Iterator[Metric]:
    """All that the table of classes tells; classes beyond 100 count as one, in which the right ones are known."""
    n = int(found.cells.sum())
    right = wilson(int(found.right.sum()), n)
    yield metric("accuracy", right, n)
    yield metric("weighted_recall", right, n)
    for name, beta in WEIGHTED.items():
        yield metric(name, weighted_f(found.cells, found.right, beta), n, method="delta method, Wilson interval")
    recalls = [wilson(int(r), int(t)) for r, t in zip(found.right, found.cells.sum(axis=1), strict=True) if t]
    yield metric("balanced_accuracy", mean_of(recalls), n, method="MOVER of each class's Wilson interval")
    yield metric("mcc", mcc(found.cells, found.right), n, method="delta method on Fisher's z")
