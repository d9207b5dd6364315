"""Observables: physics numbers of showers, one file each.

Definitions follow the Par04 example of Geant4 (utils/observables.py), the high-level features of the
CaloChallenge and the shower shapes of ATLAS where those define one; the file of an observable names
its source.

One convention holds for all: a number that a shower has not is NaN. The mean of an empty layer, the
fractions of an empty shower, a width along an axis on which the layer is one cell. NaN is left out of
histograms, means and widths; that a layer is empty more often is seen in its fraction, which is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.registry import Registry

Compute = Callable[[Array, Mesh, Mapping[str, Array]], Float64]
#: with the readout cut, above which a cell is hit, in MeV
ComputeHits = Callable[[Array, Mesh, Mapping[str, Array], float], Float64]
Edges = Callable[[Float64, Mesh], Float64]


def everywhere(mesh: Mesh) -> bool:
    """Say yes: an observable of layers or cells alone is defined for every mesh."""
    return True


@dataclass(frozen=True)
class Observable:
    """A number, or a row of numbers, per shower.

    Attributes:
        title: what an axis or a legend says.
        unit: of the values, or what gives it for a mesh; empty for a pure number.
        kind: ``"shower"``: values (n,), histogrammed; ``"layers"``: values (n, layers), one
            histogram per layer; ``"profile"``: values (n, bins), summed over showers, the edges
            being those of the bins; ``"cells"``: values (m,), as many as cells were hit.
        compute: (energies (n, *mesh shape) MeV, mesh, conditions) -> values float64. It works on
            any block of showers, so blocks can be streamed.
        edges: (values of the reference, mesh) -> bin edges, so that both samples share them.
        applies: whether the observable is defined for a mesh; others raise or mean nothing.
        needs: names of the conditions that ``compute`` looks at.
        hits: the same of cells above a readout cut, where hits are counted: ``compute`` takes
            Par04's; None where the cut plays no part.
    """

    title: str
    unit: str | Callable[[Mesh], str]
    kind: Literal["shower", "layers", "profile", "cells"]
    compute: Compute
    edges: Edges
    applies: Callable[[Mesh], bool] = everywhere
    needs: tuple[str, ...] = ()
    hits: ComputeHits | None = None

    def compute_above(
        self, energies: Array, mesh: Mesh, conditions: Mapping[str, Array], threshold_mev: float
    ) -> Float64:
        """Compute with the readout cut of a sample, which differs between files by a factor thirty."""
        if self.hits is None:
            return self.compute(energies, mesh, conditions)
        return self.hits(energies, mesh, conditions, threshold_mev)

    def unit_on(self, mesh: Mesh) -> str:
        """Return the unit of the values for a mesh."""
        return self.unit if isinstance(self.unit, str) else self.unit(mesh)


observables: Registry[Observable] = Registry(
    "observable", "caloexport.validation.observables", "caloexport.observables"
)


def applicable(mesh: Mesh, conditions: Iterable[str]) -> list[str]:
    """Name the observables that showers of a mesh have under these conditions.

    >>> from caloexport.runtime.window_mesh import ATLAS_WINDOW
    >>> names = applicable(ATLAS_WINDOW, ["energy_mev"])
    >>> "response" in names, "lateral_profile" in names
    (True, False)
    """
    given = set(conditions)
    return [
        name
        for name in observables
        if observables[name].applies(mesh) and given.issuperset(observables[name].needs)
    ]
