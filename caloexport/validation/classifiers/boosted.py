"""Boosted trees as a classifier that takes seconds, where every shower counts.

Trees are grown on histograms of the inputs, whose scale therefore does not matter. Both samples are
cut into k = 5 parts; each part is scored by trees that were grown on the other four. AUC is the mean
over the parts, because scores of different trees do not compare. Parts are scored by trees that
share most showers, which correlates them by about 1/k, so that the error is that of the mean of
independent parts times √(2 - 1/k) (Nadeau and Bengio, Machine Learning 52 (2003) 239): for samples
of one law it was seen to be 1.2 to 1.3 times that of independent parts.

A generated sample that holds showers of the reference has an AUC below 0.5: the trees learnt these
with the other label.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import require
from caloexport.validation.classifiers.auc import area_under_curve
from caloexport.validation.classifiers.inputs import Inputs
from caloexport.validation.classifiers.pairing import Pairing, pairing
from caloexport.validation.halves import random_halves

FOLDS = 5
#: showers of each sample below which trees have no leaves to speak of
FEWEST = 200
#: bins of a quarter of what is usual take half of the time and tell samples as well
TREES = {
    "max_iter": 100,
    "learning_rate": 0.1,
    "max_leaf_nodes": 15,
    "max_bins": 63,
    "early_stopping": False,
}


def boosted_auc(
    reference: Inputs, generated: Inputs, seed: int, tell: Callable[[str], None] = lambda text: None
) -> tuple[float, float]:
    """Return AUC of boosted trees and its error.

    Args:
        reference, generated: inputs of the same width; of the larger sample some are left out.
        seed: of order and trees.
        tell: called with what goes on.

    Raises:
        UsageError: fewer than two showers in a part.
        MissingDependency: without scikit-learn.
    """
    limits = require("threadpoolctl", extra="distances").threadpool_limits
    require("sklearn.ensemble", extra="distances")  # whose threads there are to be limited
    both = pairing(reference, generated, np.random.default_rng(seed))
    if both.n < 2 * FOLDS:
        message = f"{both.n} showers in {FOLDS} parts, expected two in each at least"
        raise UsageError(message)
    inputs = both.read(both.part(0, both.n))
    ends = np.linspace(0, both.n, FOLDS + 1).astype(int)
    values, errors = [], []
    for number, (first, last) in enumerate(itertools.pairwise(ends), start=1):
        tell(f"trees for part {number} of {FOLDS}")
        kept = both.part(first, last)
        others = np.concatenate([both.part(0, first), both.part(last, both.n)])
        with limits(1, "openmp"):  # threads wait for each other longer than they work
            value, error = _grown(both, inputs, others, kept, seed)
        values.append(value)
        errors.append(error)
    error = math.hypot(*errors) / FOLDS * math.sqrt(2 - 1 / FOLDS)
    return float(np.mean(values)), error


def boosted_floor(
    reference: Inputs, most: int, seed: int, tell: Callable[[str], None] = lambda text: None
) -> tuple[float, float]:
    """Return the same of random halves of the reference, of ``most`` showers each at most."""
    halves = random_halves(reference.n, np.random.default_rng((seed, 1)))
    first, second = (reference.take(half[:most]) for half in halves)
    return boosted_auc(first, second, seed, tell)


def _grown(
    both: Pairing, inputs: Float64, grown: Integers, kept: Integers, seed: int
) -> tuple[float, float]:
    """Grow trees on some showers and return their AUC on others."""
    ensemble = require("sklearn.ensemble", extra="distances")
    trees = ensemble.HistGradientBoostingClassifier(random_state=seed, **TREES)
    trees.fit(inputs[grown], both.labels(grown))
    scores, labels = trees.decision_function(inputs[kept]), both.labels(kept)
    return area_under_curve(scores[labels == 0], scores[labels == 1])
