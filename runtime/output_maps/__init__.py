"""Output maps: from network output to cell energies in MeV. Nothing else scales energies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.formula import Formula
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.registry import Registry

#: (network output (n, outputs), incident energies (n,) MeV, mesh, parameters) -> (n, cells) MeV
MapFunction = Callable[[Array, Float64, Mesh, Mapping[str, Any]], Array]
#: (mesh, parameters) -> number of network outputs the map reads
SizeFunction = Callable[[Mesh, Mapping[str, Any]], int]
#: (incident energies (n,) MeV, parameters) -> (n,) factor of each shower
FactorFunction = Callable[[Float64, Mapping[str, Any]], Array]


@dataclass(frozen=True)
class Scaling:
    """An output map as numbers.

    A cell is its output times the shower's factor. With groups it is
    output · (share · ((total · total_scale) · factor)), where the total is the output behind the
    cells and the shares of the groups are those behind the total; all in float32.

    Attributes:
        factor: of the incident energy.
        groups: (cells,) group of each cell; None for a factor alone.
        total_scale: what the total is multiplied with.
    """

    factor: Formula
    groups: Integers | None = None
    total_scale: float = 1.0


#: (mesh, parameters) -> the map as numbers
ScalingFunction = Callable[[Mesh, Mapping[str, Any]], Scaling]


@dataclass(frozen=True)
class OutputMapKind:
    """One meaning of a network's output.

    Attributes:
        apply: the map; may overwrite the outputs.
        n_outputs: number of outputs that it reads.
        factors: for a map that multiplies each shower by one number, that number.
        parameters: names of its parameters, all numbers.
        scaling: the map as numbers, for compiled sampling; None for one that numpy must compute.
    """

    apply: MapFunction
    n_outputs: SizeFunction
    factors: FactorFunction | None = None
    parameters: tuple[str, ...] = ()
    scaling: ScalingFunction | None = None


def scaled_by(factors: FactorFunction) -> MapFunction:
    """Return the map that multiplies each shower by its factor, in place."""

    def apply(
        outputs: Array, incident_mev: Float64, mesh: Mesh, parameters: Mapping[str, Any]
    ) -> Array:
        factor = factors(incident_mev, parameters).astype(outputs.dtype)[:, None]
        return np.multiply(outputs, factor, out=outputs)

    return apply


output_maps: Registry[OutputMapKind] = Registry(
    "output map", "caloexport.runtime.output_maps", "caloexport.output_maps"
)


@dataclass(frozen=True)
class OutputMap:
    """What the network's outputs mean.

    Attributes:
        kind: entry of the registry, for example ``"fraction_of_incident"``.
        parameters: constants of the kind.
        threshold_mev: cells below are set to zero (a readout cut); 0 keeps every positive cell.
    """

    kind: str
    parameters: Mapping[str, Any]
    threshold_mev: float = 0.0

    def energies(self, outputs: Array, incident_mev: Float64, mesh: Mesh) -> Array:
        """Return cell energies in MeV.

        Args:
            outputs: (n, outputs) of the network; may be overwritten.
            incident_mev: (n,) incident energies.
            mesh: the cells, in the network's own order.

        Returns:
            (n, cells) MeV, in the dtype of ``outputs``.
        """
        cells = output_maps[self.kind].apply(outputs, incident_mev, mesh, self.parameters)
        np.copyto(cells, 0, where=cells < self.threshold_mev)
        return cells

    def factors(self, incident_mev: Float64) -> Float32 | None:
        """Return each shower's factor (n,), or None when the map is more than a factor."""
        kind = output_maps[self.kind]
        if kind.factors is None:
            return None
        return kind.factors(incident_mev, self.parameters).astype(np.float32)

    def to_json(self) -> dict[str, Any]:
        """Return the map as JSON."""
        return {
            "kind": self.kind,
            "parameters": dict(self.parameters),
            "threshold_mev": self.threshold_mev,
        }
