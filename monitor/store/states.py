"""The states of a window and of a run, and what SageMaker calls them."""

from enum import StrEnum


class State(StrEnum):
    """Of a window. Pending and running ones are open, the others closed."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    DEAD = "dead"


OPEN = (State.PENDING, State.RUNNING)


class RunState(StrEnum):
    """Of one attempt. Interrupted: cut off with its daemon, or overtaken by another one; not counted as a failure."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


def sagemaker_status(state: str, status: str | None) -> str:
    """What SageMaker's MonitoringExecutionStatus says of a window or run in this state with this verdict.

    >>> sagemaker_status("done", "violated"), sagemaker_status("dead", None), sagemaker_status("running", None)
    ('CompletedWithViolations', 'Failed', 'InProgress')
    """
    if state == State.DONE:
        return {"violated": "CompletedWithViolations", "failed": "Failed"}.get(status or "", "Completed")
    return {
        State.PENDING: "Pending",
        State.RUNNING: "InProgress",
        State.DEAD: "Failed",
        RunState.FAILED: "Failed",
    }.get(State(state) if state in list(State) else RunState(state), "Stopped")
