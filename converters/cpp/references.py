"""Reference showers: four showers that every program with an artifact must reproduce.

A shower has latents by seed and number, and conditions over the whole range, so that it proves
noise, encoding, order of inputs and cells, and the scale to MeV at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.converters.cpp.condition_names import condition_identifiers
from caloexport.converters.cpp.identifiers import camel
from caloexport.converters.cpp.literals import double
from caloexport.converters.evaluated import evaluated
from caloexport.runtime.arrays import Array
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.vectors import spread

SEED = 1
#: of the sixteen values over each condition's range: both ends, and two between
STEPS = (0, 5, 10, 15)


@dataclass(frozen=True)
class ReferenceShower:
    """One shower of the reference.

    Attributes:
        conditions: as C++ expressions, in the order of the manifest.
        seed, number: of the latents.
        total_mev: sum of the cells.
        mean_cell: mean number of a cell, weighted with its energy.
        hottest_cell, hottest_mev: the cell with the most energy.
    """

    conditions: tuple[str, ...]
    seed: int
    number: int
    total_mev: float
    mean_cell: float
    hottest_cell: int
    hottest_mev: float


def reference_showers(manifest: Manifest, generator: Generator) -> list[ReferenceShower]:
    """Compute the reference showers of an artifact.

    Args:
        manifest: of the artifact; with sampling.
        generator: with the network of the artifact, evaluated by the reference.
    """
    sampling = manifest.sampling
    if sampling is None:
        return []
    given: dict[str, Array] = {
        one.name: spread(one, turn)[list(STEPS)] for turn, one in enumerate(sampling.conditions)
    }
    words = condition_identifiers(sampling)
    latents = sampling.noise.draw(len(STEPS), SEED)
    inputs = np.concatenate([latents, sampling.encoding.encode(given)], axis=1)
    outputs = evaluated(generator, inputs, generator.arithmetic)
    incident = np.asarray(given["energy_mev"], dtype=np.float64)
    showers = sampling.output.energies(outputs, incident, sampling.mesh)
    found = []
    for number, shower in enumerate(showers):
        conditions = []
        for one in sampling.conditions:
            value = given[one.name][number]
            if one.categories:
                code = one.categories.index(str(value))
                conditions.append(f"{camel(words[one.name])}{{{code}}}")
            else:
                conditions.append(double(float(value)))
        total, hottest = float(shower.sum()), int(shower.argmax())
        mean = float(shower @ np.arange(shower.size)) / total if total > 0 else 0.0
        found.append(
            ReferenceShower(
                tuple(conditions), SEED, number, total, mean, hottest, float(shower[hottest])
            )
        )
    return found
