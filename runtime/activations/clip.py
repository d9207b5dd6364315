"""Values cut at two bounds; hard_tanh is this between -1 and 1."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("clip", minimum=-math.inf, maximum=math.inf)
def clip(x: Array, minimum: float, maximum: float) -> Array:
    """Return the minimum below it, the maximum above it and x between them."""
    kind = x.dtype.type
    return np.minimum(np.maximum(x, kind(minimum)), kind(maximum))
