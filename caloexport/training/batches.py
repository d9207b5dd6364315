"""Batches whose content follows from (seed, update) alone, so that a resumed training repeats them.

Showers that arrive perpendicular to planar layers have no preferred azimuth: turning them by
whole cells and mirroring them gives further true showers. An inclined shower has a preferred
plane and is left as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.training.sparse_showers import SparseShowers

#: streams of random numbers, so that no two uses share one
SHUFFLE, TURN, LATENT, MIX, DRAW, TASKS, LOW_RANK = range(7)
#: the first of the streams that shuffle the showers of one task each
TASK = 16
#: showers are kept as one dense array up to this many bytes
DENSE_BYTES = 2**29


def stream(seed: int, use: int, number: int) -> np.random.Generator:
    """Return the generator of random numbers of one use and update.

    >>> first, again = stream(1, LATENT, 7), stream(1, LATENT, 7)
    >>> bool(first.standard_normal() == again.standard_normal())
    True
    """
    return np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, use, number))))


def turned_cells(mesh: CylinderMesh) -> Integers:
    """Return where each cell goes under every symmetry of the azimuth.

    Returns:
        (2·n_phi, cells): row s turns by s cells, row n_phi + s mirrors (φ → -φ) and then turns.
    """
    n_phi = mesh.n_phi
    index = mesh.indices()
    step = dict(zip(mesh.order, _strides(mesh.shape), strict=True))
    base = index["r"] * step["r"] + index["z"] * step["z"]
    turn = np.arange(n_phi)[:, None]
    straight = base + step["phi"] * ((index["phi"] + turn) % n_phi)
    mirrored = base + step["phi"] * ((n_phi - 1 - index["phi"] + turn) % n_phi)
    table = np.concatenate([straight, mirrored])
    return table.astype(np.min_scalar_type(base.size - 1))


def balanced(chosen: Integers, energy_mev: Array, balance: float) -> Integers:
    """Return the showers with those of rarer energies repeated, in whole numbers.

    Args:
        chosen: numbers of the showers to train on.
        energy_mev: (n,) of all showers.
        balance: a shower of an energy with n showers is repeated as n^-balance demands; the
            commonest energy comes once.

    >>> balanced(np.arange(5), np.array([1.0, 1.0, 1.0, 1.0, 8.0]), 1.0).tolist()
    [0, 1, 2, 3, 4, 4, 4, 4]
    """
    _, group, counts = np.unique(energy_mev[chosen], return_inverse=True, return_counts=True)
    repeats = np.rint((counts.max() / counts) ** balance).astype(np.int64)
    return np.repeat(chosen, repeats[group])


def _strides(shape: tuple[int, ...]) -> list[int]:
    return [math.prod(shape[i + 1 :]) for i in range(len(shape))]


class TooFewShowers(UsageError):
    """There are fewer showers to train on than an update takes.

    Args:
        message, hint: as of any error.
        found: that there are, mirrored and repeated ones among them.
        wanted: by an update.
    """

    def __init__(self, message: str, found: int, wanted: int, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.found, self.wanted = found, wanted


@dataclass(frozen=True)
class Batches:
    """The training showers, cut into shuffled batches of one size.

    Attributes:
        showers: all showers.
        conditions: (n, width) condition vectors.
        chosen: numbers of the showers to train on.
        perpendicular: (n,) which showers may be turned; None turns none.
        mesh: of the showers.
        size: showers per batch; the rest of an epoch that does not fill one is left out.
        seed: of shuffling and turning.
    """

    showers: SparseShowers
    conditions: Float32
    chosen: Integers
    perpendicular: Array | None
    mesh: Mesh
    size: int
    seed: int

    def __post_init__(self) -> None:
        if len(self.chosen) < self.size:
            message = f"{len(self.chosen)} training showers do not fill a batch of {self.size}"
            hint = "set batch in [training] with --config, or add data"
            raise TooFewShowers(message, len(self.chosen), self.size, hint)

    @property
    def per_epoch(self) -> int:
        """Number of batches in an epoch."""
        return len(self.chosen) // self.size

    @cached_property
    def _turned(self) -> Integers | None:
        if self.perpendicular is None or not isinstance(self.mesh, CylinderMesh):
            return None
        return turned_cells(self.mesh)

    @cached_property
    def _dense(self) -> Float32 | None:
        if len(self.showers) * self.showers.n_cells * 4 > DENSE_BYTES:
            return None
        return self.showers.dense(np.arange(len(self.showers)))

    @cached_property
    def _order(self) -> dict[int, tuple[int, Integers]]:
        return {}  # by stream its epoch, one at a time, and the order of the showers

    def among(self, update: int) -> Integers:
        """Return the numbers of the showers that the batch of an update is drawn from."""
        return self.chosen

    def selection(self, update: int) -> Integers:
        """Return the numbers of the showers in the batch of an update (counted from 0)."""
        return self._part(self.chosen, update, SHUFFLE)

    def _part(self, chosen: Integers, number: int, use: int) -> Integers:
        """Return a batch of some showers, in the order of a stream that is new in every epoch."""
        epoch, place = divmod(number, len(chosen) // self.size)
        if use not in self._order or self._order[use][0] != epoch:
            self._order[use] = epoch, stream(self.seed, use, epoch).permutation(chosen)
        return self._order[use][1][place * self.size : (place + 1) * self.size]

    def cells(self, picked: Integers) -> Float32:
        """Return showers by number as they are, (k, n_cells) fractions of E_inc."""
        return self.showers.dense(picked) if self._dense is None else self._dense[picked]

    def entries(self, update: int) -> tuple[SparseShowers, Float32]:
        """Return what ``batch`` does, as sparse showers."""
        picked = self.selection(update)
        parts = list(self._turned_entries(update, picked))
        offsets = np.cumsum([0, *(len(cells) for cells, _ in parts)])
        cells = np.concatenate([cells for cells, _ in parts])
        fractions = np.concatenate([fractions for _, fractions in parts])
        batch = SparseShowers(self.showers.n_cells, offsets, cells, fractions)
        return batch, self.conditions[picked]

    def _turned_entries(self, update: int, picked: Integers) -> Iterator[tuple[Integers, Float32]]:
        """Yield cells and fractions of showers, turned where they may be."""
        turned = self._turned
        if turned is None or self.perpendicular is None:
            yield from map(self.showers.entries, picked)
            return
        turns = stream(self.seed, TURN, update).integers(len(turned), size=self.size)
        turns[~self.perpendicular[picked]] = 0
        for shower, turn in zip(picked, turns, strict=True):
            cells, fractions = self.showers.entries(shower)
            yield turned[turn].take(cells), fractions

    def batch(self, update: int, out: Float32 | None = None) -> tuple[Float32, Float32]:
        """Return cells (size, n_cells) as fractions of E_inc, and condition vectors.

        Args:
            update: number of the update, from 0.
            out: array to fill, to save an allocation.
        """
        picked = self.selection(update)
        if out is None:
            out = np.empty((self.size, self.showers.n_cells), dtype=np.float32)
        if self._turned is None:
            out[:] = self.cells(picked)
        else:
            out.fill(0.0)
            entries = self._turned_entries(update, picked)
            for row, (cells, fractions) in zip(out, entries, strict=True):
                row[cells] = fractions
        return out, self.conditions[picked]
