"""What is to be counted of each column of a baseline, and which columns are measured together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from monitor.feature import Categorical, Classes, Numeric
from monitor.measures.categorical import Lookup
from monitor.profile import Measured, Profile
from monitor.stats.distinct import Distinct
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles

TOGETHER = 8
"""Columns that are measured at once: few calls, and still little enough for a processor's caches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Empty features by name, in the baseline's order, and which of them are measured together: those of one kind."""

    specs: Mapping[str, Numeric | Lookup]
    groups: Sequence[Sequence[str]]

    @classmethod
    def of(cls, base: Profile) -> "Plan":
        features = {name: emptied(feature) for name, feature in base.features.items()}
        specs = {name: Lookup.of(spec) if isinstance(spec, Categorical) else spec for name, spec in features.items()}
        groups = []
        for kind in (Numeric, Lookup):
            names = [name for name, spec in specs.items() if isinstance(spec, kind)]
            groups += [names[at : at + TOGETHER] for at in range(0, len(names), TOGETHER)]
        return cls(specs=specs, groups=groups)


def emptied(feature: Measured) -> Measured:
    """The feature with its cells and nothing counted."""
    nothing: dict[str, Any] = {
        "rows": 0,
        "missing": 0,
        "absent": 0,
        "classes": Classes(),
        "cells": np.zeros_like(feature.cells),
        "by_time": None,
        "by_order": None,
        "distinct": Distinct.empty(),
        "design_effect": 1.0,
        "freedom": 0,
    }
    if isinstance(feature, Numeric):
        return replace(feature, **nothing, moments=Moments(), nan=0, infinite=0, text=0, quantiles=Quantiles.empty())
    return replace(feature, **nothing, lengths=Moments(), unseen={})
