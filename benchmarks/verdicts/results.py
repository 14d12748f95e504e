"""Results: runs that were done, a line of JSON each, so that a stopped simulation goes on where it was."""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from time import perf_counter

from benchmarks.verdicts import plan
from benchmarks.verdicts.trial import Outcome

Task = tuple[str, str, int]  # detector, trial, run


def load(path: Path) -> dict[Task, Outcome]:
    """What is there; a last line that was cut off counts as not done."""
    found: dict[Task, Outcome] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        found[(one["detector"], one["trial"], one["run"])] = one["outcome"]
    return found


def tasks(names: Sequence[str], *, short: bool) -> list[Task]:
    """All runs of these trials by the product, and a few by the detectors that must fail; first runs first, so that a
    simulation that is stopped has some of everything."""
    every = plan.trials()
    found = []
    for name in names:
        runs = every[name].short if short else every[name].runs
        found += [("driftd", name, run) for run in range(runs)]
        if name in plan.FOOLISH:
            found += [(detector, name, run) for detector in ("never", "always") for run in range(2)]
    return sorted(found, key=lambda task: task[2])


def done(wanted: Iterable[Task], commit: str, path: Path, processes: int) -> Iterator[tuple[Task, float]]:
    """Do what is not done yet; each run and its seconds as it ends."""
    known = load(path)
    missing = [task for task in wanted if task not in known]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file, ProcessPoolExecutor(processes) as pool:
        running = {pool.submit(one, task, commit): task for task in missing}
        for ended in as_completed(running):
            outcome, seconds = ended.result()
            detector, trial, run = task = running[ended]
            line = {"detector": detector, "trial": trial, "run": run, "seconds": round(seconds, 1), "outcome": outcome}
            file.write(json.dumps(line) + "\n")
            file.flush()
            yield task, seconds


def one(task: Task, commit: str) -> tuple[Outcome, float]:
    """One run, in a process of its own."""
    detector, name, run = task
    trial = plan.trials()[name]
    began = perf_counter()
    return trial.one(trial.seeded(commit, run), plan.DETECTORS[detector]), perf_counter() - began


def outcomes(known: dict[Task, Outcome], detector: str = "driftd") -> dict[str, list[Outcome]]:
    """By trial, in order of the runs."""
    found: dict[str, list[Outcome]] = {}
    for who, name, run in sorted(known):
        if who == detector:
            found.setdefault(name, []).append(known[(who, name, run)])
    return found
