"""Rows that come a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Some rows in order, and the cursor that the next ones begin at; empty: there are no more."""

    items: Sequence[Item] = ()
    cursor: str = ""
