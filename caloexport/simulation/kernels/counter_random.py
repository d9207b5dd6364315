"""Random numbers that are a function of a counter: SplitMix64.

A caller keeps one counter, a uint64; every function takes it and returns the next one with what
it drew, so that the numbers of a shower depend on its own first counter only.

Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.kernels.kept import kept

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
LOW = np.uint64(0xFFFFFFFF)
S30, S27, S31, S32, S11 = (np.uint64(n) for n in (30, 27, 31, 32, 11))
TO_UNIT_53 = 2.0**-53
TO_UNIT_32 = 2.0**-32


@kept(inline="always")
def mixed(counter):
    """Return 64 random bits."""
    z = (counter ^ (counter >> S30)) * FIRST
    z = (z ^ (z >> S27)) * SECOND
    return z ^ (z >> S31)


@kept(inline="always")
def uniform(counter):
    """Return the next counter and a number in (0, 1)."""
    counter = counter + STEP
    return counter, (float(mixed(counter) >> S11) + 0.5) * TO_UNIT_53


@kept(inline="always")
def two_uniforms(counter):
    """Return the next counter and two numbers in (0, 1) of 32 bits."""
    counter = counter + STEP
    word = mixed(counter)
    return counter, (float(word >> S32) + 0.5) * TO_UNIT_32, (float(word & LOW) + 0.5) * TO_UNIT_32


@kept()
def two_normals(counter):
    """Return the next counter and two independent N(0, 1)."""
    counter, u = uniform(counter)
    counter, v = uniform(counter)
    radius = math.sqrt(-2.0 * math.log(u))
    return counter, radius * math.cos(2 * np.pi * v), radius * math.sin(2 * np.pi * v)


@kept()
def poisson(counter, mean):
    """Return the next counter and a Poisson number; above 60 a rounded normal one."""
    if mean > 60.0:
        counter, normal, _ = two_normals(counter)
        return counter, max(0, math.floor(mean + math.sqrt(mean) * normal + 0.5))
    limit = math.exp(-mean)
    count = 0
    product = 1.0
    while True:
        counter, u = uniform(counter)
        product *= u
        if product <= limit:
            return counter, count
        count += 1


@kept()
def gamma(counter, shape):
    """Return the next counter and a number of the gamma law of scale 1.

    Source: Marsaglia, Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).
    """
    counter, boost = uniform(counter)
    factor = boost ** (1.0 / shape) if shape < 1.0 else 1.0
    d = (shape + 1.0 if shape < 1.0 else shape) - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        counter, normal, _ = two_normals(counter)
        counter, u = uniform(counter)
        v = (1.0 + c * normal) ** 3
        if v > 0.0 and math.log(u) < 0.5 * normal * normal + d - d * v + d * math.log(v):
            return counter, factor * d * v
