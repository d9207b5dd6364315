"""Whether who takes part computes the network of the workload: nobody times a wrong one."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array

#: largest root mean square of the differences, over that of the values, by family of precisions.
#: A layer that is missing or misread gives some tenths; the worst seen of honest ones (W1 to W4)
#: were 7e-7, 0.013 and 0.043, the last with one scale for the activations of a batch.
ALLOWED = {"float32": 1e-5, "float16": 1e-2, "bfloat16": 0.05, "int8": 0.1}


def family_of(precision: str) -> str:
    """Return the family of a precision.

    >>> family_of("int8-a8"), family_of("float32")
    ('int8', 'float32')
    """
    return precision.split("-")[0]


def relative_difference(found: Array, expected: Array) -> float:
    """Return the root mean square of the differences over that of the values.

    Args:
        found, expected: (n, values) in any shape; a number that is not finite differs infinitely.

    >>> round(relative_difference(np.array([[3.0, 4.0]]), np.array([[3.0, 4.5]])), 4)
    0.0925
    """
    if found.size != expected.size or not np.isfinite(found).all():
        return float("inf")
    difference = found.reshape(expected.shape).astype(np.float64) - expected
    scale = float(np.sqrt(np.mean(np.square(expected)))) or 1.0
    return float(np.sqrt(np.mean(np.square(difference)))) / scale


def agrees(difference: float, precision: str) -> bool:
    """Say whether a precision explains a relative difference.

    Of a precision that nobody knows, the strictest is asked.
    """
    return difference <= ALLOWED.get(family_of(precision), min(ALLOWED.values()))
