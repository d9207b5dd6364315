"""Pull of the mean: (mean of the generated - that of the reference)/error.

The error comes from the standard errors of both means, width/√n. A pull has the error 1 by its
definition, and is about √(2/π) = 0.8 in absolute value for alike samples.

Details: ``reference`` and ``generated`` mean, ``difference`` and ``ratio`` (NaN where the reference has
0), each of the two with ``_error``. Two samples without any spread have 0 if they are equal, else
an infinite pull.
"""

from __future__ import annotations

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.metrics import Metric, metrics
from caloexport.validation.pull import PulledReference


def prepare(reference: Array, edges: Float64 | None = None) -> PulledReference:
    """Measure the reference; bins are not needed."""
    return PulledReference(reference, "mean")


metrics.register("mean_pull")(Metric("pull of the mean", 0.0, prepare))
