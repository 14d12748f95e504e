"""Taking over a SageMaker baseline: statistics.json and constraints.json, in any dialect, without the training data."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from monitor.baseline import Baseline, Provenance
from monitor.errors import BaselineError, InputError
from monitor.feature import Categorical, Numeric
from monitor.profile import Measured, Profile
from monitor.sagemaker import model_quality
from monitor.sagemaker.constraints import read, suggest
from monitor.sagemaker.statistics import profile_of

OF_QUALITY = "model quality constraints"
SECTIONS = tuple(f"{name}_constraints" for name in model_quality.SECTIONS.values())


def imported(files: Sequence[Path], *, name: str, made_at: datetime | None = None) -> Baseline:
    """A baseline from the product's files, told apart by what they hold: statistics, constraints, and constraints of
    model quality beside one of these.

    Without statistics there is nothing to measure drift by: types, completeness, domains and columns are still
    checked. Raises BaselineError or InputError naming the file.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for path in files:
        document = _document(path)
        kind = _kind(document)
        if kind in found:
            raise InputError(f"{path}: a second {kind} file; give one statistics.json and one constraints.json")
        found[kind] = document
        try:
            _check(kind, document)
        except BaselineError as error:
            raise BaselineError(f"{path}: {error}") from None
    if not {"statistics", "constraints"} & set(found):
        raise InputError(f"{files[0]}: constraints of model quality alone; give those of data quality besides")
    quality = {name: part for name, part in found.get(OF_QUALITY, {}).items() if name in SECTIONS}
    profile = profile_of(found["statistics"]) if "statistics" in found else _bare(found["constraints"])
    return Baseline(
        name=name,
        profile=profile,
        columns=tuple(profile.features),
        statistics=found.get("statistics", {}),
        constraints={**(found.get("constraints") or suggest(profile)), **quality},
        provenance=Provenance(
            made_from={path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
            format="SageMaker Model Monitor",
            made_at=made_at.strftime("%Y-%m-%dT%H:%M:%SZ") if made_at else "",
            made_by="driftd import",
        ),
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; give a statistics.json or constraints.json") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not JSON; give a statistics.json or constraints.json") from None
    if isinstance(document, dict) and _is_of_quality(document):
        return document
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise InputError(f"{path}: no list 'features' in it; give a statistics.json or constraints.json")
    return document


def _kind(document: Mapping[str, Any]) -> str:
    if _is_of_quality(document):
        return OF_QUALITY
    return "statistics" if _is_statistics(document) else "constraints"


def _is_of_quality(document: Mapping[str, Any]) -> bool:
    return "features" not in document and any(name in document for name in SECTIONS)


def _check(kind: str, document: Mapping[str, Any]) -> None:
    """BaselineError where something in it is wrong."""
    if kind == "statistics":
        profile_of(document)
    elif kind == "constraints":
        read(document)
    else:
        for problem in model_quality.SECTIONS:
            model_quality.read(document, problem)


def _is_statistics(document: Mapping[str, Any]) -> bool:
    """Whether it counts rows; constraints do not."""
    if "dataset" in document:
        return True
    features = [feature for feature in document["features"] if isinstance(feature, dict)]
    return any(key in feature for feature in features for key in ("numerical_statistics", "string_statistics"))


def _bare(document: Mapping[str, Any]) -> Profile:
    """Columns by name and type, with nothing counted."""
    features: dict[str, Measured] = {}
    for constraint in document["features"]:
        name, kind = str(constraint["name"]), str(constraint.get("inferred_type", "Unknown"))
        if kind in ("Integral", "Fractional"):
            features[name] = Numeric(name=name, type=kind, cells=np.zeros(4, dtype=np.int64))
        else:
            domains = tuple((constraint.get("string_constraints") or {}).get("domains") or ())
            features[name] = Categorical(
                name=name,
                type=kind,
                values=domains,
                is_complete=bool(domains),
                cells=np.zeros(len(domains) + 3, dtype=np.int64),
            )
    return Profile(features=features)
