"""Drawing: charts on logarithmic scales as SVG, for a page that is read on the web and in a repository."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 340, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 34, 40
INK, PALE = "#1f2328", "#d0d7de"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Points (x, y); y infinite is drawn above the frame's end, on the line "never"."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`x` and `y` are the scales' ends, `ticks` what is written at them."""

    title: str
    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: Sequence[float]
    y_ticks: Sequence[float]
    x_name: str
    y_name: str
    lines: Sequence[Line] = field(default_factory=tuple)


def svg(charts: Sequence[Chart], alt: str) -> str:
    """The charts side by side, the names of their lines below."""
    names = {line.name: line for chart in charts for line in chart.lines}
    wide = WIDTH * len(charts)
    rows = math.ceil(len(names) / 2)
    tall = HEIGHT + 18 * rows + 8
    body = [f'<g transform="translate({WIDTH * i} 0)">{_chart(chart)}</g>' for i, chart in enumerate(charts)]
    for number, line in enumerate(names.values()):
        x, y = 16 + (number // rows) * wide / 2, HEIGHT + 12 + 18 * (number % rows)
        body.append(_stroke([(x, y), (x + 22, y)], line))
        body.append(_text(x + 30, y + 4, line.name, "start"))
    return document(wide, tall, alt, body)


def document(wide: float, tall: float, alt: str, body: Sequence[str]) -> str:
    """An SVG file of its own, on white."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {tall:g}" width="{wide:g}" height="{tall:g}"'
    style = 'font-family="system-ui, sans-serif" font-size="11" role="img"'
    title = f"<title>{escape(alt)}</title>"
    return "\n".join([f"{head} {style}>{title}", '<rect width="100%" height="100%" fill="#fff"/>', *body, "</svg>\n"])


def _chart(chart: Chart) -> str:
    def at(x: float, y: float) -> tuple[float, float]:
        never = TOP - 10 if math.isinf(y) else TOP + (HEIGHT - TOP - BOTTOM) * (1 - part(y, chart.y))
        return LEFT + (WIDTH - LEFT - RIGHT) * part(x, chart.x), never

    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [_text((LEFT + right) / 2, 12, chart.title, "middle", strong=True)]
    for tick in chart.x_ticks:
        x = at(tick, chart.y[0])[0]
        parts += [_rule(x, TOP, x, bottom), _text(x, bottom + 14, f"{tick:,.9g}")]
    for tick in chart.y_ticks:
        y = at(chart.x[0], tick)[1]
        parts += [_rule(LEFT, y, right, y), _text(LEFT - 6, y + 4, f"{tick:,g}", "end")]
    if any(math.isinf(y) for line in chart.lines for _, y in line.points):
        parts += [_rule(LEFT, TOP - 10, right, TOP - 10), _text(LEFT - 6, TOP - 6, "never", "end")]
    parts.append(_text((LEFT + right) / 2, HEIGHT - 8, chart.x_name))
    parts.append(f'<g transform="translate(12 {(TOP + bottom) / 2:g}) rotate(-90)">{_text(0, 0, chart.y_name)}</g>')
    parts += [_stroke([at(*point) for point in line.points], line) for line in chart.lines]
    return "".join(parts)


def part(value: float, ends: tuple[float, float]) -> float:
    """Where a value lies between the ends of a logarithmic scale, 0..1.

    >>> part(10, (1, 100)), part(0.5, (1, 100))
    (0.5, 0.0)
    """
    low, high = (math.log(end) for end in ends)
    return min(1.0, max(0.0, (math.log(value) - low) / (high - low))) if value > 0 else 0.0


def _stroke(points: Sequence[tuple[float, float]], line: Line) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    size = 3 if line.wide else 1.4
    stroke = f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="{size}"/>'
    return stroke + "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" fill="{line.colour}"/>' for x, y in points)


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{PALE}"/>'


def _text(x: float, y: float, text: str, anchor: str = "middle", *, strong: bool = False) -> str:
    weight = ' font-weight="600"' if strong else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}"{weight}>{escape(text)}</text>'
