"""Two products of blocks that stay in registers, and how whole matrices are cut into them.

Sizes of matrices are numbers of floats, places are addresses. Sums are made in the same order
whatever the number of threads.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels.emit import (
    FLOAT,
    FLOAT_BYTES,
    INDEX,
    LANES,
    VECTOR,
    VECTOR_BYTES,
    WORD,
    at,
    call,
    load,
    multiply_add,
    number,
    splat,
    store,
)
from caloexport.training.fastv.kernels.compiled import inner

#: rows of a block, and vectors that stand beside each other in it: 24 sums fit into 32 registers
ROWS, VECTORS = 8, 3
#: columns of a block
COLUMNS = VECTORS * LANES


def outer_product(rows: int) -> Any:
    """Return a compiled function that adds left · right to a block of sums in memory.

    Its arguments are addresses and distances in bytes: left, from row to row, from term to term;
    right (terms, 48), from term to term; number of terms; sums (rows, 48), from row to row.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def add_outer(
        context: Any, left: Any, row: Any, term: Any, right: Any, right_term: Any, terms: Any,
        sums: Any, sums_row: Any,
    ) -> Any:  # fmt: skip
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            left, row, term, right, right_term, terms, sums, sums_row = arguments
            begins = [builder.mul(row, number(i)) for i in range(rows)]
            places = [
                (builder.add(sums, builder.mul(sums_row, number(i))), number(j * VECTOR_BYTES))
                for i in range(rows)
                for j in range(VECTORS)
            ]
            totals = _begun(builder, places)
            with cgutils.for_range(builder, terms, intp=INDEX) as loop:
                here = builder.add(right, builder.mul(right_term, loop.index))
                vectors = [load(builder, here, number(j * VECTOR_BYTES)) for j in range(VECTORS)]
                for j in range(VECTORS):  # of the next block, which the processor does not guess
                    prefetch(builder, here, number((2 * VECTORS + j) * VECTOR_BYTES))
                factors = builder.add(left, builder.mul(term, loop.index))
                for i, begin in enumerate(begins):
                    factor = splat(builder, load(builder, factors, begin, FLOAT))
                    for total, vector in zip(totals[i * VECTORS :], vectors, strict=False):
                        _add(builder, total, factor, vector)
            _end(builder, totals, places)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 8), generate

    return add_outer


def inner_product(columns: int) -> Any:
    """Return a compiled function that adds left · rightᵀ to sums of 16 lanes each.

    Its arguments are addresses and distances in bytes: left (8, vectors), from row to row; right
    (columns, vectors), from row to row; number of vectors; sums (8, columns) of 16 lanes.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def add_inner(
        context: Any, left: Any, left_row: Any, right: Any, right_row: Any, vectors: Any, sums: Any
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            left, left_row, right, right_row, vectors, sums = arguments
            lefts = [builder.add(left, builder.mul(left_row, number(i))) for i in range(ROWS)]
            rights = [builder.add(right, builder.mul(right_row, number(j))) for j in range(columns)]
            places = [(sums, number(k * VECTOR_BYTES)) for k in range(ROWS * columns)]
            totals = _begun(builder, places)
            with cgutils.for_range(builder, vectors, intp=INDEX) as loop:
                offset = builder.mul(loop.index, number(VECTOR_BYTES))
                beside = [load(builder, one, offset) for one in rights]
                for one in rights:  # of the next block
                    ahead = builder.add(offset, builder.mul(right_row, number(columns)))
                    prefetch(builder, one, ahead)
                for i, one in enumerate(lefts):
                    vector = load(builder, one, offset)
                    for total, other in zip(totals[i * columns :], beside, strict=False):
                        _add(builder, total, vector, other)
            _end(builder, totals, places)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), generate

    return add_inner


def prefetch(builder: Any, address: Any, offset: Any) -> None:
    """Emit a hint that a cache line will be wanted."""
    byte = ir.IntType(8)
    hint = (ir.Constant(WORD, value) for value in (0, 3, 1))  # to read, soon, data
    call(builder, "llvm.prefetch.p0i8", ir.VoidType(), at(builder, address, offset, byte), *hint)


def _begun(builder: Any, places: list[Any]) -> list[Any]:
    """Return sums with the values in memory; LLVM keeps them in registers."""
    totals = [cgutils.alloca_once(builder, VECTOR) for _ in places]
    for total, place in zip(totals, places, strict=True):
        builder.store(load(builder, *place), total)
    return totals


def _add(builder: Any, total: Any, x: Any, y: Any) -> None:
    builder.store(multiply_add(builder, x, y, builder.load(total)), total)


def _end(builder: Any, totals: list[Any], places: list[Any]) -> None:
    for total, place in zip(totals, places, strict=True):
        store(builder, builder.load(total), *place)


_outer_block, _outer_row = outer_product(ROWS), outer_product(1)
_inner_block, _inner_column = inner_product(VECTORS), inner_product(1)


@inner
def add_outer(left, row, term, rows, right, right_step, terms, sums, sums_step):
    """Add left · right to sums (rows, 48).

    left[i, t] stands at left + 4 (i row + t term) · right (terms, 48) · steps in floats
    """
    f = FLOAT_BYTES
    i = 0
    while i + ROWS <= rows:
        _outer_block(
            left + i * row * f, row * f, term * f, right, right_step * f, terms,
            sums + i * sums_step * f, sums_step * f,
        )  # fmt: skip
        i += ROWS
    while i < rows:
        _outer_row(
            left + i * row * f, row * f, term * f, right, right_step * f, terms,
            sums + i * sums_step * f, sums_step * f,
        )  # fmt: skip
        i += 1


@inner
def add_inner(left, left_step, rows, right, right_step, columns, vectors, sums):
    """Add left · rightᵀ, rows a multiple of 8, to sums of 16 lanes each.

    The sums of eight rows and all columns stand together: ``total_of`` knows how.
    """
    f, block = FLOAT_BYTES, ROWS * VECTOR_BYTES
    for i in range(0, rows, ROWS):
        at_left, at_sums = left + i * left_step * f, sums + i * columns * VECTOR_BYTES
        j = 0
        while j + VECTORS <= columns:
            at_right = right + j * right_step * f
            _inner_block(
                at_left, left_step * f, at_right, right_step * f, vectors, at_sums + j * block
            )
            j += VECTORS
        while j < columns:
            at_right = right + j * right_step * f
            _inner_column(
                at_left, left_step * f, at_right, right_step * f, vectors, at_sums + j * block
            )
            j += 1


@inner
def total_of(sums, i, j, columns):
    """Return the element (i, j) of what ``add_inner`` made: sums (rows · columns, 16)."""
    first = (i // ROWS) * ROWS * columns
    whole = columns // VECTORS * VECTORS
    if j < whole:
        first += (j // VECTORS) * VECTORS * ROWS + (i % ROWS) * VECTORS + j % VECTORS
    else:
        first += j * ROWS + i % ROWS
    total = sums[first, 0]
    for lane in range(1, LANES):
        total += sums[first, lane]
    return total
