"""A baseline, or the difference of two, as a person reads them."""

from collections.abc import Iterator

from monitor.baseline import Baseline
from monitor.baselines import constraints_digest, versions
from monitor.feature import Categorical, Numeric
from monitor.history import History
from monitor.model_quality import ModelQuality
from monitor.place import Place
from monitor.profile import Measured
from monitor.quality.metrics import CHIEF, metrics_of
from monitor.render.untrusted import shown as safe_text
from monitor.wording import counted, number, percent


def shown(folder: Place, baseline: Baseline) -> str:
    """Provenance, versions, and a line for each column."""
    origin = baseline.provenance
    lines = [
        f"baseline {baseline.name}, version {baseline.version}",
        f"digest       {baseline.digest}",
        f"constraints  {constraints_digest(baseline.constraints) or 'none'}",
        f"made         {origin.made_at or 'at an unknown time'} by {origin.made_by or 'unknown'}, from {origin.format}",
        *(f"             {name}  sha256:{digest[:16]}..." for name, digest in origin.made_from.items()),
        f"rows         {baseline.profile.rows}",
        *(f"rejected     {rows} ({reason})" for reason, rows in baseline.profile.volume.rejected.items()),
        f"history      {told(baseline.history) if baseline.history is not None else 'none: rows had no times'}",
        f"sample       {counted(baseline.sample_rows, 'row') if baseline.sample_rows else 'none'}",
        *([f"quality      {_quality(baseline.profile.quality)}"] if baseline.profile.quality is not None else []),
        f"versions     {', '.join(versions(folder)) or baseline.version}",
        "",
        f"{'column':24} {'type':11} {'missing':>8} {'distinct':>9}  values",
    ]
    lines += [_column(feature) for feature in baseline.profile.features.values()]
    return "\n".join(lines) + "\n"


def _quality(found: ModelQuality) -> str:
    """The problem, of how many rows, and the chief metrics."""
    known = metrics_of(found)
    chief = [f"{name} {number(known[name].value)}" for name in CHIEF[found.problem.kind] if name in known]
    return f"{found.problem.kind}, {counted(found.judged, 'row')} with a label: {', '.join(chief)}"


def told(history: History) -> str:
    """How long, by what, and from when to when."""
    start, end = (f"{at:%Y-%m-%d %H:%M}" for at in history.span)
    fine = counted(len(history) - history.older, history.unit)
    days = f" and {counted(history.older, 'day')} before" if history.older else ""
    return f"{fine}{days} from {start} to {end} UTC, {counted(int(history.rows.sum()), 'row')} with a time"


def differences(first: Baseline, second: Baseline) -> str:
    """What the second has that the first has not, column by column."""
    lines = [f"{first.name} {first.version} -> {second.name} {second.version}"]
    lines += list(_differences(first, second)) or ["no difference"]
    return "\n".join(lines) + "\n"


def _differences(first: Baseline, second: Baseline) -> Iterator[str]:
    before, after = first.profile, second.profile
    if before.rows != after.rows:
        yield f"rows {before.rows} -> {after.rows}"
    was, reached = (_quality(side.quality) if side.quality is not None else "none" for side in (before, after))
    if was != reached:
        yield f"quality {was} -> {reached}"
    if constraints_digest(first.constraints) != constraints_digest(second.constraints):
        yield "constraints.json differs"
    yield from (f"- column {_safe(name)}" for name in before.features if name not in after.features)
    yield from (f"+ column {_safe(name)}" for name in after.features if name not in before.features)
    for name, feature in before.features.items():
        if name in after.features:
            told = list(_changes(feature, after.features[name]))
            if told:
                yield f"  {_safe(name)}: {'; '.join(told)}"


def _changes(a: Measured, b: Measured) -> Iterator[str]:
    if a.type != b.type:
        yield f"type {a.type} -> {b.type}"
    if a.missing_share.value != b.missing_share.value:
        yield f"missing {percent(a.missing_share.value)} -> {percent(b.missing_share.value)}"
    if isinstance(a, Numeric) and isinstance(b, Numeric):
        for name, old, new in (
            ("mean", a.mean, b.mean),
            ("sd", a.deviation, b.deviation),
            ("min", a.low, b.low),
            ("max", a.high, b.high),
        ):
            if number(old) != number(new):
                yield f"{name} {number(old)} -> {number(new)}"
    if isinstance(a, Categorical) and isinstance(b, Categorical):
        had, has = {*a.values, *a.known}, {*b.values, *b.known}
        if has - had:
            yield f"{len(has - had)} new values ({', '.join(_safe(v) for v in sorted(has - had)[:3])})"
        if had - has:
            yield f"{len(had - has)} values gone ({', '.join(_safe(v) for v in sorted(had - has)[:3])})"


def _column(feature: Measured) -> str:
    missing, distinct = percent(feature.missing_share.value), number(round(feature.distinct.estimate))
    if isinstance(feature, Numeric):
        told = f"{number(feature.low)} .. {number(feature.high)}"
        told += f", mean {number(feature.mean)}, sd {number(feature.deviation)}"
        told = told if feature.count else "no numbers"
    else:
        told = ", ".join(_safe(value) for value in feature.values[:5])
        told += ", ..." if len(feature.values) > 5 else ""
    return f"{_safe(feature.name):24} {feature.type:11} {missing:>8} {distinct:>9}  {told}"


def _safe(text: str) -> str:
    return safe_text(text, 40)
