"""The whole simulation, or some rows of it, from the command line."""

import argparse
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.verdicts import page, plan, results
from benchmarks.verdicts.table import markdown


def main() -> int:
    """Do the runs that are not done yet, then write the page; with names, print these rows only."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdicts", description=main.__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of trials; all where none is given")
    parser.add_argument("--commit", help="hexadecimal digits that seeds are made of (default: this commit's)")
    parser.add_argument("--short", action="store_true", help="few runs of each")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    parser.add_argument("--results", type=Path, help="where runs are kept (default: build/verdicts-COMMIT.jsonl)")
    given = parser.parse_args()
    commit = given.commit or _head()
    kept = given.results or Path("build") / f"verdicts-{commit[:12]}{'-short' if given.short else ''}.jsonl"
    names = [n for n in plan.trials() if not given.names or any(part in n for part in given.names)]
    tasks = results.tasks(names, short=given.short)
    print(f"seeds of {commit}; {len(tasks)} runs of {len(names)} trials, kept in {kept}")
    _run(tasks, commit, kept, given.processes)
    known = {task: outcome for task, outcome in results.load(kept).items() if task in set(tasks)}
    if given.names or given.short:
        rows = [row for part in page.rows_of(results.outcomes(known)).values() for row in part]
        print(markdown([*rows, *page.foolish(known)]))
        return 0
    missed = page.write(known, commit, given.docs)
    print(f"{given.docs / 'verdicts.md'} written; {len(missed)} rows missed")
    return 0


def _run(tasks: list[results.Task], commit: str, kept: Path, processes: int) -> None:
    began, known = perf_counter(), results.load(kept)
    missing = len([task for task in tasks if task not in known])
    for number, (task, seconds) in enumerate(results.done(tasks, commit, kept, processes), start=1):
        minutes = (perf_counter() - began) / 60
        left = minutes / number * (missing - number)
        print(
            f"{number}/{missing} {task[1]} ({task[0]}, run {task[2]}): {seconds:.0f} s; "
            f"{minutes:.0f} minutes, about {left:.0f} left",
            flush=True,
        )


def _head() -> str:
    told = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    return told.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
