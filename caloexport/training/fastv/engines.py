"""Who computes an update: section [step]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UnknownName
from caloexport.runtime.extras import require
from caloexport.training.batches import Batches
from caloexport.training.fastv.step import Step


class Engine(Protocol):
    """Computes the updates of a step's variables."""

    def inputs(
        self, batches: Batches, number: int, spread: Float32, epsilon: Float32, powers: Float32
    ) -> Any:
        """Return what an update needs, made of a batch; it reads no weights.

        Args:
            batches: of showers.
            number: of the update.
            spread, epsilon, powers: as ``Step.update`` takes them.
        """

    def apply(self, inputs: Any, rate: float, *, with_loss: bool) -> Array:
        """Do an update; return what ``Step.update`` does."""


class TensorflowEngine:
    """Dense batches, and one compiled function of TensorFlow's."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._cells: Float32 | None = None

    def inputs(
        self, batches: Batches, number: int, spread: Float32, epsilon: Float32, powers: Float32
    ) -> Any:
        if self._cells is None:
            self._cells = np.empty((batches.size, batches.showers.n_cells), dtype=np.float32)
        cells, conditions = batches.batch(number, self._cells)
        return tuple(map(self._step.tf.constant, (cells, conditions, spread, epsilon, powers)))

    def apply(self, inputs: Any, rate: float, *, with_loss: bool) -> Array:
        tf = self._step.tf
        losses = self._step.update(*inputs, tf.constant(rate, tf.float32), with_loss)
        return np.asarray(losses.numpy())


def _numba(step: Step) -> Engine:
    require("numba", extra="train")
    from caloexport.training.fastv.kernels.fused import FusedEngine

    return FusedEngine(step)


#: name in [step] -> makes the engine of a step
ENGINES: dict[str, Callable[[Step], Engine]] = {"tensorflow": TensorflowEngine, "numba": _numba}


@dataclass(frozen=True)
class StepSettings:
    """Section [step].

    Attributes:
        engine: entry of ENGINES. They agree to rounding; a run stays with the one it began with.
    """

    engine: str = "tensorflow"

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UnknownName("engine of updates", self.engine, ENGINES)
