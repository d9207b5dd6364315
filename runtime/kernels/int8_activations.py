"""Activations of one shower as whole numbers, in the form that int8 products read.

A packed shower is a header of 64 bytes and one or two words for every four inputs k … k+3. Header:
step of the activations (float32), then what takes back that weights are stored as q + 128:
-128·Σ of the high bytes and of the low bytes, or of the whole numbers where they have 8 bits.

Words:
    avx512, 16 bits: the four high bytes, the four low bytes.
    avx512, 8 bits: the four bytes.
    avx2, portable: 16-bit numbers (k, k+2), (k+1, k+3).

The arithmetic is that of ``caloexport.runtime.quantised_product``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.emit import (
    FLOAT,
    FLOAT_BYTES,
    INDEX,
    LANES,
    VECTOR,
    VECTOR_BYTES,
    WORD,
    WORDS,
    constant,
    load,
    number,
    splat,
    store,
    words,
)
from caloexport.runtime.kernels.emit_integers import BYTE, SHORT
from caloexport.runtime.kernels.level import LEVEL
from caloexport.runtime.quantised_product import LARGEST_LEVEL, SMALLEST

HEADER_BYTES = 64
#: inputs that share a word of weights
TOGETHER = 4
#: adding it to a float32 of up to 22 bits rounds to a whole number, ties to even
ROUND = 1.5 * 2**23
ROUND_BITS = int(np.float32(ROUND).view(np.int32))
SIGN_OFF = 0x7FFFFFFF
INFINITY_BITS = 0x7F800000


def words_of_four(bits: int) -> int:
    """Return how many words four inputs take."""
    return 1 if LEVEL == "avx512" and bits == 8 else 2


@inner
def packed_bytes(n_in):
    """Return an upper bound of the bytes of a packed shower, a multiple of 64."""
    return HEADER_BYTES + (n_in + 31) // 32 * 64


def make_quantise(bits: int) -> Any:
    """Return a compiled function (inputs, n_in, packed) on addresses.

    It reads up to 15 floats behind the last input, and does not use them.

    Shapes of what the addresses point to:
        inputs: (n_in,) float32.
        packed: the bytes of ``packed_bytes``, overwritten.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def quantise(context: Any, inputs: Any, n_in: Any, packed: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _emit_quantise(builder, bits, *arguments)
            return context.get_dummy_value()

        return types.void(*(types.int64,) * 3), generate

    return quantise


def _emit_quantise(builder: Any, bits: int, inputs: Any, n_in: Any, packed: Any) -> None:
    """Emit two loops over sixteen inputs each: the largest magnitude, and the whole numbers."""
    chunks = builder.lshr(builder.add(n_in, number(LANES - 1)), number(4))
    count = builder.trunc(n_in, WORD)
    largest = _largest_bits(builder, inputs, count, chunks)
    step, inverse = _step(builder, bits, largest)
    sums = [cgutils.alloca_once_value(builder, words(0)) for _ in range(bits // 8)]
    factor = splat(builder, inverse)
    start = builder.add(packed, number(HEADER_BYTES))
    bytes_of_chunk = number(LANES * words_of_four(bits))
    with cgutils.for_range(builder, chunks, intp=INDEX) as loop:
        values = builder.bitcast(_values(builder, inputs, count, loop.index), VECTOR)
        shifted = builder.fadd(builder.fmul(values, factor), constant(ROUND))
        levels = builder.sub(builder.bitcast(shifted, WORDS), words(ROUND_BITS))
        parts = [levels]
        if bits == 16:
            high = builder.ashr(builder.add(levels, words(128)), words(8))
            parts = [high, builder.sub(levels, builder.shl(high, words(8)))]
        for part, place in zip(parts, sums, strict=True):
            builder.store(builder.add(builder.load(place), part), place)
        place = builder.mul(loop.index, bytes_of_chunk)
        store(builder, _interleaved(builder, levels, parts), start, place)
    store(builder, step, packed, number(0))
    for k, place in enumerate(sums):
        total = _reduce(builder, builder.load(place), builder.add)
        correction = builder.mul(total, ir.Constant(WORD, -128))
        store(builder, correction, packed, number(FLOAT_BYTES * (1 + k)))


def _values(builder: Any, inputs: Any, count: Any, chunk: Any) -> Any:
    """Return the bits of sixteen inputs, zeros behind the last one."""
    vector = load(builder, inputs, builder.mul(chunk, number(VECTOR_BYTES)), WORDS)
    first = builder.trunc(builder.mul(chunk, number(LANES)), WORD)
    left = splat(builder, builder.sub(count, first))
    within = builder.icmp_signed("<", ir.Constant(WORDS, list(range(LANES))), left)
    return builder.select(within, vector, words(0))


def _largest_bits(builder: Any, inputs: Any, count: Any, chunks: Any) -> Any:
    """Return the bits of the largest magnitude.

    Those of positive floats are ordered like the floats, infinity and NaN above all others.
    """
    largest = cgutils.alloca_once_value(builder, words(0))
    with cgutils.for_range(builder, chunks, intp=INDEX) as loop:
        size = builder.and_(_values(builder, inputs, count, loop.index), words(SIGN_OFF))
        builder.store(_larger(builder, size, builder.load(largest)), largest)
    return _reduce(builder, builder.load(largest), lambda x, y: _larger(builder, x, y))


def _step(builder: Any, bits: int, largest: Any) -> tuple[Any, Any]:
    """Return the step of the whole numbers, and its inverse; NaN and 0 if one is not finite."""

    def real(value: float) -> Any:
        return ir.Constant(FLOAT, value)

    level = real(LARGEST_LEVEL[bits])
    finite = builder.icmp_signed("<", largest, ir.Constant(WORD, INFINITY_BITS))
    smallest = ir.Constant(WORD, int(SMALLEST.view(np.int32)))
    bounded = builder.bitcast(_larger(builder, largest, smallest), FLOAT)
    step = builder.select(finite, builder.fdiv(bounded, level), real(float("nan")))
    return step, builder.select(finite, builder.fdiv(level, bounded), real(0.0))


def _interleaved(builder: Any, levels: Any, parts: list[Any]) -> Any:
    """Return the words of sixteen inputs in the order that products read."""
    if LEVEL != "avx512":
        shorts = builder.trunc(levels, ir.VectorType(SHORT, LANES))
        order = [first + k for first in range(0, LANES, 4) for k in (0, 2, 1, 3)]
        undefined = ir.Constant(shorts.type, ir.Undefined)
        return builder.shuffle_vector(shorts, undefined, ir.Constant(WORDS, order))
    four = ir.VectorType(WORD, LANES // TOGETHER)
    packed = [
        builder.bitcast(builder.trunc(part, ir.VectorType(BYTE, LANES)), four) for part in parts
    ]
    if len(packed) == 1:
        return packed[0]
    order = [half * 4 + word for word in range(4) for half in (0, 1)]
    return builder.shuffle_vector(*packed, ir.Constant(ir.VectorType(WORD, 8), order))


def _larger(builder: Any, x: Any, y: Any) -> Any:
    return builder.select(builder.icmp_signed(">", x, y), x, y)


def _reduce(builder: Any, vector: Any, combine: Any) -> Any:
    """Return all lanes combined to one."""
    width = LANES
    while width > 1:
        width //= 2
        undefined = ir.Constant(vector.type, ir.Undefined)
        halves = [
            builder.shuffle_vector(
                vector,
                undefined,
                ir.Constant(ir.VectorType(WORD, width), list(range(k, k + width))),
            )
            for k in (0, width)
        ]
        vector = combine(*halves)
    return builder.extract_element(vector, ir.Constant(WORD, 0))
