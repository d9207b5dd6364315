"""Reading memory as fast as one core can: the probe of the bandwidth limit."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels.compiled import entry, stamp
from caloexport.runtime.kernels.emit import LANES, VECTOR, load, pointer, store

#: independent sums of sixteen: enough to hide the latency of an addition
SUMS = 4
STEP = SUMS * LANES
INDEX = ir.IntType(64)

SIGNATURE = types.void(
    types.Array(types.int64, 2, "C", readonly=True), types.Array(types.float32, 1, "C")
)


@intrinsic  # type: ignore[untyped-decorator]
def add_up(context: Any, address: Any, steps: Any, result: Any) -> Any:
    """Add ``steps``·64 floats at an address to the sixteen sums at ``result``."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit_sum(builder, *arguments)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


def emit_sum(builder: Any, address: Any, steps: Any, result: Any) -> None:
    """Emit the loop; one accumulator starts from the result so far, the others from zero."""

    def number(value: int) -> Any:
        return ir.Constant(INDEX, value)

    source, target = pointer(builder, address), pointer(builder, result)
    sums = [cgutils.alloca_once(builder, VECTOR) for _ in range(SUMS)]
    builder.store(load(builder, target, number(0)), sums[0])
    for place in sums[1:]:
        builder.store(ir.Constant(VECTOR, [0.0] * LANES), place)
    with cgutils.for_range(builder, steps, intp=INDEX) as loop:
        start = builder.mul(loop.index, number(STEP))
        for k, place in enumerate(sums):
            part = load(builder, source, builder.add(start, number(k * LANES)))
            builder.store(builder.fadd(builder.load(place), part), place)
    total = builder.load(sums[0])
    for place in sums[1:]:
        total = builder.fadd(total, builder.load(place))
    store(builder, total, target, number(0))


def make_stream(version: int) -> Any:
    """Compile ``stream``; ``version`` is part of the key under which it is kept on disk."""

    def stream(places, result):
        """Add up whole arrays.

        Args:
            places: (arrays, 2) address and number of floats; a rest under 64 is left out.
            result: (16,) float32, to which the sums are added.
        """
        _ = version
        for row in range(places.shape[0]):
            add_up(places[row, 0], places[row, 1] // STEP, result.ctypes.data)

    return entry(SIGNATURE)(stream)


stream = make_stream(stamp())
