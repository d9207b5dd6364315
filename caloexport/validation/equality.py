"""Whether the showers of a model are those that the reference evaluation of its network gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.converters.evaluated import evaluated_energies
from caloexport.converters.physics.proof import differences, margins_of
from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.runtime.mesh import cell_name
from caloexport.runtime.precisions import precisions
from caloexport.runtime.units import format_energy
from caloexport.sampling import SampledShowers
from caloexport.showers.order import reorder
from caloexport.showers.showers import Showers

#: showers that are evaluated twice
COMPARED = 32


@dataclass(frozen=True)
class Equality:
    """How far showers that a backend made are from the reference evaluation of the same latents.

    Attributes:
        largest: difference of a cell, in units of its shower's incident energy; infinite where only
            one of the two is a number.
        allowed: what the arithmetic of the model's precision explains, in the same unit, by
            :mod:`caloexport.runtime.tolerance`.
        where: the worst cell, for people.
        showers: how many were compared.
    """

    largest: float
    allowed: float
    where: str
    showers: int


def equality(generated: Showers) -> Equality | None:
    """Evaluate some showers of a model again, in float64, and compare.

    The reference computes with the weights that the file holds: what rounding them has changed is no
    difference here, but one of physics. Where a precision rounds activations, too, so does the
    reference.

    Args:
        generated: that a model makes.

    Returns:
        the difference; None for showers of a file, whose latents nobody knows.
    """
    if not isinstance(generated, SampledShowers):
        return None
    generator, sampling = generated.generator, generated.generator.sampling
    chosen = chosen_showers(generated.given)
    if sampling is None or not len(chosen):
        return None
    given = {name: np.asarray(values)[chosen] for name, values in generated.given.items()}
    incident = np.asarray(given["energy_mev"], dtype=np.float64)
    with np.errstate(all="ignore"):  # broken weights overflow in both; the comparison tells
        latents = [sampling.noise.draw(1, generated.seed, int(k)) for k in chosen]
        made = evaluated_energies(generator, sampling, np.concatenate(latents), given)
        made = made.reshape(len(chosen), *sampling.mesh.shape)
        expected = reorder(made, sampling.mesh, generated.mesh.order).reshape(len(chosen), -1)
        found = [generated.read_raw(slice(int(k), int(k) + 1)).reshape(-1) for k in chosen]
        margins = margins_of(expected, incident, precisions[generator.arithmetic].tolerance)
        threshold = sampling.output.threshold_mev
        rows = zip(found, expected, margins, strict=True)
        apart = np.stack([_apart(cells, usual, threshold, margin) for cells, usual, margin in rows])
    apart /= incident[:, None]
    row, cell = (int(place) for place in np.unravel_index(int(apart.argmax()), apart.shape))
    place = f"cell {cell_name(generated.mesh, cell)} at {format_energy(float(incident[row]))}"
    allowed = np.nan_to_num(margins / incident, nan=0.0, posinf=0.0).max()
    return Equality(float(apart.max()), float(allowed), place, len(chosen))


def _apart(cells: Array, expected: Float64, threshold: float, margin: float) -> Float64:
    """Return how far cells (cells,) are apart; where neither is a number, they are alike."""
    neither = ~(np.isfinite(cells) | np.isfinite(expected))
    apart = differences(cells.astype(np.float64), np.nan_to_num(expected), threshold, margin)
    apart[~np.isfinite(expected)] = np.inf
    apart[neither] = 0.0
    return apart


def chosen_showers(conditions: Mapping[str, Array]) -> Integers:
    """Return the numbers of showers at the ends of every condition, and of others in between.

    Args:
        conditions: by name (n,), ``energy_mev`` among them. Showers without energy are left out.

    >>> chosen_showers({"energy_mev": np.linspace(1e3, 1e5, 1000)})[[0, 1, -1]].tolist()
    [0, 17, 999]
    """
    energy = np.asarray(conditions["energy_mev"], dtype=np.float64)
    usable = np.flatnonzero(energy > 0)
    if len(usable) <= COMPARED:
        return usable
    ends: list[int] = []
    for values in conditions.values():
        here = np.asarray(values)[usable]
        # of a category one shower each
        firsts = np.unique(here, return_index=True)[1]
        ends += usable[firsts if here.dtype.kind in "OSU" else firsts[[0, -1]]].tolist()
    chosen = list(dict.fromkeys(ends))[:COMPARED]
    order = usable[np.argsort(energy[usable], kind="stable")]
    rest = order[~np.isin(order, chosen)]
    wanted = COMPARED - len(chosen)
    places = (np.arange(wanted) + 0.5) * len(rest) / max(wanted, 1)
    return np.sort(
        np.concatenate([np.array(chosen, dtype=np.int64), rest[places.astype(np.int64)]])
    )
