"""What a model said against what came true, counted."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.feature import fewest_hashes
from monitor.measures.categorical import as_text
from monitor.measures.numbers import numbers_of
from monitor.model_quality import Binary, ModelQuality, Multiclass, Outcome, Regression, kept_classes
from monitor.outcomes import Outcomes
from monitor.payloads.texts import blanks
from monitor.problem import Problem, class_named
from monitor.scores import Scores
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
NO_CLASS = -1
LARGEST = float(np.finfo(np.float64).max)


def measured(problem: Problem, outcomes: Outcomes) -> ModelQuality:
    """The state of these rows."""
    judges = {"binary": _binary, "multiclass": _multiclass, "regression": _regression}
    return judges[problem.kind](problem, outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Classes:
    """`names`, and which of them each row has: -1 where it has none."""

    names: tuple[str, ...]
    codes: NDArray[np.int64]


def _classes(column: pa.Array | None, rows: int) -> _Classes:
    if column is None:
        return _Classes(names=(), codes=np.full(rows, NO_CLASS))
    texts = as_text(column).dictionary_encode()
    named = [class_named(text) for text in texts.dictionary.to_pylist()]
    names = sorted({name for name in named if name is not None})
    place: dict[str | None, int] = {name: at for at, name in enumerate(names)}
    which = np.array([*(place.get(name, NO_CLASS) for name in named), NO_CLASS], dtype=np.int64)
    codes = which[pc.fill_null(texts.indices, len(named)).to_numpy(zero_copy_only=False)]
    return _Classes(names=tuple(names), codes=codes)


def _there(column: pa.Array) -> Bools:
    """Whether a row has a value, of whatever kind."""
    valid: Bools = column.is_valid().to_numpy(zero_copy_only=False)
    if not pa.types.is_string(column.type):
        return valid
    return valid & ~blanks(pc.fill_null(column, ""))


def _numbers(column: pa.Array) -> Floats:
    """Finite numbers; nan where there is none."""
    numbers = numbers_of(column).numbers
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _counted(problem: Problem, outcomes: Outcomes, said: Bools, known: Bools, outcome: Outcome) -> ModelQuality:
    """`said`: whether a row has a prediction; `known`: a label that could be read."""
    labelled = said & _there(outcomes.truth)
    return ModelQuality(
        problem=problem,
        rows=len(outcomes),
        unpredicted=int(np.count_nonzero(~said)),
        labelled=int(np.count_nonzero(labelled)),
        unreadable=int(np.count_nonzero(labelled & ~known)),
        outcome=outcome,
    )


def _binary(problem: Problem, outcomes: Outcomes) -> ModelQuality:
    truth, answers = (_classes(column, len(outcomes)) for column in (outcomes.truth, outcomes.prediction))
    scores = _probabilities(outcomes)
    has_answer, has_score, known = answers.codes != NO_CLASS, ~np.isnan(scores), truth.codes != NO_CLASS
    came_true = known & (truth.codes == _place(truth.names, problem.positive))
    said_so = np.where(
        has_answer, answers.codes == _place(answers.names, problem.positive), scores >= problem.threshold
    )
    said = has_answer | has_score
    both, scored = said & known, has_score & known
    cells = np.bincount(2 * came_true[both] + said_so[both], minlength=4).reshape(2, 2)
    others = np.bincount(truth.codes[both & ~came_true], minlength=len(truth.names)).tolist()
    named = {name: count for name, count in zip(truth.names, others, strict=True) if count}
    outcome = Binary(
        cells=cells.astype(np.int64),
        others=fewest_hashes(named),
        scores=Scores.of(scores[scored], came_true[scored]),
    )
    return _counted(problem, outcomes, said, known, outcome)


def _place(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else len(names)


def _probabilities(outcomes: Outcomes) -> Floats:
    """Chances, 0..1; nan where there is none."""
    if outcomes.probability is None:
        return np.full(len(outcomes), np.nan)
    numbers = _numbers(outcomes.probability)
    with np.errstate(invalid="ignore"):
        return np.where((numbers >= 0) & (numbers <= 1), numbers, np.nan)


def _multiclass(problem: Problem, outcomes: Outcomes) -> ModelQuality:
    truth, answers = (_classes(column, len(outcomes)) for column in (outcomes.truth, outcomes.prediction))
    said, known = answers.codes != NO_CLASS, truth.codes != NO_CLASS
    both = said & known
    names = sorted({*truth.names, *answers.names})
    place = {name: at for at, name in enumerate(names)}
    first, second = (
        np.array([place[name] for name in one.names], dtype=np.int64)[one.codes[both]] for one in (truth, answers)
    )
    # Pairs that there are, and not all that could be: labels that are no classes would make millions.
    pairs, counts = np.unique(first * max(1, len(names)) + second, return_counts=True)
    first, second = pairs // max(1, len(names)), pairs % max(1, len(names))
    return _counted(problem, outcomes, said, known, _few(names, first, second, counts))


def _few(names: list[str], first: Whole, second: Whole, counts: Whole) -> Multiclass:
    """The classes that are kept, and the rest together."""
    kept = kept_classes(names)
    place = {name: at for at, name in enumerate(kept)}
    at = np.array([place.get(name, len(kept)) for name in names], dtype=np.int64)
    cells = np.zeros((len(kept) + 1, len(kept) + 1), dtype=np.int64)
    np.add.at(cells, (at[first], at[second]), counts)
    alike = int(counts[(first == second) & (at[first] == len(kept))].sum())
    return Multiclass(classes=tuple(kept), cells=cells, alike=alike)


def _regression(problem: Problem, outcomes: Outcomes) -> ModelQuality:
    truth = _numbers(outcomes.truth)
    answers = np.full(len(outcomes), np.nan) if outcomes.prediction is None else _numbers(outcomes.prediction)
    said, known = ~np.isnan(answers), ~np.isnan(truth)
    return _counted(problem, outcomes, said, known, errors_of(answers[said & known], truth[said & known]))


def errors_of(answers: Floats, truth: Floats) -> Regression:
    """Of n finite numbers that were said, and that came true. Shapes: (n,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.clip(answers - truth, -LARGEST, LARGEST)
        absolute, squares = np.abs(errors), errors * errors
        moments = Moments.of(truth)
        off = truth - moments.mean
        positive, is_there = (answers > -1) & (truth > -1), truth != 0
        return Regression(
            truth=moments,
            errors=Moments.of(errors),
            absolute=Moments.of(absolute),
            logarithmic=Moments.of((np.log1p(answers[positive]) - np.log1p(truth[positive])) ** 2),
            relative=Moments.of(absolute[is_there] / np.abs(truth[is_there])),
            leaning=(float((squares * off).sum()), float((squares * off * off).sum())),
            distribution=Quantiles.of_sorted(np.sort(errors)),
        )
