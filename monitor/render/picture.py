"""A feature now against the baseline as a picture, of places and sizes only; the page's template makes SVG of it.

Bars of the baseline are filled, those of now hatched with an outline: neither needs its colour to be told.
"""

from collections.abc import Sequence
from dataclasses import replace

from monitor.feature import Feature, Numeric
from monitor.render.bars import Bar
from monitor.render.columns import numeric
from monitor.render.drawing import Picture
from monitor.render.rows import categorical
from monitor.wording import percent


def picture(now: Feature, base: Feature, cells: Sequence[Bar]) -> Picture:
    """Shares of rows by value, now over the baseline; `cells` are the feature's bars, of which missing is one."""
    if isinstance(now, Numeric) and isinstance(base, Numeric):
        drawn = numeric(now, base, cells)
    else:
        drawn = categorical(now.rows, base.rows, cells)
    missing = f"missing {percent(now.missing_share.value)} now, {percent(base.missing_share.value)} in the baseline"
    return replace(drawn, alt=f"Shares of rows by value, now against the baseline; {missing}")
