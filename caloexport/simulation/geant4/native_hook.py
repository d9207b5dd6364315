"""The native hook: Geant4 calls compiled code for every step in a slab.

Four fifths of a simulation with the plain hook are the way from C++ to Python, once per step. A
sensitive detector in Python is a C++ object whose table of virtual functions leads to Python; here it
gets a copy of its table in which the one function leads to a compiled loop body
(kernels/step_hook.py). Where in Geant4's objects the energy and the position are, and which function it
is, is not assumed but found: from steps whose values Python knows, and from which function of
the table Geant4 calls with the step. Afterwards one shower must give the very bits of the plain hook.
"""

from __future__ import annotations

import atexit
import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caloexport.runtime.arrays import Float64
from caloexport.simulation.geant4.addresses import Memory
from caloexport.simulation.geant4.rows import BLOCK_ROWS, StepRows

#: words of a step and of its points that are searched
SEARCHED = 40
#: steps whose values must be found in the same places; thin detectors have few
FEWEST_STEPS, STEPS = 2, 50
#: rows of a block while checking, so that blocks fill
SMALL_BLOCK = 97
#: words in front of a table of virtual functions (Itanium C++ ABI): offset to the top, type
HEADER = 2

_Function = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class NoNativeHook(Exception):
    """The native hook cannot be put in here; the message says why."""


class NativeHook:
    """Replaces what Geant4 calls for the steps of slabs.

    Args:
        detectors: the sensitive detectors of every slab, in their order.
        rows: where rows go.
        fire: simulates one and the same shower at every call.

    Raises:
        NoNativeHook: something was not found, or the check failed; the plain hook is back.
    """

    def __init__(self, detectors: list[Any], rows: StepRows, fire: Callable[[], None]) -> None:
        self.rows = rows
        self.detectors = detectors
        self.fire = fire
        self.memory = Memory()
        try:
            self.objects = [self.memory.address_of(one) for one in detectors]
            self.tables = [int(self.memory.words(one, 1)[0]) for one in self.objects]
            if len(set(self.tables)) != 1:
                message = "the slabs' sensitive detectors are not of one class"
                raise NoNativeHook(message)
            self.original = _table(self.memory, self.tables[0])
            self._install()
        except ValueError as error:
            raise NoNativeHook(str(error)) from error
        finally:
            self.memory.close()
        # Python may destroy the copies before the objects that point to them
        atexit.register(self.remove)

    def _install(self) -> None:
        from caloexport.simulation.kernels.step_hook import CAPACITY

        expected, places, step = self._watch_steps()
        slot = self._find_slot(step)
        self._put_in(places, slot)
        try:
            self.shared[CAPACITY] = SMALL_BLOCK
            found = self._collect()
            self.shared[CAPACITY] = BLOCK_ROWS
            if not np.array_equal(found, expected):
                message = f"a shower of {len(expected)} steps differs between the plain and the native hook"
                raise NoNativeHook(message)
        except BaseException:
            self.remove()
            raise

    def _collect(self) -> Float64:
        """Return the rows of the shower."""
        blocks: list[Float64] = []
        take, self.rows.take = self.rows.take, lambda rows: blocks.append(rows.copy())
        try:
            self.fire()
            self.rows.finish()
        finally:
            self.rows.take = take
        return np.concatenate(blocks) if blocks else np.zeros((0, 5))

    def _watch_steps(self) -> tuple[Float64, tuple[int, int, int], int]:
        """Return the rows by the plain hook, byte offsets in its steps, and a step's address."""
        finder = _Finder(self.memory)
        for detector in self.detectors:
            detector.watch = finder.watch
        try:
            expected = self._collect()
        finally:
            for detector in self.detectors:
                detector.watch = None
        return expected, finder.places(), finder.step

    def _find_slot(self, step: int) -> int:
        """Return which virtual function Geant4 calls with the step."""
        seen: set[int] = set()

        def function(slot: int) -> Any:
            def note(detector: int, argument: int, history: int) -> bool:
                if argument == step:
                    seen.add(slot)
                return False

            return _Function(note)

        functions = [function(slot) for slot in range(len(self.original) - HEADER)]
        table = self.original.copy()
        for slot, one in enumerate(functions):
            table[HEADER + slot] = _address(one)
        try:
            self._point_to([int(table.ctypes.data) + 8 * HEADER] * len(self.objects))
            self.fire()
        finally:
            self._point_to(self.tables)
        if len(seen) != 1:
            message = f"{len(seen)} virtual functions were called with a step, expected one"
            raise NoNativeHook(message)
        return seen.pop()

    def _put_in(self, places: tuple[int, int, int], slot: int) -> None:
        from caloexport.simulation.kernels.step_hook import FUNCTIONS, record_step

        self.when_full = ctypes.CFUNCTYPE(None)(self.rows.hand_on)
        rows = self.rows
        first_row = int(rows.rows.ctypes.data)
        shared = np.array([0, BLOCK_ROWS, first_row, _address(self.when_full), *places], np.int64)
        # the count lives in the shared words from here on
        rows.count = shared[:1]
        self.shared = shared
        copies = np.zeros((len(self.objects), HEADER + FUNCTIONS + 2), np.uint64)
        copies[:, : HEADER + FUNCTIONS] = self.original
        copies[:, HEADER + slot] = record_step.address
        copies[:, -2] = np.arange(len(self.objects), dtype=np.float64).view(np.uint64)
        copies[:, -1] = shared.ctypes.data
        self.copies = copies
        first, size = int(copies.ctypes.data) + 8 * HEADER, copies.strides[0]
        self._point_to([first + size * number for number in range(len(self.objects))])

    def _point_to(self, tables: list[int]) -> None:
        for one, table in zip(self.objects, tables, strict=True):
            ctypes.c_uint64.from_address(one).value = table

    def remove(self) -> None:
        """Put the plain hook back."""
        self._point_to(self.tables)


def _table(memory: Memory, address: int) -> NDArray[np.uint64]:
    """Return the words of a table of virtual functions, those in front of it included.

    Raises:
        NoNativeHook: there is no such table, or memory ends within the words that are copied.
        ValueError: there is no memory.
    """
    from caloexport.simulation.kernels.step_hook import FUNCTIONS

    table = memory.words(address - 8 * HEADER, HEADER + FUNCTIONS)
    if len(table) < HEADER + FUNCTIONS or table[0] != 0:
        message = "there is no table of virtual functions where one was expected"
        raise NoNativeHook(message)
    return table


def _address(function: Any) -> int:
    """Return the address of a C function that leads to Python."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return address


class _Finder:
    """Finds the places of known values in the memory of steps."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.step = 0
        self.steps = 0
        every = set(range(SEARCHED))
        self.energy, self.point, self.position = every, set(every), set(every)

    def watch(self, step: Any) -> None:
        """Keep the places that hold this step's values too."""
        if self.steps == STEPS:
            return
        self.steps += 1
        try:
            self._narrow(step)
        except ValueError:  # the caller is Geant4, which would not survive it
            self.energy.clear()

    def _narrow(self, step: Any) -> None:
        point = step.GetPostStepPoint()
        where = point.GetPosition()
        self.step = self.memory.address_of(step)
        point_address = self.memory.address_of(point)
        words = self.memory.words(self.step, SEARCHED)
        self.energy &= set(np.flatnonzero(words.view(float) == step.GetTotalEnergyDeposit()))
        self.point &= set(np.flatnonzero(words == np.uint64(point_address)))
        triples = np.lib.stride_tricks.sliding_window_view(
            self.memory.floats(point_address, SEARCHED), 3
        )
        self.position &= set(np.flatnonzero((triples == (where.x, where.y, where.z)).all(axis=1)))

    def places(self) -> tuple[int, int, int]:
        """Return the byte offsets of energy and point in a step, and of the position in a point."""
        found = (self.energy, self.point, self.position)
        if self.steps < FEWEST_STEPS or any(len(one) != 1 for one in found):
            message = "energy, point or position were not found in the memory of Geant4's steps"
            raise NoNativeHook(message)
        energy, point, position = (8 * int(one.pop()) for one in found)
        return energy, point, position
