"""Inspection: what was found in a file of captures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.batch import Sample
from monitor.place import Place
from monitor.profile import Volume
from monitor.survey import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in one file or folder.

    `formats` says how many files were read as what; `columns` what one pass tells of each. `extra` are names of what
    records tell besides, such as custom attributes. `yaml` is the part of a configuration that reads it.
    """

    path: Place
    files: int
    formats: Mapping[str, int]
    volume: Volume
    columns: Mapping[str, Column]
    rejects: tuple[Sample, ...] = ()
    positions: bool = False
    extra: tuple[str, ...] = ()
    yaml: Mapping[str, Any] = field(default_factory=dict)
    is_mapped: bool = False
