"""Standardised log: (ln x - mean)/sigma. The energy label of Athena's DNNCaloSim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.encodings import TermKind, encodings


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return (ln x - mean)/sigma as one column."""
    x = np.asarray(values, dtype=np.float64)
    return ((np.log(x) - parameters["mean"]) / parameters["sigma"])[:, None]


encodings.register("standardised_log")(TermKind(encode, lambda parameters: 1))
