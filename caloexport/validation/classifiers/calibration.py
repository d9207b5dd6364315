"""Isotonic calibration: the rising steps that turn a classifier's scores into probabilities.

A network that learns by heart is too sure of itself, which the Jensen-Shannon divergence would
suffer from. The CaloChallenge therefore fits the shares of reference showers on the showers that
also choose the epoch, and applies them to others. Source: code/evaluate.py (calibrate_classifier).
"""

from __future__ import annotations

from collections.abc import Callable

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.extras import require

#: probabilities stay away from 0 and 1 by this much
LEAST = 1e-6


def calibration(scores: Array, labels: Array) -> Callable[[Array], Float64]:
    """Return the map of scores to probabilities: constant beyond the scores that it was fitted to.

    Args:
        scores: (n,) of the classifier.
        labels: (n,) 1 for the reference, 0 for generated.

    Raises:
        MissingDependency: without scikit-learn.
    """
    isotonic = require("sklearn.isotonic", extra="distances")
    steps = isotonic.IsotonicRegression(out_of_bounds="clip", y_min=LEAST, y_max=1 - LEAST)
    found: Callable[[Array], Float64] = steps.fit(scores, labels).predict
    return found
