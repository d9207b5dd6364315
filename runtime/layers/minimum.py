"""Minimum: the smaller of the inputs, element by element."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.layers import Combination, layers


class Minimum(Combination):
    """y = min(x0, x1, …), the sizes equal or 1."""

    operation = np.minimum


layers.register("minimum")(Minimum())
