"""Observables: physics numbers of showers, one file each.

Definitions follow the Par04 example of Geant4 (utils/observables.py) and the high-level features
of the CaloChallenge where those define one; the file of an observable names its source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.registry import Registry

Compute = Callable[[Array, Mesh, Mapping[str, Array]], Float64]
Edges = Callable[[Float64, Mesh], Float64]


@dataclass(frozen=True)
class Observable:
    """A number, or a row of numbers, per shower.

    Attributes:
        title: what an axis or a legend says.
        unit: of the values; empty for a pure number.
        kind: ``"shower"``: values (n,), histogrammed; ``"layers"``: values (n, layers), one
            histogram per layer; ``"profile"``: values (n, bins), summed over showers, the edges
            being those of the bins; ``"cells"``: values (m,), as many as cells were hit.
        compute: (energies (n, *mesh shape) MeV, mesh, conditions) -> values float64. It works on
            any block of showers, so blocks can be streamed.
        edges: (values of the reference, mesh) -> bin edges, so that both samples share them.
    """

    title: str
    unit: str
    kind: Literal["shower", "layers", "profile", "cells"]
    compute: Compute
    edges: Edges


observables: Registry[Observable] = Registry(
    "observable", "caloexport.validation.observables", "caloexport.observables"
)
