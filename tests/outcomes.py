"""Outcomes for tests: from lists, and at random."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from monitor.measures.model_quality import measured
from monitor.model_quality import ModelQuality
from monitor.outcomes import Outcomes
from monitor.problem import Problem

DATA = Path(__file__).parent / "data"
CHURN = DATA / "model_quality" / "validation_with_predictions.csv"
SDK = DATA / "sagemaker_sdk" / "quality_check_step" / "model_quality"


def quality(
    kind: str, truth: Sequence[Any], said: Sequence[Any] | None = None, chance: Sequence[Any] | None = None, **more: Any
) -> ModelQuality:
    """The state of these rows."""

    def column(values: Sequence[Any] | None) -> pa.Array | None:
        if values is None or isinstance(values, pa.Array):
            return values
        return pa.array(values) if len(values) else pa.array([], pa.string())

    labels = column(truth)
    assert labels is not None
    return measured(
        Problem(kind=kind, **more),  # type: ignore[arg-type]
        Outcomes(prediction=column(said), probability=column(chance), truth=labels),
    )


def of_cells(tn: int, fp: int, fn: int, tp: int, **more: Any) -> ModelQuality:
    """A binary problem with these cells."""
    truth = np.repeat([0, 0, 1, 1], [tn, fp, fn, tp])
    said = np.repeat([0, 1, 0, 1], [tn, fp, fn, tp])
    return quality("binary", truth, said, **more)


def churn() -> ModelQuality:
    """201 customers, as published."""
    rows = pa.csv.read_csv(CHURN)
    return quality("binary", *(rows[name].combine_chunks() for name in ("label", "prediction", "probability")))


def sdk() -> ModelQuality:
    """100 rows of a regression, as published."""
    rows = pa.csv.read_csv(SDK / "baseline_dataset.csv")
    return quality("regression", rows["Prediction"].combine_chunks(), rows["Label"].combine_chunks())


def random_scores(rng: np.random.Generator, rows: int, digits: int = 3) -> tuple[Any, Any]:
    """Truth and chances with ties."""
    chance = rng.beta(0.6, 1.4, rows).round(digits)
    return (rng.random(rows) < 0.2 + 0.6 * chance).astype(int), chance
