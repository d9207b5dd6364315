"""Bars and curves as SVG inside a page; no script, no font, nothing from elsewhere."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from caloexport.bench.bandwidth import Bandwidth

WIDTH = 920
#: of the column with names, and of that with figures
NAMES, FIGURES = 210, 190
ROW, BAR = 26, 14
#: bars are cut at so many times the fastest
CUT = 8
OURS, OTHERS, LIMIT_COLOUR, GREY = "#0969da", "#afb8c1", "#cf222e", "#57606a"
CURVE_HEIGHT, LEFT, BOTTOM, TOP = 300, 56, 44, 16
COLOURS = {"hot": "#bc4c00", "cold": "#0969da"}
MB = 2**20

#: place on the page of a bandwidth
Up = Callable[[float], float]


@dataclass(frozen=True)
class Bar:
    """One line of a drawing of bars.

    Attributes:
        name: in front of it.
        value: its length, µs.
        low, high: ends of the whisker; None for none.
        limit: place of the limit, if there is one.
        text: behind it.
        ours: whether it stands out.
    """

    name: str
    value: float
    low: float
    high: float | None
    limit: float | None
    text: str
    ours: bool


def bars(rows: Sequence[Bar], description: str) -> str:
    """Return bars from zero, each with its whisker and the line of its limit.

    What is much slower than the fastest is cut off, with an arrow, so that the others can be told
    apart; its figure stands behind.

    Args:
        rows: from top to bottom; at least one.
        description: for who cannot see it.
    """
    fastest, slowest = min(row.value for row in rows), max(row.value for row in rows)
    scale = Linear(1.06 * min(slowest, CUT * fastest), NAMES, WIDTH - FIGURES)
    height = ROW * len(rows) + 30
    parts = [_ticks(scale, ROW * len(rows) + 4, "µs")]
    for k, row in enumerate(rows):
        parts.append(_bar(row, scale, k * ROW + (ROW - BAR) / 2 + 4))
    return _svg(height, parts, description)


def curves(points: Sequence[Bandwidth], marks: Sequence[tuple[str, int]], description: str) -> str:
    """Return the bandwidth over the footprint, a line per cache state with its spread.

    Args:
        points: of all states; at least one.
        marks: names of weights and their bytes, drawn where they are.
        description: for who cannot see it.
    """
    sizes = [point.bytes / MB for point in points]
    across = Logarithmic(min(sizes) / 1.1, max(sizes) * 1.1, LEFT, WIDTH - 20)
    top = 1.08 * max(point.p90_gb_per_s for point in points)
    floor = CURVE_HEIGHT - BOTTOM

    def up(gb_per_s: float) -> float:
        return floor - (floor - TOP) * gb_per_s / top

    parts = [_grid(across, up, top), *_marks(marks, across, floor)]
    for cache, colour in COLOURS.items():
        line = [(across(p.bytes / MB), p) for p in points if p.cache == cache]
        if line:
            parts.append(_curve(line, up, colour, cache))
    return _svg(CURVE_HEIGHT, parts, description)


class Linear:
    """An axis from zero; what is beyond its end is drawn at its end.

    >>> axis = Linear(33.0, 100, 300)
    >>> axis(16.5), axis(1000), axis.ticks()
    (200.0, 300.0, [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0])
    """

    def __init__(self, high: float, start: float, stop: float) -> None:
        self.high, self.start, self.stop = high, start, stop

    def __call__(self, value: float) -> float:
        return self.start + (self.stop - self.start) * min(value / self.high, 1.0)

    def ticks(self) -> list[float]:
        """Return up to eight round numbers."""
        decade = 10.0 ** math.floor(math.log10(self.high / 8))
        step = next(k * decade for k in (1, 2, 5, 10) if self.high / (k * decade) < 8)
        return [step * n for n in range(int(self.high / step) + 1)]


class Logarithmic:
    """An axis on which twice as much is always as far.

    >>> Logarithmic(1, 100, 0, 200)(10)
    100.0
    """

    def __init__(self, low: float, high: float, start: float, stop: float) -> None:
        self.low, self.high, self.start, self.stop = low, high, start, stop

    def __call__(self, value: float) -> float:
        share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return self.start + (self.stop - self.start) * min(share, 1.0)


def _svg(height: float, parts: Sequence[str], description: str) -> str:
    text = html.escape(description, quote=True)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{text}" '
        'font-family="system-ui, sans-serif" font-size="13" style="max-width:100%;height:auto">'
        f"{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = "#1b1f24") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{html.escape(text)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width:g}"/>'
    )


def _ticks(axis: Linear, bottom: float, unit: str) -> str:
    parts = []
    for tick in axis.ticks():
        x = axis(tick)
        parts.append(_line(x, 0, x, bottom, "#eaeef2"))
        parts.append(_text(x, bottom + 18, f"{tick:g}", "middle", GREY))
    return "".join([*parts, _text(axis.stop + 12, bottom + 18, unit, "start", GREY)])


def _bar(row: Bar, axis: Linear, y: float) -> str:
    middle, base = y + BAR / 2, y + BAR - 3
    colour = OURS if row.ours else OTHERS
    end, bottom = axis(row.value), y + BAR
    shape = f"{axis.start},{y:.1f} {end:.1f},{y:.1f} {end:.1f},{bottom:.1f}"
    if row.value > axis.high:
        tip = f"{end - BAR / 2:.1f},{y:.1f} {end:.1f},{middle:.1f} {end - BAR / 2:.1f},{bottom:.1f}"
        shape = f"{axis.start},{y:.1f} {tip}"
    parts = [
        _text(axis.start - 10, base, row.name, "end"),
        f'<polygon points="{shape} {axis.start},{bottom:.1f}" fill="{colour}"/>',
    ]
    if row.high is not None and row.value <= axis.high:
        parts.append(_line(axis(row.low), middle, axis(row.high), middle, "#1b1f24", 1.4))
    if row.limit is not None:
        x = axis(row.limit)
        parts.append(_line(x, y - 4, x, y + BAR + 4, LIMIT_COLOUR, 2))
    return "".join([*parts, _text(axis.stop + 12, base, row.text)])


def _grid(across: Logarithmic, up: Up, top: float) -> str:
    floor = up(0)
    parts = []
    step = next(one for one in (5, 10, 20, 50, 100, 200, 500, 1000) if top / one < 8)
    for tick in range(0, int(top) + 1, step):
        parts.append(_line(across.start, up(tick), across.stop, up(tick), "#eaeef2"))
        parts.append(_text(across.start - 8, up(tick) + 4, str(tick), "end", GREY))
    sizes = [2.0**n for n in range(-4, 12) if across.low <= 2.0**n <= across.high]
    parts += [_text(across(size), floor + 18, f"{size:g}", "middle", GREY) for size in sizes]
    parts.append(_text(across.stop, floor + 36, "MB read (2²⁰ bytes)", "end", GREY))
    parts.append(_text(across.start + 6, TOP, "GB/s", "start", GREY))
    return "".join(parts)


def _marks(marks: Sequence[tuple[str, int]], across: Logarithmic, floor: float) -> list[str]:
    parts = []
    for name, size in marks:
        x = across(size / MB)
        parts.append(_line(x, TOP, x, floor, "#d0d7de"))
        parts.append(
            f'<text transform="translate({x - 4:.1f} {floor - 6:.1f}) rotate(-90)" '
            f'font-size="11" fill="{GREY}">{html.escape(name)}</text>'
        )
    return parts


def _curve(line: Sequence[tuple[float, Bandwidth]], up: Up, colour: str, name: str) -> str:
    there = [f"{x:.1f},{up(p.p90_gb_per_s):.1f}" for x, p in line]
    back = [f"{x:.1f},{up(p.p10_gb_per_s):.1f}" for x, p in reversed(line)]
    middle = [f"{x:.1f},{up(p.gb_per_s):.1f}" for x, p in line]
    x, first = line[0]
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{up(p.gb_per_s):.1f}" r="3" fill="{colour}"/>' for x, p in line
    )
    return (
        f'<polygon points="{" ".join(there + back)}" fill="{colour}" opacity="0.15"/>'
        f'<polyline points="{" ".join(middle)}" fill="none" stroke="{colour}" stroke-width="2"/>'
        f"{dots}{_text(x + 8, up(first.gb_per_s) - 10, name, 'start', colour)}"
    )
