"""What a comparison needs of a sample, measured in one pass over its showers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.showers.showers import Showers
from caloexport.validation.azimuth import hit_harmonic
from caloexport.validation.cell_octaves import cell_octaves
from caloexport.validation.observables import observables
from caloexport.validation.once_per_block import one_block
from caloexport.validation.projections import axis_edges, has_azimuth
from caloexport.validation.readout_cut import readout_cut

#: observables that are kept of each shower, and the axis of those that are profiles
KEPT = {
    "occupancy": None,
    "longitudinal_profile": "z",
    "lateral_profile": "r",
    "phi_profile": "phi",
}

Report = Callable[[int, int, str], None]
#: called with each block of showers: their energies and conditions
Watch = Callable[[Array, Mapping[str, Array]], None]


def ignore(energies: Array, conditions: Mapping[str, Array]) -> None:
    """Watch nothing."""


def together(*watches: Watch) -> Watch:
    """Return what lets several watch."""

    def watch(energies: Array, conditions: Mapping[str, Array]) -> None:
        for one in watches:
            one(energies, conditions)

    return watch


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
        theta_rad: (n,) of the particles; None where it is not told.
        azimuthal: (n, azimuth cells) MeV; None where cells have no azimuth about the axis.
        hit_harmonics: (n, 2 layers), cosines and then sines of
            :func:`~caloexport.validation.azimuth.hit_harmonic`; None as above.
        octaves: (n, bins) cells of each energy, of
            :func:`~caloexport.validation.cell_octaves.cell_octaves`.
        geometry: (n,) name of each shower's detector; None where it is not told.
    """

    energy_mev: Float64
    total_mev: Float64
    occupancy: Float64
    longitudinal: Float64
    lateral: Float64 | None
    edges: dict[str, tuple[Float64, str]]
    theta_rad: Float64 | None
    azimuthal: Float64 | None
    hit_harmonics: Float64 | None
    octaves: Float64
    geometry: Array | None

    def __len__(self) -> int:
        return len(self.energy_mev)

    def take(self, chosen: Array) -> Measurement:
        """Return some of the showers, by mask or number."""
        rows: dict[str, Any] = {
            one.name: None if (row := getattr(self, one.name)) is None else row[chosen]
            for one in fields(self)
            if one.name != "edges"
        }
        return replace(self, **rows)

    def between(self, low_mev: float, high_mev: float) -> Measurement:
        """Return the showers with low ≤ incident energy < high."""
        return self.take((self.energy_mev >= low_mev) & (self.energy_mev < high_mev))

    def centres(self, axis: str) -> Float64:
        """Return the middles of the bins of a profile, in the unit of its edges."""
        edges = self.edges[axis][0]
        return (edges[:-1] + edges[1:]) / 2


def measure(
    showers: Showers,
    report: Report = lambda done, total, text: None,
    watch: Watch = ignore,
    *,
    threshold_mev: float | None = None,
) -> Measurement:
    """Measure all showers, block by block.

    Args:
        showers: to measure.
        report: progress.
        watch: called with each block, for whoever needs more of the showers: a generator's
            showers are made when they are read, so that one pass is half the work of two.
        threshold_mev: readout cut, above which a cell is hit; None takes that of the showers.

    Raises:
        InputFileError: damaged data, or energies that are negative or not finite.

    >>> from caloexport.showers import open_showers, sample
    >>> measure(open_showers(sample("siw"))).longitudinal.shape
    (256, 45)
    """
    mesh = showers.mesh
    cut = readout_cut(showers).threshold_mev if threshold_mev is None else threshold_mev
    names = [name for name in KEPT if observables[name].applies(mesh)]
    blocks: dict[str, list[Float64]] = {}
    for block, energies in showers.chunks():
        given = {key: values[block] for key, values in showers.conditions.items()}
        with one_block(energies):
            found = {
                name: observables[name].compute_above(energies, mesh, given, cut) for name in names
            }
            found["octaves"] = cell_octaves(energies, cut)
            if has_azimuth(mesh):
                found["hit_harmonics"] = np.concatenate(hit_harmonic(energies, mesh, cut), axis=1)
            watch(energies, given)
        for name, values in found.items():
            blocks.setdefault(name, []).append(values)
        report(block.stop, showers.n, "showers")
    whole = {name: np.concatenate(parts) for name, parts in blocks.items()}
    theta, geometry = (showers.conditions.get(name) for name in ("theta_rad", "geometry"))
    return Measurement(
        energy_mev=np.asarray(showers.conditions["energy_mev"], dtype=np.float64),
        total_mev=whole["longitudinal_profile"].sum(axis=1),
        occupancy=whole["occupancy"],
        longitudinal=whole["longitudinal_profile"],
        lateral=whole.get("lateral_profile"),
        edges={
            axis: axis_edges(mesh, axis) for name, axis in KEPT.items() if axis and name in whole
        },
        theta_rad=None if theta is None else np.asarray(theta, dtype=np.float64),
        azimuthal=whole.get("phi_profile"),
        hit_harmonics=whole.get("hit_harmonics"),
        octaves=whole["octaves"],
        geometry=None if geometry is None else np.asarray(geometry).astype(str),
    )
