"""Traffic as an endpoint has it: 31 features of many kinds, drawn afresh; and what the preset says of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.batch import Batch
from monitor.finding import Finding, Status
from monitor.judge import judge
from monitor.measures.window import measure
from monitor.profile import Profile, Volume
from monitor.rulepath import preset, shipped
from monitor.survey import cells, count_texts, survey, texts_of

Columns = dict[str, NDArray[Any]]
CHECKS = preset(shipped())
FIVE = np.array(list("abcde"), dtype=object)
MANY = np.array([f"value {i}" for i in range(300)], dtype=object)
ZIPF = 1 / np.arange(1, 301)
BASELINE_EVERY = 20  # windows judged against one baseline, before another is drawn


def columns(rng: np.random.Generator, rows: int) -> Columns:
    """Rows of a source that does not change."""
    found: Columns = {f"normal{i}": rng.normal(50, 10, rows).round(3) for i in range(8)}
    found |= {f"lognormal{i}": rng.lognormal(3, 0.4 * (i + 1), rows).round(4) for i in range(4)}
    found |= {f"t3_{i}": rng.standard_t(3, rows).round(4) for i in range(3)}
    found |= {f"count{i}": rng.poisson(mean, rows) for i, mean in enumerate((0.3, 2, 80))}
    found |= {f"flag{i}": (rng.random(rows) < share).astype(int) for i, share in enumerate((0.1, 0.01, 0.001))}
    for i in range(3):
        found[f"zeros{i}"] = np.where(rng.random(rows) < 0.2 + 0.3 * i, 0.0, rng.lognormal(2, 1, rows).round(2))
    found |= {f"five{i}": FIVE[rng.choice(5, rows, p=[0.5, 0.25, 0.15, 0.08, 0.02])] for i in range(2)}
    found |= {f"many{i}": MANY[rng.choice(300, rows, p=ZIPF / ZIPF.sum())] for i in range(2)}
    found["gaps"] = np.where(rng.random(rows) < 0.05, np.nan, rng.normal(0, 1, rows).round(4))
    found["mostly_gaps"] = np.where(rng.random(rows) < 0.6, np.nan, rng.normal(0, 1, rows).round(4))
    found["text_gaps"] = np.where(rng.random(rows) < 0.1, None, FIVE[rng.integers(0, 5, rows)])
    assert len(found) == 31
    return found


def batches(drawn: Columns, times: int = 1) -> list[Batch]:
    """The rows as read, each standing `times` times in a row."""
    arrays = [pa.array(np.repeat(values, times), from_pandas=True) for values in drawn.values()]
    rows = pa.RecordBatch.from_arrays(arrays, names=list(drawn))
    return [Batch(rows=rows, volume=Volume(records=rows.num_rows, rows=rows.num_rows))]


def baseline(drawn: Columns) -> Profile:
    read = batches(drawn)
    found = survey(read)
    texts = texts_of(found)
    count_texts(read, found, texts)
    return measure(read, cells(found, texts))


def window(drawn: Columns, base: Profile, times: int = 1) -> Profile:
    return measure(batches(drawn, times), base)


@dataclass(slots=True)
class Tally:
    """What was said of many windows."""

    windows: int = 0
    violated: int = 0
    named: int = 0
    named_alone: int = 0
    rules: Counter[tuple[str, str | None]] = field(default_factory=Counter)

    def see(self, findings: Sequence[Finding], culprit: str | None) -> None:
        assert [f for f in findings if f.status is Status.FAILED] == []
        violated = [f for f in findings if f.status is Status.VIOLATED]
        self.windows += 1
        self.violated += bool(violated)
        self.named += culprit in {f.feature for f in violated}
        self.named_alone += {f.feature for f in violated} == {culprit}
        self.rules.update((f.rule, f.feature) for f in violated)


def tally(
    seed: int, *, windows: int, rows: int, base_rows: int, times: int = 1, shifts: Mapping[str, float] | None = None
) -> Tally:
    """Judge windows of `rows` rows, of which rows / times are different, `shifts` added to their columns."""
    rng, found = np.random.default_rng(seed), Tally()
    base = Profile()
    for number in range(windows):
        if number % BASELINE_EVERY == 0:
            base = baseline(columns(rng, base_rows))
        drawn = columns(rng, rows // times)
        for name, shift in (shifts or {}).items():
            drawn[name] = drawn[name] + shift
        found.see(judge(window(drawn, base, times), base, CHECKS), next(iter(shifts or ()), None))
    return found
