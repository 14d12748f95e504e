"""Plots: what each way costs, and how that grows."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from benchmarks.speed.limits import middle
from benchmarks.verdicts import drawing
from benchmarks.verdicts.drawing import Chart, Line, part

OURS, THEIRS, PALE = "#0a3069", "#cf222e", "#fb8f44"
Found = Mapping[str, Any]
LEFT, WIDE, STEP = 240, 300, 22


def costs(runs: Mapping[str, Sequence[Found]], what: str) -> str:
    """CPU seconds and peak memory of each, quickest first, on scales of equal factors."""
    known = {name: (middle(some), middle(some, "peak_mb")) for name, some in runs.items()}
    rows = sorted((cpu, peak, name) for name, (cpu, peak) in known.items() if cpu is not None and peak is not None)
    body: list[str] = []
    names = [name for _, _, name in rows]
    body += _dots("CPU seconds", LEFT, [cpu for cpu, _, _ in rows], names)
    body += _dots("peak memory, MB", LEFT + WIDE + 40, [peak for _, peak, _ in rows], names)
    for number, name in enumerate(names):
        body.append(_text(LEFT - 10, 52 + STEP * number, name, "end"))
    return drawing.document(LEFT + 2 * WIDE + 70, 70 + STEP * len(rows), what, body)


def _dots(title: str, left: float, values: Sequence[float], names: Sequence[str]) -> list[str]:
    ends = (min(values, default=1) / 2, max(values, default=1) * 2.5)
    body = [f'<text x="{left}" y="20" font-weight="600">{title}</text>']
    body.append(f'<line x1="{left}" y1="30" x2="{left}" y2="{40 + STEP * len(values)}" stroke="{drawing.PALE}"/>')
    for number, (value, name) in enumerate(zip(values, names, strict=True)):
        y, x = 48 + STEP * number, left + WIDE * part(value, ends)
        colour = OURS if name == "driftd" else THEIRS
        body.append(f'<line x1="{left}" y1="{y}" x2="{x:.1f}" y2="{y}" stroke="{colour}" stroke-width="2"/>')
        body.append(f'<circle cx="{x:.1f}" cy="{y}" r="4" fill="{colour}"/>')
        body.append(_text(x + 9, y + 4, f"{value:,.0f}" if value >= 100 else f"{value:.3g}", "start"))
    return body


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{drawing.INK}">{escape(text)}</text>'


def growth(found: Found) -> str:
    """By rows, columns and files, side by side."""
    charts = []
    for key in ("rows", "columns", "files"):
        good = [one for one in found[key] if "failed" not in one]
        memory = [(one[key], one["peak_mb"]) for one in good]
        cost = [(one[key], 1e6 * one["work"] / one["rows"] * 50 / one.get("columns", 50)) for one in good]
        charts.append(_chart(key, memory, cost))
    return drawing.svg(charts, "CPU time a row and peak memory, by rows, columns and files")


def _chart(name: str, memory: Sequence[tuple[float, float]], cost: Sequence[tuple[float, float]]) -> Chart:
    across = [x for x, _ in memory] or [1]
    return Chart(
        title=f"by {name}",
        x=(min(across) / 1.2, max(across) * 1.2),
        y=(1, 3000),
        x_ticks=across,
        y_ticks=(1, 3, 10, 30, 100, 300, 1000),
        x_name=name,
        y_name="MB; microseconds",
        lines=(
            Line(name="peak memory, MB", points=memory, colour=OURS, wide=True),
            Line(
                name="CPU time to read and judge a row (by columns: 50 values of it), microseconds",
                points=cost,
                colour=PALE,
            ),
        ),
    )
