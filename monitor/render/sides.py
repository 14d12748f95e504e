"""A feature on both sides: its picture, the numbers in it, and what to know to read them."""

from dataclasses import dataclass

from monitor.feature import Categorical, Feature, Numeric
from monitor.render.bars import Bar, are_comparable, bars, unseen
from monitor.render.drawing import Picture
from monitor.render.picture import picture
from monitor.render.untrusted import shown
from monitor.wording import counted, percent

TITLE = 120  # characters of a feature's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A cell with its shares and rows, in words."""

    label: str
    now: str
    base: str
    now_rows: int
    base_rows: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Now and baseline of one feature, ready to be shown. `hint` says how to read what cannot be seen."""

    title: str
    about: str
    now: str
    base: str
    rows: tuple[Row, ...]
    picture: Picture
    hint: str


def sides(now: Feature | None, base: Feature | None, most: int) -> Sides | None:
    """The feature's picture and numbers, of at most so many categories; None where it is not on both sides."""
    if now is None or base is None or not are_comparable(now, base):
        return None
    cells = bars(now, base, most)
    drawn = picture(now, base, cells)
    return Sides(
        title=shown(base.name, TITLE) or "(no name)",
        about="prediction" if "prediction" in (now.role, base.role) else "",
        now=counted(now.rows, "row"),
        base=counted(base.rows, "row"),
        rows=tuple(_row(bar, now.rows, base.rows) for bar in cells),
        picture=drawn,
        hint=_hint(now, base, drawn),
    )


def _row(bar: Bar, now_rows: int, base_rows: int) -> Row:
    return Row(
        label=bar.label,
        now=percent(bar.now / now_rows) if now_rows else "none",
        base=percent(bar.base / base_rows) if base_rows else "none",
        now_rows=bar.now,
        base_rows=bar.base,
        note=bar.note,
    )


def _hint(now: Feature, base: Feature, drawn: Picture) -> str:
    if isinstance(now, Categorical):
        return f"Never seen before: {unseen(now)}." if now.unseen else ""
    if not (isinstance(now, Numeric) and isinstance(base, Numeric)) or base.is_discrete:
        return ""
    if not drawn.is_binned:
        return "Each column is a stretch between two quantiles of the baseline: the axis is not to scale."
    exact = now.quantiles.is_exact and base.quantiles.is_exact
    return "Dashed: the baseline's lowest and highest number." + (
        "" if exact else " The bars come from summaries, within half a per cent of rows; the table is exact."
    )
