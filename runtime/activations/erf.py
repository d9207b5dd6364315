"""Error function."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array

_erf = np.vectorize(math.erf, otypes=[np.float64])


@activation("erf")
def erf(x: Array) -> Array:
    """Return 2/√π · ∫₀ˣ e^(-t²) dt."""
    # numpy has no erf; the reference may be slow
    return np.asarray(_erf(x.astype(np.float64)).astype(x.dtype))
