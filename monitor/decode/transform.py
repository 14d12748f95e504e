"""Rows of SageMaker's batch transform, where the model's output stands beside the input's keys in one object."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from monitor.payloads.json_shape import Rows
from monitor.payloads.sides import Side

OUTPUT = "SageMakerOutput"


def parted(whole: Side) -> tuple[Side | None, Side]:
    """The request, where there is one, and the answer."""
    requests: list[Rows] = []
    answers: list[Rows] = []
    for part in whole.parts:
        names = [name for name in part.columns if name == OUTPUT or name.startswith(f"{OUTPUT}.")]
        rest = [name for name in part.columns if name not in names]
        if part.widths is not None or not names or not rest:
            return None, whole
        answers.append(_answer(part, names))
        requests.append(replace(part, columns={name: part.columns[name] for name in rest}))
    return (Side(parts=tuple(requests)), replace(whole, parts=tuple(answers))) if requests else (None, whole)


def _answer(part: Rows, names: Sequence[str]) -> Rows:
    columns = {name.removeprefix(OUTPUT).removeprefix(".") or "0": part.columns[name] for name in names}
    widths = np.ones(len(part.payload), np.int64) if list(names) == [OUTPUT] else None  # a value without a name
    return replace(part, columns=columns, widths=widths)
