"""Page: docs/performance.md from its template and what was found."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.speed import limits, paths, plots, tables
from benchmarks.speed.limits import middle
from benchmarks.verdicts.table import Row, markdown

HERE = Path(__file__).parent
Found = Mapping[str, Any]


def write(found: Found, docs: Path) -> list[Row]:
    """The page and its pictures; the limits that were missed."""
    pictures = docs / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    (pictures / "speed-captures.svg").write_text(plots.costs(_whole(found["captures"]), "Captures to findings"))
    (pictures / "speed-table.svg").write_text(plots.costs(found["tables"]["runs"], "A table: drift and summary"))
    (pictures / "speed-growth.svg").write_text(plots.growth(found["growth"]))
    rows = limits.rows(found)
    missed = [row for row in rows if row.passed is False]
    environment = Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters |= {"told": told, "count": lambda number: f"{number:,}"}
    context = {
        **found,
        "limits": markdown(rows),
        "missed": missed,
        "kept": sum(row.passed is True for row in rows),
        "asked": sum(row.passed is not None for row in rows),
        "captures_table": captures_table(found["captures"]),
        "tables_table": costs_table(found["tables"]["runs"]),
        "small_table": costs_table(found["tables"]["small"]["runs"]),
        "cores_table": costs_table(found["cores"]["runs"]),
        "slower": slower(found),
        "in_memory": middle(found["tables"]["memory"], "work"),
    }
    (docs / "performance.md").write_text(environment.get_template("page.md").render(context))
    return missed


def told(number: float | None, digits: int = 3) -> str:
    """
    >>> told(1234.5), told(0.12345), told(None)
    ('1,234', '0.123', 'not measured')
    """
    if number is None:
        return "not measured"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.{digits}g}"


def costs_table(runs: Mapping[str, Sequence[Found]]) -> str:
    """CPU, clock and memory of each."""
    head = "| | CPU s | on the clock, s | peak MB | runs |\n|---|---:|---:|---:|---:|\n"
    lines = []
    for name, some in runs.items():
        failure = next((one["failed"] for one in some if "failed" in one), None)
        figures = [told(middle(some, key)) for key in ("cpu", "wall", "peak_mb")]
        lines.append(f"| {name} | {' | '.join(figures)} | {failure or len(some)} |\n")
    return head + "".join(lines)


def captures_table(found: Found) -> str:
    """With what was spent on importing apart."""
    head = "| | CPU s | of it importing | rows a CPU second | peak MB | runs |\n|---|---:|---:|---:|---:|---:|\n"
    lines = []
    for name, some in _whole(found).items():
        cpu, importing, work, peak = (middle(some, key) for key in ("cpu", "importing", "work", "peak_mb"))
        speed = found["records"] / work if work else None
        lines.append(f"| {name} | {told(cpu)} | {told(importing)} | {told(speed)} | {told(peak)} | {len(some)} |\n")
    return head + "".join(lines)


def _whole(found: Found) -> dict[str, list[dict[str, float]]]:
    """The runs, of which those of a part of the records take as long as all of them would; not their memory."""
    runs: dict[str, list[dict[str, float]]] = {name: list(some) for name, some in found["runs"].items()}
    factor = found["records"] / found["part"]
    runs[paths.ROWS] = [
        one
        if "failed" in one
        else {**one, "cpu": one["cpu"] + (factor - 1) * one["work"], "work": factor * one["work"]}
        for one in runs[paths.ROWS]
    ]
    return runs


def slower(found: Found) -> list[str]:
    """Where somebody else takes less time or less memory, in words."""
    cases = [
        ("captures to findings", _whole(found["captures"])),
        (f"a table of {found['tables']['rows']:,} rows", found["tables"]["runs"]),
        (f"a table of {found['tables']['small']['rows']:,} rows", found["tables"]["small"]["runs"]),
    ]
    return [line for what, runs in cases for line in _slower(what, runs)]


def _slower(what: str, runs: Mapping[str, Sequence[Found]]) -> list[str]:
    lines = []
    for key, unit in (("cpu", "CPU s"), ("peak_mb", "MB at its peak")):
        own = middle(runs[tables.DRIFTD], key)
        for name, some in runs.items():
            other = middle(some, key)
            if name != tables.DRIFTD and own is not None and other is not None and other < own:
                lines.append(f"{what}: {name} takes {told(other)} {unit}, driftd {told(own)}.")
    return lines
