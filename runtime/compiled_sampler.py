"""Sampling through compiled code, conditions in and MeV out in one call.

What it cannot do, or what is wrong in a call, it leaves to the general path of ``generator``,
which tells the user; so nothing here raises for a user's mistake.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.cell_list import CellList
from caloexport.runtime.conditions import Condition, only_value
from caloexport.runtime.kernels.sampling_codes import NEEDS_SCRATCH, POLICIES
from caloexport.runtime.kernels.sampling_plan import SamplingPlan
from caloexport.runtime.manifest import Sampling

#: types of one number; what else a caller may give goes the general way
NUMBERS = frozenset((float, int, np.float64, np.float32, np.int64, np.int32))
FLOAT32 = np.dtype(np.float32)
ARRAY = np.ndarray
ON_STACK = 0
#: numbers of showers are below
FIRST_END = 2**63
EXTRAPOLATE = POLICIES["extrapolate"]
#: showers that one call generates at most: between two a user's Ctrl-C is heard
LONGEST = 960
#: bytes of a cache line, with which the scratch begins
LINE = 64
#: what compiled code and lookups raise for arguments they do not take
REFUSALS = (TypeError, ValueError, LookupError, OverflowError, BufferError)

Function = Callable[..., int]


class Scratch(threading.local):
    """Working space of each thread, made once and used by every call of that thread."""

    def __init__(self, floats: int) -> None:
        self._room = np.empty(floats + LINE // FLOAT32.itemsize, dtype=np.float32)
        start = int(self._room.ctypes.data)
        self.address = start + -start % LINE


class CompiledSampler:
    """The compiled functions, bound to a plan of sampling.

    Every thread gets a scratch of its own, so threads share a sampler without a lock.

    Args:
        sampling: what is sampled.
        plan: the same as numbers.
        functions: the compiled ``sample``, ``sample_each`` and ``sample_list``.
    """

    def __init__(
        self, sampling: Sampling, plan: SamplingPlan, functions: Mapping[str, Function]
    ) -> None:
        self._plan = plan
        self._address = plan.address
        self._sample = functions["sample"]
        self._sample_each = functions["sample_each"]
        self._sample_list = functions["sample_list"]
        self._scratch = Scratch(plan.scratch)
        self._scratch_of_lists = Scratch(plan.scratch_of_lists)
        self._readers = [(one.name, positions_of(one)) for one in sampling.conditions]
        only = {one.name: only_value(one) for one in sampling.conditions}
        self._only_values = {name: value for name, value in only.items() if value is not None}

    def sample_into(
        self, out: Any, seed: Any, first: Any, policy: Any, conditions: Mapping[str, Any]
    ) -> bool:
        """Generate showers that share their conditions; False when that must go the general way.

        Args:
            out: (n, *mesh shape) float32, C order.
            seed, first, policy: as of ``Generator.sample_into``.
            conditions: by name, one value each.
        """
        try:
            given = self._numbers(conditions)
            if given is None or type(out) is not ARRAY:
                return False
            action = POLICIES[policy]
            status = self._sample(self._address, seed, first, action, ON_STACK, out, *given)
            if status == NEEDS_SCRATCH:
                return self._sample_blocks(out, seed, first, action, given)
            return status == 0
        except REFUSALS:
            return False

    def _numbers(self, conditions: Mapping[str, Any]) -> list[Any] | None:
        """Return one number per condition, None when the general way must look at them.

        Raises:
            LookupError, TypeError: the same.
        """
        if len(conditions) != len(self._readers):
            conditions = {**self._only_values, **conditions}
        given = []
        for name, positions in self._readers:
            value = conditions[name]
            if positions is not None:
                value = positions[value]
            elif type(value) not in NUMBERS:
                return None
            given.append(value)
        return given if len(given) == len(conditions) else None

    def _sample_blocks(
        self, out: Array, seed: int, first: int, action: int, given: Sequence[float]
    ) -> bool:
        """Generate showers with the scratch of this thread, block by block."""
        scratch = self._scratch.address
        for start in range(0, len(out), LONGEST):
            part = out[start : start + LONGEST]
            if self._sample(self._address, seed, first + start, action, scratch, part, *given):
                return False
        return True

    def sample_rows(
        self,
        out: Float32,
        conditions: Mapping[str, Array],
        *,
        seed: int = 0,
        first: int = 0,
        latents: Float32 | None = None,
    ) -> bool:
        """Generate showers with conditions of their own; False when that must go the general way.

        Args:
            out: (n, cells) float32, C order.
            conditions: by name, (n,) values that were admitted.
            seed, first: checked.
            latents: (n, latents) float32 in C order; None to draw them.
        """
        if not len(out):
            return False
        given = self._rows(conditions)
        address = 0 if latents is None else int(latents.ctypes.data)
        scratch = self._scratch.address
        return not self._sample_each(
            self._address, int(seed), int(first), EXTRAPOLATE, address, scratch, out, given
        )

    def list_into(
        self, lists: CellList, seed: Any, first: Any, policy: Any, conditions: Mapping[str, Any]
    ) -> int | None:
        """List the cells of showers that share their conditions; arguments as of ``sample_into``.

        Args:
            lists: checked arrays.

        Returns:
            number of cells; None when that must go the general way.
        """
        try:
            given = self._numbers(conditions)
            if given is None or len(lists.offsets) > LONGEST or first < 0 or first >= FIRST_END:
                return None
            count = self._sample_list(
                self._address, seed, first, POLICIES[policy], self._scratch_of_lists.address,
                np.array(given, dtype=np.float64), *lists,
            )  # fmt: skip
        except REFUSALS:
            return None
        return count if 0 <= count <= len(lists.indices) else None

    def list_cells(
        self,
        conditions: Mapping[str, Array],
        seed: int,
        first: int,
        offsets: Integers,
        indices: Array,
        energies: Float32,
    ) -> int | None:
        """List the cells that are not zero; None when that must go the general way.

        Args:
            conditions: by name, (n,) values that were admitted.
            seed, first: checked.
            offsets: (n + 1,) int64, filled.
            indices, energies: (room,) int32 and float32, filled as far as there is room.

        Returns:
            number of cells.
        """
        count = self._sample_list(
            self._address, int(seed), int(first), EXTRAPOLATE, self._scratch_of_lists.address,
            self._rows(conditions), offsets, indices, energies,
        )  # fmt: skip
        return None if count < 0 else count

    def _rows(self, conditions: Mapping[str, Array]) -> Array:
        """Return admitted conditions as numbers, (conditions, n) float64."""
        rows = []
        for name, positions in self._readers:
            values = conditions[name]
            if positions is not None:
                values = np.array([positions[str(value)] for value in values], dtype=np.float64)
            rows.append(values)
        return np.array(rows, dtype=np.float64)


def positions_of(condition: Condition) -> dict[str, float] | None:
    """Return the positions by which compiled code knows categories; None for a number."""
    return {name: float(place) for place, name in enumerate(condition.categories)} or None
