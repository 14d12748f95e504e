"""The daemon: whether it is there, gets its windows judged, and delivers; what it costs."""

from typing import Any

from boards.board import annotation, board
from boards.panels import Panel, lines, number, row, up_to
from boards.queries import ALL, mean, more, quantile, rate, raw, shown
from boards.standing import GREEN, RED, UNKNOWN, YELLOW
from boards.upkeep import resources, told, web

ONE_IS_RIGHT = [(None, UNKNOWN), (0, RED), (1, GREEN)]
RIGHT = {0: ("NO", RED), 1: ("YES", GREEN)}


def at_a_glance() -> list[Panel]:
    """One number each."""
    return [
        number(
            "Scraped",
            "Whether Prometheus reaches every instance. NO: nothing below is of now (DriftdDown).",
            f"min(up{{{ALL}}})",
            words=RIGHT,
            w=3,
        ),
        number(
            "Leaders",
            "Instances that plan and run windows; 1 is right. None: nothing is judged (DriftdNoLeader); several: two "
            "daemons share a store (DriftdManyLeaders).",
            f"sum({raw('leader')})",
            steps=[*ONE_IS_RIGHT, (2, RED)],
            w=3,
        ),
        number(
            "Planner woke, ago",
            "Time since the planner last woke. Red: it hangs, and nothing is judged (DriftdSchedulerStalled).",
            f"time() - max({raw('scheduler_last_tick_timestamp_seconds')})",
            "s",
            up_to(300),
            w=3,
            min=0,
        ),
        number(
            "Config loaded",
            "Whether the last configuration that driftd was told to load was taken. NO: it goes on with the one before"
            " (DriftdConfigReloadFailed); `driftd config check` says what is wrong.",
            f"min({raw('config_last_reload_successful')})",
            words=RIGHT,
            w=3,
        ),
        number(
            "Windows pending",
            "Windows of all monitors that are due and not judged. Red: runs are too slow or fail (DriftdBacklog).",
            f"sum({shown('monitor_windows_pending')})",
            steps=up_to(4, 20),
            w=3,
        ),
        number(
            "Failed runs, 1 h",
            "Runs that ended without a verdict in the last hour. See 'Runs that failed' for the reason "
            "(DriftdRunsFailing).",
            f"sum(increase({raw('run_failures_total')}[1h]))",
            steps=up_to(0.5, 3),
            w=3,
            decimals=0,
        ),
        number(
            "Store errors, 1 h",
            "Operations of the store that failed in the last hour. Red: verdicts may not be written "
            "(DriftdStoreErrors).",
            f"sum(increase({raw('store_errors_total')}[1h]))",
            steps=up_to(0.5),
            w=3,
            decimals=0,
        ),
        number(
            "Deliveries given up, 1 h",
            "Notifications given up in the last hour (DriftdNotificationsFailing). Unknown: nothing has been told to "
            "anybody since the start.",
            f"sum(increase({raw('notifications_failed_total')}[1h]))",
            steps=up_to(0.5),
            w=3,
            decimals=0,
        ),
    ]


def windows() -> list[Panel]:
    """Whether windows get judged, and how long it takes."""
    judged = f"{more('runs_total', 'job')} - {more('run_failures_total', 'job')}"
    return [
        row("Windows"),
        lines(
            "Windows judged",
            "Runs with a verdict in each step of the picture. Nothing for longer than the shortest interval of your "
            "monitors: see Scraped, Leaders and Planner above.",
            (judged, "judged"),
            bars=True,
        ),
        lines(
            "Runs that failed",
            "Runs without a verdict, by reason, in each step of the picture. `memory` and `timeout`: raise the "
            "monitor's limits; `source`: captures cannot be read.",
            (f"{more('run_failures_total', 'monitor, reason')} > 0", "{{monitor}}: {{reason}}"),
            bars=True,
        ),
        lines(
            "Windows left out",
            "Windows closed without a verdict. `dead`: given up after three attempts (DriftdWindowDead); `expired`: "
            "beyond what catchup allows (DriftdWindowsExpired).",
            (f"{more('windows_skipped_total', 'monitor, reason')} > 0", "{{monitor}}: {{reason}}"),
            bars=True,
        ),
        lines(
            "Run duration",
            "Wall time of runs: half were shorter than the median, 19 of 20 shorter than the 95th percentile; both "
            "between the edges of buckets. Nothing is drawn while nothing runs.",
            (quantile(0.5, "run_duration_seconds"), "median"),
            (quantile(0.95, "run_duration_seconds"), "95th percentile"),
            unit="s",
        ),
        lines(
            "Where a run's time goes",
            "Mean wall time of the parts of a run: loading a worker, evaluating, publishing.",
            (mean("run_phase_duration_seconds", "phase"), "{{phase}}"),
            unit="s",
        ),
        lines(
            "Slowest monitors",
            "Wall time of the last run of the ten slowest monitors. Near its interval, a monitor's windows pile up.",
            (f"topk(10, {shown('monitor_last_run_duration_seconds')})", "{{monitor}}"),
            unit="s",
        ),
        lines(
            "Windows pending",
            "Windows that are due and not judged, of the ten monitors furthest behind.",
            (f"topk(10, {shown('monitor_windows_pending')})", "{{monitor}}"),
            limit=4,
        ),
        lines(
            "Records read",
            "Captured records read, per second.",
            (rate("records_read_total", "monitor"), "{{monitor}}"),
            unit="ops",
        ),
        lines(
            "Bytes read", "Captures read, per second.", (rate("read_bytes_total", "monitor"), "{{monitor}}"), unit="Bps"
        ),
    ]


def daemon() -> dict[str, Any]:
    """The dashboard."""
    restarts = f"changes(process_start_time_seconds{{{ALL}}}[$__rate_interval]) > 0"
    reloads = f"changes({raw('config_last_reload_success_timestamp_seconds')}[$__rate_interval]) > 0"
    return board(
        "driftd-daemon",
        "driftd: the daemon",
        "Whether driftd itself works, and what it costs. Purple is unknown.",
        [*at_a_glance(), *windows(), *resources(), *told(), *web()],
        annotations=[
            annotation("Restarts", YELLOW, restarts, "driftd started", "{{instance}}"),
            annotation("Configurations", "blue", reloads, "Another configuration", "{{instance}}"),
        ],
        time="now-24h",
    )
