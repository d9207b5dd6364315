"""Subtract: the element-wise difference of two inputs."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.layers import Combination, layers


class Subtract(Combination):
    """y = x0 - x1, the sizes equal or 1."""

    operation = np.subtract
    arity = 2


layers.register("subtract")(Subtract())
