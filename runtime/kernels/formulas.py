"""Elementary functions of one float32, written so that LLVM vectorises loops over them.

They use +, -, ·, /, selections and bit operations alone; errors are a few units in the last
place. Polynomials: Cephes (S. Moshier, expf.c, tanhf.c, logf.c); erfc: Numerical Recipes,
section 6.2.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.kernels.casts import bits_of, float_of
from caloexport.runtime.kernels.compiled import inner

_f = np.float32
ZERO, HALF, ONE, TWO = _f(0), _f(0.5), _f(1), _f(2)
INFINITY, NAN = _f(np.inf), _f(np.nan)
LOG2_E = _f(1 / math.log(2))
#: ln 2 in two parts, the first so short that its product with a small integer is exact
LN2_HIGH, LN2_LOW = _f(0.693359375), _f(-2.12194440e-4)
#: adding it rounds to an integer, which then stands in the low bits
ROUND = _f(1.5 * 2**23)
ROUND_BITS = np.int32(ROUND.view(np.int32))
#: below it e^x is not a normal number
LOWEST = _f(-87.33)
#: below and above it e^x is 0 and infinity
VANISHING, EXPLODING = _f(-104), _f(89)
SQRT_HALF = _f(math.sqrt(0.5))
#: the smallest normal number, and how far smaller ones are brought up
SMALLEST, LIFT, LIFT_EXPONENT = np.finfo(_f).tiny, _f(2**25), _f(25)


@inner
def exp_negative(x):
    """Return e^x for x ≤ 0; exactly 0 below -87.33."""
    bounded = LOWEST if x < LOWEST else x  # this way round a NaN stays a NaN
    shifted = bounded * LOG2_E + ROUND
    n = shifted - ROUND
    r = bounded - n * LN2_HIGH - n * LN2_LOW
    power = float_of(np.int32((bits_of(shifted) - ROUND_BITS + 127) << 23))
    return ZERO if x < LOWEST else exp_series(r) * power


@inner
def exp_series(r):
    """Return e^r for |r| ≤ ½ ln 2."""
    y = _f(1.9875691500e-4) * r + _f(1.3981999507e-3)
    y = y * r + _f(8.3334519073e-3)
    y = y * r + _f(4.1665795894e-2)
    y = y * r + _f(1.6666665459e-1)
    y = y * r + _f(5.0000001201e-1)
    return y * r * r + r + ONE


@inner
def exp(x):
    """Return e^x for any x; infinity above 88.72."""
    bounded = VANISHING if x < VANISHING else (EXPLODING if x > EXPLODING else x)
    shifted = bounded * LOG2_E + ROUND
    n = shifted - ROUND
    r = bounded - n * LN2_HIGH - n * LN2_LOW
    exponent = np.int32(bits_of(shifted) - ROUND_BITS)
    half = np.int32(exponent >> 1)  # 2^n alone may be too large or too small for a float32
    first = float_of(np.int32((half + 127) << 23))
    second = float_of(np.int32((exponent - half + 127) << 23))
    return exp_series(r) * first * second


@inner
def sigmoid(x):
    """Return 1/(1 + e^-x); 0 and 1 at the ends."""
    e = exp_negative(-abs(x))
    return (e if x < ZERO else ONE) / (ONE + e)


@inner
def expm1_series(x):
    """Return e^x - 1 for |x| ≤ ½."""
    y = _f(1 / 5040) * x + _f(1 / 720)
    y = y * x + _f(1 / 120)
    y = y * x + _f(1 / 24)
    y = y * x + _f(1 / 6)
    y = y * x + HALF
    return y * x * x + x


@inner
def expm1_negative(x):
    """Return e^x - 1 for x ≤ 0."""
    return expm1_series(x) if x > -HALF else exp_negative(x) - ONE


@inner
def tanh_series(x):
    """Return tanh x - x for |x| < 0.625."""
    square = x * x
    y = _f(-5.70498872745e-3) * square + _f(2.06390887954e-2)
    y = y * square - _f(5.37397155531e-2)
    y = y * square + _f(1.33314422036e-1)
    y = y * square - _f(3.33332819422e-1)
    return y * square * x


@inner
def tanh(x):
    """Return tanh x."""
    size = abs(x)
    e = exp_negative(-TWO * size)
    far = (ONE - e) / (ONE + e)
    return tanh_series(x) + x if size < _f(0.625) else (-far if x < ZERO else far)


@inner
def tanh_shrink(x):
    """Return x - tanh x, without cancellation around 0."""
    return -tanh_series(x) if abs(x) < _f(0.625) else x - tanh(x)


@inner
def log1p_series(t):
    """Return ln(1 + t) - t for √½ ≤ 1 + t ≤ √2."""
    y = _f(7.0376836292e-2) * t - _f(1.1514610310e-1)
    y = y * t + _f(1.1676998740e-1)
    y = y * t - _f(1.2420140846e-1)
    y = y * t + _f(1.4249322787e-1)
    y = y * t - _f(1.6668057665e-1)
    y = y * t + _f(2.0000714765e-1)
    y = y * t - _f(2.4999993993e-1)
    y = y * t + _f(3.3333331174e-1)
    return y * t * t * t - HALF * t * t


@inner
def log1p_fraction(x):
    """Return ln(1 + x) for 0 ≤ x ≤ 1."""
    whole = ONE + x
    lost = (x - (whole - ONE)) / whole  # what rounding 1 + x dropped
    large = whole > _f(math.sqrt(2))
    t = (whole * HALF if large else whole) - ONE
    y = t + log1p_series(t) + lost
    return y + _f(math.log(2)) if large else y


@inner
def log(x):
    """Return ln x; -infinity at 0 and NaN below."""
    small = x < SMALLEST
    bits = bits_of(x * LIFT if small else x)
    exponent = _f(np.int32(bits >> 23) - np.int32(126)) - (LIFT_EXPONENT if small else ZERO)
    mantissa = float_of(np.int32(np.int32(bits & 0x7FFFFF) | np.int32(0x3F000000)))
    low = mantissa < SQRT_HALF
    t = (mantissa + mantissa if low else mantissa) - ONE
    n = exponent - ONE if low else exponent
    y = t + (log1p_series(t) + n * LN2_LOW) + n * LN2_HIGH
    outside = -INFINITY if x == ZERO else NAN
    return y if ZERO < x < INFINITY else (x if x > ZERO else outside)


@inner
def softplus(x):
    """Return ln(1 + e^x)."""
    return (x if x > ZERO else ZERO) + log1p_fraction(exp_negative(-abs(x)))


@inner
def gelu(x):
    """Return x·Φ(x)."""
    z = abs(x) * SQRT_HALF
    t = ONE / (ONE + HALF * z)
    y = _f(0.17087277) * t - _f(0.82215223)
    y = y * t + _f(1.48851587)
    y = y * t - _f(1.13520398)
    y = y * t + _f(0.27886807)
    y = y * t - _f(0.18628806)
    y = y * t + _f(0.09678418)
    y = y * t + _f(0.37409196)
    y = y * t + _f(1.00002368)
    y = y * t - _f(1.26551223)
    tail = HALF * t * exp_negative(y - z * z)  # Φ(-|x|); the exponent is negative for z ≥ 0
    return x * (tail if x < ZERO else ONE - tail)


@inner
def gelu_tanh(x):
    """Return the tanh approximation of x·Φ(x)."""
    u = _f(math.sqrt(2 / math.pi)) * (x + _f(0.044715) * x * x * x)
    return x * sigmoid(TWO * u)  # ½(1 + tanh u) = σ(2u), without cancellation


@inner
def mish(x):
    """Return x·tanh(ln(1 + e^x)), as the reference does."""
    e = exp_negative(-abs(x))
    part = e * (e + TWO) if x < ZERO else ONE + TWO * e
    return x * (part / (part + (TWO if x < ZERO else TWO * e * e)))


@inner
def clip(x, minimum, maximum):
    """Return x between two bounds."""
    y = minimum if x < minimum else x  # this way round a NaN stays a NaN
    return maximum if y > maximum else y


@inner
def celu(x, alpha):
    """Return x where not negative, alpha·(e^(x/alpha) - 1) elsewhere."""
    u = (x if x < ZERO else ZERO) / alpha
    below = alpha * (expm1_series(u) if abs(u) < HALF else exp(u) - ONE)
    return below if x < ZERO else x


@inner
def soft_shrink(x, threshold):
    """Return x moved towards 0 by the threshold, 0 within it."""
    within = x + threshold if x < -threshold else x - x
    return x - threshold if x > threshold else within


@inner
def sparse_plus(x):
    """Return 0 up to -1, (x + 1)²/4 up to 1, x above."""
    u = HALF * (clip(x, -ONE, ONE) + ONE)
    return x if x >= ONE else u * u


@inner
def squareplus(x, b):
    """Return (x + √(x² + b))/2, without cancellation below 0."""
    tail = HALF * b / (abs(x) + np.sqrt(x * x + b))
    return (x if x > ZERO else ZERO) + (ZERO if b == ZERO else tail)
