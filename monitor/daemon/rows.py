"""Windows and runs as the web shows them, from what the store has."""

from monitor.store.rows import ResultRow
from monitor.store.rows import RunRow as Run
from monitor.store.rows import WindowRow as Row
from monitor.store.states import sagemaker_status
from monitor.web.daemon import RunRow, WindowRow


def window_row(row: Row) -> WindowRow:
    """A window of the ledger."""
    return WindowRow(
        monitor=row.monitor,
        start=row.window.start,
        end=row.window.end,
        state=row.state,
        sagemaker_status=sagemaker_status(row.state, row.status),
        revision=row.revision,
        attempt=row.attempt,
        failures=row.failures,
        reason=f"{row.reason}: {row.why}" if row.why else row.reason,
        due=row.due_at,
    )


def run_row(row: Run, result: ResultRow | None) -> RunRow:
    """An attempt, with what came of it where that was a verdict."""
    done = result if result is not None and result.run_id == row.run_id else None
    return RunRow(
        run_id=row.run_id,
        monitor=row.monitor,
        start=row.window.start,
        end=row.window.end,
        revision=row.revision,
        status=row.status or row.state,
        sagemaker_status=sagemaker_status(row.state, row.status),
        reason=f"{row.reason}: {row.why}" if row.why else row.reason,
        records=row.records or 0,
        rows=done.rows if done else 0,
        violations=sum(done.figures.get("violations", {}).values()) if done else 0,
        took_seconds=done.took_seconds if done else None,
        finished=row.finished_at,
        baseline=done.baseline if done else "",
        config_digest=done.config_digest if done else "",
        input_digest=done.input_digest if done else "",
    )
