"""What distances by boosted trees have in common."""

from __future__ import annotations

from caloexport.validation.classifiers.boosted import FEWEST, FOLDS, boosted_auc, boosted_floor
from caloexport.validation.classifiers.in_both import note_on_copies
from caloexport.validation.classifiers.inputs import feature_inputs
from caloexport.validation.distances import DistanceResult, Tell, silence, undecided
from caloexport.validation.rows import Rows

#: what grows trees, and the extra that installs it
LIBRARIES = (("sklearn", "distances"),)


def boosted_distance(
    name: str,
    reference: Rows,
    generated: Rows,
    seed: int,
    *,
    tell: Tell = silence,
) -> list[DistanceResult]:
    """Return AUC of boosted trees beside its floor.

    Args:
        name: of the number.
        reference, generated: what the trees see.
        seed: of order and trees.
        tell: called with what goes on.

    Raises:
        MissingDependency: without scikit-learn.
    """
    least = min(len(reference), len(generated))
    if least < FEWEST:
        return [undecided(name, reference, generated, f"needs {FEWEST} showers of both")]
    usual, found = feature_inputs(reference), feature_inputs(generated)
    value = boosted_auc(usual, found, seed, lambda text: tell(f"{name}: {text}"))
    floor = boosted_floor(usual, least, seed, lambda text: tell(f"{name}, floor: {text}"))
    departures = dict.fromkeys((
        "boosted trees, published of networks", *reference.departures, *generated.departures,
    ))  # fmt: skip
    return [
        DistanceResult(
            name, *value, *floor, least, least, reference.numbers, usual.width,
            (least - least // FOLDS, least // FOLDS), tuple(departures),
            note_on_copies(reference, generated),
        )
    ]  # fmt: skip
