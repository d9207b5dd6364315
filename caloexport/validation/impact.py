"""Does the shower follow the place of impact: S-shapes, and the period of the strips.

The mean η of the cells of a layer follows the impact point in steps, because showers are as narrow as
cells: over its place in the cell, mean less impact has the shape of an S. So it goes with the period of
the layer's own cells: in the strips of the ATLAS barrel eight times within one middle cell. Likewise in
φ. A generator that looks at the impact point has the same curves as full simulation.

A shower spans several strips, and its tails blur the mean of all; the mean of the hottest strip and
its two neighbours, the *core*, shows the period at tens of times its error.

For each layer and direction two figures: χ²/ndf of the two curves, and the ratio of their amplitudes at
the period of the layer's own cells.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.validation.estimate import Estimate
from caloexport.validation.observables import applicable, observables
from caloexport.validation.window_layers import layer_cells, strips_of
from caloexport.validation.windows import Window

#: direction -> (observable, condition of the impact, size of a cell, alignment)
AXES = {
    "eta": ("eta_offset", "ripos_eta", "d_eta", "econfig"),
    "phi": ("phi_offset", "ripos_phi", "d_phi", "pconfig"),
}
#: bins of the place in the cell; and of a cell that holds finer ones, for each of these
BINS = 16
FINE_BINS = 4
#: an amplitude is compared when it is so many of its errors
VISIBLE = 4.0
CORE, ENERGY = "core_offset", "energy_mev"
#: showers that a bin needs
FEWEST = 4


def has_impact(mesh: Mesh, conditions: Mapping[str, Array]) -> bool:
    """Say whether showers have an impact point in cells of η and φ."""
    return all(name in applicable(mesh, conditions) for name, *_ in AXES.values())


@dataclass(frozen=True)
class Line:
    """One curve: a direction, a layer (from 0), and whether of its three hottest cells alone."""

    axis: str
    layer: int
    core: bool = False


@dataclass
class Offsets:
    """Mean position less impact of each layer, and the impact point, of a sample's showers.

    Attributes:
        mesh: the window.
    """

    mesh: WindowMesh
    _blocks: dict[str, list[Array]] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """Name all curves: of every layer and direction, and of the strips' core."""
        found = [Line(axis, layer) for axis in AXES for layer in range(self.mesh.n_layers)]
        strips = strips_of(self.mesh)
        return found if strips is None else [*found, Line("eta", strips, core=True)]

    def watch(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block of showers."""
        strips = strips_of(self.mesh)
        if strips is not None:
            core = _core_offset(energies, self.mesh, strips, conditions)
            self._blocks.setdefault(CORE, []).append(core)
        self._blocks.setdefault(ENERGY, []).append(np.asarray(conditions[ENERGY]))
        for name, impact, _, alignment in AXES.values():
            found = observables[name].compute(energies, self.mesh, conditions)
            self._blocks.setdefault(name, []).append(found)
            for key in (impact, alignment):
                self._blocks.setdefault(key, []).append(np.asarray(conditions[key]))

    def inside(self, window: Window) -> Offsets:
        """Return the showers with low ≤ incident energy < high."""
        energy, (low, high) = self._whole(ENERGY), window
        chosen = (energy >= low) & (energy < high)
        return Offsets(self.mesh, {name: [self._whole(name)[chosen]] for name in self._blocks})

    def in_own_cell(self, line: Line) -> tuple[Float64, Float64]:
        """Return where the particle enters in the layer's own cell, and the offset.

        Returns:
            place (n,) from 0 to 1, in units of the cell, and offset (n,) of the showers that have
            energy in the layer.
        """
        _, impact, size, alignment = AXES[line.axis]
        kinds, which = np.unique(self._whole(alignment).astype(int), return_inverse=True)
        column = list(AXES).index(line.axis)
        edges = [self.mesh.lower_edges(int(k), int(k))[line.layer, column] for k in kinds]
        from_edge = self._whole(impact) - np.array(edges)[which]
        place = from_edge / getattr(self.mesh.layers[line.layer], size)
        return self._told(place - np.floor(place), line)

    def in_reference_cell(self, line: Line) -> tuple[Float64, Float64]:
        """Return the same with the place in the impact cell, which may hold several finer ones."""
        _, impact, size, _ = AXES[line.axis]
        middle = self.mesh.layers[self.mesh.reference]
        place = self._whole(impact) / getattr(middle, size) + 0.5
        return self._told(np.clip(place, 0.0, np.nextafter(1.0, 0.0)), line)

    def widest(self, line: Line) -> tuple[Float64, Float64, int]:
        """Return place and offset over the larger of the two cells, and into how many bins."""
        periods = self.periods(line)
        if periods > 1:
            return *self.in_reference_cell(line), max(BINS, FINE_BINS * periods)
        return *self.in_own_cell(line), BINS

    def periods(self, line: Line) -> int:
        """Return how many of the layer's cells the impact cell holds; 1 at least."""
        size = AXES[line.axis][2]
        middle = self.mesh.layers[self.mesh.reference]
        return max(1, round(getattr(middle, size) / getattr(self.mesh.layers[line.layer], size)))

    def _told(self, place: Float64, line: Line) -> tuple[Float64, Float64]:
        offset = self._whole(CORE if line.core else AXES[line.axis][0])
        if not line.core:
            offset = offset[:, line.layer]
        told = np.isfinite(offset)
        return place[told], offset[told]

    def _whole(self, name: str) -> Array:
        if len(self._blocks[name]) > 1:
            self._blocks[name] = [np.concatenate(self._blocks[name])]
        return self._blocks[name][0]

    def __len__(self) -> int:
        return len(self._whole(ENERGY))


def curve_of(place: Float64, offset: Float64, bins: int = BINS) -> tuple[Float64, Float64]:
    """Return mean (bins,) and standard error (bins,) of the offset by place from 0 to 1.

    >>> curve_of(np.repeat([0.2, 0.7], 4), np.repeat([1.0, 3.0], 4), 2)[0].tolist()
    [1.0, 3.0]
    """
    number = np.minimum((place * bins).astype(int), bins - 1)
    n = np.bincount(number, minlength=bins)
    enough = n >= FEWEST
    below = np.where(enough, n, 1)
    mean = np.bincount(number, offset, bins) / below
    squares = np.bincount(number, np.square(offset - mean[number]), bins)
    error = np.sqrt(squares / np.maximum(below - 1, 1) / below)
    return np.where(enough, mean, np.nan), np.where(enough, error, np.nan)


@dataclass(frozen=True)
class Wave:
    """The part of a curve that goes once around in a period: a cos 2πx + b sin 2πx."""

    a: float
    b: float
    error: float

    @property
    def amplitude(self) -> float:
        """√(a² + b²), in the unit of the offset."""
        return math.hypot(self.a, self.b)


def wave_of(place: Float64, offset: Float64) -> Wave | None:
    """Fit the wave by least squares; the error is that of a or b, from the scatter about it.

    >>> x = np.linspace(0, 1, 64, endpoint=False)
    >>> found = wave_of(x, 5 + 2 * np.sin(2 * np.pi * x))
    >>> round(found.amplitude, 6), round(found.b, 6)
    (2.0, 2.0)
    """
    n = len(place)
    if n < 2 * FEWEST:
        return None
    turn = 2 * np.pi * place
    columns = np.stack([np.cos(turn), np.sin(turn), np.ones(n)], axis=1)
    terms = np.linalg.lstsq(columns, offset, rcond=None)[0]
    variance = float(np.square(offset - columns @ terms).sum()) / (n - 3)
    return Wave(float(terms[0]), float(terms[1]), math.sqrt(2 * variance / n))


@dataclass(frozen=True)
class Follows:
    """How well one layer follows the impact point along one direction.

    Attributes:
        line: which.
        chi2_ndf: of the two curves over the place in the layer's own cell, or in the reference
            layer's where that is larger. Alike samples have 1 at any size.
        reference, generated: waves with the period of the layer's own cell.
        ratio: of the generated wave, along the reference's, over its amplitude; None where the
            reference has none to see.
    """

    line: Line
    chi2_ndf: Estimate | None
    reference: Wave | None
    generated: Wave | None
    ratio: Estimate | None

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            "layer": self.line.layer,
            "axis": self.line.axis,
            "of": "three hottest cells" if self.line.core else "all cells",
            "chi2_ndf": None if self.chi2_ndf is None else self.chi2_ndf.to_json(),
            "amplitude": {
                name: None if wave is None else {"value": wave.amplitude, "error": wave.error}
                for name, wave in (("reference", self.reference), ("generated", self.generated))
            },
            "amplitude_ratio": None if self.ratio is None else self.ratio.to_json(),
        }


def follows(reference: Offsets, generated: Offsets) -> list[Follows]:
    """Compare how both samples follow the impact point, in every layer and direction."""
    found = []
    for line in reference.lines:
        curves = [curve_of(*one.widest(line)) for one in (reference, generated)]
        usual, own = (wave_of(*one.in_own_cell(line)) for one in (reference, generated))
        found.append(Follows(line, _chi2(*curves), usual, own, _ratio(usual, own)))
    return found


def _core_offset(
    energies: Array, mesh: WindowMesh, layer: int, conditions: Mapping[str, Array]
) -> Float64:
    """Return the mean η of the hottest cell and its two neighbours, less the impact's (n,).

    NaN where the hottest cell is neither the one that the particle enters nor a neighbour of it: an
    electron that went aside says nothing of the impact.
    """
    line = layer_cells(energies, mesh, layer).sum(axis=2, dtype=np.float64)
    hottest = np.clip(line.argmax(axis=1), 1, line.shape[1] - 2)
    around = hottest[:, None] + np.arange(-1, 2)
    weights = np.take_along_axis(line, around, axis=1)
    total = weights.sum(axis=1)
    mean = np.divide((weights * around).sum(axis=1), total, where=total > 0, out=0 * total + np.nan)
    # finer cells than those of the impact lie alike whatever the alignment
    low, size = mesh.lower_edges(0, 0)[layer, 0], mesh.layers[layer].d_eta
    impact = np.asarray(conditions["ripos_eta"], dtype=np.float64)
    entered = np.floor((impact - low) / size)
    offset = low + (mean + 0.5) * size - impact
    return np.where(np.abs(hottest - entered) <= 1, offset, np.nan)


def _chi2(usual: tuple[Float64, Float64], found: tuple[Float64, Float64]) -> Estimate | None:
    """Return χ²/ndf of two curves; its error is that of a non-central χ²."""
    variance = usual[1] ** 2 + found[1] ** 2
    told = variance > 0  # NaN is not
    ndf = int(told.sum())
    if not ndf:
        return None
    chi2 = float((np.square(usual[0] - found[0])[told] / variance[told]).sum())
    beyond = max(chi2 - ndf, 0.0)
    return Estimate(chi2 / ndf, math.sqrt(2 * (ndf + 2 * beyond)) / ndf, 1.0)


def _ratio(usual: Wave | None, found: Wave | None) -> Estimate | None:
    if usual is None or found is None or not usual.amplitude > VISIBLE * usual.error:
        return None
    size = usual.amplitude
    ratio = (usual.a * found.a + usual.b * found.b) / size**2
    # across the reference's direction its error turns the wave, which changes nothing in first order
    error = math.hypot(found.error, ratio * usual.error) / size
    floor = math.sqrt(2 / math.pi) * math.hypot(found.error, usual.error) / size
    return Estimate(ratio, error, floor)
