"""One monitor: how it stands and stood, what moved and how far, what came in, whether the model does well."""

from typing import Any

from boards.board import annotation, board, link, variable
from boards.outcome import outcome, traffic
from boards.panels import (
    STANDS,
    Panel,
    coloured,
    heat,
    lines,
    number,
    row,
    states,
    table,
    up_to,
)
from boards.queries import FEATURE, LIVE, ONE, TRAINING, by, more, raw, shown, since, used
from boards.standing import GREEN, RED, UNKNOWN, WORDS, YELLOW, judged, mappings, standing

ALARMS = {1: ("OK", GREEN), 3: ("NOT ENOUGH DATA", UNKNOWN), 4: ("ALARM", RED)}
FEATURES = {1: ("steady", GREEN), 3: ("UNKNOWN", UNKNOWN), 4: ("drifted", RED)}
EACH = "monitor, feature"
PAGE = "${driftd}/monitors/${monitor:percentencode}"
"""driftd's own page of the monitor."""
DRIFTED = (
    f"1 + 3 * {shown('feature_drifted', FEATURE, EACH)} or 3 + 0 * {shown('feature_missing_ratio', FEATURE, EACH)}"
)
"""What was not judged has rows all the same: it is unknown."""


def at_a_glance() -> list[Panel]:
    """One number each."""
    return [
        number(
            "State",
            "The last closed window: VIOLATED, OK, OK IN PART (half of the features or fewer were judged), or UNKNOWN "
            "(nothing was judged, the last run failed, a rule broke within the hour, or the verdict is old), PAUSED. "
            "UNKNOWN is no sign of health. Red: see 'Violations, by rule' and the features below.",
            by("monitor", standing(ONE)),
            words=WORDS,
            w=4,
        ),
        number(
            "Open incidents",
            "Incidents of this monitor that are not over, muted ones too. Red: acknowledge them on driftd's pages.",
            f"sum({shown('monitor_open_incidents', ONE, 'monitor, severity')})",
            steps=up_to(1),
            w=3,
        ),
        number(
            "Features drifted",
            "Features whose drift finding is violated in the last window. Red: see which, below.",
            by("monitor", shown("monitor_drifted_features", ONE)),
            steps=up_to(1),
            w=3,
        ),
        number(
            "Features judged",
            "The share of features about which the last window can say anything. Low: windows have too few rows, or "
            "features wander too much; the report says how many rows would do.",
            judged(ONE),
            "percentunit",
            [(None, UNKNOWN), (0, RED), (0.5, YELLOW), (0.8, GREEN)],
            w=3,
        ),
        number(
            "Evidence for an alarm",
            "How much evidence has added up over windows and features; at 100 % there is an alarm. Yellow: something "
            "moves, look before it calls you.",
            shown("monitor_evidence_ratio", ONE),
            "percentunit",
            up_to(0.5, 1),
            w=3,
        ),
        number(
            "Last verdict, ago",
            "Time since a window was last judged. Compare it with the interval beside; more than two intervals and "
            "what is shown is old (DriftdMonitorStale).",
            since("monitor_last_success", ONE),
            "s",
            w=3,
        ),
        number("Interval", "The nominal time between two windows.", shown("monitor_interval_seconds", ONE), "s", w=2),
        number(
            "Windows learned",
            "Of the windows that production is learned from, the share that is there. Below 100 % drift is held "
            "against training only, with a wide tolerance.",
            f"{shown('monitor_learned_windows', ONE)} / ({shown('monitor_learned_windows_needed', ONE)} > 0)",
            "percentunit",
            [(None, UNKNOWN), (0, YELLOW), (1, GREEN)],
            w=3,
        ),
    ]


def state_over_time() -> list[Panel]:
    """Bands, in words."""
    codes = {"ok": 1, "insufficient_data": 3, "alarm": 4}
    alarms = "\nor ".join(
        "{} * ({} == 1)".format(code, shown("alarm_state", f'{ONE}, state="{state}"', "alarm"))
        for state, code in codes.items()
    )
    return [
        states(
            "State",
            "The monitor's state over time. Purple is UNKNOWN; a gap means that Prometheus has nothing. Neither is a "
            "sign of health.",
            by("monitor", standing(ONE)),
            "{{monitor}}",
            h=4,
        ),
        states(
            "Features",
            "For each feature whether it drifted in the last closed window of that time. Purple: it could not be "
            "judged. Red: see its score below and its pictures in the report.",
            DRIFTED,
            "{{feature}}",
            h=12,
            words=FEATURES,
        ),
        states(
            "Configured alarms",
            "The alarms that the configuration names (`alarms`), by their state. No band: none is configured.",
            alarms,
            "{{alarm}}",
            h=5,
            words=ALARMS,
        ),
    ]


def features() -> list[Panel]:
    """How far each feature has moved."""
    near = {**coloured([(None, "transparent"), (0.8, YELLOW), (1, "orange")]), "decimals": 2}
    missing = shown("feature_missing_ratio", FEATURE, EACH)
    return [
        row("Features"),
        heat(
            "Distance over limit",
            "For each feature how far it lies from what is expected, as a multiple of its limit: 1 is the limit. "
            "Colours are no verdict: what counts is the table below. A gap means that there was no score.",
            used("feature", FEATURE),
            "{{feature}}",
            most=2,
        ),
        table(
            "Features",
            "The last closed window, drifted features first. Verdict: drifted, steady, or UNKNOWN (not judged: too few"
            " rows, too variable, ...; the report says which). Distances have no unit: from production as it was "
            "learned, or while it is learned from the training data. Over the limit counts once there is enough "
            "evidence.",
            EACH,
            ("Verdict", by(EACH, DRIFTED), "none", {**STANDS, "mappings": mappings(FEATURES)}),
            ("Distance over limit", used(EACH, FEATURE), "none", near),
            ("Distance", _distance("score"), "none", {"decimals": 3}),
            ("Limit", _distance("threshold"), "none", {"decimals": 3}),
            ("Missing", missing, "percentunit", {}),
            h=11,
            sort="Verdict",
        ),
        lines(
            "Distance over limit, over time",
            "The ten features furthest from what is expected, as multiples of their limits (dashed). Pick a feature "
            "above to see it alone.",
            (f"topk(10, {used('feature', FEATURE)})", "{{feature}}"),
            unit="none",
            w=12,
            limit=1,
        ),
        lines(
            "Missing values",
            "Share of rows without a value, of the ten features that miss most. A sudden rise is a fault upstream: "
            "nothing that training anew would mend.",
            (f"topk(10, {missing})", "{{feature}}"),
            unit="percentunit",
            w=12,
        ),
    ]


def _distance(word: str) -> str:
    """From production as learned; while it is learned, from training."""
    live, training = (shown(f"feature_drift_{word}", f"{FEATURE}, {method}", EACH) for method in (LIVE, TRAINING))
    return f"{live} or {training}"


def marks() -> list[Panel]:
    """What happened, on all panels at once."""
    info = raw("monitor_info", ONE)
    same = "on (job, instance, monitor, model_version, baseline)"
    before = f"last_over_time({raw('monitor_info', ONE)}[5m] offset 5m)"
    alerts = 'ALERTS{alertname=~"Driftd.+", alertstate="firing", job=~"$job", monitor="$monitor"}'
    return [
        annotation(
            "Incidents begin",
            RED,
            f"{more('incidents_total', 'cause', ONE)} > 0",
            "Incident begins",
            "Cause: {{cause}}",
        ),
        annotation(
            "Open incidents",
            "orange",
            f"sum by (severity) ({shown('monitor_open_incidents', ONE, 'severity')}) > 0",
            "Incident open",
            "{{severity}}",
        ),
        annotation("Alerts", YELLOW, alerts, "{{alertname}}", "{{feature}} {{rule}}"),
        annotation(
            "New model or baseline",
            "blue",
            f"({info} unless {same} {before}) and on (job, instance, monitor) {before}",
            "New model version or baseline",
            "version {{model_version}}, baseline {{baseline}}",
        ),
        annotation(
            "Baseline remade",
            "blue",
            f"changes({raw('baseline_created_timestamp_seconds', ONE)}[$__rate_interval]) > 0",
            "Another baseline",
        ),
        annotation(
            "Actions",
            "super-light-blue",
            f"{more('actions_total', 'action, outcome', ONE)} > 0",
            "{{action}}",
            "{{outcome}}",
        ),
    ]


def monitor() -> dict[str, Any]:
    """The dashboard."""
    names = 'label_values(driftd_monitor_info{job=~"$job", instance=~"$instance"}, monitor)'
    features_of = 'label_values(driftd_feature_missing_ratio{job=~"$job", monitor="$monitor"}, feature)'
    return board(
        "driftd-monitor",
        "driftd: one monitor",
        "One model: how it stands and stood, which features moved and how far, what came in. Purple is unknown.",
        [*at_a_glance(), *state_over_time(), *features(), *traffic(), *outcome()],
        variables=[
            variable("monitor", "Monitor", names, many=False),
            variable("feature", "Feature", features_of),
        ],
        annotations=marks(),
        links=[link("This monitor, at driftd", PAGE, "external link", "Windows, reports, incidents")],
    )
