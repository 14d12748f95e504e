"""A scrape, read back by prometheus_client's own parsers, which refuse what is not an exposition."""

from metrics.views import NOW
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families as text_families

from monitor.metrics.limits import Limits
from monitor.metrics.registry import Metrics
from monitor.metrics.view import MonitorView, Snapshot

OPEN = "application/openmetrics-text; version=1.0.0"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def metrics(*views: MonitorView, limits: Limits | None = None) -> Metrics:
    """Metrics that show these monitors at the moment NOW."""
    made = Metrics(version="0.1.0", limits=limits, clock=lambda: NOW)
    made.show(Snapshot(monitors=views, taken_at=NOW))
    return made


def scraped(metrics: Metrics, accept: str = "", **restricted: tuple[str, ...]) -> Samples:
    """Every sample by name and labels; a series that is there twice is an error."""
    body, _ = metrics.exposition(accept, **restricted)
    families = (open_families if accept else text_families)(body.decode())
    found: Samples = {}
    for family in families:
        for sample in family.samples:
            key = sample.name, frozenset(sample.labels.items())
            assert key not in found, key
            found[key] = sample.value
    return found


def at(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return f"driftd_{name}", frozenset(labels.items())


def named(found: Samples, name: str) -> list[dict[str, str]]:
    """The labels of all series of a metric."""
    return [dict(labels) for key, labels in found if key == f"driftd_{name}"]
