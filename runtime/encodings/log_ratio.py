"""Log-ratio: ln(x/low)/ln(high/low). FastCaloGAN's energy label."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.encodings import TermKind, encodings


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return ln(x/low)/ln(high/low) as one column: 0 at ``low``, 1 at ``high``."""
    x = np.asarray(values, dtype=np.float64)
    low, high = parameters["low"], parameters["high"]
    return (np.log(x / low) / math.log(high / low))[:, None]


encodings.register("log_ratio")(TermKind(encode, lambda parameters: 1))
