"""Baseline: a profile with provenance and constraints; immutable, versioned, named by digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from monitor.history import History
from monitor.place import Place
from monitor.profile import Profile

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a baseline came from: files by name with their digests, how they were read, when and by what."""

    made_from: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    made_at: str = ""
    made_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """`statistics` and `constraints` are SageMaker's documents of the same rows; the latter may be edited by hand.

    `columns` are the columns as read, before any transform. `digest` is of the profile and does not change with
    constraints, place or time. `history` is there where rows had times, and a stored baseline was asked for it;
    `history_digest` is its digest, in any case. `sample` are some of its rows, where they were asked for when it was
    made; of a stored one `sample_rows` tells how many, and `home`, the place of its version, where they are.
    """

    name: str
    version: str = ""
    profile: Profile
    columns: tuple[str, ...] = ()
    statistics: Mapping[str, Any] = field(default_factory=dict)
    constraints: Mapping[str, Any] = field(default_factory=dict)
    provenance: Provenance = field(default_factory=Provenance)
    digest: str = ""
    history: History | None = None
    history_digest: str = ""
    sample: pa.Table | None = None
    sample_rows: int = 0
    home: Place | None = field(default=None, compare=False)
