"""Where labels come, as it is configured."""

from datetime import timedelta
from pathlib import Path

import pytest
from config.files import CHURN, loaded, one

from monitor.config.show import document
from monitor.config.truth import Truth


def truth(folder: Path, text: str) -> Truth:
    found = loaded(folder, f"monitors: {{m: {{{CHURN}, truth: {text}}}}}").monitors["m"].truth
    assert found is not None
    return found


def test_a_text_is_the_path_and_the_rest_has_defaults(tmp_path: Path) -> None:
    found = truth(tmp_path, "labels/churn")
    assert found.path == tmp_path / "labels/churn"
    assert (found.format, found.id, found.label, found.place, found.time) == ("auto", "id", "label", None, None)
    assert (found.first, found.max_delay, found.min_coverage) == (timedelta(days=1), timedelta(days=7), 0.3)
    assert loaded(tmp_path, f"monitors: {{m: {{{CHURN}}}}}").monitors["m"].truth is None


def test_every_key_is_read_and_told_to_workers(tmp_path: Path) -> None:
    text = (
        "{path: s3://b/labels, format: csv, id: request, label: y, place: row, time: at, due: 0s, max_delay: 30d, "
        "min_coverage: 2%}"
    )
    found = truth(tmp_path, text)
    assert (str(found.path), found.id, found.label, found.place, found.time) == (
        "s3://b/labels",
        "request",
        "y",
        "row",
        "at",
    )
    assert (found.first, found.max_delay, found.min_coverage) == (timedelta(0), timedelta(days=30), 0.02)
    monitor = loaded(tmp_path, f"monitors: {{m: {{{CHURN}, truth: {text}}}}}").monitors["m"]
    assert document(monitor)["truth"]["max_delay"] == "30d"


def test_labels_that_come_within_hours_are_due_then(tmp_path: Path) -> None:
    assert truth(tmp_path, "{path: labels, max_delay: 2h}").first == timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{path: l, due: 8d}", ": has due 8d after max_delay 1w; at most 1w would be right"),
        ("{path: l, format: xml}", ".format: 'xml' is not a capture format"),
        ("{path: l, id: 7}", ".id: 7 is not the name of a column"),
        ("{path: l, min_coverage: 200%}", ".min_coverage: '200%' is not a share"),
        ("{path: l, max_delay: 0s}", ".max_delay: '0s' is no time at all"),
        ("{path: l, delays: 1d}", ": unknown key 'delays'; did you mean 'max_delay'?"),
    ],
)
def test_a_mistake_says_what_would_be_right(tmp_path: Path, text: str, expected: str) -> None:
    (told,) = one(tmp_path, f"{CHURN}, truth: {text}")
    assert told.startswith(f"monitors.m.truth{expected}")
