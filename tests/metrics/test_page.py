"""The page is the code's, and Prometheus' own tool finds nothing to say about the names."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from metrics.scrapes import metrics, scraped
from metrics.views import figures, view

from monitor.metrics.page import page
from monitor.metrics.table import TABLE

ROOT = Path(__file__).parents[2]
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(PROMTOOL is None and not os.getenv("CI"), reason="promtool is not installed")


def test_the_page_is_made_from_the_code() -> None:
    assert (ROOT / "docs" / "metrics.md").read_text() == page(), "python -m monitor.metrics.page docs/metrics.md"


def test_every_metric_is_on_the_page_once() -> None:
    assert len({row.name for row in TABLE}) == len(TABLE)
    assert [row.name for row in TABLE if page().count(f"\n| `{row.name}` | {row.kind} |") != 1] == []


@needs_promtool
def test_promtool_has_nothing_to_say() -> None:
    made = metrics(view(), view("other", figures=figures("é", 'q"', quality={"auc": 0.8})))
    made.watch("churn", ["drift"])
    made.notified("webhook", 0.1)
    made.answered("/metrics", "GET", 200, 0.01)
    assert scraped(made)
    assert PROMTOOL is not None, "promtool is missing; Debian's package prometheus has it"
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=made.exposition()[0], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr.decode()) == (0, "")
