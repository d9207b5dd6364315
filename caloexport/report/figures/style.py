"""How all pictures look: colours that colour-blind readers can tell apart, on white."""

from __future__ import annotations

from typing import Any

#: first the reference, then what is compared with it (Okabe and Ito, 2008)
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
#: colour and marker of each generated sample; the same in grey by their markers
SAMPLES = (
    (COLOURS[1], "o"), (COLOURS[2], "^"), (COLOURS[3], "D"), ("#E69F00", "v"), ("#56B4E9", "P"),
    ("#000000", "X"),
)  # fmt: skip
GREY = "#8a8f98"
OUTLINE = "#b9bec7"
INK = "#22262e"
#: lightness falls steadily with energy: readable in grey and for every kind of colour vision
CELL_COLOURS = "magma_r"
DPI = 150

SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11.0,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "caloexport",
}
