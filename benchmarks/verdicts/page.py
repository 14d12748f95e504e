"""Page: docs/verdicts.md from its template, the table and the plots."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.verdicts import delays, plan, plots
from benchmarks.verdicts.results import Task, outcomes
from benchmarks.verdicts.table import Row, markdown
from benchmarks.verdicts.trial import Outcome

HERE = Path(__file__).parent
SHOWN = {
    "null A1 undated": "iid, learned from production",
    "null A1 dated": "iid, dated baseline",
    "null A1 correlated": "iid, correlated features",
    "null A2 mild 1000 undated": "mild, learned from production",
    "null A2 mild 1000 dated": "mild, dated baseline",
    "null A2 strong 1000 undated": "strong, learned from production",
    "null A2 strong 1000 dated": "strong, dated baseline",
    "edge A3 tolerance": "iid, all features at the edge of the tolerance",
    "edge A3 whole band": "iid, all features at the edge of the band",
    "null A4 iid": "iid, every row five times",
    "null A5 undated": "mild, volume x7",
    "late mild": "mild, 5 % of rows late",
    "null N1 mild": "mild, texts only",
    "null N2 1000": "iid, 1,000 features",
    "null A22 daily mild undated": "mild, daily windows",
    "null A6 undated": "mild with t(3) shocks: nothing promised",
}


def rows_of(found: Mapping[str, Sequence[Outcome]]) -> dict[str, list[Row]]:
    """The table's rows by part of the page, of the trials that were run."""
    parts = {
        part: [row for trial in trials if found.get(trial.name) for row in trial.rows(found[trial.name])]
        for part, trials in plan.parts().items()
    }
    parts["delays"] += delays.named_rows(dict(found))
    return parts


def foolish(known: Mapping[Task, Outcome]) -> list[Row]:
    """What the table says of detectors that know nothing."""
    rows = []
    for detector in ("never", "always"):
        found = outcomes(dict(known), detector)
        for name, trial in plan.trials().items():
            for row in trial.rows(found[name]) if found.get(name) else ():
                rows.append(row._replace(name=f"{row.name}, {detector} alarms"))
        rows += [r._replace(name=f"{r.name}, {detector} alarms") for r in delays.named_rows(found)]
    return rows


def write(known: Mapping[Task, Outcome], commit: str, docs: Path) -> list[Row]:
    """The page and its pictures; the rows that were not kept."""
    found = outcomes(dict(known))
    parts = rows_of(found)
    pictures = docs / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    (pictures / "budget.svg").write_text(plots.budget(found, SHOWN))
    for world in ("iid", "mild"):
        (pictures / f"delay-{world}.svg").write_text(plots.delay(found, world))
    every = [row for rows in parts.values() for row in rows]
    missed = [row for row in every if row.passed is False]
    context: dict[str, Any] = {
        "commit": commit,
        "tables": {part: markdown(rows) for part, rows in parts.items()},
        "foolish": markdown(foolish(known)),
        "missed": missed,
        "kept": sum(row.passed is True for row in every),
        "promised": sum(row.passed is not None for row in every),
        "runs": sum(len(some) for some in found.values()),
        "planned": sum(trial.runs for trial in plan.trials().values()),
    }
    environment = Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, keep_trailing_newline=True)
    (docs / "verdicts.md").write_text(environment.get_template("page.md").render(context))
    return missed
