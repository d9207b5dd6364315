"""Sampling, step by step: what a caller gave is checked, encoded, decoded and scaled to MeV.

It serves every backend and makes every message for the user. Where the backend has compiled
sampling, checked conditions go to it; the numpy path does the same on other backends and for encodings
and output maps that have no compiled form.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.backends import CompiledExecutor, Executor
from caloexport.runtime.cell_list import CellList, cells_of
from caloexport.runtime.compiled_sampler import CompiledSampler
from caloexport.runtime.conditions import Policy, gather
from caloexport.runtime.errors import UsageError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.noise import check_seed

#: showers decoded at a time when sampling many: the output of one block stays in the cache
BLOCK = 48


class Sampler:
    """Physics and network of a generator, put together.

    Args:
        sampling: the physics.
        executor: the network.
    """

    def __init__(self, sampling: Sampling, executor: Executor) -> None:
        self.sampling = sampling
        self.executor = executor
        self.compiled: CompiledSampler | None = None
        if isinstance(executor, CompiledExecutor):
            self.compiled = executor.sampler(sampling)

    def sample_into(
        self, out: Any, conditions: Mapping[str, Any], seed: int, first: int, policy: Policy
    ) -> None:
        """Generate showers into an array of the caller's; see ``Generator.sample_into``."""
        cells = self.flat_output(out)
        n = len(cells)
        given = gather(self.sampling.conditions, conditions, n, policy)
        check_seed(seed, first)
        for block in blocks(n):
            part = {name: values[block] for name, values in given.items()}
            self._fill(cells[block], part, seed, first + block.start)

    def _fill(self, cells: Float32, given: Mapping[str, Array], seed: int, first: int) -> None:
        """Generate one block of showers with conditions that were checked."""
        if self.compiled and self.compiled.sample_rows(cells, given, seed=seed, first=first):
            return
        self._decode_block(self._draw(len(cells), seed, first), given, cells)

    def decode(self, latents: Array, conditions: Mapping[str, Any], policy: Policy) -> Float32:
        """Generate showers from latents of the caller's; see ``Generator.decode``."""
        try:
            z = np.asarray(latents, dtype=np.float32)
        except (TypeError, ValueError, OverflowError):
            message = "the latents are not numbers"
            raise UsageError(message) from None
        size = self.sampling.noise.size
        if z.ndim != 2 or z.shape[1] != size:
            message = f"latents have shape {z.shape}, expected (n, {size})"
            raise UsageError(message)
        given = gather(self.sampling.conditions, conditions, len(z), policy)
        out = np.empty((len(z), *self.sampling.mesh.shape), dtype=np.float32)
        cells = self.flat_output(out)
        for block in blocks(len(z)):
            part = {name: values[block] for name, values in given.items()}
            rows = np.ascontiguousarray(z[block])
            compiled = self.compiled
            if not (compiled and compiled.sample_rows(cells[block], part, latents=rows)):
                self._decode_block(rows, part, cells[block])
        return out

    def list_cells(
        self, n: int, conditions: Mapping[str, Any], seed: int, first: int, policy: Policy
    ) -> CellList:
        """Generate showers as lists of cells; see ``Generator.sample_cells``."""
        offsets = np.zeros(len(allocate(n, (), "int64")) + 1, dtype=np.int64)
        n = len(offsets) - 1
        given = gather(self.sampling.conditions, conditions, n, policy)
        check_seed(seed, first)
        room = min(n, BLOCK) * math.prod(self.sampling.mesh.shape)
        indices, energies = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.float32)
        kept: list[tuple[Array, Float32]] = []
        for block in blocks(n):
            part = {name: values[block] for name, values in given.items()}
            here = offsets[block.start : block.stop + 1]
            before = here[0]
            count = self._list(part, seed, first + block.start, here, indices, energies)
            here += before
            kept.append((indices[:count].copy(), energies[:count].copy()))
        if not kept:
            return CellList(offsets, indices, energies)
        parts = zip(*kept, strict=True)
        return CellList(offsets, *(np.concatenate(part) for part in parts))

    def list_cells_into(
        self,
        lists: CellList,
        conditions: Mapping[str, Any],
        seed: int,
        first: int,
        policy: Policy,
    ) -> int:
        """Generate showers as lists into checked arrays; see ``Generator.sample_cells_into``."""
        offsets, indices, energies = lists
        n, room, count = len(offsets) - 1, len(indices), 0
        given = gather(self.sampling.conditions, conditions, n, policy)
        check_seed(seed, first)
        offsets[0] = 0
        for block in blocks(n):
            part = {name: values[block] for name, values in given.items()}
            used, here = min(count, room), offsets[block.start : block.stop + 1]
            count += self._list(
                part, seed, first + block.start, here, indices[used:], energies[used:]
            )
            here += count - here[-1]
        if count > room:
            message = f"the showers have {count} cells, but there is room for {room}"
            raise UsageError(message, hint="give larger arrays, or ask for fewer showers")
        return count

    def _list(
        self,
        given: Mapping[str, Array],
        seed: int,
        first: int,
        offsets: Integers,
        indices: Array,
        energies: Float32,
    ) -> int:
        """List the cells of one block as far as there is room, and return how many there are."""
        if self.compiled:
            count = self.compiled.list_cells(given, seed, first, offsets, indices, energies)
            if count is not None:
                return count
        shape = len(offsets) - 1, math.prod(self.sampling.mesh.shape)
        dense = np.empty(shape, dtype=np.float32)
        self._fill(dense, given, seed, first)
        cells = cells_of(dense)
        room = min(len(indices), len(cells.indices))
        offsets[:] = cells.offsets
        indices[:room], energies[:room] = cells.indices[:room], cells.energies[:room]
        return len(cells.indices)

    def _draw(self, n: int, seed: int, first: int) -> Float32:
        if isinstance(self.executor, CompiledExecutor):
            return self.executor.draw(self.sampling.noise, n, seed, first)
        return self.sampling.noise.draw(n, seed, first)

    def _decode_block(self, latents: Float32, given: Mapping[str, Array], cells: Float32) -> None:
        """Encode, run the network and scale, step by step in numpy."""
        executor, output = self.executor, self.sampling.output
        x = np.concatenate([latents, self.sampling.encoding.encode(given)], axis=1)
        incident: Float64 = np.asarray(given["energy_mev"], dtype=np.float64)
        factors = output.factors(incident)
        if isinstance(executor, CompiledExecutor) and factors is not None:
            executor.run_into(x, cells, factors, output.threshold_mev)
            return
        cells[...] = output.energies(executor.run(x), incident, self.sampling.mesh)

    def flat_output(self, out: Any) -> Float32:
        """Return the caller's array as (n, cells).

        Raises:
            UsageError: showers do not fit in.
        """
        shape = self.sampling.mesh.shape
        if not (
            isinstance(out, np.ndarray)
            and out.dtype == np.float32
            and out.flags.carray  # writable, aligned, in C order
            and out.shape[1:] == shape
        ):
            message = "the output must be a writable C-ordered float32 array"
            raise UsageError(message, hint=f"numpy.empty((n, {', '.join(map(str, shape))}), 'f4')")
        return out.reshape(len(out), math.prod(shape))


def allocate(n: Any, shape: tuple[int, ...], dtype: str) -> Array:
    """Return a new array (n, *shape).

    Raises:
        UsageError: n is no number of showers, or there is no room for so many.
    """
    try:
        return np.empty((n, *shape), dtype=dtype)
    except (TypeError, ValueError, MemoryError):
        message = f"n = {n!r} is not a number of showers that fits into memory"
        raise UsageError(message) from None


def blocks(n: int) -> Iterator[slice]:
    """Divide showers into blocks: between two a user's Ctrl-C is heard."""
    for start in range(0, n, BLOCK):
        yield slice(start, min(start + BLOCK, n))
