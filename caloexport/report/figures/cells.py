"""The 3-D view of a shower: its cells as points in the outline of the mesh.

The view is a parallel projection with the shower's axis from left to right, tilted a little so
that depth, height and width can all be seen.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.report.figures.style import CELL_COLOURS, GREY, OUTLINE
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.validation.projections import axis_edges

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: how much of the width is seen along the two axes of the page
TILT_ACROSS = 0.3
TILT_UP = 0.24
#: where depth is counted in layers, the outline is this many radii long
LAYERED_LENGTH = 3.6
#: a point of the brightest cells, in points squared
LARGEST_POINT = 34.0
#: energies less than this fraction of the brightest cell are drawn alike
DYNAMIC_RANGE = 2e-4


def positions(mesh: Mesh) -> tuple[Float64, Float64, Float64, str]:
    """Return x, y, depth of every cell, and the unit of the depth.

    Depth is in mm where the cell sizes are known, else in layers.
    """
    edges, unit = axis_edges(mesh, "z")
    index = mesh.indices()
    middle = 0.5 * (edges[:-1] + edges[1:])
    if isinstance(mesh, CylinderMesh):
        radius = np.asarray((index["r"] + 0.5) * (mesh.dr_mm or 1.0), dtype=np.float64)
        phi = mesh.phi_origin_rad + (index["phi"] + 0.5) * 2 * math.pi / mesh.n_phi
    else:
        centres = mesh.centres()
        radius, phi = centres["r_mm"], centres["phi_rad"]
    return radius * np.cos(phi), radius * np.sin(phi), middle[index["z"]], unit


def draw_cells(
    axes: Axes, energies: Array, mesh: Mesh, threshold_mev: float, norm: Any, radius: float
) -> None:
    """Draw the cells of one shower.

    Args:
        axes: where to draw.
        energies: (*mesh shape) MeV.
        mesh: the cells.
        threshold_mev: cells up to this energy are left out.
        norm: matplotlib's normalisation of the colours, shared by pictures that are compared.
        radius: of the outline, in the unit of the mesh.
    """
    x, y, depth, unit = positions(mesh)
    length = float(axis_edges(mesh, "z")[0][-1])
    scale = 1.0 if unit == "mm" else LAYERED_LENGTH * radius / length
    flat = energies.ravel()
    seen = (flat > threshold_mev) & (np.hypot(x, y) <= radius)
    # faint cells first, so that the core is not buried under the halo
    chosen = np.flatnonzero(seen)[np.argsort(flat[seen], kind="stable")]
    strength = np.clip(norm(flat[chosen]), 0.0, 1.0)
    _outline(axes, radius, length * scale)
    across, up = _project(x[chosen], y[chosen], depth[chosen] * scale)
    axes.scatter(
        across,
        up,
        s=0.6 + LARGEST_POINT * strength**2.2,
        c=flat[chosen],
        norm=norm,
        cmap=CELL_COLOURS,
        alpha=0.35 + 0.6 * strength,
        linewidths=0,
        rasterized=True,  # thousands of points would make an SVG of megabytes
        zorder=2,
    )
    _frame(axes, length * scale, radius)
    _depth_ticks(axes, length, scale, unit)


def _project(x: Any, y: Any, depth: Any) -> tuple[Any, Any]:
    """Return page coordinates."""
    return depth + TILT_ACROSS * x, y + TILT_UP * x


def _outline(axes: Axes, radius: float, length: float) -> None:
    turn = np.linspace(-math.pi, math.pi, 181)
    for at in (0.0, length):
        across, up = _project(radius * np.cos(turn), radius * np.sin(turn), at)
        axes.plot(across, up, color=OUTLINE, linewidth=1.0, zorder=1)
    # the two lines where the cylinder's surface turns away from the reader
    edge = math.atan2(1.0, TILT_UP)
    for angle in (edge, edge - math.pi):
        x, y = radius * math.cos(angle), radius * math.sin(angle)
        (start, up), (end, _) = (_project(x, y, at) for at in (0.0, length))
        axes.plot([start, end], [up, up], color=OUTLINE, linewidth=1.0, zorder=1)
    axes.annotate(
        "",
        xy=(0.0, 0.0),
        xytext=(-0.16 * length, 0.0),
        arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 1.6},
        zorder=3,
    )


def _frame(axes: Axes, length: float, radius: float) -> None:
    axes.set_aspect("equal")
    axes.set_xlim(-0.2 * length, length + 0.4 * radius)
    axes.set_ylim(-1.12 * radius, 1.12 * radius)
    axes.set_yticks([])
    for side in ("left", "top", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _depth_ticks(axes: Axes, length: float, scale: float, unit: str) -> None:
    from matplotlib.ticker import MaxNLocator

    ticks = [tick for tick in MaxNLocator(7).tick_values(0.0, length) if 0 <= tick <= length]
    axes.set_xticks([tick * scale for tick in ticks], [f"{tick:g}" for tick in ticks])
    axes.set_xlabel(f"depth / {unit}")
