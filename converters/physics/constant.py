"""A constant in layers."""

from __future__ import annotations

import numpy as np

from caloexport.converters.assembly import Assembly


def constant(parts: Assembly, name: str, source: str, value: float) -> str:
    """Add a value (1,) that is the same for every shower; some input (1,) gives it its batch."""
    weights = {"kernel": np.zeros((1, 1), np.float32), "bias": np.array([value], np.float32)}
    return parts.add(name, "dense", [source], {}, weights)
