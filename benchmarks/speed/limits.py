"""Limits: what driftd must show, against what was measured."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.speed import paths, tables
from benchmarks.verdicts.table import Row

# Ratios are taken within one run. The seconds are those of a machine of reference (one core of an AMD EPYC of 2024),
# from which the ratios come: on another machine both sides change together.
JOIN_SHARE, ROWS_SHARE = 1 / 3, 1 / 12
CAPTURES_MB, GROWTH_SHARE, TWO_CORES_MB = 256, 0.15, 350
COLD_SECONDS, MEMORY_SECONDS, TABLE_MB = 3.5, 2.0, 350
COLD_OTHERS = {
    "polars + scipy": 4.9,
    "frouros": 7.5,
    "alibi-detect": 16,
    "NannyML": 20,
    "popmon": 23,
    "whylogs": 43,
    "Evidently": 155,
}
MEMORY_POLARS = 3.9
SPEED_UP = 1.6
MONITORS, HOUR_SECONDS = 200, 60
COMPARED, COMPARED_MS = 500, 250
FORK_MS = 50
FROM, TO = 100_000, 5_000_000  # rows between which memory may grow by GROWTH_SHARE
MANY = 10_000  # columns that must work

Found = Mapping[str, Any]
Runs = Sequence[Found]


def middle(runs: Runs, key: str = "cpu") -> float | None:
    """The median; None where something failed.

    >>> middle([{"cpu": 3.0}, {"cpu": 1.0}, {"cpu": 2.0}]), middle([{"cpu": 3.0, "failed": "gone"}])
    (2.0, None)
    """
    if not runs or any("failed" in one or key not in one for one in runs):
        return None
    return float(median(one[key] for one in runs))


def rows(found: Found) -> list[Row]:
    """Everything that was measured and for which there is a limit."""
    parts = {
        "captures": _captures,
        "tables": _tables,
        "growth": _growth,
        "cores": _cores,
        "monitors": _monitors,
        "comparing": _comparing,
        "forks": _forks,
    }
    return [row for name, part in parts.items() if name in found for row in part(found[name])]


def scaled(captures: Found) -> float | None:
    """CPU seconds that row by row would take for all records."""
    part = middle(captures["runs"][paths.ROWS], "work")
    return None if part is None else part * captures["records"] / captures["part"]


def _captures(found: Found) -> Iterator[Row]:
    own = middle(found["runs"][paths.DRIFTD], "work")
    peak = middle(found["runs"][paths.DRIFTD], "peak_mb")
    others = (
        ("1a", paths.JOIN, middle(found["runs"][paths.JOIN], "work"), JOIN_SHARE),
        ("1b", paths.ROWS, scaled(found), ROWS_SHARE),
    )
    for number, name, seconds, most in others:
        yield _share(number, f"captures to findings, CPU, against {name}", own, seconds, most)
    yield _most("3a", f"peak memory, {found['records']:,} captures", peak, CAPTURES_MB, "MB")


def _tables(found: Found) -> Iterator[Row]:
    own, peak = (middle(found["runs"][tables.DRIFTD], key) for key in ("cpu", "peak_mb"))
    for name, seconds in COLD_OTHERS.items():
        if name in found["runs"]:
            theirs = middle(found["runs"][name])
            yield _share("2a", f"table, cold process, CPU, against {name}", own, theirs, COLD_SECONDS / seconds)
    yield _most("2b", "table, cold process, peak memory", peak, TABLE_MB, "MB")
    polars = middle(found["runs"].get("polars + scipy", ()), "work")
    own = middle(found["memory"], "work")
    yield _share("2c", "table in memory, CPU, against polars + scipy", own, polars, MEMORY_SECONDS / MEMORY_POLARS)


def _growth(found: Found) -> Iterator[Row]:
    peaks = {one["rows"]: one.get("peak_mb") for one in found["rows"]}
    for number, count in (("3b", FROM), ("3c", TO)):
        if count in peaks:
            yield _most(number, f"peak memory, {count:,} captures", peaks[count], CAPTURES_MB, "MB")
    if FROM in peaks and TO in peaks:
        name = f"growth of memory from {FROM:,} to {TO:,} captures"
        yield _most("3d", name, 100 * (peaks[TO] / peaks[FROM] - 1), 100 * GROWTH_SHARE, "%")
    for one in found["columns"]:
        if one["columns"] >= MANY:
            works = "failed" not in one
            seen = f"{one['cpu']:.1f} CPU s for {one['rows']:,} rows" if works else one["failed"]
            yield Row("5b", f"{one['columns']:,} columns", "work", seen, works)


def _cores(found: Found) -> Iterator[Row]:
    one, two = (middle(found["runs"][name], "wall") for name in ("one core", "two cores"))
    speed_up = one / two if one and two else None
    seen = "not measured" if speed_up is None else f"{speed_up:.2f} x as fast"
    is_kept = None if speed_up is None else speed_up >= SPEED_UP
    yield Row("4a", "two cores, time on the clock", f"be at least {SPEED_UP} x as fast as one", seen, is_kept)
    yield _most("3e", "peak memory on two cores", middle(found["runs"]["two cores"], "peak_mb"), TWO_CORES_MB, "MB")
    digests = {run.get("findings") for runs in found["runs"].values() for run in runs}
    same = "the same" if len(digests) == 1 else "different ones"
    yield Row("7", f"findings of {', '.join(found['runs'])}", "be the same", same, len(digests) == 1)


def _monitors(found: Found) -> Iterator[Row]:
    if found.get("monitors") == MONITORS:
        name = f"{MONITORS} monitors x 50 features x 1,000 rows, in the daemon, CPU"
        yield _most("4b", name, found.get("hour_cpu"), HOUR_SECONDS, "s")


def _comparing(found: Found) -> Iterator[Row]:
    if found.get("features", COMPARED) == COMPARED:
        yield _most("5a", f"{COMPARED} features compared and judged", found.get("milliseconds"), COMPARED_MS, "ms")


def _forks(found: Found) -> Iterator[Row]:
    yield _most(
        "6", "a worker of the daemon, from being asked for to its first word", found.get("milliseconds"), FORK_MS, "ms"
    )


def _share(number: str, name: str, own: float | None, other: float | None, most: float) -> Row:
    must = f"be at most {most:.3f} of theirs (1/{1 / most:.1f})"
    if own is None or not other:
        return Row(number, name, must, "not measured", None)
    seen = f"{own:.2f} s of {other:.2f} s: {own / other:.3f} (1/{other / own:.1f})"
    return Row(number, name, must, seen, own / other <= most)


def _most(number: str, name: str, seen: float | None, most: float, unit: str) -> Row:
    told = "not measured" if seen is None else f"{seen:.3g} {unit}"
    return Row(number, name, f"be at most {most:g} {unit}", told, None if seen is None else seen <= most)
