"""Showers as lists of cells: most cells of most showers are empty."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.errors import UsageError


class CellList(NamedTuple):
    """The cells of n showers that are not zero, shower after shower.

    Shower i has the entries ``offsets[i]`` to ``offsets[i + 1] - 1``, in ascending order of their
    index. An index is the position in the dense shower in C order, so ``numpy.unravel_index``
    with the mesh's shape gives the cell on each axis.

    Attributes:
        offsets: (n + 1,) int64.
        indices: (cells,) int32.
        energies: (cells,) float32, MeV.

    >>> dense = np.array([[[0, 2.5], [0, 0]], [[1, 0], [0, 3]]], dtype="f4")
    >>> cells = cells_of(dense)
    >>> cells.offsets.tolist(), cells.indices.tolist(), cells.energies.tolist()
    ([0, 1, 3], [1, 0, 3], [2.5, 1.0, 3.0])
    """

    offsets: Integers
    indices: Array
    energies: Float32


def cells_of(showers: Float32) -> CellList:
    """List the cells of dense showers (n, ...)."""
    flat = showers.reshape(len(showers), -1)
    rows, cells = np.nonzero(flat)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(flat)))])
    return CellList(offsets.astype(np.int64), cells.astype(np.int32), flat[rows, cells])


def check_lists(offsets: Any, indices: Any, energies: Any) -> None:
    """Check the caller's arrays for a list of cells.

    Raises:
        UsageError: another type or shape, not writable, or not contiguous.
    """
    wanted = (("offsets", offsets, "int64"), ("indices", indices, "int32"))
    for name, array, dtype in (*wanted, ("energies", energies, "float32")):
        if not (
            isinstance(array, np.ndarray)
            and array.dtype == dtype
            and array.ndim == 1
            and array.flags.carray
        ):
            message = f"'{name}' must be a writable contiguous array of {dtype} with one axis"
            raise UsageError(message, hint=f"numpy.empty(size, '{dtype}')")
    if not len(offsets):
        message = "'offsets' must have one more entry than there are showers"
        raise UsageError(message, hint="numpy.empty(n + 1, 'int64')")
    if len(indices) != len(energies):
        message = f"'indices' has room for {len(indices)} cells, 'energies' for {len(energies)}"
        raise UsageError(message)
    overlap = np.may_share_memory
    if overlap(offsets, indices) or overlap(offsets, energies) or overlap(indices, energies):
        message = "'offsets', 'indices' and 'energies' must not share memory"
        raise UsageError(message)
