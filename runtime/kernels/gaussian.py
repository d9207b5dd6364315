"""Latent noise, compiled: the same bits as ``runtime.noise``.

Every operation is rounded by itself: no fast-math and no fused multiply-add, in the order in
which the numpy version does them.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime import noise, philox
from caloexport.runtime.kernels.arguments import Argument
from caloexport.runtime.kernels.casts import bits_of, float_of, floats_at
from caloexport.runtime.kernels.compiled import entry, inner

_f = np.float32
LOW = np.uint64(0xFFFFFFFF)
HALF_WORD = np.uint64(32)
MULTIPLIER_0, MULTIPLIER_1 = philox.MULTIPLIERS
WEYL_0, WEYL_1 = philox.WEYL
ROUNDS = philox.ROUNDS
L0, L1, L2, L3, L4, L5, L6, L7, L8 = noise.LOG_COEFFICIENTS
S0, S1, S2 = noise.SIN_COEFFICIENTS
C0, C1, C2 = noise.COS_COEFFICIENTS
LN2_HIGH, LN2_LOW = noise.LN2_HIGH, noise.LN2_LOW
SQRT_HALF, HALF_PI = noise.SQRT_HALF, noise.HALF_PI
WORD_SCALE, WORD_HALF = _f(2.0**-32), _f(2.0**-33)
TURN_SCALE, TURN_HALF = _f(2.0**-24), _f(2.0**-25)
HALF, ONE = _f(0.5), _f(1)
FLOAT_BYTES = 4


@inner
def four_words(block, shower, seed):
    """Return four random words for a block of four latents of a shower (Philox4x32-10)."""
    c0, c1 = np.uint64(block), np.uint64(0)
    c2, c3 = shower & LOW, shower >> HALF_WORD
    k0, k1 = seed & LOW, seed >> HALF_WORD
    for _ in range(ROUNDS):
        p0, p1 = MULTIPLIER_0 * c0, MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (p1 >> HALF_WORD) ^ c1 ^ k0,
            p1 & LOW,
            (p0 >> HALF_WORD) ^ c3 ^ k1,
            p0 & LOW,
        )
        k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    return np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)


@inner
def logarithm(x):
    """Return ln x for x in [2^-33, 1]."""
    bits = bits_of(x)
    exponent = _f(np.int32((bits >> 23) - 126))
    mantissa = float_of(np.int32((bits & 0x007FFFFF) | 0x3F000000))
    small = mantissa < SQRT_HALF
    exponent = exponent - ONE if small else exponent
    t = mantissa + mantissa - ONE if small else mantissa - ONE
    square = t * t
    y = L0 * t + L1
    y = y * t + L2
    y = y * t + L3
    y = y * t + L4
    y = y * t + L5
    y = y * t + L6
    y = y * t + L7
    y = y * t + L8
    y = y * t * square
    y = y + LN2_LOW * exponent
    y = y - HALF * square
    return t + y + LN2_HIGH * exponent


@inner
def gaussian_pair(radius_word, angle_word):
    """Return two independent standard normals of two random words (Box-Muller)."""
    radius = np.sqrt(_f(-2) * logarithm(_f(radius_word) * WORD_SCALE + WORD_HALF))
    quadrant = np.int32(angle_word >> np.uint32(30))
    step = np.int32((angle_word & np.uint32(0x3FFFFFFF)) >> np.uint32(6)) - np.int32(1 << 23)
    angle = (_f(np.int32(step)) * TURN_SCALE + TURN_HALF) * HALF_PI
    square = angle * angle
    sine = (S0 * square + S1) * square + S2
    sine = sine * square * angle + angle
    cosine = (C0 * square + C1) * square + C2
    cosine = cosine * square * square - HALF * square + ONE
    c, s = (-sine, cosine) if quadrant & 1 else (cosine, sine)
    c, s = (-c, -s) if quadrant >= 2 else (c, s)
    return radius * c, radius * s


@inner
def uniform(word):
    """Return a random word as a number in [0, 1)."""
    return _f(np.int32(word >> np.uint32(8))) * TURN_SCALE


@entry(
    Argument.INTEGER, Argument.REAL, Argument.REAL, Argument.UNSIGNED, Argument.UNSIGNED,
    Argument.INTEGER, Argument.WRITABLE,
)  # fmt: skip
def draw(is_normal, a, b, seed, first, size, out, out_bytes):
    """Draw the latents of showers ``first`` onwards, and return of how many.

    Args:
        is_normal: normal law of mean a and sigma b, else uniform from a over a width b.
        size: latents of a shower.
        out: (n, size) float32.
    """
    if size <= 0:
        return 0
    n, shift, scale = out_bytes // (size * FLOAT_BYTES), _f(a), _f(b)
    for row in range(n):
        values = floats_at(out + row * size * FLOAT_BYTES)
        shower = first + np.uint64(row)
        for start in range(0, size, 4):
            w0, w1, w2, w3 = four_words(start // 4, shower, seed)
            if is_normal:
                z0, z1 = gaussian_pair(w0, w1)
                z2, z3 = gaussian_pair(w2, w3)
            else:
                z0, z1, z2, z3 = uniform(w0), uniform(w1), uniform(w2), uniform(w3)
            values[start] = shift + scale * z0
            if start + 1 < size:
                values[start + 1] = shift + scale * z1
            if start + 2 < size:
                values[start + 2] = shift + scale * z2
            if start + 3 < size:
                values[start + 3] = shift + scale * z3
    return n
