"""What distances by the challenge's network have in common: their numbers, and what they need."""

from __future__ import annotations

from collections.abc import Callable

from caloexport.validation.classifiers.challenge import (
    FEWEST,
    PUBLISHED_SETTINGS,
    PUBLISHED_SHOWERS,
    PUBLISHED_TRAININGS,
    TRAININGS,
    ClassifierTest,
    classifier_test,
)
from caloexport.validation.classifiers.in_both import note_on_copies
from caloexport.validation.classifiers.inputs import Inputs
from caloexport.validation.classifiers.network import Settings
from caloexport.validation.distances import DistanceResult, Tell, silence, undecided
from caloexport.validation.rows import Rows

#: what trains and what calibrates, and the extras that install them
LIBRARIES = (("tensorflow", "train"), ("sklearn", "distances"))


def network_distance(
    kind: str,
    inputs: Callable[[Rows], Inputs],
    reference: Rows,
    generated: Rows,
    seed: int,
    *,
    tell: Tell = silence,
    trainings: int = TRAININGS,
    settings: Settings = PUBLISHED_SETTINGS,
) -> list[DistanceResult]:
    """Return AUC after and before calibration and JSD, each beside its floor.

    Args:
        kind: of inputs, in the names of the numbers.
        inputs: what the network sees of rows.
        reference, generated: rows.
        seed: of splits, weights and batches.
        tell: called with what goes on.
        trainings, settings: of published values there are ten.

    Raises:
        MissingDependency: without TensorFlow or scikit-learn.
    """
    names = {
        "auc": f"auc_{kind}",
        "auc_uncalibrated": f"auc_{kind}_uncalibrated",
        "jsd": f"jsd_{kind}",
    }
    least = min(len(reference), len(generated))
    if least < FEWEST:
        note = f"needs {FEWEST} showers of both"
        return [undecided(name, reference, generated, note) for name in names.values()]
    tested = classifier_test(
        inputs(reference), inputs(generated), seed,
        trainings=trainings, settings=settings, what=names["auc"],
        report=lambda done, total, text: tell(f"{text}, training step {done} of {total}"),
    )  # fmt: skip
    departures = dict.fromkeys((
        *_departures(least, trainings, settings), *reference.departures, *generated.departures,
    ))  # fmt: skip
    copies = note_on_copies(reference, generated)
    return [
        DistanceResult(
            name, *tested.found[key], *tested.floor[key], least, least, reference.numbers,
            inputs(reference).width, tested.sizes, tuple(departures),
            (_spread(tested, key, trainings), *copies),
        )
        for key, name in names.items()
    ]  # fmt: skip


def _departures(least: int, trainings: int, settings: Settings) -> list[str]:
    found = []
    if least < PUBLISHED_SHOWERS:
        found.append(f"{least} showers of each sample, published of {PUBLISHED_SHOWERS}")
    if trainings != PUBLISHED_TRAININGS:
        found.append(f"{trainings} trainings, published of {PUBLISHED_TRAININGS}")
    if settings != PUBLISHED_SETTINGS:
        found.append(f"{settings}, published of {PUBLISHED_SETTINGS}")
    return found


def _spread(tested: ClassifierTest, key: str, trainings: int) -> str:
    return f"standard deviation of {trainings} trainings {tested.spread[key]:.2g}"
