"""Reading memory as fast as one core can: the probe of the bandwidth limit."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels.arguments import Argument
from caloexport.runtime.kernels.casts import integers_at
from caloexport.runtime.kernels.compiled import entry
from caloexport.runtime.kernels.emit import (
    FLOAT_BYTES,
    INDEX,
    LANES,
    VECTOR,
    VECTOR_BYTES,
    load,
    number,
    store,
)

#: independent sums of sixteen: enough to hide the latency of an addition
SUMS = 4
STEP = SUMS * LANES
PAIR_BYTES = 16


@intrinsic  # type: ignore[untyped-decorator]
def add_up(context: Any, address: Any, steps: Any, result: Any) -> Any:
    """Add ``steps``·64 floats at an address to the sixteen sums at ``result``."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit_sum(builder, *arguments)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


def emit_sum(builder: Any, address: Any, steps: Any, result: Any) -> None:
    """Emit the loop; one accumulator starts from the result so far, the others from zero."""

    sums = [cgutils.alloca_once(builder, VECTOR) for _ in range(SUMS)]
    builder.store(load(builder, result, number(0)), sums[0])
    for place in sums[1:]:
        builder.store(ir.Constant(VECTOR, None), place)
    with cgutils.for_range(builder, steps, intp=INDEX) as loop:
        start = builder.mul(loop.index, number(SUMS * VECTOR_BYTES))
        for k, place in enumerate(sums):
            part = load(builder, address, builder.add(start, number(k * VECTOR_BYTES)))
            builder.store(builder.fadd(builder.load(place), part), place)
    total = builder.load(sums[0])
    for place in sums[1:]:
        total = builder.fadd(total, builder.load(place))
    store(builder, total, result, number(0))


@entry(Argument.READABLE, Argument.WRITABLE)
def stream(places, places_bytes, result, result_bytes):
    """Add up whole arrays, and return how many.

    Args:
        places: (arrays, 2) int64, address and number of floats; a rest under 64 is left out.
        result: (16,) float32, to which the sums are added.
    """
    if result_bytes < LANES * FLOAT_BYTES:
        return 0
    pairs = integers_at(places)
    arrays = places_bytes // PAIR_BYTES
    for row in range(arrays):
        add_up(pairs[2 * row], pairs[2 * row + 1] // STEP, result)
    return arrays
