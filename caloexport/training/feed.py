"""What updates are fed: showers with conditions, standards of their energy sums, and latents."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.encodings import Encoding
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.noise import NoiseLaw
from caloexport.training.batches import LATENT, Batches, TooFewShowers, balanced, stream
from caloexport.training.data import TrainingData
from caloexport.training.guard import standards, sum_matrix
from caloexport.training.mirrors import with_mirrors
from caloexport.training.settings import Schedule

#: number of an update that never comes: its random numbers are those of the validation
VALIDATION = 2**62
#: showers that are dense at a time where not all are
BLOCK = 4096


class Feed:
    """The showers of a training with their mirrored copies, and the latents.

    Args:
        data: showers.
        encoding: of their conditions.
        noise: law of the latents.
        schedule: settings.
        per_update: batches that an update takes.
        seed: of batches and latents.

    Raises:
        UsageError: there are too few showers, or they are to be turned, which is not done here.

    Attributes:
        data: showers with their mirrored copies.
        batches: the training showers in batches.
        sums: (cells, 1 + layers) matrix that makes ΣE and the layers' energies of cells.
        energy_mev: (n,) of all showers.
        held_back: numbers of the showers held back.
    """

    def __init__(
        self, data: TrainingData, encoding: Encoding, noise: NoiseLaw, schedule: Schedule,
        per_update: int, seed: int,
    ) -> None:  # fmt: skip
        if schedule.rotate and isinstance(data.mesh, CylinderMesh):
            message = "rotate = true turns showers of the family fastv alone"
            raise UsageError(message, hint="set rotate = false in [training]")
        self.noise, self.seed, self.held_back = noise, seed, data.scoring
        self.data = data = with_mirrors(data, schedule.mirror)
        self.energy_mev = data.energy_mev
        encoded = data.encode(encoding)
        chosen = balanced(data.training, data.energy_mev, schedule.balance)
        size = schedule.batch * per_update
        if len(chosen) < size and per_update > 1:
            message = (
                f"{len(chosen)} training showers are fewer than the {size} of an update "
                f"(batch = {schedule.batch} times per_update = {per_update})"
            )
            hint = "a lower batch in [training] or per_update in [critics], or more showers"
            raise TooFewShowers(message, len(chosen), size, hint)
        self.batches = Batches(data.showers, encoded, chosen, None, data.mesh, size, seed)
        self.sums = sum_matrix(data.mesh)
        self._mean, self._spread = standards(data.energy_mev, self._all_sums(), data.training)

    def _all_sums(self) -> Float32:
        """Return ΣE and the layers' energies of all showers, block by block (n, 1 + layers)."""
        n = len(self.batches.showers)
        blocks = (np.arange(first, min(first + BLOCK, n)) for first in range(0, n, BLOCK))
        return np.concatenate([self.batches.cells(block) @ self.sums for block in blocks])

    def of(self, picked: Integers) -> dict[str, Array]:
        """Return showers by number: ``cells``, ``conditions``, ``mean`` and ``spread`` of sums."""
        return {
            "cells": self.batches.cells(picked),
            "conditions": self.batches.conditions[picked],
            "mean": self._mean[picked],
            "spread": self._spread[picked],
        }

    def latents(self, number: int, n: int) -> Float32:
        """Return latents (n, latent) of an update, by their law."""
        law, random = self.noise, stream(self.seed, LATENT, number)
        if law.law == "uniform":
            return random.uniform(law.a, law.b, (n, law.size)).astype(np.float32)
        normal = random.standard_normal((n, law.size), dtype=np.float32)
        return np.float32(law.a) + np.float32(law.b) * normal
