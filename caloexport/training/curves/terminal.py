"""Curves in a terminal: Braille characters, whose 2 x 4 dots are fine enough for a line."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.training.curves.panels import HELD_BACK, Curve, Panel, colours, panels

if TYPE_CHECKING:
    from rich.text import Text

#: value of each dot of a character, by row and column
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
EMPTY = 0x2800
ROWS, LEGEND_ROWS = 6, 3
#: characters of the numbers beside an axis, and of the narrowest panel
NUMBERS, NARROWEST = 8, 28
COLOURS = ("cyan", "yellow", "green", "magenta", "blue", "red")


class Live:
    """The curves of a history that grows, drawn anew only when it has grown.

    Args:
        history: rows; fewer than two give nothing.
    """

    def __init__(self, history: Sequence[Mapping[str, Any]]) -> None:
        self._history = history
        self._drawn: tuple[tuple[int, int], Any] | None = None

    def drawing(self, width: int) -> Any:
        """Return the curves side by side, as rich draws them.

        Args:
            width: of the terminal, in characters.
        """
        key = (len(self._history), width)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, _side_by_side(self._history, width))
        return self._drawn[1]


def _side_by_side(history: Sequence[Mapping[str, Any]], width: int) -> Any:
    from rich.table import Table
    from rich.text import Text

    if len(history) < 2 or width < NARROWEST:
        return Text()
    chosen = panels(history)[: max(1, width // NARROWEST)]
    grid = Table.grid(padding=(0, 1))
    each = (width - len(chosen)) // max(len(chosen), 1)
    grid.add_row(*(_panel(panel, each) for panel in chosen))
    return grid


def _panel(panel: Panel, width: int) -> Text:
    from rich.text import Text

    across = width - NUMBERS - 1
    masks, owners = braille(panel, across)
    low, high = panel.limits
    text = Text(f"{panel.title[: width - 1]}\n", style="bold", no_wrap=True)
    for row in range(ROWS):
        number = f"{high:.3g}" if row == 0 else f"{low:.3g}" if row == ROWS - 1 else ""
        text.append(f"{number:>{NUMBERS}}┤", style="dim not bold")
        cells = zip(owners[row].tolist(), masks[row].tolist(), strict=True)
        for owner, run in itertools.groupby(cells, key=lambda cell: cell[0]):
            characters = "".join(chr(EMPTY + mask) for _, mask in run)
            text.append(characters, style=f"not bold {COLOURS[owner % len(COLOURS)]}")
        text.append("\n")
    text.append_text(_legend(panel.curves, width - 1))
    return text


def _legend(curves: Sequence[Curve], width: int) -> Text:
    """Name the curves in their colours, as many as find room in a few lines."""
    from rich.text import Text

    text, lines, used = Text(no_wrap=True), 1, 0
    for number, entry in _entries(curves):
        entry = entry[:width]
        if used and used + 2 + len(entry) > width:
            if lines == LEGEND_ROWS:
                break
            text.append("\n")
            lines, used = lines + 1, 0
        elif used:
            text.append("  ")
            used += 2
        text.append(entry, style=f"not bold {COLOURS[number % len(COLOURS)]}")
        used += len(entry)
    return text


def _entries(curves: Sequence[Curve]) -> list[tuple[int, str]]:
    """Return (colour, name and last value) of each curve; what belongs to it is in brackets."""
    entries: list[tuple[int, str]] = []
    for colour, curve in zip(colours(curves), curves, strict=True):
        value = f"{curve.values[-1]:.3g}"
        if curve.dashed:
            name = "" if curve.name == HELD_BACK else f"{curve.name} "
            entries[-1] = (colour, f"{entries[-1][1]} ({name}{value})")
        else:
            entries.append((colour, f"{curve.name} {value}"))
    return entries


def braille(panel: Panel, width: int) -> tuple[Integers, Integers]:
    """Return the characters of a panel, (ROWS, width), and the number of the colour of each.

    Curves drawn first lie on top.
    """
    masks = np.zeros((ROWS, width), dtype=np.int64)
    owners = np.zeros((ROWS, width), dtype=np.int64)
    first = min(float(curve.updates[0]) for curve in panel.curves)
    last = max(float(curve.updates[-1]) for curve in panel.curves)
    places = np.linspace(first, last, 2 * width)
    numbered = list(zip(colours(panel.curves), panel.curves, strict=True))
    for number, curve in reversed(numbered):
        heights = _heights(panel, np.interp(places, curve.updates, curve.values))
        for column, height in enumerate(heights):
            before = heights[max(column - 1, 0)]
            steps = range(min(height, before + 1), max(height, before - 1) + 1)
            for dot in {height, *steps}:
                if 0 <= dot < 4 * ROWS and (not curve.dashed or column % 4 < 2):
                    row = ROWS - 1 - dot // 4
                    masks[row, column // 2] |= DOTS[3 - dot % 4, column % 2]
                    owners[row, column // 2] = number
    return masks, owners


def _heights(panel: Panel, values: Float64) -> list[int]:
    """Return the dot, from the bottom, at which each value lies."""
    low, high = panel.limits
    scale = np.log if panel.logarithmic else np.asarray
    share = (scale(values) - scale(low)) / (scale(high) - scale(low))
    heights: list[int] = np.floor(share * (4 * ROWS - 1) + 0.5).astype(int).tolist()
    return heights
