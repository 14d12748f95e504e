"""Renaming: categories that are gone, that are new, and those of both that are the same one under another name."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from monitor.feature import Categorical
from monitor.wording import percent

RARE: Final = 0.01
"""A category of a smaller share may come and go."""
FEWEST_EXPECTED: Final = 10
"""A category of which so many rows were to be expected, and none came, is gone: chance leaves out one in e**10."""
LEFT: Final = 0.1
"""A category of which no more than this part is left is gone: some senders still write the old name."""
RATIO: Final = 1.5
"""Two shares that are further from each other are not one category's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """`before` is gone, and `after` has come with about its share of the values."""

    before: str
    after: str
    share: float

    @property
    def told(self) -> str:
        return f"{_short(self.before)} is now {_short(self.after)} ({percent(self.share)} of values)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """What has become of the categories of a column."""

    renamed: tuple[Renamed, ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """In words, without a full stop; empty where nothing came or went."""
        parts = [one.told for one in self.renamed[:3]]
        parts += [f"{len(self.renamed) - 3} more are renamed"] if len(self.renamed) > 3 else []
        for what, names in (("gone", self.gone), ("new", self.new)):
            if names:
                listed = ", ".join(map(_short, names[:3])) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
                parts.append(f"{listed} {'is' if len(names) == 1 else 'are'} {what}")
        return "; ".join(parts)


def categories(now: Categorical, base: Categorical) -> Categories:
    """Which categories came, went or changed their name; none where either side has no values.

    A name that differs in case, space or signs only is the same category before any other; otherwise the one whose
    share is nearest. A category that the baseline knew but did not count one by one is neither gone nor new.
    """
    if not (now.present and base.present):
        return Categories()
    gone = _gone(now, base)
    new = {value: count / now.present for value, count in now.unseen.items() if count / now.present >= RARE}
    pairs = sorted(
        (_plain(before) != _plain(after), abs(gone[before] - new[after]), before, after)
        for before in gone
        for after in new
        if _is_alike(gone[before], new[after], now, base)
    )
    renamed: dict[str, str] = {}
    for _, _, before, after in pairs:
        if before not in renamed and after not in renamed.values():
            renamed[before] = after
    return Categories(
        renamed=tuple(Renamed(before=b, after=renamed[b], share=new[renamed[b]]) for b in gone if b in renamed),
        gone=tuple(value for value in gone if value not in renamed),
        new=tuple(sorted((v for v in new if v not in renamed.values()), key=lambda v: (-new[v], v))),
    )


def _gone(now: Categorical, base: Categorical) -> Mapping[str, float]:
    """Shares that they had, the commonest first."""
    counts = zip(base.values, base.cells.tolist(), now.cells.tolist(), strict=False)
    shares = {value: (count / base.present, left) for value, count, left in counts}
    return {
        value: share
        for value, (share, left) in shares.items()
        if share >= RARE
        and share * now.present / now.design_effect >= FEWEST_EXPECTED
        and left <= LEFT * share * now.present
    }


def _is_alike(before: float, after: float, now: Categorical, base: Categorical) -> bool:
    """Two shares that differ by no more than chance allows, or than a category changes anyway."""
    chance = 3 * sqrt(before * (1 - before) * (now.design_effect / now.present + base.design_effect / base.present))
    return max(before, after) <= RATIO * min(before, after) or abs(before - after) <= chance


def _plain(value: str) -> str:
    return "".join(sign for sign in value.casefold() if sign.isalnum())


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else f"{value[:37]}...")
