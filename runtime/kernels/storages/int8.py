"""Weights as whole numbers q of 8 bits, stored as q + 128: a word holds those of four inputs.

The inputs of a product are whole numbers, too, as ``int8_activations`` packs them, and so is a
sum S = 256·high + low, two words for each output. Overflow on the way does no harm, for what counts
is the last value, modulo 2³². It fits up to n = ``plan.MOST_INPUTS``:

    dots of bytes, inputs of 16 bits: their high and low bytes are summed apart,
        |high| ≤ 127·127·n and |low| ≤ 128·127·n.
    pairs of 16-bit numbers: sums s of up to 256 inputs, at most 255·32639·256 < 2³¹, are split
        as s = 256·(s >> 8) + (s & 255) and the parts added up, |high| ≤ 16256·n, |low| ≤ 16385·n.
    inputs of 8 bits: one sum, at most 127·127·n.

S is rounded to float32 once; the arithmetic is that of ``caloexport.runtime.quantised_product``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from caloexport.runtime.kernels.emit import (
    FLOAT,
    FLOAT_BYTES,
    INDEX,
    LANES,
    VECTOR,
    WORD,
    WORDS,
    constant,
    load,
    number,
    splat,
    words,
)
from caloexport.runtime.kernels.emit_integers import SHORT, dot_bytes, dot_pairs
from caloexport.runtime.kernels.int8_activations import HEADER_BYTES, words_of_four
from caloexport.runtime.kernels.level import LEVEL
from caloexport.runtime.kernels.storages import Storage

#: words of weights whose products one sum of pairs takes
BLOCK = 64


class Int8(Storage):
    """What dots of bytes and pairs of 16-bit numbers have in common.

    Args:
        bits: of an input.
    """

    inputs_per_word = 4
    kind = WORDS

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.words_of_four = words_of_four(bits)

    def start(self, builder: Any, bias: Any, row: Any) -> Sequence[Any]:
        # behind the step of the inputs stands what takes back the 128 of every weight
        places = [number(FLOAT_BYTES * (1 + part)) for part in range(self.bits // 8)]
        return [splat(builder, load(builder, row, place, WORD)) for place in places]

    def inputs(self, builder: Any, row: Any, word: Any, n_in: Any) -> Sequence[Any]:
        first = builder.mul(word, number(FLOAT_BYTES * self.words_of_four))
        places = [HEADER_BYTES + FLOAT_BYTES * k for k in range(self.words_of_four)]
        return [
            splat(builder, load(builder, row, builder.add(first, number(place)), WORD))
            for place in places
        ]

    def result(self, builder: Any, sums: Sequence[Any], bias: Any, scale: Any, row: Any) -> Any:
        step = splat(builder, load(builder, row, number(0), FLOAT))
        factor = builder.fmul(step, load(builder, scale, number(0)))
        # not fused: the bits are those of every level, and of numpy
        return builder.fadd(builder.fmul(whole(builder, sums), factor), bias)


class Int8Dots(Int8):
    """Four products of bytes in one instruction; one for each byte of an input."""

    streams = (1, 2)

    def __init__(self, bits: int) -> None:
        super().__init__(bits)
        self.accumulators = bits // 8
        self.block = (6 // self.accumulators, 4)

    def accumulate(
        self, builder: Any, sums: Sequence[Any], column: Any, inputs: Sequence[Any]
    ) -> Sequence[Any]:
        return [dot_bytes(builder, total, column, x) for total, x in zip(sums, inputs, strict=True)]


class Int8Pairs(Int8):
    """Two products of 16-bit numbers in one instruction."""

    block = (4, 1)
    streams = (1, 1)

    def start(self, builder: Any, bias: Any, row: Any) -> Sequence[Any]:
        totals = super().start(builder, bias, row)
        return totals if self.bits == 8 else [words(0), *totals]

    def accumulate(
        self, builder: Any, sums: Sequence[Any], column: Any, inputs: Sequence[Any]
    ) -> Sequence[Any]:
        total = sums[0]
        for x, weights in zip(inputs, even_and_odd(builder, column), strict=True):
            total = dot_pairs(builder, total, weights, x)
        return [total, *sums[1:]]

    @contextlib.contextmanager
    def loop(self, builder: Any, count: Any, slots: Sequence[Sequence[Any]]) -> Iterator[Any]:
        if self.bits == 8:
            with super().loop(builder, count, slots) as word:
                yield word
            return
        blocks = builder.lshr(builder.add(count, number(BLOCK - 1)), number(6))
        with cgutils.for_range(builder, blocks, intp=INDEX) as outer:
            first = builder.mul(outer.index, number(BLOCK))
            left = builder.sub(count, first)
            short = builder.icmp_signed("<", left, number(BLOCK))
            length = builder.select(short, left, number(BLOCK))
            with cgutils.for_range(builder, length, intp=INDEX) as inner:
                yield builder.add(first, inner.index)
            for total, high, low in slots:
                fold(builder, total, high, low)

    def result(self, builder: Any, sums: Sequence[Any], bias: Any, scale: Any, row: Any) -> Any:
        return super().result(builder, sums[-(self.bits // 8) :], bias, scale, row)


def even_and_odd(builder: Any, column: Any) -> list[Any]:
    """Return bytes k and k+2, then k+1 and k+3 of every word as 16-bit numbers."""
    halves = ir.VectorType(SHORT, 2 * LANES)
    pairs = builder.bitcast(column, halves)
    even = builder.and_(pairs, ir.Constant(halves, [255] * 2 * LANES))
    odd = builder.lshr(pairs, ir.Constant(halves, [8] * 2 * LANES))
    return [builder.bitcast(side, WORDS) for side in (even, odd)]


def fold(builder: Any, slot: Any, high: Any, low: Any) -> None:
    """Add a sum to its two parts, and set it to zero."""
    total = builder.load(slot)
    upper = builder.ashr(total, words(8))
    lower = builder.and_(total, words(255))
    builder.store(builder.add(builder.load(high), upper), high)
    builder.store(builder.add(builder.load(low), lower), low)
    builder.store(words(0), slot)


def whole(builder: Any, sums: Sequence[Any]) -> Any:
    """Return one sum, or 256·high + low, as float32, rounded once."""
    if len(sums) == 1:
        return builder.sitofp(sums[0], VECTOR)
    high, low = sums
    # cut into A·2²⁰ + B that float32 holds exactly: only adding them rounds
    high = builder.add(high, builder.ashr(low, words(8)))
    upper = builder.sitofp(builder.ashr(high, words(12)), VECTOR)
    middle = builder.shl(builder.and_(high, words(0xFFF)), words(8))
    lower = builder.sitofp(builder.or_(middle, builder.and_(low, words(255))), VECTOR)
    return builder.fadd(builder.fmul(upper, constant(2.0**20)), lower)


def int8(bits: int) -> Int8:
    """Return the storage as this level of instructions multiplies it."""
    return Int8Dots(bits) if LEVEL == "avx512" else Int8Pairs(bits)
