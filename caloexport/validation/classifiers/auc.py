"""AUC, area under the ROC curve: how often a classifier scores the reference higher, with its error.

Of all pairs of a reference and a generated shower the share in which the one of the reference has
the higher score, ties counting half (Mann and Whitney's U over the number of pairs). With V_i the
share of generated showers below reference shower i, and W_j of reference showers above generated
shower j, AUC is the mean of either, and

    σ² = var(V) / n_reference + var(W) / n_generated

(DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837). Scores that do not overlap have no
variance at all; the error is therefore at least what one shower on the other side would change.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import UsageError


def area_under_curve(generated: Array, reference: Array) -> tuple[float, float]:
    """Return AUC and its statistical error.

    Args:
        generated, reference: scores (m,) and (n,), of two showers each at least.

    Raises:
        UsageError: fewer scores.

    >>> area_under_curve(np.array([0.1, 0.4]), np.array([0.4, 0.3]))[0]
    0.625
    """
    fewest = min(len(generated), len(reference))
    if fewest < 2:
        message = f"an area under the curve of {fewest} showers has no error, expected 2 at least"
        raise UsageError(message)
    below = _shares_below(reference, generated)
    above = 1 - _shares_below(generated, reference)
    variance = below.var(ddof=1) / len(below) + above.var(ddof=1) / len(above)
    return float(below.mean()), max(math.sqrt(variance), 1 / fewest)


def _shares_below(scores: Array, others: Array) -> Float64:
    """Return for each score the share of others below it; equal ones count half."""
    rising = np.sort(others)
    counts = np.searchsorted(rising, scores, "left") + np.searchsorted(rising, scores, "right")
    return np.asarray(counts / (2 * len(others)))
