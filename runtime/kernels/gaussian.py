"""Latent noise, compiled: the same bits as ``runtime.noise``, sixteen blocks of four at a time.

Every operation is rounded by itself: no fast-math and no fused multiply-add, in the order in
which the numpy version does them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from caloexport.runtime import noise, philox
from caloexport.runtime.kernels.arguments import Argument
from caloexport.runtime.kernels.compiled import entry, inner
from caloexport.runtime.kernels.emit import FLOAT, LANES, WORD, at, number
from caloexport.runtime.kernels.lanes import LONG, Lanes, interleaved

_f = np.float32
LOW = 0xFFFFFFFF
#: latents that one step draws: a block of four per lane
TOGETHER = 4 * LANES
FLOAT_BYTES = 4


def philox_lanes(builder: Any, counter: list[Lanes], key: Any) -> list[Lanes]:
    """Emit Philox4x32-10.

    Args:
        counter: four words, each in the lower half of int64.
        key: a scalar int64.

    Returns:
        four random words, int32.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = builder.and_(key, LONG(LOW)), builder.lshr(key, LONG(32))
    first, second = (int(factor) for factor in philox.MULTIPLIERS)
    for _ in range(philox.ROUNDS):
        p0, p1 = c0 * first, c2 * second
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & LOW, (p0 >> 32) ^ c3 ^ k1, p0 & LOW
        k0, k1 = (
            builder.and_(builder.add(k, LONG(int(step))), LONG(LOW))
            for k, step in zip((k0, k1), philox.WEYL, strict=True)
        )
    return [word.low_words() for word in (c0, c1, c2, c3)]


def logarithm(x: Lanes) -> Lanes:
    """Emit ln x for x in [2^-33, 1]."""
    bits = x.as_bits()
    exponent = ((bits >> 23) - 126).from_signed()  # the sign bit is 0
    mantissa = ((bits & 0x007FFFFF) | 0x3F000000).as_floats()
    small = mantissa.below(noise.SQRT_HALF)
    exponent = (exponent - 1).where(small, exponent)
    t = (mantissa + mantissa - 1).where(small, mantissa - 1)
    square = t * t
    y = horner(noise.LOG_COEFFICIENTS, t) * t * square
    y = y + exponent * noise.LN2_LOW
    y = y - square * 0.5
    return t + y + exponent * noise.LN2_HIGH


def turn(word: Lanes) -> tuple[Lanes, Lanes]:
    """Emit cosine and sine of 2π·word/2^32 - π/4 (from the word's upper 26 bits)."""
    builder = word.builder
    step = ((word & 0x3FFFFFFF) >> 6) - (1 << 23)
    angle = (step.from_signed() * 2.0**-24 + 2.0**-25) * noise.HALF_PI
    square = angle * angle
    sine = horner(noise.SIN_COEFFICIENTS, square) * square * angle + angle
    cosine = horner(noise.COS_COEFFICIENTS, square) * square * square - square * 0.5 + 1
    zero = Lanes.of(builder, WORD, 0).value
    odd = builder.icmp_signed("!=", (word & (1 << 30)).value, zero)
    upper = word.below(0)  # the quadrant's higher bit is the word's sign
    c, s = (-sine).where(odd, cosine), cosine.where(odd, sine)
    return (-c).where(upper, c), (-s).where(upper, s)


def horner(coefficients: tuple[np.float32, ...], x: Lanes) -> Lanes:
    """Emit a polynomial, highest power first."""
    y = Lanes.of(x.builder, FLOAT, coefficients[0])
    for coefficient in coefficients[1:]:
        y = y * x + coefficient
    return y


def gaussian_pair(radius_word: Lanes, angle_word: Lanes) -> tuple[Lanes, Lanes]:
    """Emit two independent standard normals of two random words (Box-Muller)."""
    uniform = radius_word.from_unsigned() * 2.0**-32 + 2.0**-33
    radius = (logarithm(uniform) * -2).square_root()
    cosine, sine = turn(angle_word)
    return radius * cosine, radius * sine


def uniform_lanes(word: Lanes) -> Lanes:
    """Emit a random word as a number in [0, 1)."""
    return (word >> 8).from_signed() * 2.0**-24


def random_words(builder: Any, block: Any, shower: Any, seed: Any) -> list[Lanes]:
    """Emit the words of sixteen blocks of a shower, the first of number ``block``."""
    lane = Lanes(builder, ir.Constant(ir.VectorType(LONG, LANES), list(range(LANES))))
    zero = Lanes.of(builder, LONG, 0)
    low = Lanes.of(builder, LONG, builder.and_(shower, LONG(LOW)))
    high = Lanes.of(builder, LONG, builder.lshr(shower, LONG(32)))
    return philox_lanes(builder, [lane + block, zero, low, high], seed)


def in_order(builder: Any, lanes: list[Lanes], shift: Any, scale: Any) -> list[Any]:
    """Emit shift + scale·x, and return four vectors with the four numbers of each block together."""
    z0, z1, z2, z3 = (((x * scale) + shift).value for x in lanes)
    # even and odd numbers of the blocks first, then both by turns
    together = interleaved(interleaved(z0, z2, builder), interleaved(z1, z3, builder), builder)
    parts = []
    for k in range(4):
        places = list(range(k * LANES, (k + 1) * LANES))
        mask = ir.Constant(ir.VectorType(WORD, LANES), places)
        parts.append(builder.shuffle_vector(together, together, mask))
    return parts


def store_first(builder: Any, parts: list[Any], target: Any, count: Any) -> None:
    """Emit the storing of the first ``count`` numbers of some vectors, and of no more."""
    kind = parts[0].type
    bits = ir.VectorType(ir.IntType(1), LANES)
    name = f"llvm.masked.store.v{LANES}f32.p0v{LANES}f32"
    store = builder.module.globals.get(name) or ir.Function(
        builder.module,
        ir.FunctionType(ir.VoidType(), [kind, kind.as_pointer(), WORD, bits]),
        name,
    )
    wanted = builder.trunc(count, WORD)
    for k, part in enumerate(parts):
        places = ir.Constant(ir.VectorType(WORD, LANES), list(range(k * LANES, (k + 1) * LANES)))
        mask = Lanes(builder, places).below(wanted)
        place = at(builder, target, number(k * LANES * FLOAT_BYTES), kind)
        builder.call(store, [part, place, ir.Constant(WORD, FLOAT_BYTES), mask])


def _drawing(law: Any) -> Any:
    """Return an intrinsic that draws latents of a shower from the words of its blocks.

    Arguments: shift and scale (float32), number of the first block, shower and seed, address of
    the first result, and how many results.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def draw_together(
        context: Any, shift: Any, scale: Any, block: Any, shower: Any, seed: Any, target: Any,
        count: Any,
    ) -> Any:  # fmt: skip
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            shift, scale, block, shower, seed, target, count = arguments
            words = random_words(builder, block, shower, seed)
            parts = in_order(builder, law(words), shift, scale)
            store_first(builder, parts, target, count)
            return context.get_dummy_value()

        real, address, word = types.float32, types.int64, types.uint64
        return types.void(real, real, address, word, word, address, address), generate

    return draw_together


def _normal(words: list[Lanes]) -> list[Lanes]:
    return [*gaussian_pair(words[0], words[1]), *gaussian_pair(words[2], words[3])]


def _uniform(words: list[Lanes]) -> list[Lanes]:
    return [uniform_lanes(word) for word in words]


draw_normal, draw_uniform = _drawing(_normal), _drawing(_uniform)


@inner
def draw_shower(is_normal, shift, scale, seed, shower, size, target):
    """Write the latents of one shower, shift + scale·x, to an address."""
    for start in range(0, size, TOGETHER):
        place, count = target + start * FLOAT_BYTES, min(TOGETHER, size - start)
        if is_normal:
            draw_normal(shift, scale, start // 4, shower, seed, place, count)
        else:
            draw_uniform(shift, scale, start // 4, shower, seed, place, count)


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
    n = out_bytes // (size * FLOAT_BYTES)
    for row in range(n):
        target = out + row * size * FLOAT_BYTES
        draw_shower(is_normal, _f(a), _f(b), seed, first + np.uint64(row), size, target)
    return n
