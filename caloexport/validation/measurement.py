"""What a comparison needs of a sample, measured in one pass over its showers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.showers.showers import Showers
from caloexport.validation.observables import observables
from caloexport.validation.projections import axis_edges

Report = Callable[[int, int, str], None]
#: called with each block of showers: their energies and conditions
Watch = Callable[[Array, Mapping[str, Array]], None]


def ignore(energies: Array, conditions: Mapping[str, Array]) -> None:
    """Watch nothing."""


@dataclass(frozen=True)
class Measurement:
    """Per-shower numbers of a sample; small enough to keep for any number of showers.

    Attributes:
        energy_mev: (n,) incident energies.
        total_mev: (n,) total energies.
        occupancy: (n,) cells above the readout cut.
        longitudinal: (n, layers) MeV.
        lateral: (n, radial bins) MeV; None where cells have no distance from the axis.
        edges: bin edges of the profiles by axis, and their unit.
    """

    energy_mev: Float64
    total_mev: Float64
    occupancy: Float64
    longitudinal: Float64
    lateral: Float64 | None
    edges: dict[str, tuple[Float64, str]]

    def __len__(self) -> int:
        return len(self.energy_mev)

    def between(self, low_mev: float, high_mev: float) -> Measurement:
        """Return the showers with low ≤ incident energy < high."""
        chosen = (self.energy_mev >= low_mev) & (self.energy_mev < high_mev)
        return Measurement(
            self.energy_mev[chosen],
            self.total_mev[chosen],
            self.occupancy[chosen],
            self.longitudinal[chosen],
            None if self.lateral is None else self.lateral[chosen],
            self.edges,
        )


def measure(
    showers: Showers,
    report: Report = lambda done, total, text: None,
    watch: Watch = ignore,
) -> Measurement:
    """Measure all showers, block by block.

    Args:
        showers: to measure.
        report: progress.
        watch: called with each block, for whoever needs more of the showers: a generator's
            showers are made when they are read, so that one pass is half the work of two.

    Raises:
        InputFileError: damaged data, or energies that are negative or not finite.

    >>> from caloexport.showers import open_showers, sample
    >>> measure(open_showers(sample("siw"))).longitudinal.shape
    (256, 45)
    """
    possible = ("occupancy", "longitudinal_profile", "lateral_profile")
    names = [name for name in possible if observables[name].applies(showers.mesh)]
    blocks: dict[str, list[Float64]] = {name: [] for name in names}
    for block, energies in showers.chunks():
        given = {key: values[block] for key, values in showers.conditions.items()}
        for name in names:
            blocks[name].append(observables[name].compute(energies, showers.mesh, given))
        watch(energies, given)
        report(block.stop, showers.n, "showers")
    whole = {name: np.concatenate(blocks[name]) for name in names}
    lateral = whole.get("lateral_profile")
    return Measurement(
        np.asarray(showers.conditions["energy_mev"], dtype=np.float64),
        whole["longitudinal_profile"].sum(axis=1),
        whole["occupancy"],
        whole["longitudinal_profile"],
        lateral,
        {axis: axis_edges(showers.mesh, axis) for axis in ("z" if lateral is None else "zr")},
    )
