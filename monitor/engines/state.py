"""State: what one split gives. It adds up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from monitor.batch import Sample as Reject
from monitor.profile import Profile, add_counts
from monitor.selection import Seen

MOST_REJECTS = 20
APART = "requests and answers are logged apart, and may be in different files"
Kind = Literal["transform", "source", "input", "rule", "memory", "foreign", "whole", "internal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The profile, the first rejects, and what was seen on the way: columns in their order, digests of the bytes and
    formats by file, what a window's selection saw of each, line ends in pieces of files.

    A file that was cut has a digest for each of its pieces, in their order.
    """

    profile: Profile
    rejects: tuple[Reject, ...] = ()
    columns: tuple[str, ...] = ()
    about: frozenset[str] = frozenset()
    digests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, Seen] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "State") -> "State":
        """This one and the one whose files come behind it, placed there already (`behind`)."""
        digests = {path: (*self.digests.get(path, ()), *some) for path, some in other.digests.items()}
        return State(
            profile=self.profile + other.profile,
            rejects=(*self.rejects, *other.rejects)[:MOST_REJECTS],
            columns=tuple(dict.fromkeys((*self.columns, *other.columns))),
            about=self.about | other.about,
            digests={**self.digests, **digests},
            formats={**self.formats, **other.formats},
            seen={**self.seen, **other.seen},
            lines=add_counts(self.lines, other.lines),
        )

    def behind(self, rows: int, lines: Mapping[str, int]) -> "State":
        """The same behind so many rows of other splits, and so many lines of the same file."""
        rejects = tuple(replace(one, line=one.line + lines.get(one.path, 0)) for one in self.rejects)
        return replace(self, profile=_behind(self.profile, rows), rejects=rejects)

    def renamed(self, names: Mapping[str, str]) -> "State":
        """The same with files under the names that people gave."""
        return replace(
            self,
            rejects=tuple(replace(one, path=names.get(one.path, one.path)) for one in self.rejects),
            digests={names.get(path, path): some for path, some in self.digests.items()},
            formats={names.get(path, path): name for path, name in self.formats.items()},
            seen={names.get(path, path): seen for path, seen in self.seen.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Why a split has no state. `whole`: because only one worker can tell, that reads everything."""

    kind: Kind
    why: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A split's answer."""

    answer: State | Broken


def _behind(now: Profile, rows: int) -> Profile:
    """The profile with its rows' places in reading order moved, to half a stretch of its own: the moved stretches stay
    what they are, runs of rows in their order."""
    if not rows:
        return now
    moved = {
        name: feature if feature.by_order is None else replace(feature, by_order=feature.by_order.moved(rows))
        for name, feature in now.features.items()
    }
    return replace(now, features=moved)
