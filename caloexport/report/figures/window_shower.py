"""The picture of a shower in windows of detector cells: η by φ, layer by layer, alone or beside a mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.report.figures.layers import layer_title
from caloexport.report.figures.style import CELL_COLOURS, GREY, INK, SETTINGS
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import require
from caloexport.runtime.units import format_energy
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.validation.window_layers import layer_cells

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: energies less than this fraction of the brightest cell are left white
DYNAMIC_RANGE = 1e-4
#: inches: width of a column, height of a layer, and the most of all layers
COLUMN, ROW, TALLEST = 5.2, 1.9, 60.0
ALIGNMENT = ("pconfig", "econfig")
IMPACT = ("ripos_eta", "ripos_phi")


@dataclass(frozen=True)
class WindowPicture:
    """Cells to draw in one column.

    Attributes:
        energies: (cells,) MeV.
        title: above the column.
    """

    energies: Array
    title: str


def window_figure(
    pictures: Sequence[WindowPicture], mesh: WindowMesh, conditions: Mapping[str, Any]
) -> Figure:
    """Draw each shower in a column, its layers below each other, about the centre of the impact cell.

    Args:
        pictures: one or more, whose colours share one scale.
        mesh: the cells.
        conditions: of the showers: their alignment, without which windows are centred, and the place
            of impact of the first, which a cross marks if it is told.

    Raises:
        UsageError: showers without energy.
        MissingDependency: matplotlib is absent.
    """
    mpl = require("matplotlib", extra="plot")
    brightest = max(float(one.energies.max()) for one in pictures)
    if not brightest > 0:
        message = "there is nothing to see: the shower has no energy"
        raise UsageError(message)
    norm = require("matplotlib.colors", extra="plot").LogNorm(DYNAMIC_RANGE * brightest, brightest)
    edges = layer_edges(mesh, conditions)
    with mpl.rc_context(SETTINGS):
        figure = require("matplotlib.figure", extra="plot").Figure(
            figsize=(COLUMN * len(pictures) + 1.2, min(ROW * mesh.n_layers + 1, TALLEST)),
            layout="constrained",
        )
        grid = figure.subplots(
            mesh.n_layers, len(pictures), squeeze=False, sharex=True, sharey=True
        )
        for column, picture in zip(grid.T, pictures, strict=True):
            _draw_column(column, picture, mesh, edges, norm)
        for axes in grid[:, 0]:
            axes.set_ylabel("φ / mrad")
            _mark_impact(axes, conditions)
        _bar(figure, grid, norm)
    return figure


def layer_edges(mesh: WindowMesh, conditions: Mapping[str, Any]) -> list[tuple[Float64, Float64]]:
    """Return the edges of the cells in η and in φ (rad) of each layer.

    >>> from caloexport.runtime.window_mesh import ATLAS_WINDOW
    >>> eta, phi = layer_edges(ATLAS_WINDOW, {"pconfig": "0", "econfig": 1})[3]
    >>> eta.round(4).tolist(), len(phi)
    ([-0.1125, -0.0625, -0.0125, 0.0375, 0.0875], 8)
    """
    if all(name in conditions for name in ALIGNMENT):
        first = mesh.lower_edges(*(int(conditions[name]) for name in ALIGNMENT))
    else:
        first = np.array(
            [(-one.n_eta * one.d_eta / 2, -one.n_phi * one.d_phi / 2) for one in mesh.layers]
        )
    return [
        (eta + one.d_eta * np.arange(one.n_eta + 1), phi + one.d_phi * np.arange(one.n_phi + 1))
        for one, (eta, phi) in zip(mesh.layers, first, strict=True)
    ]


def _draw_column(
    column: Sequence[Axes],
    picture: WindowPicture,
    mesh: WindowMesh,
    edges: Sequence[tuple[Float64, Float64]],
    norm: Any,
) -> None:
    column[0].annotate(
        picture.title, (0.5, 1.0), (0, 22), "axes fraction", "offset points",
        ha="center", va="bottom", fontsize=13, fontweight="bold",
    )  # fmt: skip
    for z, axes in enumerate(column):
        cells = layer_cells(picture.energies[None], mesh, z)[0]
        _draw_layer(axes, cells, edges[z], norm)
        total = float(cells.sum(dtype=np.float64))
        told = format_energy(total) if total else "no energy"
        axes.set_title(f"{layer_title(mesh, z)}: {told}", fontsize=10)
    column[-1].set_xlabel("η from the centre of the impact cell")
    column[-1].locator_params(axis="x", nbins=5)


def _draw_layer(axes: Axes, cells: Array, edges: tuple[Float64, Float64], norm: Any) -> None:
    eta, phi = edges[0], 1e3 * edges[1]
    seen = np.ma.masked_less(cells.T, norm.vmin)
    axes.pcolormesh(eta, phi, seen, norm=norm, cmap=CELL_COLOURS, rasterized=True)
    axes.plot(eta[[0, -1, -1, 0, 0]], phi[[0, 0, -1, -1, 0]], color=GREY, linewidth=0.7)
    axes.use_sticky_edges = False  # else the outline lies on the frame


def _mark_impact(axes: Axes, conditions: Mapping[str, Any]) -> None:
    if all(name in conditions for name in IMPACT):
        eta, phi = (float(conditions[name]) for name in IMPACT)
        # dark on a light edge, to be seen on every colour
        axes.plot(eta, 1e3 * phi, "+", color="white", markersize=11, markeredgewidth=3)
        axes.plot(eta, 1e3 * phi, "+", color=INK, markersize=9, markeredgewidth=1.2)


def _bar(figure: Figure, grid: Any, norm: Any) -> None:
    from matplotlib.cm import ScalarMappable

    bar = figure.colorbar(
        ScalarMappable(norm, CELL_COLOURS), ax=grid.ravel().tolist(), shrink=0.8, aspect=36
    )
    bar.set_label("cell energy / MeV")
    bar.outline.set_visible(False)
