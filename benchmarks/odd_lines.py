"""What odd lines cost: CPU seconds of decoding and measuring captures of which some are odd, beside a clean set.

usage: python benchmarks/odd_lines.py [RECORDS] (default 1000000)

Captures of 51 columns, with payloads as CSV and as JSON. One line in a thousand, and one in a hundred, is odd: quoted
line ends, stray quotes, missing fields, bytes that are no UTF-8, torn JSON, keys given twice, wrong base64, times that
do not exist, numbers and objects where a text belongs; and from the middle of the file on a column of whole numbers
holds texts. Each set is read in a process of its own, three times in turn; medians are printed, and what was rejected
beside what was planted. The data are seeded.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

NUMERIC, TEXT, TIMES = 38, 12, 3
SHARES = (0.0, 0.001, 0.01)
WHOLE = 3  # a column of whole numbers, texts from the middle of the file on
COLUMNS = [f"c{i}" for i in range(1 + NUMERIC + TEXT)]

DRIFTD = """
import json, resource, sys
from pathlib import Path
from monitor import evaluate
from monitor.baselines import load
from monitor.measures.window import measure
from monitor.reading import Reading
base = load(Path(sys.argv[2]))
volume = measure(Reading([Path(sys.argv[1])], evaluate.expected(base)), base.profile).volume
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
told = {"rows": volume.rows, "records": volume.records, "rejected": dict(volume.rejected)}
print(json.dumps(told | {"seconds": used.ru_utime + used.ru_stime, "megabytes": int(peak.split()[1]) / 1024}))
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """What should come of a file: rows, records without a time, and rejects by reason."""

    rows: int = 0
    untimed: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


def rows(rng: np.random.Generator, count: int) -> list[list[str]]:
    """Columns of text: a score, numbers of several shapes, categories."""
    columns = [rng.random(count).round(4)]
    for i in range(NUMERIC):
        kinds = (rng.normal(100, 20, count).round(1), rng.gamma(2, 10, count).round(2), rng.poisson(3 + i, count))
        columns.append(kinds[i % 3])
    columns += [rng.integers(0, 3 + 4 * i, count) for i in range(TEXT)]
    texts = [column.astype(str).tolist() for column in columns]
    texts[1 + NUMERIC :] = [[f"v{value}" for value in column] for column in texts[1 + NUMERIC :]]
    return [list(row) for row in zip(*texts, strict=True)]


def object_of(row: list[str]) -> str:
    """The request of a row as JSON."""
    numbers = [f'"{name}": {text}' for name, text in zip(COLUMNS[1:], row[1:], strict=True) if text[0] != "v"]
    words = [f'"{name}": "{text}"' for name, text in zip(COLUMNS[1:], row[1:], strict=True) if text[0] == "v"]
    return "{" + ", ".join([*numbers, *words]) + "}"


def line(request: str, answer: str, encoding: str, number: int, time: str = "") -> str:
    """A capture; the texts are written as they are, so that they may be wrong."""
    time = time or f"2026-01-05T{number % 24:02}:00:00Z"
    return (
        f'{{"captureData": {{"endpointInput": {{"data": {json.dumps(request)}, "encoding": "{encoding}"}}, '
        f'"endpointOutput": {{"data": {json.dumps(answer)}, "encoding": "{encoding}"}}}}, '
        f'"eventMetadata": {{"eventId": "{number}", "inferenceTime": "{time}"}}}}'
    )


Odd = Callable[[str, str, str, int], tuple[str, str]]
READ = ""


def _bytes(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request, answer, encoding, number).replace('"eventId": "', '"eventId": "\udcff'), "not_utf8"


def _torn(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request, answer, encoding, number)[: -20 - number % 200], "not_json"


def _twice(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request, answer, encoding, number).replace('"encoding": ', '"encoding": "NONE", "encoding": '), READ


def _base64(request: str, answer: str, _encoding: str, number: int) -> tuple[str, str]:
    return line("%" + request[1:], answer, "BASE64", number), "not_base64"


def _time(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request, answer, encoding, number, time="2026-02-30T00:00:00Z"), "untimed"


def _id(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request, answer, encoding, number).replace(f'"eventId": "{number}"', f'"eventId": {number}'), READ


def _line_end(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request[: request.rindex("v")] + '"v\n1"', answer, encoding, number), READ


def _stray(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    at = request.rindex("v")
    return line(f'{request[:at]}"{request[at:]}', answer, encoding, number), "not_csv"


def _ragged(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request[: request.rindex(",")], answer, encoding, number), "column_count"


def _key_twice(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request[:-1] + ', "c1": 100.5}', answer, encoding, number), READ


def _torn_payload(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request[:-9], answer, encoding, number), "not_json"


def _value(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request, answer, encoding, number).replace(json.dumps(request), request), READ


def _number(request: str, answer: str, encoding: str, number: int) -> tuple[str, str]:
    return line(request[: request.rindex('"v')] + "7}", answer, encoding, number), READ


BOTH: tuple[Odd, ...] = (_bytes, _torn, _twice, _base64, _time, _id)
KINDS: dict[str, tuple[Odd, ...]] = {
    "CSV": (*BOTH, _line_end, _stray, _ragged),
    "JSON": (*BOTH, _key_twice, _torn_payload, _value, _number),
}


def captures(rng: np.random.Generator, encoding: str, count: int, share: float) -> Iterator[tuple[str, str]]:
    """Lines, and what should become of each: '' is a row, else a reason, or a row that is untimed."""
    odd = set(rng.choice(count, round(count * share), replace=False).tolist())
    kinds, done = KINDS[encoding], 0
    for start in range(0, count, 10_000):
        for number, row in enumerate(rows(rng, min(10_000, count - start)), start):
            if share and number >= count // 2:
                row[WHOLE] = "v" + row[WHOLE]
            request, answer = (
                (",".join(row[1:]), row[0]) if encoding == "CSV" else (object_of(row), f'{{"c0": {row[0]}}}')
            )
            if number in odd:
                yield kinds[done % len(kinds)](request, answer, encoding, number)
                done += 1
            else:
                yield line(request, answer, encoding, number), READ


def write(path: Path, encoding: str, count: int, share: float, seed: int = 7) -> Planted:
    """A file of captures, and what should come of it."""
    told: Counter[str] = Counter()
    with path.open("w", errors="surrogateescape") as file:
        for text, reason in captures(np.random.default_rng(seed), encoding, count, share):
            file.write(f"{text}\n")
            told[reason] += 1
    good, untimed = told.pop(READ), told.pop("untimed", 0)
    return Planted(good + untimed, untimed, told)


def training(path: Path) -> Path:
    """A table for the baseline."""
    lines = [",".join(COLUMNS), *(",".join(row) for row in rows(np.random.default_rng(6), 20_000))]
    path.write_text("\n".join(lines) + "\n")
    return path


def run(path: Path, baseline: Path) -> dict[str, float]:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", DRIFTD, str(path), str(baseline)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found: dict[str, float] = json.loads(told)
    return found


def compare(encoding: str, count: int, folder: Path, baseline: Path) -> None:
    """Prints a line for each share of odd lines."""
    paths = {share: folder / f"{encoding}-{share}.jsonl" for share in SHARES}
    planted = {share: write(path, encoding, count, share) for share, path in paths.items()}
    found = [{share: run(path, baseline) for share, path in paths.items()} for _ in range(TIMES)]
    seconds = {share: statistics.median(one[share]["seconds"] for one in found) for share in SHARES}
    for share, wanted in planted.items():
        told = found[0][share]
        is_right = (told["rows"], told["rejected"]) == (wanted.rows, dict(sorted(wanted.rejected.items())))
        print(
            f"{encoding:4} {share:6.1%} odd  {seconds[share]:6.2f} CPU s  x {seconds[share] / seconds[0.0]:4.2f}  "
            f"peak {told['megabytes']:4.0f} MB  rows {told['rows']}  rejected {told['rejected']}  "
            f"{'as planted' if is_right else f'PLANTED {wanted}'}"
        )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table, baseline = training(folder / "training.csv"), folder / "baseline"
        made = [sys.executable, "-m", "monitor", "baseline", "make", str(table), "--out", str(baseline)]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        print(f"{count} captures x {len(COLUMNS)} columns; odd lines may cost x 1.3 at 0.1 %, x 2 at 1 %")
        for encoding in KINDS:
            compare(encoding, count, folder, baseline)


if __name__ == "__main__":
    main()
