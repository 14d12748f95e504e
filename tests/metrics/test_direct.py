"""Counters: there from the start at 0, closed lists of reasons, exemplars where OpenMetrics has them."""

import ast
import re
from pathlib import Path

from metrics.scrapes import OPEN, at, metrics, named, scraped
from metrics.views import NOW, figures

from monitor.metrics import reasons

ROOT = Path(__file__).parents[2]


def test_everything_known_beforehand_stands_at_0() -> None:
    made = metrics()
    made.watch("churn", ["drift", "mine"], users=["mine"])
    found = scraped(made)
    for name, values in {
        "run_failures_total": reasons.RUN_FAILURES,
        "windows_skipped_total": reasons.WINDOWS_SKIPPED,
        "records_rejected_total": reasons.REJECTED,
    }.items():
        assert {found[at(name, monitor="churn", reason=value)] for value in values} == {0}
    for name in ("runs", "records_read", "read_bytes", "records_late", "rule_evaluations"):
        assert found[at(f"{name}_total", monitor="churn")] == 0
    assert found[at("violations_total", monitor="churn", rule="drift")] == 0
    broken = named(found, "rule_evaluation_failures_total")
    assert {labels["reason"] for labels in broken if labels["rule"] == "mine"} == set(reasons.RULE_FAILURES)
    assert [labels["reason"] for labels in broken if labels["rule"] == "drift"] == ["raised"]
    assert found[at("store_errors_total", operation="write")] == 0
    assert found[at("log_messages_total", level="error")] == 0


def test_a_run_is_counted_by_what_came_of_it() -> None:
    made = metrics()
    made.watch("churn", ["drift"])
    judged = figures("age", drifted=("age",), failed={"mine": {"timeout": 2}})
    made.run_finished("churn", seconds=2, run_id="01J9", figures=judged, read_bytes=77, phases={"load": 1.0})
    made.run_finished("churn", seconds=0.5, reason="timeout")
    made.run_finished("churn", seconds=0.5, reason="Permission denied: /secret")
    found = scraped(made)
    expected = {
        at("runs_total", monitor="churn"): 3,
        at("run_failures_total", monitor="churn", reason="timeout"): 1,
        at("run_failures_total", monitor="churn", reason="other"): 1,
        at("run_duration_seconds_count"): 3,
        at("run_duration_seconds_bucket", le="1.0"): 2,
        at("run_phase_duration_seconds_sum", phase="load"): 1,
        at("records_read_total", monitor="churn"): 1000,
        at("read_bytes_total", monitor="churn"): 77,
        at("records_rejected_total", monitor="churn", reason="not_json"): 10,
        at("violations_total", monitor="churn", rule="drift"): 1,
        at("rule_evaluations_total", monitor="churn"): 7,
        at("rule_evaluation_failures_total", monitor="churn", rule="mine", reason="timeout"): 2,
    }
    assert {key: found[key] for key in expected} == expected


def test_openmetrics_leads_to_the_run() -> None:
    made = metrics()
    made.watch("churn", ["drift"])
    made.run_finished("churn", seconds=2, run_id="01J9", figures=figures("age", drifted=("age",)))
    body = made.exposition(OPEN)[0].decode()
    marked = [line.split(" ")[0] for line in body.splitlines() if '# {run_id="01J9"}' in line]
    assert marked == [
        'driftd_run_duration_seconds_bucket{le="5.0"}',
        'driftd_violations_total{monitor="churn",rule="drift"}',
    ]
    assert "run_id" not in made.exposition()[0].decode()


def test_the_daemon_tells_of_itself() -> None:
    made = metrics()
    made.tick(NOW)
    made.reloaded(NOW, succeeded=True)
    made.reloaded(NOW, succeeded=False)
    made.leads(True)
    made.workers(2, 1)
    made.queued(3)
    made.stored(4096)
    made.store_failed("write")
    made.store_failed("select * from secrets")
    made.logged("error")
    made.notified("webhook", 0.2)
    made.notified("webhook", 0.2, "timeout")
    found = scraped(made)
    expected = {
        at("scheduler_last_tick_timestamp_seconds"): NOW.timestamp(),
        at("config_last_reload_successful"): 0,
        at("config_last_reload_success_timestamp_seconds"): NOW.timestamp(),
        at("leader"): 1,
        at("workers"): 2,
        at("workers_busy"): 1,
        at("notifications_queued"): 3,
        at("store_size_bytes"): 4096,
        at("store_errors_total", operation="write"): 1,
        at("store_errors_total", operation="other"): 1,
        at("log_messages_total", level="error"): 1,
        at("notifications_total", integration="webhook"): 2,
        at("notifications_failed_total", integration="webhook", reason="timeout"): 1,
        at("notifications_failed_total", integration="webhook", reason="other"): 0,
    }
    assert {key: found[key] for key in expected} == expected
    (about,) = named(found, "build_info")
    assert about["version"] == "0.1.0"
    assert not [name for name, _ in found if name.endswith("_created")]


def test_every_reason_to_reject_a_record_is_in_the_list() -> None:
    told = (ROOT / "docs" / "formats.md").read_text().split("## What is rejected")[1].split("## Limits")[0]
    documented = {
        name for cell in re.findall(r"^\| (`.*?) \|", told, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)
    }
    assert documented | {"other"} == set(reasons.REJECTED)


def test_every_way_a_rule_breaks_is_in_the_list() -> None:
    given = set()
    for path in (ROOT / "monitor").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "failed":
                given |= {arg.value for arg in node.args[1:] if isinstance(arg, ast.Constant)}
    assert given == {"bad_result", "not_installed"}
    assert given < set(reasons.RULE_FAILURES)


def test_a_rule_that_is_asked_no_more_vanishes_and_the_others_go_on() -> None:
    made = metrics()
    made.watch("churn", ["drift", "range"])
    made.run_finished("churn", seconds=1, figures=figures("age", drifted=("age",), violations={"drift": 1}))
    made.watch("churn", ["drift"])
    found = scraped(made)
    assert [labels["rule"] for labels in named(found, "violations_total")] == ["drift"]
    assert [labels["rule"] for labels in named(found, "rule_evaluation_failures_total")] == ["drift"]
    assert found[at("violations_total", monitor="churn", rule="drift")] == 1
