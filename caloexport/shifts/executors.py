"""What computes both sides of a comparison, many showers at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.artifact import load
from caloexport.runtime.backends import Executor, backends
from caloexport.runtime.generator import Generator
from caloexport.runtime.reference import evaluate


class BatchedReference:
    """The numpy reference in float32, a block of showers at a time.

    The numpy backend takes them one by one, so that a shower has the same bits in any company.
    Here nobody asks for bits, and one product of matrices is ten times faster than its rows.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    def run(self, x: Array) -> Array:
        """Return the outputs (n, n_out) float32."""
        generator = self._generator
        inputs = generator.split(x)
        outputs = evaluate(generator.network, inputs, np.float32, generator.arithmetic)
        return outputs.reshape(len(x), -1)


def executor_of(generator: Generator) -> tuple[Executor, str]:
    """Return what executes a generator fastest, and its name."""
    numba = backends["numba"]
    if numba.available() and numba.supports(generator.manifest):
        return numba.prepare(generator), "numba"
    return BatchedReference(generator), "numpy"


def executor_of_file(path: Path, engine: str) -> tuple[Executor, str]:
    """Return what executes a file, and its name.

    Args:
        path: the file.
        engine: the backend of its format.
    """
    if backends[engine].target == "numba":
        return executor_of(load(path, backend=engine, replay=False))
    return backends[engine].open(path), engine
