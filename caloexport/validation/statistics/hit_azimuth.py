"""Distance of two samples in where their hits lie around the axis, layer by layer."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64


def azimuth_distance(reference: Float64, generated: Float64) -> float:
    """Return the largest distance of the mean (cosine, sine) of a layer, between 0 and 2.

    A layer counts if half of the reference's showers have hits in it: the few hits of the others
    lie anywhere. A layer that the generated sample never hits has no direction, which is (0, 0).

    Args:
        reference, generated: (n, 2 layers): cosines, then sines, of
            :func:`caloexport.validation.azimuth.hit_harmonic`.

    >>> azimuth_distance(np.array([[0.3, 0.0, 0.1, 0.0]]), np.array([[-0.3, 0.0, 0.1, 0.0]]))
    0.6
    """
    usual, found = _mean(reference), _mean(generated)
    hit = np.isfinite(reference[:, : usual.shape[1]]).mean(axis=0) >= 0.5
    away = np.hypot(*(found - usual))
    return float(away[hit].max(initial=0.0))


def _mean(rows: Float64) -> Float64:
    """Return the mean cosine and sine of each layer, (2, layers); 0 of a layer without hits."""
    told = np.isfinite(rows)
    total = np.where(told, rows, 0.0).sum(axis=0) / np.maximum(told.sum(axis=0), 1)
    return total.reshape(2, -1)
