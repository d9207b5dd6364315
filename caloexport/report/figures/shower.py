"""The picture of a shower, alone or beside others: 3-D view and both profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.report.figures.cells import DYNAMIC_RANGE, draw_cells
from caloexport.report.figures.profile import draw_profiles
from caloexport.report.figures.style import CELL_COLOURS, SETTINGS
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import require
from caloexport.runtime.mesh import Mesh
from caloexport.validation.projections import axis_edges, project

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: fraction of the energy that lies inside the outline of the 3-D view
CONTAINED = 0.995
#: inches
WIDTH = 10.8


@dataclass(frozen=True)
class ShowerPicture:
    """One shower to draw.

    Attributes:
        energies: (*mesh shape) MeV.
        mesh: the cells.
        title: above the 3-D view, for example ``"Geant4: 50 GeV electron in SiW"``.
        label: of its profiles, for example ``"Geant4"``.
    """

    energies: Array
    mesh: Mesh
    title: str
    label: str


@dataclass(frozen=True)
class MeanProfiles:
    """Mean and spread of the profiles of comparable showers, MeV per bin.

    Attributes:
        label: says which showers, for example ``"mean of 40 showers"``.
        longitudinal, lateral: (mean, standard deviation) of each bin.
    """

    label: str
    longitudinal: tuple[Float64, Float64]
    lateral: tuple[Float64, Float64]


def mean_profiles(
    energies: Array, mesh: Mesh, label: str, factors: Float64 | None = None
) -> MeanProfiles:
    """Average the profiles of showers.

    Args:
        energies: (n, *mesh shape) MeV.
        mesh: the cells.
        label: says which showers.
        factors: (n,) to scale each shower by; None leaves them as they are.
    """
    along, across = (project(energies, mesh, axis) for axis in ("z", "r"))
    if factors is not None:
        along, across = along * factors[:, None], across * factors[:, None]
    return MeanProfiles(
        label, (along.mean(axis=0), along.std(axis=0)), (across.mean(axis=0), across.std(axis=0))
    )


def shower_figure(
    pictures: Sequence[ShowerPicture],
    mean: MeanProfiles | None = None,
    *,
    threshold_mev: float | None = None,
) -> Figure:
    """Draw showers side by side, and their profiles below.

    Args:
        pictures: one or more showers of the same mesh; colours share one scale.
        mean: what the profiles are held against.
        threshold_mev: cells up to this energy are left out; None takes 2e-4 of the brightest.

    Returns:
        a matplotlib figure; write it with :func:`~caloexport.report.figures.save_figure`.

    Raises:
        UsageError: no picture, different meshes, or a shower without energy.
        MissingDependency: matplotlib is absent.
    """
    mpl = require("matplotlib", extra="plot")
    mesh = _require_common_mesh(pictures)
    brightest = max(float(picture.energies.max()) for picture in pictures)
    if not brightest > 0:
        message = "there is nothing to see: the shower has no energy"
        raise UsageError(message)
    floor = brightest * DYNAMIC_RANGE if threshold_mev is None else threshold_mev
    norm = require("matplotlib.colors", extra="plot").LogNorm(
        max(floor, brightest * DYNAMIC_RANGE), brightest
    )
    with mpl.rc_context(SETTINGS):
        figure = require("matplotlib.figure", extra="plot").Figure(
            figsize=(WIDTH, 7.4 if len(pictures) == 1 else 6.6), layout="constrained"
        )
        ratios = (1.15, 1.0) if len(pictures) == 1 else (1.0, 1.0)
        top, bottom = figure.subfigures(2, 1, height_ratios=ratios)
        _views(top, pictures, norm, floor)
        _profiles(bottom, pictures, mesh, mean)
    return figure


def _views(figure: Any, pictures: Sequence[ShowerPicture], norm: Any, floor: float) -> None:
    from matplotlib.cm import ScalarMappable

    radius = max(_contained_radius(picture) for picture in pictures)
    row = figure.subplots(1, len(pictures), squeeze=False)[0]
    for axes, picture in zip(row, pictures, strict=True):
        draw_cells(axes, picture.energies, picture.mesh, floor, norm, radius)
        axes.set_title(picture.title, fontsize=13, fontweight="bold")
    bar = figure.colorbar(
        ScalarMappable(norm, CELL_COLOURS), ax=row.tolist(), shrink=0.8, pad=0.01, aspect=24
    )
    bar.set_label("cell energy / MeV")
    bar.outline.set_visible(False)


def _profiles(
    figure: Any, pictures: Sequence[ShowerPicture], mesh: Mesh, mean: MeanProfiles | None
) -> None:
    pair = figure.subplots(1, 2)
    for axes, axis in zip(pair, ("z", "r"), strict=True):
        edges, unit = axis_edges(mesh, axis)
        drawn = [(one.label, project(one.energies[None], mesh, axis)[0]) for one in pictures]
        band = None
        if mean is not None:
            band = (mean.label, *(mean.longitudinal if axis == "z" else mean.lateral))
        draw_profiles(axes, axis, edges, unit, drawn, band)
    pair[1].legend(loc="upper right")


def _contained_radius(picture: ShowerPicture) -> float:
    """Return the smallest bin edge that holds nearly all the energy."""
    edges, _ = axis_edges(picture.mesh, "r")
    cumulated = np.cumsum(project(picture.energies[None], picture.mesh, "r")[0])
    enough = np.searchsorted(cumulated, CONTAINED * cumulated[-1])
    return float(edges[min(int(enough), len(edges) - 2) + 1])


def _require_common_mesh(pictures: Sequence[ShowerPicture]) -> Mesh:
    if not pictures:
        message = "no shower to draw"
        raise UsageError(message)
    mesh = pictures[0].mesh
    for picture in pictures:
        if picture.mesh != mesh:
            message = "showers of different meshes cannot share a picture"
            raise UsageError(message, hint="bring them to one order and one size first")
        if picture.energies.shape != mesh.shape:
            message = f"a shower has the shape {picture.energies.shape}, expected {mesh.shape}"
            raise UsageError(message)
    return mesh
