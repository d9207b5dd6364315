"""Showers: energies per cell with their conditions, read block by block."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import Mesh, cell_name, n_cells
from caloexport.showers.order import reorder

#: bytes of float32 energies that one block holds when the caller does not choose
BLOCK_BYTES = 32 * 2**20

#: (first, last plus one) -> energies of any float type, reshapable to (k, *mesh shape)
ReadBlock = Callable[[int, int], Array]


class Showers:
    """Showers of one file or of memory; energies are read only when asked for.

    Attributes:
        name: the file's path, or what a message should call them.
        format: registry name of the file format, ``"memory"`` for arrays.
        n: number of showers.
        mesh: the cells, in the storage order of the energies that are returned.
        conditions: by name an array (n,): ``energy_mev`` always; ``theta_rad``, ``phi_rad``,
            ``pdg`` and the category ``geometry`` where the file tells.
        attributes: text and numbers that the file carries about itself.
        stored_dtype: type of the energies in the file.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> cells = np.ones((3, 2, 1, 2), dtype=np.float32)
    >>> showers = from_arrays(cells, CylinderMesh(2, 1, 2), {"energy_mev": np.full(3, 5.0)})
    >>> [(block.start, block.stop, float(e.sum())) for block, e in showers.chunks(2)]
    [(0, 2, 8.0), (2, 3, 4.0)]
    """

    def __init__(
        self,
        name: str,
        format: str,
        mesh: Mesh,
        conditions: Mapping[str, Array],
        read_block: ReadBlock,
        *,
        attributes: Mapping[str, Any] | None = None,
        stored_dtype: str = "float32",
        rows: int = 1,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self.format = format
        self.n = len(conditions["energy_mev"])
        self.mesh = mesh
        self.conditions = dict(conditions)
        self.attributes = dict(attributes or {})
        self.stored_dtype = stored_dtype
        self._read_block = read_block
        self._rows = rows
        self._close = close

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        return f"<Showers {self.name}: {self.n} of {self.mesh.shape}, {self.format}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; afterwards only conditions and mesh can be read."""
        self._close()

    @property
    def path(self) -> Path:
        """The file they come from."""
        return Path(self.name)

    def read(self, selection: slice = slice(None)) -> Float32:
        """Read a range of showers.

        Args:
            selection: first and last plus one; the step must be 1.

        Returns:
            (k, *mesh shape) float32, MeV.

        Raises:
            InputFileError: damaged data, or an energy that is negative or not finite.
        """
        start, stop, step = selection.indices(self.n)
        if step != 1:
            message = f"showers are read in order, not with step {step}"
            raise UsageError(message)
        stop = max(start, stop)
        stored = self._read_block(start, stop)
        with np.errstate(
            over="ignore"
        ):  # what float32 cannot hold becomes infinite, and is refused
            energies: Float32 = np.ascontiguousarray(stored, dtype=np.float32)
        energies = energies.reshape(stop - start, *self.mesh.shape)
        self._check(energies, start)
        return energies

    def read_raw(self, selection: slice) -> Array:
        """Read a range of showers as stored, whatever the energies are; see :meth:`read`."""
        start, stop, _ = selection.indices(self.n)
        return self._read_block(start, max(start, stop))

    def raw_chunks(self) -> Iterator[tuple[slice, Array]]:
        """Read all showers as :meth:`chunks` does, but as stored: whatever the energies are."""
        for start in range(0, self.n, self.block_size):
            block = slice(start, min(start + self.block_size, self.n))
            yield block, self._read_block(block.start, block.stop)

    def chunks(self, size: int | None = None) -> Iterator[tuple[slice, Float32]]:
        """Read all showers, block by block.

        Args:
            size: showers per block; None takes some 32 MB, in whole blocks of the file.

        Yields:
            (range, energies (k, *mesh shape) float32 MeV).

        Raises:
            InputFileError: as :meth:`read`.
        """
        step = self.block_size if size is None else size
        if step < 1:
            message = f"a block of {step} showers makes no sense"
            raise UsageError(message)
        for start in range(0, self.n, step):
            block = slice(start, min(start + step, self.n))
            yield block, self.read(block)

    def bring_to(self, order: tuple[str, ...]) -> None:
        """Return energies in another storage order from now on, bit for bit.

        Raises:
            UnsupportedError: the mesh has one order only.
        """
        mesh, read = self.mesh, self._read_block
        if mesh.order == tuple(order):
            return
        self.mesh = mesh.in_order(order)

        def read_block(start: int, stop: int) -> Array:
            return reorder(read(start, stop).reshape(stop - start, *mesh.shape), mesh, order)

        self._read_block = read_block

    @property
    def block_size(self) -> int:
        """Number of showers that one block holds when the caller does not choose."""
        wanted = BLOCK_BYTES // (4 * n_cells(self.mesh))
        return max(1, wanted // self._rows * self._rows, min(wanted, self._rows))

    def _check(self, energies: Float32, start: int) -> None:
        """Refuse what is not a shower; NaN makes the minimum NaN, which fails the comparison."""
        if energies.size == 0 or (energies.min() >= 0 and energies.max() < math.inf):
            return
        flat = energies.reshape(len(energies), -1)
        row, cell = np.argwhere(~((flat >= 0) & (flat < math.inf)))[0]
        message = (
            f"shower {self._number(start + row)} has the energy {flat[row, cell]:g} MeV in cell "
            f"{cell_name(self.mesh, int(cell))}, expected a finite number ≥ 0"
        )
        raise InputFileError(message, where=self.name)

    def _number(self, row: int) -> int:
        """Return the number of a shower in its file, for messages."""
        return row


def from_arrays(
    energies: Array, mesh: Mesh, conditions: Mapping[str, Array], *, name: str = "showers"
) -> Showers:
    """Make showers of arrays in memory, for example of what a generator sampled.

    Args:
        energies: (n, *mesh shape), MeV.
        mesh: the cells.
        conditions: by name an array (n,); ``energy_mev`` is required.
        name: what messages call them.

    Raises:
        UsageError: the shapes do not fit.
    """
    n = len(energies)
    if energies.shape[1:] != mesh.shape:
        message = f"energies have shape {energies.shape}, expected (n, {mesh.shape})"
        raise UsageError(message)
    for key in ("energy_mev", *conditions):
        if key not in conditions or np.shape(conditions[key]) != (n,):
            found = f"has shape {np.shape(conditions[key])}" if key in conditions else "is missing"
            message = f"condition '{key}' {found}, expected ({n},)"
            raise UsageError(message)
    given = {key: np.asarray(value) for key, value in conditions.items()}
    return Showers(
        name, "memory", mesh, given, lambda a, b: energies[a:b], stored_dtype=str(energies.dtype)
    )
