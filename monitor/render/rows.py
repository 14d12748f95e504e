"""A categorical feature as bars that lie: a pair for each category, its name on the left, the shares at their ends."""

import unicodedata
from collections.abc import Sequence

from monitor.render.bars import Bar
from monitor.render.drawing import WIDTH, Label, Picture, box, label, line
from monitor.render.untrusted import shown
from monitor.wording import percent

NAMES, NUMBERS = 126.0, 52.0  # room for the names, and for the shares beyond the longest bar
PITCH, NOW, BASE = 29.0, 11.0, 11.0  # of a pair: from one to the next, and how high its bars are
LETTERS = 18


def categorical(now_rows: int, base_rows: int, cells: Sequence[Bar]) -> Picture:
    """The cells from above to below, now over the baseline."""
    shares = [(bar.now / max(1, now_rows), bar.base / max(1, base_rows)) for bar in cells]
    scale = (WIDTH - NAMES - NUMBERS) / (max(max(pair) for pair in shares) or 1.0)
    base, now, labels = "", "", list[Label]()
    for i, (bar, (a, b)) in enumerate(zip(cells, shares, strict=True)):
        y = 4 + i * PITCH
        now += box(NAMES, y, a * scale, NOW)
        base += box(NAMES, y + NOW + 1, b * scale, BASE)
        labels += [
            label(NAMES - 6, y + 16, fitting(bar.label), "end"),
            label(NAMES + a * scale + 4, y + 9.5, percent(a), "start", strong=True),
            label(NAMES + b * scale + 4, y + 21, percent(b), "start"),
        ]
    height = 4 + len(cells) * PITCH
    frame = line(NAMES, 0, down=height)
    return Picture(height=round(height), base=base, now=now, frame=frame, labels=tuple(labels))


def fitting(text: str, most: int = LETTERS) -> str:
    """The text cut to the width of so many letters; signs of Chinese, Japanese and Korean are as wide as two.

    >>> fitting("abcdefghij", 7), fitting("名前名前", 5)
    ('abc…hij', '名…前')
    """
    for letters in range(most, 1, -1):
        cut = shown(text, letters)
        if sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cut) <= most:
            return cut
    return shown(text, 1)
