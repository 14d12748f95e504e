"""A feature's share of rows in the band it may wander in, and how near that is to an alarm, as small pictures."""

import math
from collections.abc import Mapping
from typing import Any

from monitor.finding import Finding
from monitor.render.axis import FINEST
from monitor.render.drawing import LETTER, Picture, box, label, line
from monitor.wording import percent

WIDTH, HEIGHT, MIDDLE = 300, 44, 23.0
EDGE = 9.5 * LETTER  # room for the numbers at the ends of the band
METER, LOW = 200, 12


def band(told: Mapping[str, Any], finding: Finding | None = None) -> Picture | None:
    """The band filled, what was learned as a line in it, the share now as a block, with its interval from a `finding`.

    `told` is one of the `bands` of a report's policy. None where a number is missing.
    """
    known = [float(told[key]) for key in ("least", "most", "centre", "now") if told[key] is not None]
    if len(known) < 4:
        return None
    least, most, centre, now = known
    low = high = now
    if finding is not None and finding.low is not None and finding.high is not None:
        low, high = centre + finding.low, centre + finding.high
    start, span = min(least, low), max(most, high) - min(least, low)
    if not (math.isfinite(span) and span > FINEST):
        return None

    def at(share: float) -> float:
        return EDGE + (share - start) / span * (WIDTH - 2 * EDGE)

    ends = "".join(line(at(end), MIDDLE - 5, down=10) for end in (low, high)) if high > low else ""
    through = line(at(low), MIDDLE, across=at(high) - at(low)) if high > low else ""
    return Picture(
        width=WIDTH,
        height=HEIGHT,
        alt=f"{percent(now)} now, the band from {percent(least)} to {percent(most)}",
        base=box(at(least), MIDDLE - 8, max(at(most) - at(least), 1), 16),
        marks=line(at(centre), MIDDLE - 8, down=16),
        now=through + ends + box(at(now) - 3, MIDDLE - 3, 6, 6),
        labels=(
            label(at(least), HEIGHT - 2, percent(least), "end"),
            label(at(most), HEIGHT - 2, percent(most), "start"),
            label(at(now), MIDDLE - 12, percent(now), strong=True),
        ),
    )


def meter(evidence: float) -> Picture:
    """Evidence as a bar; dashed: an alarm."""
    whole = max(1.0, evidence)

    def at(amount: float) -> float:
        return 1 + amount / whole * (METER - 2)

    return Picture(
        width=METER,
        height=LOW,
        alt="evidence; dashed: an alarm",
        now=box(1, 2, at(max(0.0, evidence)) - 1, LOW - 4),
        frame=box(1, 2, at(whole) - 1, LOW - 4),
        marks=line(at(1.0), 0, down=LOW),
    )
