"""Latent noise: shower i of a seed always gets the same numbers, on every machine.

Two Gaussians come from two random words by Box-Muller. Logarithm, sine and cosine are
polynomials in float32 made of +, -, ·, √ and bit operations alone, each rounded by itself (no
fused multiply-add), so numpy, a compiled kernel and C++ give the same bits. The polynomials are
those of Cephes (S. Moshier, logf.c, sinf.c); their error is below 2e-7.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.fields import blame_file, number, text, whole
from caloexport.runtime.philox import Words, philox

_f = np.float32
#: ln(1+x) - x + x²/2 = x³·(…), highest power first
LOG_COEFFICIENTS = tuple(
    map(
        _f,
        (
            7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1,
            1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1,
            3.3333331174e-1,
        ),
    )
)  # fmt: skip
SIN_COEFFICIENTS = tuple(map(_f, (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)))
COS_COEFFICIENTS = tuple(
    map(_f, (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2))
)
#: ln 2 = LN2_HIGH + LN2_LOW, the first with few bits so that its product with an exponent is exact
LN2_HIGH, LN2_LOW = _f(0.693359375), _f(-2.12194440e-4)
#: a guard against damaged files
MAX_SIZE = 2**20
SQRT_HALF = _f(math.sqrt(0.5))
HALF_PI = _f(math.pi / 2)


@dataclass(frozen=True)
class NoiseLaw:
    """The distribution of the latent inputs and their number.

    Attributes:
        size: latents per shower.
        law: ``"normal"`` (a = mean, b = sigma) or ``"uniform"`` (a = low, b = high).
        a, b: parameters of the law.

    >>> NoiseLaw(3).draw(n=2, seed=1).shape
    (2, 3)
    >>> bool((NoiseLaw(3).draw(2, seed=1)[1] == NoiseLaw(3).draw(1, seed=1, first=1)[0]).all())
    True
    """

    size: int
    law: Literal["normal", "uniform"] = "normal"
    a: float = 0.0
    b: float = 1.0

    def __post_init__(self) -> None:
        sane = max(abs(self.a), abs(self.b)) < 1e30  # False for NaN
        if self.law not in ("normal", "uniform") or not 0 <= self.size <= MAX_SIZE or not sane:
            message = (
                f"noise law '{self.law}' ({self.a}, {self.b}) of size {self.size} is not known"
            )
            raise UsageError(message)
        if self.b <= 0 if self.law == "normal" else self.a >= self.b:
            message = f"a {self.law} law cannot have the parameters {self.a:g} and {self.b:g}"
            raise UsageError(message)

    def draw(self, n: int, seed: int, first: int = 0) -> Float32:
        """Draw the latents of showers ``first`` to ``first + n - 1``.

        Args:
            n: number of showers.
            seed: 0 ≤ seed < 2^64.
            first: number of the first shower.

        Returns:
            (n, size) float32; a uniform law may round up to its upper end.
        """
        check_seed(seed, first)
        words = random_words(n, self.size, seed, first)
        if self.law == "uniform":
            x = (words[:, : self.size] >> np.uint32(8)).astype(np.float32) * _f(2.0**-24)
            return _f(self.a) + _f(self.b - self.a) * x
        normal = np.empty(words.shape, dtype=np.float32)
        normal[:, 0::2], normal[:, 1::2] = gaussian_pair(words[:, 0::2], words[:, 1::2])
        # keep the order of operations: multiply, round, add, round
        return _f(self.a) + _f(self.b) * normal[:, : self.size]

    def to_json(self) -> dict[str, Any]:
        """Return the law as JSON."""
        first, second = ("mean", "sigma") if self.law == "normal" else ("low", "high")
        return {"size": self.size, "law": self.law, first: self.a, second: self.b}

    @classmethod
    def from_json(cls, data: dict[str, Any], where: str) -> NoiseLaw:
        """Read a law from JSON.

        Raises:
            InputFileError: an unknown law or a missing parameter.
        """
        law, size = text(data, "law", where), whole(data, "size", where)
        with blame_file(where):
            if law == "normal":
                mean, sigma = number(data, "mean", where), number(data, "sigma", where)
                return cls(size, "normal", mean, sigma)
            if law == "uniform":
                return cls(size, "uniform", number(data, "low", where), number(data, "high", where))
        message = f"noise law '{law}' is not known"
        raise InputFileError(message, where=where, hint="known: normal, uniform")


def check_seed(seed: int, first: int) -> None:
    """Raise UsageError unless seed and shower number fit the generator."""
    try:
        fit = 0 <= operator.index(seed) < 2**64 and 0 <= operator.index(first) < 2**63
    except TypeError:
        fit = False
    if not fit:
        message = (
            f"seed {seed!r} and first {first!r} must be whole numbers that are not negative, "
            "the seed under 2^64, the first under 2^63"
        )
        raise UsageError(message)


def random_words(n: int, size: int, seed: int, first: int) -> Words:
    """Return (n, size rounded up to 4) random words.

    The counter is (block of four words, 0, low and high half of the shower's number).
    """
    blocks = -(-size // 4)
    shower = np.arange(first, first + n, dtype=np.uint64)[:, None]
    block = np.arange(blocks, dtype=np.uint32)[None, :]
    shape = (n, blocks)
    low = np.broadcast_to((shower & np.uint64(0xFFFFFFFF)).astype(np.uint32), shape)
    high = np.broadcast_to((shower >> np.uint64(32)).astype(np.uint32), shape)
    zero = np.zeros(shape, dtype=np.uint32)
    words = philox((np.broadcast_to(block, shape), zero, low, high), seed)
    return np.stack(words, axis=-1).reshape(n, blocks * 4)


def gaussian_pair(radius_word: Words, angle_word: Words) -> tuple[Float32, Float32]:
    """Return two independent standard normals from two random words (Box-Muller)."""
    uniform = radius_word.astype(np.float32) * _f(2.0**-32) + _f(2.0**-33)
    radius = np.sqrt(_f(-2.0) * _log(uniform))
    cosine, sine = _turn(angle_word)
    return radius * cosine, radius * sine


def _log(x: Float32) -> Float32:
    """Return ln x for x in [2^-33, 1]."""
    bits = x.view(np.int32)
    exponent = ((bits >> 23) - 126).astype(np.float32)
    mantissa = ((bits & 0x007FFFFF) | 0x3F000000).view(np.float32)  # in [1/2, 1)
    small = mantissa < SQRT_HALF
    exponent = np.where(small, exponent - _f(1), exponent)
    t = np.where(small, mantissa + mantissa - _f(1), mantissa - _f(1))
    square = t * t
    y = _horner(LOG_COEFFICIENTS, t) * t * square
    y = y + LN2_LOW * exponent
    y = y - _f(0.5) * square
    return t + y + LN2_HIGH * exponent


def _turn(word: Words) -> tuple[Float32, Float32]:
    """Return cosine and sine of 2π·word/2^32 - π/4 (from the word's upper 26 bits)."""
    quadrant = word >> np.uint32(30)
    step = ((word & np.uint32(0x3FFFFFFF)) >> np.uint32(6)).astype(np.int32) - (1 << 23)
    angle = (step.astype(np.float32) * _f(2.0**-24) + _f(2.0**-25)) * HALF_PI  # in (-π/4, π/4)
    square = angle * angle
    sine = _horner(SIN_COEFFICIENTS, square) * square * angle + angle
    cosine = _horner(COS_COEFFICIENTS, square) * square * square - _f(0.5) * square + _f(1)
    odd, upper = (quadrant & 1).astype(bool), quadrant >= 2
    c, s = np.where(odd, -sine, cosine), np.where(odd, cosine, sine)
    return np.where(upper, -c, c), np.where(upper, -s, s)


def _horner(coefficients: tuple[np.float32, ...], x: Float32) -> Float32:
    y = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        y = y * x + coefficient
    return y
