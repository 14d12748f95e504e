"""What labels that come late cost: CPU seconds and peak memory of keeping predictions, reading labels, joining both.

usage: python benchmarks/labels.py [ROWS] (default 1000000)

So many predictions with a UUID each, and a label for each, as SageMaker's ground truth (one file, and 168 of them) and
as CSV. Each step runs in a process of its own, three times; medians are printed. `kept`: predictions are written while
a window is measured. `shelved`: label files are read and put into segments. `whose`: whose labels a delivery holds is
told. `joined`: predictions find their labels, and the model's quality is measured. `imports` is a process that does
nothing. The data are seeded; every label must be found.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np

TIMES, FILES = 3, 168
STEP = 0x9E3779B97F4A7C15F39CC0605CEDC835  # odd, so that every number has an id of its own

TOLD = """
import json, resource, sys
from pathlib import Path
import numpy as np, pyarrow as pa
from monitor.batch import Batch
from monitor.problem import Problem
from monitor.profile import Volume
from monitor.truth.awaiting import Awaiting
from monitor.truth.delivery import Delivery, Form
from monitor.truth.join import hashed
from monitor.truth.predictions import Predictions, are_awaited
from monitor.truth.shelf import Delivered, Shelf, labels_of, shelved
folder, problem, told = Path(sys.argv[1]), Problem(kind="binary", probability="p"), {}
names, AT_ONCE = folder / "names.json", 8192
"""
STEPS = {
    "imports": "",
    "kept": """
ids = folder / "ids.txt"
rng = np.random.default_rng(1)
with ids.open() as file, Predictions(folder / "w.arrow", problem, "run", has_ids_by_role=False) as kept:
    while some := file.readlines(AT_ONCE * 37):
        key = pa.array([line.strip() for line in some])
        rows = pa.RecordBatch.from_pydict({"p": rng.random(len(some))})
        kept.take(Batch(rows=rows, volume=Volume(), ids=key))
""",
    "shelved": """
files = sorted((folder / sys.argv[2]).iterdir())
names.write_text(json.dumps([shelved(Delivery(file, Form()), folder / "shelf", "run") for file in files]))
""",
    "whose": """
for segments in json.loads(names.read_text()):
    for name in segments:
        labels = labels_of(folder / "shelf" / name)
        assert are_awaited(folder / "w.arrow", hashed(labels.key, labels.place)).all()
""",
    "joined": """
delivered = [Delivered(segments=tuple(segments), seconds=n) for n, segments in enumerate(json.loads(names.read_text()))]
shelf = Shelf(folder / "shelf", delivered)
found = Awaiting(problem=problem, path=folder / "w.arrow", shelf=shelf).joined()
told = {"predictions": found.quality.predicted, "labelled": found.quality.labelled}
""",
}
LAST = """
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps(told | {"seconds": used.ru_utime + used.ru_stime, "megabytes": int(peak.split()[1]) / 1024}))
"""


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(folder, rows)
        print(f"{rows:,} predictions, as many labels\n{'':24}{'CPU s':>8}{'peak MB':>9}")
        line("imports", measured(folder, "imports"))
        line("kept", measured(folder, "kept"))
        for kind in ("jsonl", "files", "csv"):
            line(f"shelved, {kind}", measured(folder, "shelved", kind))
            line(f"whose, {kind}", measured(folder, "whose"))
            joined = measured(folder, "joined")
            line(f"joined, {kind}", joined)
            assert joined["labelled"] == joined["predictions"] == rows


def made(folder: Path, rows: int) -> None:
    """The ids in their order, and labels for them in another."""
    draw = np.random.default_rng(0)
    ids = [str(uuid.UUID(int=number * STEP % 2**128)) for number in range(rows)]
    (folder / "ids.txt").write_text("".join(f"{one}\n" for one in ids))
    order = draw.permutation(rows)
    labels = list(zip((ids[at] for at in order), draw.integers(0, 2, rows).tolist(), strict=True))
    written(folder / "jsonl" / "a.jsonl", (truth(*one) for one in labels))
    for number in range(FILES):
        written(folder / "files" / f"{number:03}.jsonl", (truth(*one) for one in labels[number::FILES]))
    written(folder / "csv" / "a.csv", ["id,label\n", *(f"{key},{label}\n" for key, label in labels)])


def truth(key: str, label: int) -> str:
    meta = f'"eventMetadata":{{"eventId":"{key}"}},"eventVersion":"0"'
    return f'{{"groundTruthData":{{"data":"{label}","encoding":"CSV"}},{meta}}}\n'


def written(path: Path, lines: Iterator[str] | list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        file.writelines(lines)


def measured(folder: Path, step: str, *arguments: str) -> dict[str, float]:
    """The medians of three runs."""
    code = TOLD + STEPS[step] + LAST
    command = [sys.executable, "-c", code, str(folder), *arguments]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(TIMES)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def line(what: str, told: dict[str, float]) -> None:
    print(f"{what:24}{told['seconds']:8.2f}{told['megabytes']:9.0f}")


if __name__ == "__main__":
    main()
