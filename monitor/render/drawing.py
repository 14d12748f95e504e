"""Drawing: paths and labels of a picture as plain data; the page's template makes SVG of it."""

from dataclasses import dataclass
from typing import Literal

WIDTH = 360  # units: a phone's pixels, so that its reader need not guess at the labels
LETTER = 6.4  # the width of a character in the pictures' type
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text at a place."""

    x: str
    y: str
    text: str
    anchor: Anchor = "middle"
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """SVG paths by what they stand for, and labels. `alt` says in words what is to be seen.

    `base` is filled, `now` hatched with an outline, `frame` thin lines, `marks` dashed ones.
    """

    height: int
    alt: str = ""
    base: str = ""
    now: str = ""
    frame: str = ""
    marks: str = ""
    labels: tuple[Label, ...] = ()
    width: int = WIDTH
    is_binned: bool = False


def place(value: float) -> str:
    """A coordinate to a tenth of a pixel.

    >>> place(12.04), place(3.25), place(-0.01)
    ('12', '3.2', '0')
    """
    return f"{round(value, 1) + 0.0:g}"


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle from its upper left corner; nothing where it has no size.

    >>> box(1, 2, 3, 4), box(1, 2, 0, 4)
    ('M1 2h3v4h-3z', '')
    """
    if not (width > 0 and height > 0):
        return ""
    return f"M{place(x)} {place(y)}h{place(width)}v{place(height)}h{place(-width)}z"


def line(x: float, y: float, *, across: float = 0, down: float = 0) -> str:
    """A horizontal or vertical line.

    >>> line(1, 2, across=10), line(1, 2, down=-5)
    ('M1 2h10', 'M1 2v-5')
    """
    return f"M{place(x)} {place(y)}" + (f"h{place(across)}" if across else f"v{place(down)}")


def label(x: float, y: float, text: str, anchor: Anchor = "middle", *, strong: bool = False) -> Label:
    """A text at a place that was computed."""
    return Label(x=place(x), y=place(y), text=text, anchor=anchor, strong=strong)
