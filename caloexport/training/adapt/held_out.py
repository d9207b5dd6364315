"""Showers that no adaptation has seen, and how far a decoder is from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
from caloexport.training.adapt.glance import Glance, glances
from caloexport.training.adapt.physics_distance import PhysicsDistance, affordable_features
from caloexport.training.adapt.place import Distances
from caloexport.training.divergence import Diverged
from caloexport.training.plan import hash_of_showers
from caloexport.training.scoring.generate import SEED, generator_of
from caloexport.validation.compare import compare_means, compare_profiles
from caloexport.validation.distances.fpd import showers_needed
from caloexport.validation.feature_list import FeatureList
from caloexport.validation.observables import observables
from caloexport.validation.once_per_block import one_block
from caloexport.validation.readout_cut import ReadoutCut, readout_cut

LONGITUDINAL, LATERAL, FEATURES = "longitudinal_profile", "lateral_profile", "features"
#: showers of an energy, below which the floor is larger than any distance of interest
FEWEST = 50
#: showers made at a time: what is worked on stays in the cache
BLOCK = 32

#: by name, one row for each shower: profiles in MeV, and features for FPD
Seen = Mapping[str, Float64]


@dataclass(frozen=True)
class Sight:
    """What is looked at in showers.

    Attributes:
        mesh: of the showers.
        cut: cells below it are left out of the features.
        features: for FPD; None for none.
    """

    mesh: Mesh
    cut: ReadoutCut
    features: FeatureList | None

    def see(self, cells: Array, conditions: Mapping[str, Array]) -> Seen:
        """Return what a block of showers (k, *mesh shape) MeV shows."""
        with one_block(cells):
            found = {
                name: observables[name].compute(cells, self.mesh, conditions)
                for name in (LONGITUDINAL, LATERAL)
                if observables[name].applies(self.mesh)
            }
            if self.features is not None:
                above = self.cut.apply(cells)
                found[FEATURES] = self.features.compute(above, self.mesh, conditions)
        return found


@dataclass(frozen=True)
class HeldOut:
    """Full simulation at single energies.

    Attributes:
        conditions: by name (n,); ``energy_mev`` among them.
        sight: what is looked at.
        seen: in these showers.
        energies_mev: those that occur.
        fpd: distance of features of all energies; None where there are too few showers.
        fpd_of_energy: of those energies that have showers enough.
        without_fpd: why there is none of all.
    """

    conditions: dict[str, Array]
    sight: Sight
    seen: Seen
    energies_mev: tuple[float, ...]
    fpd: PhysicsDistance | None
    fpd_of_energy: Mapping[float, PhysicsDistance]
    without_fpd: str

    def distances(self, decoder: Path, sampling: Sampling) -> Distances:
        """Return how far generated showers are from these.

        As many are made as there are; latents are the same in every call.

        Args:
            decoder: Keras file.
            sampling: the physics around it.

        Raises:
            Diverged: energies that are not finite.
            UsageError: the generator has other cells, or a condition that these showers lack.
        """
        self._require_fit(sampling)
        made = self._made(generator_of(decoder, sampling))
        for name, rows in made.items():
            if not np.isfinite(rows).all():
                raise Diverged(f"{name} of the showers made", float(rows[~np.isfinite(rows)][0]))
        own = {energy: self.conditions["energy_mev"] == energy for energy in self.energies_mev}
        profiles = {
            name: {
                e: compare_profiles(self.seen[name][at], made[name][at]) for e, at in own.items()
            }
            for name in self.seen
            if name != FEATURES
        }
        total, true = made[LONGITUDINAL].sum(axis=1), self.seen[LONGITUDINAL].sum(axis=1)
        return Distances(
            profiles[LONGITUDINAL],
            profiles.get(LATERAL, {}),
            {energy: compare_means(true[at], total[at]) for energy, at in own.items()},
            None if self.fpd is None else self.fpd.of(made[FEATURES]),
            {one: fpd.of(made[FEATURES][own[one]]) for one, fpd in self.fpd_of_energy.items()},
        )

    def to_json(self) -> dict[str, Any]:
        """Return what the showers are, and how FPD is taken."""
        energy = self.conditions["energy_mev"]
        return {
            "showers": {f"{one:.10g}": int((energy == one).sum()) for one in self.energies_mev},
            "fpd": None if self.fpd is None else self.fpd.to_json(),
            "fpd_of_energy": {f"{e:.10g}": one.to_json() for e, one in self.fpd_of_energy.items()},
            "without_fpd": self.without_fpd,
        }

    def _require_fit(self, sampling: Sampling) -> None:
        if sampling.mesh.shape != self.sight.mesh.shape:
            message = (
                f"the test showers have {self.sight.mesh.shape} cells, the generator makes "
                f"{sampling.mesh.shape}"
            )
            raise UsageError(message, hint="test on showers of the detector that is adapted to")
        for condition in sampling.conditions:
            if condition.name not in self.conditions:
                message = (
                    f"the generator needs the condition '{condition.name}', the test showers tell "
                    f"{', '.join(self.conditions)}"
                )
                raise UsageError(message, hint="add the condition to the files given by --test")

    def _made(self, generator: Generator) -> Seen:
        assert generator.sampling is not None
        names = [condition.name for condition in generator.sampling.conditions]
        parts = []
        for start in range(0, len(self.conditions["energy_mev"]), BLOCK):
            block = {n: values[start : start + BLOCK] for n, values in self.conditions.items()}
            given: dict[str, Any] = {name: block[name] for name in names}
            cells = generator.sample(
                len(block["energy_mev"]), seed=SEED, first=start, out_of_range="extrapolate",
                **given,
            )  # fmt: skip
            parts.append(self.sight.see(cells, block))
        return _joined(parts)


def read_held_out(paths: Sequence[Path], trained: Collection[str] = ()) -> HeldOut:
    """Read files of showers at single energies.

    Args:
        paths: the files.
        trained: hashes of files that are trained on.

    Raises:
        UsageError: energies with too few showers, files of different meshes, or one that is
            trained on.
        InputFileError: a damaged file.
        MissingDependency: without scipy.
    """
    for path in paths:
        if hash_of_showers(path) in trained:
            message = "is trained on too"
            raise UsageError(message, where=str(path), hint="test on showers that nothing saw")
    files = glances(paths)
    for file in files:
        if file.mesh.shape != files[0].mesh.shape:
            message = f"has {file.mesh.shape} cells, {files[0].path.name} {files[0].mesh.shape}"
            raise UsageError(message, where=str(file.path), hint="test on one mesh")
    conditions = {
        name: np.concatenate([file.conditions[name] for file in files])
        for name in sorted(set.intersection(*(set(file.conditions) for file in files)))
    }
    energies = _energies_of(conditions["energy_mev"])
    sight, lacking = _sight_of(paths[0], conditions)
    seen = _joined([part for file in files for part in _blocks_of(file, sight)])
    fpd, each = _fpd(seen, sight, conditions["energy_mev"], energies)
    return HeldOut(conditions, sight, seen, energies, fpd, each, lacking)


def _fpd(
    seen: Seen, sight: Sight, energy_mev: Array, energies: Sequence[float]
) -> tuple[PhysicsDistance | None, dict[float, PhysicsDistance]]:
    """Return FPD of all energies, and of those that have showers enough."""
    if sight.features is None:
        return None, {}
    rows, name = seen[FEATURES], sight.features.name
    enough = [
        energy
        for energy in energies
        if np.count_nonzero(energy_mev == energy) >= showers_needed(rows.shape[1])
    ]
    return PhysicsDistance.from_sample(rows, name), {
        energy: PhysicsDistance.from_sample(rows[energy_mev == energy], name, single=True)
        for energy in enough
    }


def _energies_of(energy_mev: Array) -> tuple[float, ...]:
    energies, counts = np.unique(energy_mev, return_counts=True)
    if counts.min() < FEWEST:
        few = format_energy(float(energies[counts.argmin()]))
        message = f"{counts.min()} test showers of {few}, expected {FEWEST}"
        raise UsageError(message, hint="test at single energies, such as 8GeV, 16GeV and 50GeV")
    return tuple(map(float, energies))


def _sight_of(path: Path, conditions: dict[str, Array]) -> tuple[Sight, str]:
    """Return what is looked at, by the first file, and why there is no FPD."""
    with open_showers(path) as showers:
        features = affordable_features(showers.mesh, conditions)
        cut = readout_cut(showers)
        if isinstance(features, str):
            return Sight(showers.mesh, cut, None), features
        return Sight(showers.mesh, cut, features), ""


def _blocks_of(file: Glance, sight: Sight) -> list[Seen]:
    with open_showers(file.path) as showers:
        return [
            sight.see(cells, {name: values[block] for name, values in file.conditions.items()})
            for block, cells in showers.chunks()
        ]


def _joined(parts: Sequence[Seen]) -> Seen:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
