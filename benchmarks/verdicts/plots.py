"""Plots: false alarms against the budget, and delay against shift, beside the rules of other tools."""

from collections.abc import Mapping, Sequence

from benchmarks.verdicts import delays, drawing, peers
from benchmarks.verdicts.drawing import Chart, Line, part
from benchmarks.verdicts.stock import RULES
from benchmarks.verdicts.table import poisson_interval, quantile_of
from benchmarks.verdicts.trial import Outcome

OURS = "#0a3069"
COLOURS = ("#cf222e", "#fb8f44", "#bf8700", "#57ab5a", "#8250df", "#39c5cf", "#d4a72c", "#768390")
RATES = (0.1, 1000.0)
MUTE = 0.1  # what no alarm at all is drawn as
Outcomes = Mapping[str, Sequence[Outcome]]


def delay(outcomes: Outcomes, world: str) -> str:
    """Windows until a shift in one of thirty features is found: others at their own thresholds, and at one false alarm
    a year."""
    ours = Line(name="driftd, one false alarm a year", points=_ours(outcomes, world), colour=OURS, wide=True)
    charts = [
        Chart(
            title=f"{world}: other tools {'at one false alarm a year' if raised else 'as they ship'}",
            x=(0.05, 1.0),
            y=(1, delays.HORIZON),
            x_ticks=(0.05, 0.1, 0.25, 0.5, 1),
            y_ticks=(1, 3, 10, 30, 100, 300),
            x_name="shift of one of 30 features, standard deviations",
            y_name="hourly windows until found (median)",
            lines=(*_theirs(outcomes, world, raised), ours),
        )
        for raised in (False, True)
    ]
    return drawing.svg(charts, f"Windows until a shift is found, by its size, {world} world, driftd and other tools")


def _ours(outcomes: Outcomes, world: str) -> list[tuple[float, float]]:
    found = outcomes.get(f"delay curve {world}", ())
    return [(size, quantile_of(delays.waited(found, at), 0.5)) for at, size in enumerate(delays.SHIFTS) if found]


def _theirs(outcomes: Outcomes, world: str, raised: bool) -> list[Line]:
    found = outcomes.get(f"peers {world}", ())
    lines = []
    for number, rule in enumerate(RULES):
        waits = [quantile_of(peers.waits(found, at, number, raised), 0.5) for at in range(len(peers.SHIFTS)) if found]
        points = list(zip(peers.SHIFTS, waits, strict=False))
        lines.append(Line(name=rule.name, points=points, colour=COLOURS[number]))
    return lines


def budget(outcomes: Outcomes, conditions: Mapping[str, str]) -> str:
    """Alarms a year in worlds without drift, with 95 % intervals, against the one that is allowed. `conditions` are the
    trials by name, in words."""
    rows: list[tuple[str, float, float, float, str]] = []
    for name, words in conditions.items():
        alarms = sum(o["alarms"] for o in outcomes.get(name, ()))
        years = sum(o["budget"] for o in outcomes.get(name, ()))
        if years:
            low, high = poisson_interval(alarms)
            rows.append((words, alarms / years, low / years, high / years, OURS))
    for world in ("iid", "mild"):
        found = outcomes.get(f"peers {world}", ())
        for number, rule in enumerate(RULES):
            total = sum(o["days"][number] for o in found)
            if found:
                low, high = (end / len(found) for end in poisson_interval(total))
                rows.append((f"{world}: {rule.name}", total / len(found), low, high, COLOURS[0]))
    return _bars(rows)


def _bars(rows: Sequence[tuple[str, float, float, float, str]]) -> str:
    left, wide, step = 330, 360, 18
    bottom = 40 + step * len(rows)

    def x(rate: float) -> float:
        return left + wide * part(max(rate, MUTE), RATES)

    body = [f'<text x="{left}" y="16" font-weight="600">False alarms a year where nothing drifts</text>']
    for rate in (0.1, 1, 10, 100, 1000):
        colour = "#1a7f37" if rate == 1 else drawing.PALE
        body.append(f'<line x1="{x(rate):.1f}" y1="26" x2="{x(rate):.1f}" y2="{bottom}" stroke="{colour}"/>')
        body.append(f'<text x="{x(rate):.1f}" y="{bottom + 14}" text-anchor="middle">{rate:,g}</text>')
    body.append(f'<text x="{x(1):.1f}" y="{bottom + 28}" text-anchor="middle" fill="#1a7f37">the budget</text>')
    for number, (words, seen, low, high, colour) in enumerate(rows):
        y = 40 + step * number
        body.append(f'<text x="{left - 10}" y="{y + 4}" text-anchor="end">{drawing.escape(words)}</text>')
        body.append(f'<line x1="{x(low):.1f}" y1="{y}" x2="{x(high):.1f}" y2="{y}" stroke="{colour}"/>')
        body.append(f'<circle cx="{x(seen):.1f}" cy="{y}" r="3.5" fill="{colour}"/>')
    return drawing.document(left + wide + 20, bottom + 36, "False alarms a year, driftd and other tools", body)
