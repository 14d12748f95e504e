"""Labels: what came true, by the record that was asked and the row in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Indices = NDArray[np.int64]
UNTOLD = np.iinfo(np.int64).min
"""In place of a label's own time, where it says none: then that of its file counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Columns of one length: the id of the record, the place of the row in it from 0, the label as text, and when the
    label was made, in UTC seconds (`UNTOLD` where it does not say). None of the texts is null."""

    key: pa.StringArray
    place: Indices
    label: pa.StringArray
    when: Indices

    def __len__(self) -> int:
        return len(self.key)

    def take(self, at: Indices) -> "Labels":
        """The labels at these places."""
        rows = pa.array(at)
        return Labels(key=self.key.take(rows), place=self.place[at], label=self.label.take(rows), when=self.when[at])

    def as_of(self, seconds: int) -> "Labels":
        """The same, made at that time where they do not say."""
        when = np.where(self.when == UNTOLD, seconds, self.when)
        return Labels(key=self.key, place=self.place, label=self.label, when=when)

    @classmethod
    def of(cls, parts: "Sequence[Labels]") -> "Labels":
        """All of them, one after the other."""
        nothing, none = pa.array([], pa.string()), np.zeros(0, np.int64)
        return cls(
            key=pa.concat_arrays([nothing, *(part.key for part in parts)]),
            place=np.concatenate([none, *(part.place for part in parts)]),
            label=pa.concat_arrays([nothing, *(part.label for part in parts)]),
            when=np.concatenate([none, *(part.when for part in parts)]),
        )
