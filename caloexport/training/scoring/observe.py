"""Numbers per shower of a sample, block by block, so that cells are never all in memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.mesh import n_cells
from caloexport.training.data import TrainingData
from caloexport.validation.observables import observables

#: cells of a block, at most
ROOM = 1 << 20

#: (numbers of true showers, number of the first of them in the sample) -> (k, *mesh shape) MeV
Cells = Callable[[Integers, int], Float32]


def true_cells(data: TrainingData, threshold_mev: float) -> Cells:
    """Return what gives the true showers, cut at the readout threshold as generated ones are."""

    def cells(chosen: Integers, first: int) -> Float32:
        energy = data.energy_mev[chosen, None].astype(np.float32)
        flat = data.showers.dense(chosen) * energy
        flat[flat < threshold_mev] = 0
        return flat.reshape(-1, *data.mesh.shape)

    return cells


def observe(
    names: Sequence[str], data: TrainingData, chosen: Integers, cells: Cells
) -> dict[str, Float64] | None:
    """Return the observables (n, columns) of a sample; None if a cell is no number.

    Args:
        names: of observables; those of a number per shower have one column.
        data: has the conditions.
        chosen: numbers of the true showers whose conditions the sample has.
        cells: gives the sample.
    """
    found: dict[str, list[Float64]] = {name: [] for name in names}
    for block in _blocks(len(chosen), n_cells(data.mesh)):
        here = chosen[block]
        energies = cells(here, block.start)
        if not math.isfinite(float(energies.sum(dtype=np.float64))):
            return None
        given: dict[str, Array] = {name: all_[here] for name, all_ in data.conditions.items()}
        for name in names:
            values = observables[name].compute(energies, data.mesh, given)
            found[name].append(values.reshape(len(here), -1))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _blocks(n: int, cells: int) -> Iterator[slice]:
    size = max(ROOM // cells, 1)
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))
