"""Showers that no adaptation has seen, and how far a decoder's mean profile is from theirs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.units import format_energy
from caloexport.showers.open import open_showers
from caloexport.training.scoring.generate import SEED, generator_of
from caloexport.validation.compare import compare_profiles
from caloexport.validation.estimate import Estimate
from caloexport.validation.observables import observables

PROFILE = "longitudinal_profile"
#: showers of an energy, below which the floor is larger than any distance of interest
FEWEST = 50
#: showers made at a time
BLOCK = 64


@dataclass(frozen=True)
class HeldOut:
    """Full simulation at single energies.

    Attributes:
        conditions: by name (n,); ``energy_mev`` among them.
        profiles: (n, layers) MeV.
        mesh: of the showers.
        energies_mev: those that occur.
    """

    conditions: dict[str, Array]
    profiles: Float64
    mesh: Mesh
    energies_mev: tuple[float, ...]

    def distances(self, decoder: Path, sampling: Sampling) -> dict[float, Estimate]:
        """Return the L1 distance of the normalised mean longitudinal profile, by energy in MeV.

        As many showers are made as there are; latents are the same in every call.

        Args:
            decoder: Keras file.
            sampling: the physics around it.
        """
        made = self._made(generator_of(decoder, sampling))
        energy = self.conditions["energy_mev"]
        return {
            one: compare_profiles(self.profiles[energy == one], made[energy == one])
            for one in self.energies_mev
        }

    def _made(self, generator: Generator) -> Float64:
        assert generator.sampling is not None
        names = [condition.name for condition in generator.sampling.conditions]
        parts = []
        for start in range(0, len(self.profiles), BLOCK):
            given: dict[str, Any] = {n: self.conditions[n][start : start + BLOCK] for n in names}
            size = len(given["energy_mev"])
            cells = generator.sample(
                size, seed=SEED, first=start, out_of_range="extrapolate", **given
            )
            parts.append(observables[PROFILE].compute(cells, self.mesh, given))
        return np.concatenate(parts)


def read_held_out(paths: Sequence[Path]) -> HeldOut:
    """Read files of showers at single energies.

    Raises:
        UsageError: energies with too few showers, or files of different meshes.
        InputFileError: a damaged file.
    """
    columns: list[dict[str, Array]] = []
    profiles: list[Float64] = []
    meshes: list[Mesh] = []
    for path in paths:
        with open_showers(path) as showers:
            meshes.append(showers.mesh)
            if meshes[0].shape != showers.mesh.shape:
                message = f"has {showers.mesh.shape} cells, {paths[0].name} {meshes[0].shape}"
                raise UsageError(message, where=str(path), hint="test on one mesh")
            columns.append(_conditions(showers))
            for _, cells in showers.chunks():
                profiles.append(observables[PROFILE].compute(cells, showers.mesh, columns[-1]))
    names = set.intersection(*map(set, columns))
    conditions = {name: np.concatenate([one[name] for one in columns]) for name in sorted(names)}
    energies, counts = np.unique(conditions["energy_mev"], return_counts=True)
    if counts.min() < FEWEST:
        few = format_energy(float(energies[counts.argmin()]))
        message = f"{counts.min()} test showers of {few}, expected {FEWEST}"
        raise UsageError(message, hint="test at single energies, such as 8GeV, 16GeV and 50GeV")
    return HeldOut(conditions, np.concatenate(profiles), meshes[0], tuple(map(float, energies)))


def _conditions(showers: Any) -> dict[str, Array]:
    found = {name: np.asarray(values) for name, values in showers.conditions.items()}
    found.setdefault("theta_rad", np.full(showers.n, math.pi / 2))
    found.setdefault("geometry", np.full(showers.n, "unknown"))
    return found
