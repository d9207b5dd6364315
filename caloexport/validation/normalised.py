"""Features of either sample in units of the largest that the reference has."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64


def normalised(reference: Float64, generated: Float64) -> tuple[Float64, Float64]:
    """Divide the columns of both by the largest |value| in the reference, where that is not 0.

    Args:
        reference, generated: (n, d) and (m, d).

    >>> one, other = normalised(np.array([[2.0, 0.0], [-4.0, 0.0]]), np.array([[8.0, 3.0]]))
    >>> one.tolist(), other.tolist()
    ([[0.5, 0.0], [-1.0, 0.0]], [[2.0, 3.0]])
    """
    largest = np.abs(reference).max(axis=0)
    largest[largest == 0] = 1
    return reference / largest, generated / largest
