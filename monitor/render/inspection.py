"""What was found in a file of captures, in a screen."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from monitor.batch import Sample
from monitor.inspection import Inspection
from monitor.render.untrusted import shown
from monitor.survey import Column
from monitor.wording import count, counted, number, percent

MOST_COLUMNS = 24
MOST_SAMPLES = 8
NAME = 32
SURE = 50  # up to so many different values the estimate is exact but for rare chance


def inspected(found: Inspection, yaml: str) -> str:
    """Format, records, rows, times, ids, pairs, rejects, columns, and the YAML that reads it."""
    lines = [
        *_told(found),
        "",
        *_columns(found),
        *_rejects(found),
        "",
        "this reads it as requests and answers:" if found.is_mapped else "this reads it:",
        "",
        *(f"  {line}" for line in yaml.splitlines()),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _told(found: Inspection) -> Iterator[str]:
    volume = found.volume
    names = ", ".join(
        f"{name} ({counted(n, 'file')})" if found.files > 1 else name for name, n in found.formats.items()
    )
    yield shown(str(found.path), 200)
    yield f"  format    {names or 'none: it could not be told; name one with --format'}"
    rejected = sum(volume.rejected.values())
    yield f"  records   {count(volume.records)}, {counted(volume.rows, 'row')}, {count(rejected)} rejected"
    yield f"  times     {_span(volume.first, volume.last)}"
    yield f"  ids       {_ids(found)}"
    if volume.both:
        yield f"  pairs     {counted(volume.both, 'record')} with a request and an answer"
    if found.extra:
        yield f"  besides   {', '.join(shown(name, NAME) for name in found.extra)}"


def _ids(found: Inspection) -> str:
    volume = found.volume
    return f"{count(volume.with_id)}, {_different(volume.ids.estimate)}" if volume.with_id else "none"


def _span(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return "none"
    return f"{first:%Y-%m-%d %H:%M:%S} UTC" + (f" to {last:%Y-%m-%d %H:%M:%S} UTC" if last != first else "")


def _columns(found: Inspection) -> Iterator[str]:
    columns = found.columns
    if not columns:
        yield "  no columns"
        return
    placed = " (by place: they have no names)" if found.positions else ""
    yield f"  {counted(len(columns), 'column')}{placed}"
    width = max(len(shown(name, NAME)) for name in list(columns)[:MOST_COLUMNS])
    for name, column in list(columns.items())[:MOST_COLUMNS]:
        role = "answer" if column.role == "prediction" else ""
        kind, values = column.classes.inferred, _values(column, found.volume.rows)
        yield f"  {shown(name, NAME):{width}}  {kind:10}  {role:6}  {values}"
    rest = list(columns.values())[MOST_COLUMNS:]
    if rest:
        kinds = Counter(column.classes.inferred for column in rest)
        yield f"  and {count(len(rest))} more: {', '.join(f'{count(n)} {kind}' for kind, n in kinds.most_common())}"


def _values(column: Column, rows: int) -> str:
    """How many are there and how different; a range for numbers. No value of a text is shown."""
    classes = column.classes
    present = classes.integral + classes.fractional + classes.boolean + classes.string
    missing = f"{percent((rows - present) / rows)} missing, " if rows and present < rows else ""
    if column.low == column.high and not classes.string + classes.boolean:
        return f"{missing}always {number(column.low)}"
    span = f", {number(column.low)} to {number(column.high)}" if column.low <= column.high else ""
    return f"{missing}{_different(column.distinct.estimate)}{span}"


def _different(estimate: float) -> str:
    many = round(estimate)
    return "always the same" if many == 1 else f"{'about ' if many >= SURE else ''}{count(many)} different"


def _rejects(found: Inspection) -> Iterator[str]:
    rejected = found.volume.rejected
    if not rejected:
        return
    yield ""
    yield "  rejected  " + ", ".join(f"{reason} {count(n)}" for reason, n in sorted(rejected.items(), key=_commonest))
    for sample in found.rejects[:MOST_SAMPLES]:
        yield from _sample(sample)


def _commonest(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _sample(sample: Sample) -> Iterator[str]:
    why = f": {shown(sample.why, 120)}" if sample.why else ""
    yield f"    {shown(sample.path, 80)}:{sample.line}  {sample.reason}{why}"
    if sample.shape:
        yield f"      {shown(sample.shape, 100)}"
