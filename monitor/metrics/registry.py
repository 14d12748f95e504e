"""All metrics, and the answer to a scrape: counters as they stand, and every monitor as of one snapshot."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from time import perf_counter

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics import disable_created_metrics

from monitor.metrics.direct import Direct
from monitor.metrics.limits import Chosen, Limits, chosen
from monitor.metrics.state import FAMILIES, IN_FIXED_ORDER, Rendered, line, monitor_label, rendered
from monitor.metrics.view import Snapshot

DROPPED, TOOK = "driftd_metrics_dropped_series", "driftd_metrics_collection_duration_seconds"
END = b"# EOF\n"
OPEN_SUFFIXES = {"info": "_info", "counter": "_total"}
"""What the name of a family has not in OpenMetrics, and its samples have."""
log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the clock of the daemon, which tests replace


class Metrics(Direct):
    """A registry of its own, and a snapshot that is swapped: a scrape takes no lock that a run could wait for."""

    def __init__(
        self, *, version: str, revision: str = "", limits: Limits | None = None, clock: Callable[[], datetime] = _now
    ) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        super().__init__(self.registry, version=version, revision=revision)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._limits, self._clock = limits or Limits(), clock
        self._state: tuple[Rendered, ...] = ()
        self._told: frozenset[str] = frozenset()

    def show(self, snapshot: Snapshot) -> None:
        """Swap in what is known now; only monitors that changed are written anew."""
        before = {id(one.view): one for one in self._state}
        detail = self._limits.feature_detail
        self._state = tuple(before.get(id(view)) or rendered(view, detail) for view in snapshot.monitors)
        self.monitors(len(snapshot.monitors))

    def limit(self, limits: Limits) -> None:
        """Take other limits, as after a reload."""
        self._limits, self._told = limits, frozenset()
        self._state = tuple(rendered(one.view, limits.feature_detail) for one in self._state)

    def exposition(self, accept: str = "", names: Collection[str] = ()) -> tuple[bytes, str]:
        """Body and content type of an answer, in the format that `accept` asks for; `names` restrict it to those."""
        encoder, content_type = choose_encoder(accept)
        text = encoder(self.registry.restricted_registry(names) if names else self.registry)
        is_open = content_type.startswith("application/openmetrics-text")
        state = self._of_monitors(is_open=is_open, names=names).encode()
        return (text.removesuffix(END) + state + END if is_open else text + state), content_type

    def _of_monitors(self, *, is_open: bool, names: Collection[str]) -> str:
        began = perf_counter()
        monitors = chosen(self._state, self._limits, self._clock())
        self._tell_of_dropped(monitors)
        parts: list[str] = []
        for name in IN_FIXED_ORDER:
            if name != TOOK and (not names or name in names):
                lines = _lines(name, monitors)
                parts += [_head(name, is_open=is_open), *lines] if lines else []
        if not names or TOOK in names:
            parts += [_head(TOOK, is_open=is_open), f"{TOOK} {perf_counter() - began!r}\n"]
        return "".join(parts)

    def _tell_of_dropped(self, monitors: Sequence[Chosen]) -> None:
        """Once for each monitor, until the limits change."""
        for one in monitors:
            if one.dropped and one.view.name not in self._told:
                self._told |= {one.view.name}
                log.warning(
                    "monitor %s: %d series are left out of /metrics; raise metrics.max_series_per_monitor or "
                    "metrics.max_series, or set metrics.feature_detail: violating", one.view.name, one.dropped,
                )  # fmt: skip


def _lines(name: str, monitors: Sequence[Chosen]) -> list[str]:
    if name == DROPPED:
        return [line(name, monitor_label(one.view), one.dropped) for one in monitors]
    return [one.blocks[name].text for one in monitors if name in one.blocks]


def _head(name: str, *, is_open: bool) -> str:
    row = FAMILIES[name]
    kind = "gauge" if row.kind == "info" and not is_open else row.kind
    shown = name.removesuffix(OPEN_SUFFIXES.get(row.kind, "")) if is_open else name
    return f"# HELP {shown} {row.meaning}\n# TYPE {shown} {kind}\n"
