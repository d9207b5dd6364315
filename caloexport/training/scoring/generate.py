"""The decoder of an evaluation, as it is kept: read back from its file, run by the fast runtime.

Scoring through Keras would cost more than it has to, and would score something else than what a
user gets. Latents are the same in every evaluation, so that evaluations differ by weights alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.keras_files.read import read_keras_model
from caloexport.runtime.arrays import Float32, Integers
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.training.data import TrainingData

SEED = 20_220_601


def generator_of(decoder: Path, sampling: Sampling) -> Generator:
    """Return the generator that a Keras file and the physics around it make.

    Numba samples where it is installed, else numpy; the network is compiled once per training,
    because compiled code belongs to the structure and not to the weights.
    """
    return Generator.from_network(read_keras_model(decoder).network, sampling, name=decoder.stem)


def generated(generator: Generator, data: TrainingData, chosen: Integers, first: int) -> Float32:
    """Return showers under the conditions of true ones, (k, *mesh shape) MeV.

    Args:
        generator: of the decoder.
        data: has the conditions.
        chosen: numbers of the true showers.
        first: number of the first of them among all that are generated, for its latents.
    """
    assert generator.sampling is not None
    names = [condition.name for condition in generator.sampling.conditions]
    given: dict[str, Any] = {name: data.conditions[name][chosen] for name in names}
    return generator.sample(len(chosen), seed=SEED, first=first, **given)
