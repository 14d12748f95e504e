"""A finding's number with its interval against its limit, as a small picture: how far beyond, and how sure."""

import math

from monitor.finding import Finding
from monitor.render.axis import FINEST
from monitor.render.drawing import Picture, box, line

WIDTH, HEIGHT, MIDDLE = 200, 22, 11.0


def interval(finding: Finding) -> Picture | None:
    """The interval as a line with ends, the number as a block on it, the limit dashed; None without an interval."""
    value, low, high, limit = finding.value, finding.low, finding.high, finding.threshold
    if value is None or low is None or high is None or limit is None:
        return None
    least, most = min(low, value, limit, 0.0), max(high, value, limit, 0.0)
    span = most - least
    if not (math.isfinite(span) and span > FINEST):
        return None

    def at(number: float) -> float:
        return 4 + (number - least) / span * (WIDTH - 8)

    ends = "".join(line(at(end), MIDDLE - 5, down=10) for end in (low, high))
    return Picture(
        width=WIDTH,
        height=HEIGHT,
        alt="the interval, and the limit (dashed)",
        now=line(at(low), MIDDLE, across=at(high) - at(low)) + ends + box(at(value) - 3, MIDDLE - 3, 6, 6),
        frame=line(at(0.0), 0, down=HEIGHT),
        marks=line(at(limit), 0, down=HEIGHT),
    )
