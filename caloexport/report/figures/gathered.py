"""What figures need of a sample, gathered block by block while it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.units import format_energy
from caloexport.validation.observables import applicable, observables
from caloexport.validation.observables.occupancy import THRESHOLD_MEV
from caloexport.validation.once_per_block import one_block
from caloexport.validation.windows import Window, angle_windows

#: energies of which single figures are drawn, where all do not fit on a page
PICKED = 3
#: layers of which every one gets a row of its own
MOST_LAYERS = 8


@dataclass(frozen=True)
class Frame:
    """What both samples have in common.

    Attributes:
        mesh: the cells.
        windows: of the incident energy, by rising energy; both samples have showers in each.
        energies_mev: mean incident energy of the reference in each window.
        conditions: names that both samples have.
        untrained_mev: energies that the generator was not trained on.
        few: whether single figures are drawn of a few energies only.
        angles: windows of the polar angle of :func:`~caloexport.validation.windows.angle_windows`;
            one that is None where a sample does not tell it.
        threshold_mev: readout cut of both samples, above which a cell is hit.
        trained_mev: energies that the generator was trained on; None where nothing tells.
        alone: windows of energies that only the generated sample has.
    """

    mesh: Mesh
    windows: tuple[Window, ...]
    energies_mev: tuple[float, ...]
    conditions: tuple[str, ...]
    untrained_mev: tuple[float, ...] = ()
    few: bool = True
    angles: tuple[Window | None, ...] = (None,)
    threshold_mev: float = THRESHOLD_MEV
    trained_mev: Window | None = None
    alone: tuple[Window, ...] = ()

    def inside(self, window: int, energy_mev: Array) -> Array:
        """Say which showers are in a window (n,); windows may overlap."""
        return within(self.windows[window], energy_mev)

    def label(self, number: int) -> str:
        """Name a window, with a star where the generator was not trained."""
        low, high = self.windows[number]
        if high / low < 1.05:
            text = format_energy(self.energies_mev[number])
        else:
            text = f"{format_energy(low)} to {format_energy(high)}"
        untrained = any(low <= energy < high for energy in self.untrained_mev)
        return f"{text} *" if untrained else text

    @property
    def picked(self) -> Sequence[int]:
        """Lowest, middle and highest window, and those that were not trained on; or all."""
        last = len(self.windows) - 1
        if not self.few:
            return range(last + 1)
        chosen = {round(last * k / max(PICKED - 1, 1)) for k in range(PICKED)}
        chosen |= {k for k in range(last + 1) if self.label(k).endswith("*")}
        return sorted(chosen)

    @property
    def names(self) -> list[str]:
        """Name the observables that both samples have."""
        return [
            name
            for name in applicable(self.mesh, self.conditions)
            if observables[name].kind != "cells"
            and (observables[name].kind != "layers" or self.mesh.n_layers <= MOST_LAYERS)
        ]


def within(window: Window, energy_mev: Array) -> Array:
    """Say which energies (n,) are in a window."""
    return (energy_mev >= window[0]) & (energy_mev < window[1])


def frame_of(
    mesh: Mesh,
    conditions: tuple[Mapping[str, Array], Mapping[str, Array]],
    windows: Sequence[Window],
    untrained_mev: Sequence[float] = (),
    threshold_mev: float = THRESHOLD_MEV,
) -> Frame:
    """Return the frame of a reference's and a generated sample's conditions."""
    energies = [np.asarray(given["energy_mev"], dtype=np.float64) for given in conditions]
    common, means = [], []
    for low, high in sorted(windows):
        inside = [within((low, high), energy) for energy in energies]
        if all(mask.any() for mask in inside):
            common.append((low, high))
            means.append(float(energies[0][inside[0]].mean()))
    names = tuple(name for name in conditions[0] if name in conditions[1])
    theta = conditions[0]["theta_rad"] if "theta_rad" in names else None
    return Frame(
        mesh, tuple(common), tuple(means), names, tuple(untrained_mev),
        angles=tuple(angle_windows(theta)), threshold_mev=threshold_mev,
    )  # fmt: skip


class Collector(Protocol):
    """Keeps what a figure needs of every block of showers."""

    def add(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block of showers, of which each is in a window of the energy.

        Args:
            energies: (k, *mesh shape) MeV.
            conditions: by name (k,).
        """


@dataclass
class Gathered:
    """What was gathered of one sample.

    Attributes:
        frame: common to both.
        name: of the sample.
        collected: by the name of the figure.
    """

    frame: Frame
    name: str
    collected: dict[str, Collector]
    _blocks: dict[str, list[Array]] = field(default_factory=dict)
    _alone: dict[str, list[Float64]] = field(default_factory=dict)

    def watch(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block of showers; those outside all windows are left out."""
        incident = np.asarray(conditions["energy_mev"], dtype=np.float64)
        self.watch_alone(energies, incident)
        masks = [self.frame.inside(k, incident) for k in range(len(self.frame.windows))]
        inside = np.any(masks, axis=0) if masks else np.zeros(len(incident), dtype=bool)
        if not inside.all():
            energies = energies[inside]
            conditions = {name: np.asarray(one)[inside] for name, one in conditions.items()}
        if not len(energies):
            return
        self._keep("energy_mev", incident[inside])
        told = (energies, self.frame.mesh, conditions, self.frame.threshold_mev)
        with one_block(energies):
            for name in self.frame.names:
                self._keep(name, observables[name].compute_above(*told))
            for collector in self.collected.values():
                collector.add(energies, conditions)

    def values(self, name: str, window: int) -> Float64:
        """Return an observable, or ``"energy_mev"``, of the showers in a window, (k, ...)."""
        return self.whole(name)[self.frame.inside(window, self.whole("energy_mev"))]

    def alone(self, name: str) -> Float64:
        """Return ``"energy_mev"`` or ``"total_energy"`` of the showers in windows of their own."""
        kept = self._alone.get(name)
        return np.concatenate(kept) if kept else np.zeros(0)

    def watch_alone(self, energies: Array, incident: Float64) -> None:
        """Take those of a block of showers, with their energies, that are in windows of their own."""
        chosen = np.zeros(len(incident), dtype=bool)
        for window in self.frame.alone:
            chosen |= within(window, incident)
        if chosen.any():
            sums = energies[chosen].reshape(int(chosen.sum()), -1).sum(axis=1, dtype=np.float64)
            self._alone.setdefault("energy_mev", []).append(incident[chosen])
            self._alone.setdefault("total_energy", []).append(sums)

    def _keep(self, name: str, values: Array) -> None:
        self._blocks.setdefault(name, []).append(values)

    def whole(self, name: str) -> Array:
        """Return an observable, or ``"energy_mev"``, of all showers (n, ...)."""
        if len(self._blocks[name]) > 1:
            self._blocks[name] = [np.concatenate(self._blocks[name])]
        return self._blocks[name][0]
