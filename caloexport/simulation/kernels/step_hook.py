"""What Geant4 calls for every step in a slab, in place of a method in Python.

The object's table of virtual functions is a copy of ours, longer by two words (TABLE_WORDS and the
next): the number of the slab as float64, and the address of eight words that all slabs share.
"""

from __future__ import annotations

from numba import cfunc, types

from caloexport.simulation.kernels.memory import (
    call,
    load_float,
    load_word,
    store_float,
    store_word,
)

#: virtual functions that the copy holds
FUNCTIONS = 16
#: the shared words: rows filled, rows there are, their address, function to call when full,
#: and where in a step its energy deposit and post-step point are, where in that its position
COUNT, CAPACITY, ROWS, WHEN_FULL, ENERGY_AT, POINT_AT, POSITION_AT = range(7)


@cfunc(types.boolean(types.int64, types.int64, types.int64), cache=True)
def record_step(detector, step, history):
    """Write energy, position and slab of a step into the next row."""
    table = load_word(detector)
    shared = load_word(table + 8 * (FUNCTIONS + 1))
    energy = load_float(step + load_word(shared + 8 * ENERGY_AT))
    if energy > 0.0:
        position = load_word(step + load_word(shared + 8 * POINT_AT))
        position += load_word(shared + 8 * POSITION_AT)
        count = load_word(shared + 8 * COUNT)
        row = load_word(shared + 8 * ROWS) + 40 * count
        store_float(row, energy)
        store_float(row + 8, load_float(position))
        store_float(row + 16, load_float(position + 8))
        store_float(row + 24, load_float(position + 16))
        store_float(row + 32, load_float(table + 8 * FUNCTIONS))
        store_word(shared + 8 * COUNT, count + 1)
        if count + 1 == load_word(shared + 8 * CAPACITY):
            call(load_word(shared + 8 * WHEN_FULL))
    return True
