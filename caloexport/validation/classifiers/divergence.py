"""JSD, Jensen-Shannon divergence of two samples, estimated from below by a classifier.

With BCE the mean of -ln of the probability that the classifier gives to the true label,

    JSD = 1 - BCE / ln 2

lies between 0 for alike samples and 1 for samples that share no shower, in bits. A classifier that
is surer than it should be gives less, and less than 0. Source: CaloChallenge, code/evaluate.py.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Array


def jensen_shannon(probabilities: Array, labels: Array) -> tuple[float, float]:
    """Return JSD and its statistical error.

    Args:
        probabilities: (n,) of being of the reference, above 0 and below 1.
        labels: (n,) 1 for the reference, 0 for generated.

    >>> jensen_shannon(np.array([0.5, 0.5]), np.array([0, 1]))
    (0.0, 0.0)
    """
    information = 1 + np.log2(np.where(labels == 1, probabilities, 1 - probabilities))
    return float(information.mean()), float(information.std(ddof=1)) / math.sqrt(len(labels))
