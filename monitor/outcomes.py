"""Outcomes: what a model said and what came true, a row for each prediction."""

from dataclasses import dataclass

import pyarrow as pa

LEAST = 0.3
"""The share of predictions that must have a label before anything is said: what comes first is seldom like the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Columns of one length: texts, int64, double or bool, as batches hold them; a null is what is not there.

    `prediction` and `probability` are None where the model gives none. `truth` is null where no label has come.
    """

    prediction: pa.Array | None
    probability: pa.Array | None
    truth: pa.Array

    def __len__(self) -> int:
        return len(self.truth)
