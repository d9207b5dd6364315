"""What the reference gives for input vectors, one at a time so that many take no more memory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.output_maps import output_maps
from caloexport.runtime.reference import evaluate


def evaluated(generator: Generator, inputs: Float32, arithmetic: str = "float32") -> Float64:
    """Return the outputs (n, n_out) of the float64 reference for inputs (n, n_in).

    Args:
        generator: whose network is evaluated.
        inputs: (n, n_in).
        arithmetic: the precision whose products round their inputs; see ``runtime.reference``.
    """
    outputs = [
        evaluate(generator.network, generator.split(row[None]), np.float64, arithmetic)
        for row in inputs
    ]
    return np.concatenate([output.reshape(1, -1) for output in outputs])


def evaluated_energies(
    generator: Generator, sampling: Sampling, latents: Float32, conditions: Mapping[str, Array]
) -> Float64:
    """Return the showers (n, cells) in MeV of the float64 reference, before the readout threshold.

    Args:
        generator: whose network is evaluated, in its own arithmetic.
        sampling: of what is fed.
        latents: (n, latents).
        conditions: by name (n,), ``energy_mev`` among them.
    """
    x = np.concatenate([latents, sampling.encoding.encode(dict(conditions))], axis=1)
    incident = np.asarray(conditions["energy_mev"], dtype=np.float64)
    outputs = evaluated(generator, x, generator.arithmetic)
    output = sampling.output
    cells: Float64 = output_maps[output.kind].apply(
        outputs, incident, sampling.mesh, output.parameters
    )
    return cells
