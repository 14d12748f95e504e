"""A worker's answer in the words of the store."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.daemon.task import Answer, Task
from monitor.daemon.workers import Worked
from monitor.document import from_document
from monitor.figures import Figures
from monitor.store.words import Claim, Done, Event, Input, Object, Stretch
from monitor.window import Window

MOST_TOLD = 20


def figures_of(answer: Answer) -> Figures:
    """The figures of a judged window."""
    return from_document(Figures, answer.figures)


def done_of(claim: Claim, task: Task, worked: Worked) -> Done:
    """A judged window as it is written down."""
    answer = worked.answer
    figures = figures_of(answer)
    return Done(
        status=answer.status,
        report=worked.report,
        profile=worked.profile,
        figures={**answer.figures, "baseline": answer.baseline},
        records=figures.records,
        rows=figures.rows,
        rejected=figures.rejected,
        last_record=figures.last_record,
        inputs=tuple(Input(path=o.path, size=o.size, stamp=o.stamp, rows=o.rows) for o in answer.objects if o.rows > 0),
        objects=tuple(
            Object(
                path=o.path,
                size=o.size,
                stamp=o.stamp,
                first=o.first,
                last=o.last,
                is_half=o.is_half,
                dated_to=o.dated_to,
            )
            for o in answer.objects
        ),
        rows_elsewhere={o.path: _elsewhere(o.elsewhere, task.closed) for o in answer.objects if o.elsewhere},
        outbox=(Event(kind="window.judged", body=_told(claim, answer, figures)),),
        took_seconds=answer.took_seconds,
        config_digest=task.config_digest,
        baseline=f"{answer.baseline['name']}/{answer.baseline['version']}",
        input_digest=answer.input_digest,
        folder=answer.folder,
    )


def _elsewhere(counts: Mapping[str, int], closed: Sequence[Window]) -> dict[Stretch, int]:
    return {(closed[int(at)].start, closed[int(at)].end): count for at, count in counts.items()}


def _told(claim: Claim, answer: Answer, figures: Figures) -> str:
    """The event of a judged window: numbers and names, never a captured value."""
    body = {
        "monitor": claim.monitor,
        "window": {"start": _text(claim.window.start), "end": _text(claim.window.end)},
        "revision": claim.revision,
        "run_id": claim.run_id,
        "status": answer.status,
        "judged": figures.judged,
        "asked": figures.asked,
        "rows": figures.rows,
        "violations": {rule: count for rule, count in figures.violations.items() if count},
        "features": list(figures.violating[:MOST_TOLD]),
    }
    return json.dumps(body, separators=(",", ":"))


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
