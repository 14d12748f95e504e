"""Intake: what is done to batches before anything is measured (filter, then roles), and what was seen of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from monitor.batch import Batch
from monitor.condition import Condition, columns_of
from monitor.roles import Roles, matches, placed, within
from monitor.selection import Selection
from monitor.where import kept

MOST_NAMED = 8


class Source(Protocol):
    """Batches that may be read more than once. After a pass `digests` and `formats` tell of each file or table."""

    @property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of the bytes, by name."""

    @property
    def formats(self) -> Mapping[str, str]:
        """What each was read as, by name."""

    @property
    def files(self) -> Sequence[object]:
        """What is read, as it is named in messages."""

    @property
    def digest(self) -> str:
        """One digest for all of it."""

    def __iter__(self) -> Iterator[Batch]:
        """The batches, from the beginning."""


class Intake:
    """The batches of a source as they are measured; may be read more than once.

    Where a window has still to choose among rows, by a column's time, it does so first of all. A condition is asked
    before columns take their roles, so that it knows them all. After a pass `columns` are those of the rows as they
    were read, in their order.
    """

    def __init__(
        self,
        source: Source,
        roles: Roles | None = None,
        where: Condition | None = None,
        selection: Selection | None = None,
    ) -> None:
        self.source = source
        self.selection = selection
        self.roles = roles or Roles()
        self.where = where
        self.columns: dict[str, None] = {}
        self.about: set[str] = set()

    def see(self, columns: Iterable[str], about: Iterable[str]) -> None:
        """Columns of rows, and of what else is known of them, that were read."""
        self.columns.update(dict.fromkeys(columns))
        self.about.update(about)

    def __iter__(self) -> Iterator[Batch]:
        for batch in self.source:
            self.see(batch.rows.schema.names, batch.about.schema.names if batch.about is not None else ())
            taken = batch if self.selection is None else within(batch, self.selection)
            chosen = taken if self.where is None else kept(taken, self.where)
            yield placed(chosen, self.roles)

    @property
    def notes(self) -> tuple[str, ...]:
        """Columns with a role, or asked for by the condition, that no row had; nothing where there was no row."""
        if not self.columns:
            return ()
        known = {*self.columns, *self.about}
        absent = [
            (f"columns.{role}: no row has a column {name!r}", name)
            for role, name in self.roles.known.items()
            if name not in known
        ]
        for role, globs in (("prediction", self.roles.prediction), ("probability", self.roles.probability)):
            absent += [
                (f"columns.{role}: no row has a column {glob!r}", glob)
                for glob in globs
                if not any(matches(name, [glob]) for name in self.columns)
            ]
        if self.where is not None:
            absent += [
                (f"where: no row has a column {name!r}, so it was null in all of them", name)
                for name in columns_of(self.where)
                if name not in known
            ]
        return tuple(f"{what}; {self._meant(name)}" for what, name in absent)

    def _meant(self, name: str) -> str:
        known: Mapping[str, None] = self.columns | dict.fromkeys(sorted(self.about))
        near = get_close_matches(name, known, n=1)
        if near:
            return f"did you mean {near[0]!r}?"
        more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
        return f"there are {', '.join(list(known)[:MOST_NAMED])}{more}"
