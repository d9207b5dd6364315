"""The sigmoid of sixteen numbers in registers, a few 1e-7 from the formula.

An activation of a wide layer is computed while no weights arrive, so that every instruction of it
costs time: at the level avx512 the exponential takes two instructions besides its polynomial.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir

from caloexport.runtime.kernels.emit import (
    VECTOR,
    WORD,
    WORDS,
    call,
    constant,
    multiply_add,
    words,
)
from caloexport.runtime.kernels.level import LEVEL

#: 2^f for |f| ≤ 1/2, to 2e-7, the last one first (Cephes, S. Moshier, exp2f.c)
AROUND_ZERO = (
    1.535336188319500e-4,
    1.339887440266574e-3,
    9.618437357674640e-3,
    5.550332471162809e-2,
    2.402264791363012e-1,
    6.931472028550421e-1,
    1.0,
)
#: 2^f for 0 ≤ f < 1, to 2e-7, the last one first (the least maximum of the relative error among
#: those of degree 5 that begin with 1, found by the algorithm of Remez)
ABOVE_ZERO = (
    1.8671300495043397e-3,
    9.017030708491802e-3,
    5.579991266131401e-2,
    2.4016444385051727e-1,
    6.931512951850891e-1,
    1.0,
)
LOG2_E = 1 / math.log(2)
#: beyond it 2^t is not a normal number
LARGEST = 126.0
#: adding it rounds to a whole number, which then stands in the low bits
ROUND = 1.5 * 2**23
ROUND_BITS = 0x4B400000
ALL_LANES = ir.Constant(ir.IntType(16), -1)
#: operands of instructions: subtract what is below in whole numbers; keep the rounding mode
SUBTRACT_FLOOR, CURRENT_ROUNDING = ir.Constant(WORD, 9), ir.Constant(WORD, 4)


def sigmoid(builder: Any, x: Any) -> Any:
    """Return 1/(1 + e^-x); exactly 0 below -87.3, NaN for NaN."""
    t = builder.fmul(x, constant(-LOG2_E))
    vanishes = builder.fcmp_ordered(">", t, constant(LARGEST))
    # this way round a NaN stays a NaN
    bounded = builder.select(vanishes, constant(LARGEST), t)
    result = reciprocal(builder, builder.fadd(exp2(builder, bounded), constant(1.0)))
    return builder.select(vanishes, constant(0.0), result)


def exp2(builder: Any, t: Any) -> Any:
    """Return 2^t for t ≤ 126; at most 1e-37 below -126."""
    return exp2_avx512(builder, t) if LEVEL == "avx512" else exp2_anywhere(builder, t)


def exp2_avx512(builder: Any, t: Any) -> Any:
    """Return 2^t with the instructions that split a number and that scale by a power of two."""
    zero = constant(0.0)
    name = "llvm.x86.avx512.mask.reduce.ps.512"
    above = call(builder, name, VECTOR, t, SUBTRACT_FLOOR, zero, ALL_LANES, CURRENT_ROUNDING)
    power = polynomial(builder, ABOVE_ZERO, above)
    name = "llvm.x86.avx512.mask.scalef.ps.512"  # x·2^floor(t)
    return call(builder, name, VECTOR, power, t, zero, ALL_LANES, CURRENT_ROUNDING)


def exp2_anywhere(builder: Any, t: Any) -> Any:
    """Return 2^t with instructions of every CPU."""
    below = builder.fcmp_ordered("<", t, constant(-LARGEST))
    t = builder.select(below, constant(-LARGEST), t)
    shifted = builder.fadd(t, constant(ROUND))
    rest = builder.fsub(t, builder.fsub(shifted, constant(ROUND)))
    exponent = builder.sub(builder.bitcast(shifted, WORDS), words(ROUND_BITS - 127))
    power = builder.bitcast(builder.shl(exponent, words(23)), VECTOR)
    return builder.fmul(polynomial(builder, AROUND_ZERO, rest), power)


def polynomial(builder: Any, coefficients: tuple[float, ...], x: Any) -> Any:
    """Return a polynomial in x, whose coefficients are given from the highest power on."""
    total = constant(coefficients[0])
    for coefficient in coefficients[1:]:
        total = multiply_add(builder, total, x, constant(coefficient))
    return total


def reciprocal(builder: Any, x: Any) -> Any:
    """Return 1/x for 1 ≤ x ≤ 2^126, to a unit in the last place."""
    if LEVEL != "avx512":
        return builder.fdiv(constant(1.0), x)
    # fourteen bits and one step of Newton's: three times as fast as a division
    name = "llvm.x86.avx512.rcp14.ps.512"
    guess = call(builder, name, VECTOR, x, constant(0.0), ALL_LANES)
    error = multiply_add(builder, builder.fneg(x), guess, constant(2.0))
    return builder.fmul(guess, error)
