"""Over a limit whole metrics go, in a fixed order, and it is said how many series that were."""

import logging

import pytest
from metrics.scrapes import Samples, at, metrics, named, scraped
from metrics.views import figures, view

from monitor.metrics.limits import DROPPED_FIRST, Limits

FEATURES = tuple(f"f{i}" for i in range(10))


def series_of(found: Samples, monitor: str) -> int:
    """Series of the state of a monitor."""
    return sum(dict(labels).get("monitor") == monitor for _, labels in found)


def kept(found: Samples) -> list[str]:
    return [name for name in DROPPED_FIRST if named(found, name.removeprefix("driftd_"))]


def test_a_limit_takes_whole_metrics_in_their_order() -> None:
    whole = series_of(scraped(metrics(view(features=FEATURES))), "churn")
    for lost in range(5):
        limit = whole - 10 * lost
        for limits in (Limits(max_series_per_monitor=limit), Limits(max_series=limit)):
            found = scraped(metrics(view(features=FEATURES), limits=limits))
            assert series_of(found, "churn") == limit
            assert kept(found) == list(DROPPED_FIRST[lost:])
            assert found[at("metrics_dropped_series", monitor="churn")] == 10 * lost
        if lost < 4:
            less = scraped(metrics(view(features=FEATURES), limits=Limits(max_series_per_monitor=limit - 1)))
            assert kept(less) == list(DROPPED_FIRST[lost + 1 :])


def test_one_monitors_limit_is_not_anothers() -> None:
    made = metrics(view("large", features=FEATURES), view("small"), limits=Limits(max_series_per_monitor=58))
    found = scraped(made)
    assert found[at("metrics_dropped_series", monitor="small")] == 0
    assert found[at("metrics_dropped_series", monitor="large")] == 30
    assert series_of(found, "large") <= 58


def test_what_was_dropped_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    made = metrics(view(features=FEATURES), limits=Limits(max_series_per_monitor=58))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            made.exposition()
    (record,) = caplog.records
    assert record.getMessage().startswith("monitor churn: 30 series are left out of /metrics; raise metrics.max_series")


@pytest.mark.parametrize(("detail", "names"), [("all", {"a", "b", "c"}), ("violating", {"a", "b"}), ("none", set())])
def test_detail_may_be_kept_to_what_is_violated(detail: str, names: set[str]) -> None:
    limits = Limits(feature_detail=detail)  # type: ignore[arg-type]
    one = view(figures=figures("a", "b", "c", drifted=("a",), violating=("a", "b")))
    found = scraped(metrics(one, limits=limits))
    for name in DROPPED_FIRST:
        assert {labels["feature"] for labels in named(found, name.removeprefix("driftd_"))} == names
    assert found[at("metrics_dropped_series", monitor="churn")] == 0
    assert found[at("monitor_features", monitor="churn")] == 3


def test_other_limits_hold_from_the_next_scrape_on() -> None:
    made = metrics(view())
    made.limit(Limits(feature_detail="none"))
    assert kept(scraped(made)) == []
    made.limit(Limits())
    assert kept(scraped(made)) == list(DROPPED_FIRST)
