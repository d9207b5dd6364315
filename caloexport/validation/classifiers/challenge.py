"""The classifier test of the CaloChallenge: AUC and JSD of several trainings, beside their floor.

Showers of each sample are split anew for each training, 60 % to train on, 20 % to choose the epoch
by and to calibrate, 20 % to validate; set 1, whose files hold 121 000 photons or 120 800 pions, has
80 000 and 20 000. Quoted are AUC and JSD of the validation showers after calibration, and AUC before
it, each the mean over the trainings. The error adds the standard deviation over the trainings, which
is what published tables hold, and the statistical error of one validation, in squares. As each
training has another split, the first holds some of the second: the error is rather too large.

The floor is the same test of random halves of the reference, with one training less.

Source: CaloChallenge, code/evaluate.py, and facts of arXiv:2410.21611 (ten trainings).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.errors import UsageError
from caloexport.validation.classifiers.auc import area_under_curve
from caloexport.validation.classifiers.calibration import calibration
from caloexport.validation.classifiers.divergence import jensen_shannon
from caloexport.validation.classifiers.inputs import Inputs
from caloexport.validation.classifiers.network import Network, Settings, steps, train
from caloexport.validation.classifiers.pace import Pace
from caloexport.validation.classifiers.pairing import Pairing, pairing
from caloexport.validation.halves import random_halves

#: of published values, and here unless more are asked for
PUBLISHED_TRAININGS, TRAININGS = 10, 3
PUBLISHED_SETTINGS = Settings()
#: showers of each sample in the smaller sets of the challenge
PUBLISHED_SHOWERS = 100_000
#: showers of each sample below which there is nothing to learn from
FEWEST = 500
#: showers of each sample -> how many to train on and to choose the epoch by, where not 60 and 20 %
SPLITS = {121_000: (80_000, 20_000), 120_800: (80_000, 20_000)}

#: ``auc``, ``auc_uncalibrated`` and ``jsd`` -> value and error
Numbers = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class ClassifierTest:
    """What classifiers found.

    Attributes:
        found: of the generated sample.
        floor: of halves of the reference.
        sizes: showers of each sample to train on, to choose the epoch by, to validate.
        spread: standard deviation over the trainings, of each number.
    """

    found: Numbers
    floor: Numbers
    sizes: tuple[int, int, int]
    spread: Mapping[str, float]


def classifier_test(
    reference: Inputs,
    generated: Inputs,
    seed: int,
    *,
    trainings: int = TRAININGS,
    settings: Settings = PUBLISHED_SETTINGS,
    what: str = "classifier",
    report: Callable[[int, int, str], None] = lambda done, total, text: None,
) -> ClassifierTest:
    """Train classifiers and return what they tell.

    Args:
        reference, generated: inputs of the same width, of :data:`FEWEST` showers at least.
        seed: of splits, weights and batches.
        trainings: how many, two at least for an error.
        settings: of network and training.
        what: it is called where the time that it takes is told.
        report: progress in steps.

    Raises:
        UsageError: fewer trainings or showers.
        MissingDependency: without TensorFlow or scikit-learn.
    """
    least = min(reference.n, generated.n)
    if trainings < 2 or least < FEWEST:
        message = f"a classifier test of {trainings} trainings and {least} showers"
        raise UsageError(message, hint=f"two trainings and {FEWEST} showers of both at least")
    half = min(least, reference.n // 2)
    total = trainings * _steps(least, settings) + (trainings - 1) * _steps(half, settings)
    pace = Pace(what, total, report)
    network = Network(reference.width, settings)
    found = []
    for number in range(trainings):
        random = np.random.default_rng((seed, number))
        found.append(_trained(pairing(reference, generated, random), random, network, pace))
    floor = []
    for number in range(trainings - 1):
        random = np.random.default_rng((seed, 1000 + number))
        first, second = (one[:half] for one in random_halves(reference.n, random))
        halves = pairing(reference.take(first), reference.take(second), random)
        floor.append(_trained(halves, random, network, pace))
    spread = {name: _deviation([one[name][0] for one in found]) for name in found[0]}
    first_of, second_of = split(least)
    sizes = (first_of, second_of, least - first_of - second_of)
    return ClassifierTest(averaged(found), averaged(floor), sizes, spread)


def split(n: int) -> tuple[int, int]:
    """Return how many of n showers of each sample to train on, and to choose the epoch by.

    >>> split(100_000), split(121_000)
    ((60000, 20000), (80000, 20000))
    """
    return SPLITS.get(n, (n * 6 // 10, n * 2 // 10))


def averaged(trainings: Sequence[Numbers]) -> Numbers:
    """Return means over trainings, with deviation and statistical error added in squares.

    >>> averaged([{"auc": (0.5, 0.03)}, {"auc": (0.5, 0.03)}])
    {'auc': (0.5, 0.03)}
    """
    found = {}
    for name in trainings[0]:
        values, errors = zip(*(one[name] for one in trainings), strict=True)
        error = math.hypot(_deviation(values), float(np.mean(errors)))
        found[name] = (float(np.mean(values)), error)
    return found


def _deviation(values: Sequence[float]) -> float:
    """Return the standard deviation; 0 of one value, of which nothing can be told."""
    return float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


def _steps(n: int, settings: Settings) -> int:
    return steps(2 * split(n)[0], settings)


def _parts(both: Pairing) -> tuple[Integers, Integers, Integers]:
    first, second = split(both.n)
    ends = (0, first, first + second, both.n)
    training, test, validation = (both.part(*pair) for pair in itertools.pairwise(ends))
    return training, test, validation


def _trained(both: Pairing, random: np.random.Generator, network: Network, pace: Pace) -> Numbers:
    parts = _parts(both)
    scores = train(network, both, parts, random, pace.step)
    test, truth = both.labels(parts[1]), both.labels(parts[2])
    probabilities = calibration(scores.test, test)(scores.validation)
    return {
        "auc": _area(probabilities, truth),
        "auc_uncalibrated": _area(scores.validation, truth),
        "jsd": jensen_shannon(probabilities, truth),
    }


def _area(scores: Float64, labels: Float64) -> tuple[float, float]:
    return area_under_curve(scores[labels == 0], scores[labels == 1])
