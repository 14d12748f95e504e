"""A worker's answer in the words of the store."""

import json
from collections.abc import Mapping, Sequence

from monitor.daemon import alarms, bundle, waiting
from monitor.daemon.task import Answer, Seen, Task, Worked
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
    kept = bundle.unpacked(worked.evidence)
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
        objects=tuple(_object(o) for o in answer.objects),
        rows_elsewhere={o.path: _elsewhere(o.elsewhere, task.closed) for o in answer.objects if o.elsewhere},
        outbox=()
        if task.monitor.get("shadow")
        else (_judged(claim, answer, figures), *alarms.events(claim, answer, kept)),
        evidence=kept,
        replays=bool(answer.replayed),
        awaited=waiting.awaited(task, answer),
        is_labelled=task.is_labelled,
        took_seconds=answer.took_seconds,
        config_digest=task.config_digest,
        baseline=f"{answer.baseline['name']}/{answer.baseline['version']}",
        input_digest=answer.input_digest,
        folder=answer.folder,
    )


def _object(o: Seen) -> Object:
    return Object(
        path=o.path,
        size=o.size,
        stamp=o.stamp,
        first=o.first,
        last=o.last,
        is_half=o.is_half,
        dated_to=o.dated_to,
    )


def _elsewhere(counts: Mapping[str, int], closed: Sequence[Window]) -> dict[Stretch, int]:
    return {(closed[int(at)].start, closed[int(at)].end): count for at, count in counts.items()}


def _judged(claim: Claim, answer: Answer, figures: Figures) -> Event:
    """Numbers and names, never a captured value."""
    body = {
        **alarms.whose(claim),
        "status": answer.status,
        "judged": figures.judged,
        "asked": figures.asked,
        "rows": figures.rows,
        "violations": {rule: count for rule, count in figures.violations.items() if count},
        "features": list(figures.violating[:MOST_TOLD]),
    }
    return Event(kind="window.judged", body=json.dumps(body, separators=(",", ":")))
