"""The product of showers with one tile of a dense kernel, accumulated in registers.

Each output is summed over k in order, starting from its bias, whatever the shape of the block:
a shower gets the same bits alone and in a batch.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels.emit import (
    LANES,
    VECTOR,
    load,
    multiply_add,
    pointer,
    splat,
    store,
)
from caloexport.runtime.kernels.plan import ROWS
from caloexport.runtime.packing import TILE

INDEX = ir.IntType(64)


def make_product(rows: int, vectors: int) -> Any:
    """Return a compiled function (weights, inputs, n_in, bias, out) on addresses.

    It multiplies ``rows`` input vectors with ``vectors``·16 neighbouring columns of a tile.

    Shapes of what the addresses point to:
        weights: (n_in, 64), of which it reads the first columns.
        inputs: (n_in, rows), so that one register addresses all rows.
        bias: (columns,).
        out: (rows, 64), of which it writes the first columns.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def product(context: Any, weights: Any, inputs: Any, n_in: Any, bias: Any, out: Any) -> Any:
        signature = types.void(*(types.int64,) * 5)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            emit_product(builder, rows, vectors, *arguments)
            return context.get_dummy_value()

        return signature, generate

    return product


def emit_product(
    builder: Any,
    rows: int,
    vectors: int,
    weights: Any,
    inputs: Any,
    n_in: Any,
    bias: Any,
    out: Any,
) -> None:
    """Emit the loop over k; LLVM promotes the accumulators from memory to registers."""

    def number(value: int) -> Any:
        return ir.Constant(INDEX, value)

    addresses = (weights, inputs, bias, out)
    weights, inputs, bias, out = (pointer(builder, address) for address in addresses)
    sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(vectors)] for _ in range(rows)]
    for row in range(rows):
        for v in range(vectors):
            builder.store(load(builder, bias, number(v * LANES)), sums[row][v])
    with cgutils.for_range(builder, n_in, intp=INDEX) as loop:
        start = builder.mul(loop.index, number(TILE))
        columns = [
            load(builder, weights, builder.add(start, number(v * LANES))) for v in range(vectors)
        ]
        for row in range(rows):
            place = builder.add(builder.mul(loop.index, number(rows)), number(row))
            x = splat(builder, builder.load(builder.gep(inputs, [place])))
            for v in range(vectors):
                total = multiply_add(builder, columns[v], x, builder.load(sums[row][v]))
                builder.store(total, sums[row][v])
    for row in range(rows):
        for v in range(vectors):
            store(builder, builder.load(sums[row][v]), out, number(row * TILE + v * LANES))


#: one shower, the whole tile
product_of_one = make_product(1, TILE // LANES)
#: six showers, sixteen columns
product_of_block = make_product(ROWS, 1)
