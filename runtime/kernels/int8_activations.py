"""Activations of one shower as whole numbers, in the form that int8 products read.

A packed shower is a header of 64 bytes and one or two words for every four inputs k … k+3. Header:
step of the activations (float32), then -128·Σ of the whole numbers, which takes back that weights
are stored as q + 128: one number, or for 16 bits two, the sum being 256·first + second.

Words:
    avx512, 16 bits: the four high bytes, the four low bytes.
    avx512, 8 bits: the four bytes.
    avx2, portable: 16-bit numbers (k, k+2), (k+1, k+3).

The arithmetic is that of ``caloexport.runtime.quantised_product``.
"""

from __future__ import annotations

from collections.abc import Callable
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
#: adding it to a float32 of up to 22 bits rounds to a whole number, ties to even, which then
#: stands in the low bits
ROUND = 1.5 * 2**23
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

    It reads up to 31 floats behind the last input, and does not use them.

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
    """Emit two passes over the inputs: the largest magnitude, and the whole numbers."""
    step, inverse = _step(builder, bits, _largest_bits(builder, inputs, n_in))
    factor, offset = splat(builder, inverse), _offset(bits)
    total = cgutils.alloca_once_value(builder, words(0))
    total_low = cgutils.alloca_once_value(builder, words(0))
    start = builder.add(packed, number(HEADER_BYTES))
    size = number(LANES * words_of_four(bits))

    def pack(chunk: Any, _: int, values: Any) -> None:
        levels = builder.fmul(builder.bitcast(values, VECTOR), factor)
        levels = builder.bitcast(builder.fadd(levels, constant(offset)), WORDS)
        builder.store(builder.add(builder.load(total), levels), total)
        if _sums_bytes(bits):
            low = builder.ashr(builder.shl(builder.xor(levels, words(128)), words(24)), words(24))
            builder.store(builder.add(builder.load(total_low), low), total_low)
        store(builder, _in_order(builder, bits, levels), start, builder.mul(chunk, size))

    chunks = _each_vector(builder, inputs, n_in, pack)
    # each of these vectors was that much too large, modulo 2³²
    extra = ir.Constant(WORD, int(np.float32(offset).view(np.int32)))
    extra = builder.mul(builder.trunc(chunks, WORD), extra)
    sums = builder.sub(builder.load(total), splat(builder, extra))
    parts = [sums]
    if bits == 16:
        # high and low bytes apart where their products are: each part has its own largest sum
        low = builder.load(total_low)
        rest = builder.sub(sums, low)
        parts = [
            builder.ashr(rest, words(8)),
            builder.add(low, builder.and_(rest, words(255))),
        ]
    store(builder, step, packed, number(0))
    for k, part in enumerate(parts):
        whole = _reduce(builder, part, builder.add)
        correction = builder.mul(whole, ir.Constant(WORD, -128))
        store(builder, correction, packed, number(FLOAT_BYTES * (1 + k)))


def _offset(bits: int) -> float:
    """Return what rounds activations; with 128 more, the second byte is the high one."""
    return ROUND + 128 if _sums_bytes(bits) else ROUND


def _sums_bytes(bits: int) -> bool:
    """Say whether products sum up high and low bytes of the inputs apart."""
    return LEVEL == "avx512" and bits == 16


def _each_vector(
    builder: Any, inputs: Any, n_in: Any, body: Callable[[Any, int, Any], None]
) -> Any:
    """Emit the body for every sixteen inputs, an even number of times, which is returned.

    Args:
        body: takes the number of the vector, whether it is the first or second of two, and the
            bits of the inputs, zeros behind the last one.
    """

    def two(step: Any, left: Any) -> None:
        for k in range(2):
            chunk = builder.add(builder.mul(step, number(2)), number(k))
            values = load(builder, inputs, builder.mul(chunk, number(VECTOR_BYTES)), WORDS)
            if left is not None:
                lanes = ir.Constant(WORDS, list(range(k * LANES, (k + 1) * LANES)))
                within = builder.icmp_signed("<", lanes, splat(builder, left))
                values = builder.select(within, values, words(0))
            body(chunk, k, values)

    whole, left = builder.lshr(n_in, number(5)), builder.and_(n_in, number(31))
    with cgutils.for_range(builder, whole, intp=INDEX) as loop:
        two(loop.index, None)
    some = builder.icmp_signed("!=", left, number(0))
    with builder.if_then(some):
        two(whole, builder.trunc(left, WORD))
    return builder.mul(builder.add(whole, builder.zext(some, INDEX)), number(2))


def _largest_bits(builder: Any, inputs: Any, n_in: Any) -> Any:
    """Return the bits of the largest magnitude.

    Those of positive floats are ordered like the floats, infinity and NaN above all others.
    """
    largest = [cgutils.alloca_once_value(builder, words(0)) for _ in range(2)]

    def keep(_: Any, k: int, values: Any) -> None:
        size = builder.and_(values, words(SIGN_OFF))
        builder.store(_larger(builder, size, builder.load(largest[k])), largest[k])

    _each_vector(builder, inputs, n_in, keep)
    both = _larger(builder, *(builder.load(place) for place in largest))
    return _reduce(builder, both, lambda x, y: _larger(builder, x, y))


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


def _in_order(builder: Any, bits: int, levels: Any) -> Any:
    """Return sixteen whole numbers, which stand in low bits, as products read them."""
    if LEVEL != "avx512":
        return _picked(
            builder,
            levels,
            SHORT,
            [first + 2 * k for first in range(0, 32, 8) for k in (0, 2, 1, 3)],
        )
    low = range(0, 4 * LANES, 4)
    if bits == 8:
        return _picked(builder, levels, BYTE, list(low))
    # the 128 in the sum turned the highest bit of the low byte around
    levels = builder.xor(levels, words(128))
    order = [
        k + side for four in range(0, LANES, 4) for side in (1, 0) for k in low[four : four + 4]
    ]
    return _picked(builder, levels, BYTE, order)


def _picked(builder: Any, vector: Any, kind: Any, order: list[int]) -> Any:
    """Return some of the parts of a vector."""
    parts = builder.bitcast(vector, ir.VectorType(kind, LANES * WORD.width // kind.width))
    lanes = ir.Constant(ir.VectorType(WORD, len(order)), order)
    return builder.shuffle_vector(parts, ir.Constant(parts.type, ir.Undefined), lanes)


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
