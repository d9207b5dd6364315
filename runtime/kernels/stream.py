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

#: vectors that each of the two reads of a step takes
VECTORS = 4
#: independent sums: enough to hide the latency of an addition
SUMS = 2 * VECTORS
#: integers that describe a part
FIELDS = 4
FIELD_BYTES = 8


@intrinsic  # type: ignore[untyped-decorator]
def add_up(context: Any, first: Any, second: Any, stride: Any, steps: Any, result: Any) -> Any:
    """Add 64 floats at each of two addresses, ``steps`` times, to the sixteen at ``result``."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit_sum(builder, *arguments)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), generate


def emit_sum(builder: Any, first: Any, second: Any, stride: Any, steps: Any, result: Any) -> None:
    """Emit the loop; one accumulator starts from the result so far, the others from zero."""
    sums = [cgutils.alloca_once(builder, VECTOR) for _ in range(SUMS)]
    builder.store(load(builder, result, number(0)), sums[0])
    for place in sums[1:]:
        builder.store(ir.Constant(VECTOR, None), place)
    with cgutils.for_range(builder, steps, intp=INDEX) as loop:
        start = builder.mul(loop.index, stride)
        for k, place in enumerate(sums):
            address, vector = (first, k) if k < VECTORS else (second, k - VECTORS)
            part = load(builder, address, builder.add(start, number(vector * VECTOR_BYTES)))
            builder.store(builder.fadd(builder.load(place), part), place)
    total = builder.load(sums[0])
    for place in sums[1:]:
        total = builder.fadd(total, builder.load(place))
    store(builder, total, result, number(0))


@entry(Argument.READABLE, Argument.WRITABLE)
def stream(parts, parts_bytes, result, result_bytes):
    """Add up parts of the memory, and return how many.

    Args:
        parts: (n, 4) int64: two addresses, the bytes from step to step, and the steps. In each,
            64 floats are read at both addresses: of one stream, the second is 256 bytes behind
            the first; of two streams, half of the memory.
        result: (16,) float32, to which the sums are added.
    """
    if result_bytes < LANES * FLOAT_BYTES:
        return 0
    fields = integers_at(parts)
    count = parts_bytes // (FIELDS * FIELD_BYTES)
    for row in range(count):
        k = row * FIELDS
        add_up(fields[k], fields[k + 1], fields[k + 2], fields[k + 3], result)
    return count
