"""What is done to sixteen numbers at a time: Adam, the sigmoid, and its cross-entropy.

Arguments are addresses of sixteen floats each, and single floats.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels.emit import (
    FLOAT,
    FLOAT_BYTES,
    INDEX,
    VECTOR,
    VECTOR_BYTES,
    WORD,
    constant,
    load,
    multiply_add,
    number,
    splat,
    store,
)
from caloexport.runtime.kernels.gaussian import logarithm
from caloexport.runtime.kernels.lanes import Lanes
from caloexport.runtime.kernels.sigmoid import LARGEST, LOG2_E, exp2_anywhere
from caloexport.training.fastv.kernels.products import prefetch
from caloexport.training.fastv.step import BETA_1, BETA_2, EPSILON

HERE = number(0)
#: what a new gradient weighs in the moments, rounded like TensorFlow's
RISE_1, RISE_2 = (np.float32(1) - np.float32(beta) for beta in (BETA_1, BETA_2))
#: vectors of a row that are summed together
HIT_VECTORS = 7


@intrinsic  # type: ignore[untyped-decorator]
def adam(context: Any, weight: Any, first: Any, second: Any, gradient: Any, rate: Any) -> Any:
    """Move weights and their moments; ``rate`` is α √(1 - β2^t) / (1 - β1^t), a float.

    The formula is TensorFlow's (core/kernels/training_ops.cc, ApplyAdam).
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        *places, rate = arguments
        w, m, v, g = (Lanes(builder, load(builder, place, HERE)) for place in places)
        m = m + (g - m) * RISE_1
        v = v + (g * g - v) * RISE_2
        step = builder.fdiv((m * rate).value, (v.square_root() + EPSILON).value)
        for place, new in zip(places, (w - Lanes(builder, step), m, v), strict=False):
            store(builder, new.value, place, HERE)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, types.float32), generate


@intrinsic  # type: ignore[untyped-decorator]
def add_scaled(context: Any, sums: Any, factor: Any, terms: Any) -> Any:
    """Add a float times some numbers to sums."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sums, factor, terms = arguments
        total = load(builder, sums, HERE)
        total = multiply_add(builder, splat(builder, factor), load(builder, terms, HERE), total)
        store(builder, total, sums, HERE)
        return context.get_dummy_value()

    return types.void(types.int64, types.float32, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def sum_of_hits(
    context: Any, begin: Any, end: Any, showers: Any, fractions: Any, rows: Any, step: Any, out: Any
) -> Any:
    """Write Σ fraction · row of the shower, over some hits, for HIT_VECTORS vectors of the rows.

    Arguments: numbers of the first hit and of that after the last; addresses of all showers
    (int32) and fractions, of the first row, bytes from row to row, address of the result.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin, end, showers, fractions, rows, step, out = arguments
        totals = [cgutils.alloca_once(builder, VECTOR) for _ in range(HIT_VECTORS)]
        for total in totals:
            builder.store(constant(0.0), total)
        with cgutils.for_range(builder, end, start=begin, intp=INDEX) as loop:
            at = builder.mul(loop.index, number(FLOAT_BYTES))
            factor = splat(builder, load(builder, fractions, at, FLOAT))
            shower = builder.sext(load(builder, showers, at, WORD), INDEX)
            row = builder.add(rows, builder.mul(shower, step))
            for k, total in enumerate(totals):
                vector = load(builder, row, number(k * VECTOR_BYTES))
                builder.store(multiply_add(builder, factor, vector, builder.load(total)), total)
        for k, total in enumerate(totals):
            store(builder, builder.load(total), out, number(k * VECTOR_BYTES))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7), generate


@intrinsic  # type: ignore[untyped-decorator]
def expect(context: Any, place: Any) -> Any:
    """Begin to fetch what stands at an address, from memory that no one has read for long."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        prefetch(builder, arguments[0], HERE)
        return context.get_dummy_value()

    return types.void(types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def to_sigmoid(context: Any, place: Any, sums: Any) -> Any:
    """Put the sigmoid in the place of logits, and add it to sums; NaN stays NaN."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place, sums = arguments
        logits = load(builder, place, HERE)
        sigmoid = builder.fdiv(constant(1.0), (_exponential(builder, logits, -1) + 1.0).value)
        store(builder, sigmoid, place, HERE)
        store(builder, builder.fadd(load(builder, sums, HERE), sigmoid), sums, HERE)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 2), generate


@intrinsic  # type: ignore[untyped-decorator]
def to_gradient(context: Any, place: Any, slope: Any, share: Any) -> Any:
    """Put (p + slope p (1 - p)) share in the place of p."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place, slope, share = arguments
        p = Lanes(builder, load(builder, place, HERE))
        moved = (p + (p - p * p) * slope) * share
        store(builder, moved.value, place, HERE)
        return context.get_dummy_value()

    return types.void(types.int64, *[types.float32] * 2), generate


@intrinsic  # type: ignore[untyped-decorator]
def add_softplus(context: Any, place: Any, sums: Any) -> Any:
    """Add ln(1 + e^x) to sums: max(x, 0) + ln(1 + e^-|x|)."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place, sums = arguments
        x = Lanes(builder, load(builder, place, HERE))
        negative = x.below(0.0)
        small = _exponential(builder, (x.where(negative, -x)).value, 1)
        above = small + 1.0
        # what rounding took from 1 + small: the logarithm has it as a term of first order
        lost = builder.fdiv((small - (above - 1.0)).value, above.value)
        both = logarithm(above) + Lanes(builder, lost)
        both = both + Lanes.of(builder, x.kind, 0.0).where(negative, x)
        store(builder, (Lanes(builder, load(builder, sums, HERE)) + both).value, sums, HERE)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 2), generate


def _exponential(builder: Any, x: Any, sign: int) -> Lanes:
    """Emit e^±x, at most 2^126."""
    t = builder.fmul(x, constant(sign * LOG2_E))
    above = builder.fcmp_ordered(">", t, constant(LARGEST))  # this way round a NaN stays a NaN
    return Lanes(builder, exp2_anywhere(builder, builder.select(above, constant(LARGEST), t)))
