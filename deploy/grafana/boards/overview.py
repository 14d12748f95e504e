"""All monitors: how each stands, what is unknown and why, what is open, and whether alerts were right."""

from typing import Any

from boards.board import TO_MONITOR, annotation, board, runbook
from boards.panels import (
    HIDDEN,
    STANDS,
    Panel,
    at_least,
    coloured,
    heat,
    lines,
    number,
    row,
    states,
    table,
    target_now,
    up_to,
)
from boards.queries import by, more, raw, shown, since, used
from boards.standing import RED, UNKNOWN, count, judged, reasons, standing

SHARE = f"{shown('monitor_drifted_features')} / ({shown('monitor_features')} > 0)"
OPEN = f"sum by (monitor) ({shown('monitor_open_incidents', keys='monitor, severity')})"
UNUSED = at_least(0.5, 0.8)


def at_a_glance() -> list[Panel]:
    """One number each."""
    return [
        number(
            "Monitors",
            "Monitors in the configuration that driftd has loaded. Fewer than you expect: see Config on the daemon "
            "dashboard.",
            f"max({raw('monitors')})",
            w=3,
        ),
        number(
            "Violated",
            "Monitors with a violation in the last closed window. Red: open the monitor in the table below; it says "
            "which rule and which feature.",
            count(4),
            steps=up_to(1),
            w=3,
        ),
        number(
            "Unknown",
            "Monitors of which nothing can be said: never judged, no feature judged, the last run failed, a rule "
            "broke, or the last verdict is older than two intervals. Unknown is not good: drift would go unseen. The "
            "table 'Unknown, and why' has the reasons.",
            count(3),
            steps=[(None, UNKNOWN), (0, "green"), (1, UNKNOWN)],
            w=3,
        ),
        number(
            "OK",
            "Monitors whose last window was judged without a violation. Not counted: those where half of the features "
            "or fewer could be judged (OK in part).",
            count(1),
            w=3,
        ),
        number(
            "Open incidents",
            "Incidents that are not over, muted ones too. Red: somebody should acknowledge them on driftd's pages and "
            "say whether they are a fault, expected, or false.",
            f"sum({OPEN})",
            steps=up_to(1),
            w=3,
        ),
        number(
            "Features drifted",
            "Share of all features that have drifted in their monitor's last window. Orientation only: whether it "
            "matters is said by incidents.",
            f"sum({shown('monitor_drifted_features')}) / (sum({shown('monitor_features')}) > 0)",
            "percentunit",
            w=3,
            decimals=1,
        ),
        number(
            "Alert precision",
            "Of the incidents that people called true or false in the last 30 days, the share of true ones; mean over "
            "monitors. Unknown until somebody says so. Red (under a half): widen what is noise, or raise the "
            "tolerance.",
            f"avg({shown('monitor_alert_precision')})",
            "percentunit",
            UNUSED,
            w=3,
        ),
        number(
            "Leaders",
            "Instances that plan and run windows; 1 is right. Red: none (nothing is judged) or several.",
            f"sum({raw('leader')})",
            steps=[(None, UNKNOWN), (0, RED), (1, "green"), (2, RED)],
            w=3,
        ),
    ]


def monitors() -> Panel:
    """A row for every monitor."""
    lag = coloured([(None, "transparent")])
    return table(
        "Monitors",
        "Every monitor as of its last closed window, the worst first. State: VIOLATED, UNKNOWN, OK IN PART (half of "
        "the features or fewer were judged), OK, PAUSED. Judged: the share of features about which anything can be "
        "said. An empty cell is not known. Click a name for its dashboard, or for its page at driftd.",
        "monitor",
        ("State", by("monitor", standing()), "none", STANDS),
        ("Open incidents", OPEN, "short", coloured([(None, "transparent"), (1, RED)])),
        ("Drifted", shown("monitor_drifted_features"), "short", {}),
        ("Features", shown("monitor_features"), "short", {}),
        ("Judged", judged(), "percentunit", coloured([(None, UNKNOWN), (0.0001, "yellow"), (0.5, "transparent")])),
        ("Violations", f"sum by (monitor) ({shown('monitor_violations', keys='monitor, rule')})", "short", {}),
        ("Records", shown("monitor_window_records"), "short", {}),
        ("Last verdict, ago", since("monitor_last_success"), "s", lag),
        ("Newest capture, ago", since("monitor_last_record"), "s", lag),
        ("Pending windows", shown("monitor_windows_pending"), "short", coloured([(None, "transparent"), (4, RED)])),
        ("Next run, in", f"{shown('monitor_next_run_timestamp_seconds')} - time()", "s", {}),
        h=12,
        sort="State",
        links={"monitor": TO_MONITOR},
    )


def unknown() -> Panel:
    """What is not known, and why."""
    return table(
        "Unknown, and why",
        "Monitors of which something is unknown, a row for each reason. Metrics tell these reasons; why a single "
        "feature is unknown (too few rows, too variable, ...) stands in the window's report, on driftd's pages. Empty:"
        " all is known, or driftd is not there at all (then 'Monitors' above is unknown).",
        "monitor, reason, runbook",
        ("is so", reasons(), "none", HIDDEN),
        h=8,
        links={"monitor": TO_MONITOR, "runbook": runbook("runbook")},
    )


def firing() -> Panel:
    """Alerts that fire."""
    alerts = 'ALERTS{alertname=~"Driftd.+", alertstate="firing", job=~"$job"}'
    made = table(
        "Firing alerts",
        "Alerts of driftd's rules that fire now. Click a name for its runbook. Empty is good only if the rules are "
        "loaded in this Prometheus.",
        "alertname",
        ("is so", alerts, "none", HIDDEN),
        h=8,
        links={"alertname": runbook("alertname"), "monitor": TO_MONITOR},
    )
    hidden = dict.fromkeys(("Time", "Value", "__name__", "alertstate", "job", "instance"), True)
    first = {name: place for place, name in enumerate(("alertname", "severity", "monitor", "feature", "rule"))}
    made["targets"] = [{"refId": "A", **target_now(alerts)}]
    made["transformations"] = [{"id": "organize", "options": {"excludeByName": hidden, "indexByName": first}}]
    return made


def over_time() -> list[Panel]:
    """How it came to this."""
    return [
        states(
            "State of every monitor",
            "The state of each monitor over time. Purple is UNKNOWN, a gap means that Prometheus has nothing: both are"
            " no sign of health.",
            by("monitor", standing()),
            "{{monitor}}",
            h=12,
        ),
        heat(
            "How far features have moved",
            "For each monitor the feature that lies furthest, by its distance over its limit: 1 is the limit. Colours "
            "are no verdict: a distance beyond the limit counts once enough evidence has added up.",
            used("monitor"),
            "{{monitor}}",
            most=2,
            h=10,
        ),
        lines(
            "Share of features that drifted",
            "Drifted features over features asked about, by monitor. Many at once: look for one cause upstream, not "
            "for many.",
            (SHARE, "{{monitor}}"),
            unit="percentunit",
            w=12,
        ),
        lines(
            "Open incidents",
            "Incidents that are not over, by severity.",
            (f"sum by (severity) ({shown('monitor_open_incidents', keys='monitor, severity')})", "{{severity}}"),
            w=12,
            bars=True,
        ),
    ]


def alerts() -> list[Panel]:
    """Whether alerts were worth it."""
    return [
        row("Were the alerts right?"),
        table(
            "Alerts, by monitor",
            "Precision: the share of true ones among incidents that people called true or false in the last 30 days. "
            "False alarms of the last 52 weeks beside those that were promised: more than promised, and the monitor's "
            "tolerance or learning time should be looked at. Shadow: judges, and tells nobody.",
            "monitor",
            ("Precision", shown("monitor_alert_precision"), "percentunit", coloured(UNUSED)),
            ("False alarms", shown("monitor_false_alarms"), "short", {}),
            ("Promised at most", shown("monitor_promised_false_alarms"), "short", {"decimals": 1}),
            ("Alarms so far", by("monitor", raw("alarms_total")), "short", {}),
            ("Evidence for an alarm", shown("monitor_evidence_ratio"), "percentunit", {}),
            ("Shadow", shown("monitor_shadow"), "bool_yes_no", {}),
            w=16,
            links={"monitor": TO_MONITOR},
        ),
        table(
            "Incidents, by cause",
            "Incidents since the monitors began, by what driftd takes for their cause. Causes other than shape and "
            "concept are to be mended where they arose, not by training anew.",
            "cause",
            ("Incidents", f"sum by (cause) ({by('monitor, cause', raw('incidents_total'))}) > 0", "short", {}),
            w=8,
            sort="Incidents",
        ),
    ]


def overview() -> dict[str, Any]:
    """The dashboard."""
    begun = f"{more('incidents_total', 'monitor, cause')} > 0"
    return board(
        "driftd-overview",
        "driftd: overview",
        "All models watched by driftd: which stand well, which drifted, and of which nothing is known. Purple is "
        "unknown.",
        [*at_a_glance(), monitors(), unknown(), firing(), *over_time(), *alerts()],
        annotations=[annotation("Incidents begin", RED, begun, "Incident of {{monitor}}", "It looks like: {{cause}}")],
    )
