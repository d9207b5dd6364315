"""Inputs on which rounding is calibrated: fixed latents, conditions over the whole range."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.categories import category_columns
from caloexport.runtime.conditions import Condition
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.vectors import at_fraction

#: showers; enough for the covariance of some hundred activations
SHOWERS = 2048
#: other numbers than those of the test vectors, which judge the result
SEED = 20260202


def calibration_inputs(generator: Generator, n: int = SHOWERS) -> Float32:
    """Return n input vectors (n, n_in) that cover latents and conditions.

    The inputs of a bare network are drawn from N(0, 1), categories evenly.
    """
    sampling = generator.sampling
    if sampling is None:
        drawn = NoiseLaw(generator.n_in).draw(n, SEED)
        for column, count in category_columns(generator.network).items():
            drawn[:, column] = np.arange(n) % count
        return drawn
    encoded = sampling.encoding.encode(spread_conditions(sampling, n, SEED))
    return np.concatenate([sampling.noise.draw(n, SEED), encoded], axis=1)


def spread_conditions(sampling: Sampling, n: int, seed: int) -> dict[str, Array]:
    """Return n values of every condition, evenly over its range (in the logarithm, if positive).

    They are drawn independently, but the same ones for the same seed on every machine.
    """
    fractions = NoiseLaw(len(sampling.conditions), "uniform", 0.0, 1.0).draw(n, seed + 1)
    return {
        condition.name: _values(condition, fractions[:, k].astype(np.float64))
        for k, condition in enumerate(sampling.conditions)
    }


def _values(condition: Condition, fraction: Array) -> Array:
    if not condition.categories:
        return at_fraction(condition, fraction)
    count = len(condition.categories)
    chosen = np.minimum((fraction * count).astype(np.int64), count - 1)
    return np.array(condition.categories)[chosen]
