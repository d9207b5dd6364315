"""The numpy backend: works wherever numpy does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.backends import Backend, Executor, backends
from caloexport.runtime.reference import evaluate

if TYPE_CHECKING:
    from caloexport.runtime.generator import Generator


class NumpyExecutor:
    """The reference in float32, one shower at a time.

    A matrix product sums in an order that depends on the batch; one row at a time does not, so a
    shower has the same bits whatever it is sampled together with.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._network = generator.network

    def run(self, x: Array) -> Array:
        """Return the outputs (n, n_out) float32."""
        out = np.empty((len(x), self._network.n_outputs), dtype=np.float32)
        arithmetic = self._generator.arithmetic
        for i in range(len(x)):
            inputs = self._generator.split(x[i : i + 1])
            out[i] = evaluate(self._network, inputs, np.float32, arithmetic).reshape(-1)
        return out


class NumpyBackend(Backend):
    """The numpy reference."""

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        return NumpyExecutor(generator)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        from caloexport.runtime.artifact import load

        return self.prepare(load(path, backend="numpy", replay=False), threads=threads)


backends.register("numpy")(NumpyBackend())
