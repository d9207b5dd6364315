"""Multiply: the element-wise product of inputs."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.layers import Combination, layers


class Multiply(Combination):
    """y = x0 · x1 · …, the sizes equal or 1."""

    operation = np.multiply


layers.register("multiply")(Multiply())
