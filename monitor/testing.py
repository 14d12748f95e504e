"""For rule authors: features from plain lists, and the law that every rule obeys."""

import doctest
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from monitor.batch import Batch
from monitor.errors import RuleError
from monitor.feature import Categorical, Numeric
from monitor.finding import Finding, Status
from monitor.judge import judge
from monitor.measures.window import measure
from monitor.model_quality import ModelQuality
from monitor.problem import Problem
from monitor.profile import Profile, Volume
from monitor.rule import Check, Rule
from monitor.rulefile import load
from monitor.survey import cells, count_texts, survey, texts_of

BASE_ROWS, WINDOW_ROWS, RESAMPLES, MOST_NOISY = 4000, 200, 20, 1


def profile(columns: dict[str, Sequence[Any]], base: Profile | None = None) -> Profile:
    """The profile of a small table: as a baseline, or as a window on the cells of `base`.

    Values are taken as their text; None is a missing value.

    >>> profile({"a": [1, 2, None]}).features["a"].missing
    1
    """
    texts = [pa.array([None if v is None else str(v) for v in column], pa.string()) for column in columns.values()]
    rows = pa.RecordBatch.from_arrays(texts, names=list(columns))
    batches = [Batch(rows=rows, volume=Volume(records=rows.num_rows, rows=rows.num_rows))]
    return measure(batches, base if base is not None else _spec(batches))


def numeric(values: Iterable[Any], base: Numeric | None = None) -> Numeric:
    """A numeric feature of these values; with `base`, counted on its cells.

    >>> feature = numeric([1, 2, 3, -4]); feature.mean, feature.negative.count
    (0.5, 1)
    """
    found = profile({"x": list(values)}, None if base is None else Profile(features={"x": base})).features["x"]
    assert isinstance(found, Numeric)
    return found


def categorical(values: Iterable[Any], base: Categorical | None = None) -> Categorical:
    """A categorical feature of these values; with `base`, counted on its categories.

    >>> categorical(["a", "b", "a"]).values
    ('a', 'b')
    """
    found = profile({"x": list(values)}, None if base is None else Profile(features={"x": base})).features["x"]
    assert isinstance(found, Categorical)
    return found


def _spec(batches: Sequence[Batch]) -> Profile:
    columns = survey(batches)
    texts = texts_of(columns)
    count_texts(batches, columns, texts)
    return cells(columns, texts)


def faults(path: Path) -> list[str]:
    """What is wrong with a rule file: examples that fail, and rules that break the law. Empty: nothing."""
    try:
        found = load(path)
    except RuleError as error:
        return [str(error)]
    told: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    for example in doctest.DocTestFinder().find(found.module):
        runner.run(example, out=told.append)
    return [*told, *(f"{rule.name}: {fault}" for rule in found.rules.values() for fault in law(rule))]


def law(rule: Rule) -> Iterator[str]:
    """What a rule breaks of the law for all rules.

    Every option stands in the docstring; quiet when now is base; quiet on 19 of 20 resamples of the baseline at
    n = 200; UNKNOWN, never OK, on an empty window; no error there or on columns without values; the same answer twice.
    """
    missing = [name for name in rule.options if name not in rule.doc]
    if missing:
        yield f"option {', '.join(missing)} is not in the docstring"
    if any(option.is_required for option in rule.options.values()) or rule.subject == "DataFrame":
        return
    rng = np.random.default_rng(20260105)
    base = _based(rule, _table(rng, BASE_ROWS))
    same = _ask(rule, base, base)
    broken = [f for f in same if f.status is Status.FAILED]
    if broken:
        yield f"it breaks: {broken[0].why}"
        return
    if _loud(same):
        yield f"violated when now is base: {_loud(same)[0].why}"
    if same != _ask(rule, base, base):
        yield "two answers to one question"
    noisy = [i for i in range(RESAMPLES) if _loud(_ask(rule, profile(_table(rng, WINDOW_ROWS), base), base))]
    if len(noisy) > MOST_NOISY:
        yield f"violated on {len(noisy)} of {RESAMPLES} fresh samples of the baseline at n = {WINDOW_ROWS}"
    empty = _ask(rule, profile({name: [] for name in base.features}, base), base)
    if any(f.status is Status.OK for f in empty):
        yield "OK on an empty window; return unknown(...), or give at_most an estimate"
    gaps = _ask(rule, profile({name: [None] * WINDOW_ROWS for name in base.features}, base), base)
    for kind, found in (("an empty window", empty), ("columns without values", gaps)):
        yield from (f"it breaks on {kind}: {f.why}" for f in found if f.status is Status.FAILED)


def _ask(rule: Rule, now: Profile, base: Profile) -> tuple[Finding, ...]:
    return judge(now, base, [Check(rule=rule)], learned=base)


def _based(rule: Rule, table: dict[str, Sequence[Any]]) -> Profile:
    """A baseline; one whose predictions are held against the truth, and seldom right, where a rule is about that."""
    base = _answered(profile(table))
    if rule.subject != "ModelQuality":
        return base
    problem = Problem(kind="binary", prediction="calls", truth="is_new")
    return profile(table, replace(base, quality=ModelQuality.empty(problem)))


def _answered(base: Profile) -> Profile:
    """The same with one column as a model's answer, which some rules are about."""
    return replace(base, features={**base.features, "amount": replace(base.features["amount"], role="prediction")})


def _loud(findings: Sequence[Finding]) -> list[Finding]:
    return [f for f in findings if f.status in (Status.VIOLATED, Status.FAILED)]


def _table(rng: np.random.Generator, rows: int) -> dict[str, Sequence[Any]]:
    """Columns of many kinds: continuous, skewed, counts, flags, money with refunds, categories, gaps."""
    plan = rng.choice(["basic", "plus", "pro", "free"], rows, p=[0.4, 0.3, 0.2, 0.1])
    city = rng.choice([f"city {i}" for i in range(40)], rows)
    income = rng.lognormal(10, 0.6, rows).round(2)
    return {
        "amount": (rng.normal(60, 30, rows)).round(2).tolist(),
        "age": rng.integers(18, 90, rows).tolist(),
        "income": [None if gap else value for gap, value in zip(rng.random(rows) < 0.03, income.tolist(), strict=True)],
        "calls": rng.poisson(2, rows).tolist(),
        "is_new": (rng.random(rows) < 0.1).astype(int).tolist(),
        "plan": plan.tolist(),
        "city": city.tolist(),
    }
