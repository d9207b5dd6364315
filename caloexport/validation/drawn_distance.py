"""What FPD and KPD have in common: draws whose sizes are the CaloChallenge's or a share of the showers.

The challenge draws up to 50 000 showers of either sample. Of fewer showers draws shrink with them,
and the results are none to hold against published ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from caloexport.runtime.arrays import Float64
from caloexport.validation.distances import SEED, DistanceResult, undecided
from caloexport.validation.rows import Rows

#: showers of each sample from which draws have the sizes of the CaloChallenge
PUBLISHED_SHOWERS = 50_000
#: the largest size over the smallest, in the challenge 50 000 to 10 000
SHARE = 5


class Drawn(NamedTuple):
    """A value and a floor, with their errors, and the sizes of draws."""

    value: float
    error: float
    floor: float
    floor_error: float
    sizes: tuple[int, ...]


#: (features of the reference, of the generated sample, showers of the largest draw, seed)
Draw = Callable[[Float64, Float64, int, int], Drawn]


def drawn_distance(
    name: str, reference: Rows, generated: Rows, seed: int, *, needed: int, draw: Draw
) -> list[DistanceResult]:
    """Return a distance beside its floor, or how many showers it needs.

    Args:
        name: of the number.
        reference, generated: features.
        seed: of the draws.
        needed: showers of either sample.
        draw: computes value and floor.
    """
    least = min(len(reference), len(generated))
    if least < needed:
        note = f"needs {needed} showers of both for {reference.width} features"
        return [undecided(name, reference, generated, note)]
    most = min(least, PUBLISHED_SHOWERS)
    found = draw(reference.values, generated.values, most, seed)
    return [
        DistanceResult(
            name, found.value, found.error, found.floor, found.floor_error,
            len(reference), len(generated), reference.numbers, reference.width, found.sizes,
            _departures(reference, generated, most, seed),
        )
    ]  # fmt: skip


def _departures(reference: Rows, generated: Rows, most: int, seed: int) -> tuple[str, ...]:
    found = [*reference.departures, *generated.departures]
    if most < PUBLISHED_SHOWERS:
        found.append(f"draws of {most} showers at most, published of {PUBLISHED_SHOWERS}")
    if seed != SEED:
        found.append(f"seed {seed}, published {SEED}")
    return tuple(dict.fromkeys(found))
