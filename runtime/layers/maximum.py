"""Maximum: the larger of the inputs, element by element."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.layers import Combination, layers


class Maximum(Combination):
    """y = max(x0, x1, …), the sizes equal or 1."""

    operation = np.maximum


layers.register("maximum")(Maximum())
