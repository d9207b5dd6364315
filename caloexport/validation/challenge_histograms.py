"""The histograms of the CaloChallenge and the separation powers in them.

Edges are those of code/evaluate_plotting_helper.py, which stand in ``challenge_histograms.toml``.
What lies outside is dropped before the histograms are normalised: layers and cells without energy
never enter those of energies. The largest energy of the reference always counts: there the last edge
is rounded, often to below it, and then it does not (up to 1 % of a separation power of 10 000 showers).
The response to each energy of set 1 has histograms of its own, which are not in the published means.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import LayeredMesh, Mesh
from caloexport.showers.showers import Showers
from caloexport.validation.halves import size_ratio
from caloexport.validation.high_level_features import GROUPS, high_level, layers_of
from caloexport.validation.metrics import Comparison, metrics
from caloexport.validation.metrics.separation_power import separation
from caloexport.validation.projections import has_radius
from caloexport.validation.readout_cut import ReadoutCut, readout_cut
from caloexport.validation.same_samples import require_showers

#: of the hits of a reference that are kept
KEPT_BYTES = 512 * 2**20


@dataclass(frozen=True)
class Filling:
    """What the histograms are filled with, of a whole sample.

    Attributes:
        features: by group, (n, layers that have it); MeV and mm.
        response: (n,) total over incident energy.
    """

    features: Mapping[str, Float64]
    response: Float64


def histogram_edges(
    mesh: Mesh, group: str, layer: int, *, threshold_mev: float, largest_mev: float
) -> Float64:
    """Return the edges of a histogram.

    Args:
        mesh: of set 1, or of layers of equal cells as in sets 2 and 3.
        group: as in the file.
        layer: the detector's number of it.
        threshold_mev: readout cut.
        largest_mev: energy in the reference.

    >>> from caloexport.showers.binning import read_binning
    >>> mesh = read_binning("calochallenge1-photons")[0].mesh
    >>> histogram_edges(mesh, "eta_width", 12, threshold_mev=1.0, largest_mev=9.0)[[0, 1, -1]]
    array([  0.,   4., 400.])
    """
    table = _tables()["set1" if isinstance(mesh, LayeredMesh) else "set2"]
    given = table[group]
    if given.get("logarithmic"):
        return np.geomspace(threshold_mev, max(largest_mev, 2 * threshold_mev), given["bins"] + 1)
    wide = "wide_layers_radial" if group.startswith("radial") else "wide_layers"
    low, high = given["wide"] if layer in table[wide] and "wide" in given else given["range"]
    return np.linspace(low, high, given["bins"] + 1)


def challenge_separations(
    reference: Showers, generated: Showers, *, cut: ReadoutCut | None = None
) -> dict[str, list[Comparison]]:
    """Stream both samples and return the separation powers of the challenge.

    Bins of the cell energies end at the reference's largest. Of a reference whose hits take more
    than :data:`KEPT_BYTES` it is read twice.

    Args:
        reference: full simulation.
        generated: of the same mesh.
        cut: readout cut of both; None takes that of the reference.

    Returns:
        by group ``response`` (one), the groups of
        :data:`~caloexport.validation.high_level_features.GROUPS` but the total (one for each
        layer that has it), and ``cell_energy`` (one, without error: cells of a shower are not
        independent). The mean of a group is what the published tables hold.

    Raises:
        UsageError: no showers, different meshes, or cells without a distance from the axis.
        InputFileError: damaged data.
    """
    require_showers(reference, generated)
    mesh = reference.mesh
    if (mesh.shape, mesh.order) != (generated.mesh.shape, generated.mesh.order):
        message = f"has showers of {generated.mesh.shape} cells, the reference of {mesh.shape}"
        raise UsageError(message, where=generated.name, hint="compare showers of the same mesh")
    if not has_radius(mesh):
        message = "windows of η and φ have no histograms of the CaloChallenge"
        raise UsageError(message, where=reference.name)
    cut = readout_cut(reference) if cut is None else cut
    hits = _Hits()
    usual = _filled(reference, cut, hits.watch)
    cells = _Cells(mesh, cut, hits.largest_mev)
    found = _filled(generated, cut, cells.generated)
    for halves in hits.kept if hits.kept is not None else _halves_of(reference, cut):
        cells.reference(halves)
    power = metrics["separation_power"].compute
    edges = _Edges(mesh, cut)
    results = {"response": [power(usual.response, found.response, edges("response"))]}
    for group in GROUPS:
        if group == "total_energy":
            continue
        results[group] = [
            power(one, other, edges(group, layer, one))
            for layer, one, other in zip(
                layers_of(mesh, azimuth=GROUPS[group].azimuth),
                usual.features[group].T,
                found.features[group].T,
                strict=True,
            )
        ]
    results["cell_energy"] = [cells.compare(reference.n, generated.n)]
    return results


class _Edges:
    """Edges of histograms, of energies by what the reference holds."""

    def __init__(self, mesh: Mesh, cut: ReadoutCut) -> None:
        self._mesh = mesh
        self._cut = cut

    def __call__(self, group: str, layer: int = 0, values: Float64 | None = None) -> Float64:
        largest = 0.0 if values is None else float(values.max())
        threshold = self._cut.threshold_mev
        return histogram_edges(
            self._mesh, group, layer, threshold_mev=threshold, largest_mev=largest
        )


#: energies of hits in showers of even and of odd number
Halves = tuple[Array, Array]


class _Hits:
    """Energies of the cells of the reference that were hit, until bins for them are known.

    Attributes:
        largest_mev: of all cells.
        kept: hits of each block; None where they are too many to keep.
    """

    def __init__(self) -> None:
        self.largest_mev = 0.0
        self.kept: list[Halves] | None = []
        self._bytes = 0
        self._next = 0

    def watch(self, energies: Array) -> None:
        """Take a block after the cut."""
        self.largest_mev = max(self.largest_mev, float(energies.max(initial=0.0)))
        if self.kept is None:
            return
        halves = _halves(energies, self._next)
        self._next += len(energies)
        self._bytes += sum(half.nbytes for half in halves)
        self.kept = None if self._bytes > KEPT_BYTES else [*self.kept, halves]


def _halves_of(showers: Showers, cut: ReadoutCut) -> Iterator[Halves]:
    for block, energies in showers.chunks():
        yield _halves(cut.apply(energies), block.start)


def _halves(energies: Array, first: int) -> Halves:
    """Return the hits of a block from shower ``first`` on; neighbours go to different halves."""
    return _hits(energies[first % 2 :: 2]), _hits(energies[(first + 1) % 2 :: 2])


def _hits(energies: Array) -> Array:
    flat = energies.reshape(-1)
    return flat[np.flatnonzero(flat > 0)]  # most cells are empty


class _Cells:
    """Counts of cell energies: of two halves of the reference, and of the generated sample."""

    def __init__(self, mesh: Mesh, cut: ReadoutCut, largest_mev: float) -> None:
        self._edges = histogram_edges(
            mesh, "cell_energy", 0, threshold_mev=cut.threshold_mev, largest_mev=largest_mev
        )
        self._halves = np.zeros((2, len(self._edges) - 1))
        self._found = np.zeros(len(self._edges) - 1)

    def reference(self, halves: Halves) -> None:
        """Count hits of the reference."""
        for half, hits in enumerate(halves):
            self._halves[half] += np.histogram(hits, self._edges)[0]

    def generated(self, energies: Array) -> None:
        """Count a block of the generated sample."""
        self._found += np.histogram(_hits(energies), self._edges)[0]

    def compare(self, n_reference: int, n_generated: int) -> Comparison:
        """Return the separation power, with the halves' as floor."""
        usual = self._halves.sum(axis=0)
        shares = [one / max(one.sum(), 1.0) for one in (usual, self._found, *self._halves)]
        if not usual.any():
            return Comparison(float("nan"), None, None, n_reference, n_generated)
        value = float(separation(shares[0], shares[1])) if self._found.any() else 1.0
        floor = float(separation(shares[2], shares[3])) * size_ratio(n_reference, n_generated)
        return Comparison(value, None, floor, n_reference, n_generated)


def _filled(showers: Showers, cut: ReadoutCut, watch: Callable[[Array], None]) -> Filling:
    """Return what fills the histograms; ``watch`` sees every block after the cut."""
    blocks: list[dict[str, Float64]] = []
    for _, energies in showers.chunks():
        above = cut.apply(energies)
        blocks.append(high_level(above, showers.mesh))
        watch(above)
    whole = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    incident = np.asarray(showers.conditions["energy_mev"], dtype=np.float64)
    return Filling(whole, whole["total_energy"][:, 0] / incident)


@cache
def _tables() -> dict[str, Any]:
    path = files("caloexport.validation") / "challenge_histograms.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
