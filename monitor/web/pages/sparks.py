"""A monitor's last windows in a line of marks: what was violated, what nobody could judge, where nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.render.drawing import box
from monitor.wording import counted

STEP, HEIGHT = 3, 20
LEAST, MOST = 5, 18
"""How high the mark of one violation is, and that of the most there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """SVG paths by what they stand for, and the same in words."""

    width: int
    paths: Sequence[tuple[str, str]]
    alt: str


def spark(verdicts: Sequence[tuple[str, int]]) -> Spark:
    """Verdict and number of violations of each window, oldest first.

    >>> made = spark([("ok", 0), ("ok", 0), ("violated", 2), ("", 0), ("unknown", 0)])
    >>> made.alt
    'last 5 windows, oldest first: 2 ok, 1 violated (at most 2 findings), 1 unknown, 1 without a verdict'
    >>> made.paths[0]
    ('ok', 'M0 18h5v1h-5z')
    """
    most = max((violations for _, violations in verdicts), default=0)
    paths: dict[str, list[str]] = {"ok": [], "violated": [], "unknown": [], "failed": []}
    place = 0
    while place < len(verdicts):
        status, violations = verdicts[place]
        run = _run(verdicts, place) if status == "ok" else 1
        x, width = place * STEP, run * STEP - 1
        if status == "ok":
            paths["ok"].append(box(x, HEIGHT - 2, width, 1))
        elif status in paths:
            height = LEAST + (MOST - LEAST) * (violations - 1) / max(most - 1, 1) if status == "violated" else LEAST
            paths[status].append(box(x, HEIGHT - 1 - round(height), width, round(height)))
        place += run
    drawn = [(status, "".join(found)) for status, found in paths.items() if found]
    return Spark(width=max(len(verdicts), 1) * STEP, paths=drawn, alt=_told(verdicts, most))


def _run(verdicts: Sequence[tuple[str, int]], place: int) -> int:
    """How many windows from here on are alike."""
    end = place
    while end < len(verdicts) and verdicts[end][0] == verdicts[place][0]:
        end += 1
    return end - place


def _told(verdicts: Sequence[tuple[str, int]], most: int) -> str:
    counts: dict[str, int] = {}
    for status, _ in verdicts:
        counts[status] = counts.get(status, 0) + 1
    none = counts.pop("", 0)
    parts = [f"{count} {status}" for status, count in counts.items()]
    parts = [f"{part} (at most {counted(most, 'finding')})" if part.endswith("violated") else part for part in parts]
    parts += [f"{none} without a verdict"] if none else []
    return f"last {counted(len(verdicts), 'window')}, oldest first: {', '.join(parts) or 'none'}"
