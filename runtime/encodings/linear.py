"""Linear: (x - offset)/scale. Par04 divides the energy by 1024 GeV and the angle by 90°."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.encodings import TermKind, encodings


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return (x - offset)/scale as one column."""
    x = np.asarray(values, dtype=np.float64)
    return ((x - parameters["offset"]) / parameters["scale"])[:, None]


encodings.register("linear")(TermKind(encode, lambda parameters: 1))
