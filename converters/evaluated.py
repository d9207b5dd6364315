"""What the reference gives for input vectors, one at a time so that many take no more memory."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float32, Float64
from caloexport.runtime.generator import Generator
from caloexport.runtime.reference import evaluate


def evaluated(generator: Generator, inputs: Float32, arithmetic: str = "float32") -> Float64:
    """Return the outputs (n, n_out) of the float64 reference for inputs (n, n_in).

    Args:
        generator: whose network is evaluated.
        inputs: (n, n_in).
        arithmetic: the precision whose products round their inputs; see ``runtime.reference``.
    """
    outputs = [
        evaluate(generator.network, generator.split(row[None]), np.float64, arithmetic)
        for row in inputs
    ]
    return np.concatenate([output.reshape(1, -1) for output in outputs])
