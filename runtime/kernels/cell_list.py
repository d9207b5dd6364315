"""From dense showers to lists of the cells that are not zero."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from caloexport.runtime.kernels.casts import floats_at, integers32_at
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.emit import LANES, constant, load, number

FLOAT_BYTES = 4


@intrinsic  # type: ignore[untyped-decorator]
def any_cell(context: Any, address: Any) -> Any:
    """Say whether one of sixteen floats at an address is not zero."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        values = load(builder, arguments[0], number(0))
        bits = builder.fcmp_unordered("!=", values, constant(0.0))
        together = builder.bitcast(bits, ir.IntType(LANES))
        return builder.icmp_unsigned("!=", together, ir.IntType(LANES)(0))

    return types.boolean(types.int64), generate


@inner
def append_cells(shower, cells, indices, energies, count, room):
    """Append the cells of a shower behind ``count`` others, and return how many there are then.

    Args:
        shower: address of (cells,) float32.
        indices, energies: addresses of (room,) int32 and float32; what has no room is counted only.
    """
    values, places, kept = floats_at(shower), integers32_at(indices), floats_at(energies)
    for start in range(0, cells, LANES):
        stop = min(start + LANES, cells)
        if stop - start == LANES and not any_cell(shower + start * FLOAT_BYTES):
            continue
        if count + LANES <= room:
            for k in range(start, stop):  # what is zero is overwritten by the next
                places[count], kept[count] = np.int32(k), values[k]
                count += 1 if values[k] != 0 else 0
            continue
        for k in range(start, stop):
            if values[k] != 0:
                if count < room:
                    places[count], kept[count] = np.int32(k), values[k]
                count += 1
    return count
