"""A trainer that takes any family's from task to task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import require
from caloexport.runtime.manifest import Sampling
from caloexport.training.batches import Batches
from caloexport.training.data import TrainingData
from caloexport.training.families import Trainer
from caloexport.training.meta.algorithms import algorithms
from caloexport.training.meta.settings import MetaSettings
from caloexport.training.meta.tasks import TaskBatches, tasks_of
from caloexport.training.recalibration import forget
from caloexport.training.settings import Schedule
from caloexport.training.variables import restore, snapshot


class MetaTrainer:
    """Updates of the family's own kind, after some of which the shared weights are set anew.

    Statistics of batch normalisation move with every update, on whatever task: they are not shared
    weights, and whoever adapts the generator measures them anew.

    Args:
        trainer: of the family, on the showers of all tasks.
        settings: section [meta].
        schedule: section [training].

    Raises:
        UsageError: one task only, or numbers of updates that end within a turn.
    """

    def __init__(self, trainer: Trainer, settings: MetaSettings, schedule: Schedule) -> None:
        self.tf = require("tensorflow", extra="train")
        self.inner, self.settings = trainer, settings
        plain = trainer.batches
        tasks = tasks_of(trainer.data, plain.chosen, settings.tasks)
        given = {one.name: getattr(plain, one.name) for one in fields(Batches)}
        trainer.batches = TaskBatches(**given, tasks=tasks, stay=settings.inner_updates)
        self.total = schedule.updates or schedule.epochs * trainer.batches.per_epoch
        _require_whole_turns(schedule, settings.inner_updates)
        self._weights = trainer.weights()
        # names of both: shared weights φ, and θ' from which movement counts
        # copies of the values, as a variable that is made of another one shares its memory
        self.shared = [self.tf.Variable(weight.numpy()) for weight in self._weights]
        self.since = [self.tf.Variable(weight.numpy()) for weight in self._weights]
        self._since = algorithms[settings.algorithm].since(settings.inner_updates)
        self._move = self.tf.function(self._moved)

    @property
    def sampling(self) -> Sampling:
        return self.inner.sampling

    @property
    def batches(self) -> Batches:
        return self.inner.batches

    @batches.setter
    def batches(self, batches: Batches) -> None:
        self.inner.batches = batches

    @property
    def data(self) -> TrainingData:
        return self.inner.data

    def inputs(self, number: int, count: int | None = None) -> tuple[int, Any]:
        inner = number % self.settings.inner_updates
        count = inner if self.settings.moments == "reset" else count
        return number, self.inner.inputs(number, count)

    def apply(
        self, inputs: tuple[int, Any], learning_rate: float, *, with_loss: bool
    ) -> dict[str, float]:
        number, of_family = inputs
        turn, inner = divmod(number, self.settings.inner_updates)
        if inner == 0 and self.settings.moments == "reset":
            forget(self.inner)
        if inner == self._since:
            for kept, weight in zip(self.since, self._weights, strict=True):
                kept.assign(weight.numpy())
        losses = self.inner.apply(of_family, learning_rate, with_loss=with_loss)
        if inner == self.settings.inner_updates - 1:
            done = turn * self.settings.inner_updates / self.total
            self._move(self.tf.constant(self.settings.rate(done), self.tf.float32))
        return losses

    def _moved(self, rate: Any) -> None:
        """Set the weights, and what is shared, to φ + rate (θ - θ')."""
        for weight, shared, since in zip(self._weights, self.shared, self.since, strict=True):
            shared.assign((shared - rate * since) + rate * weight)  # exact for the whole way
            weight.assign(shared)

    def weights(self) -> list[Any]:
        return self._weights

    def moments(self) -> dict[str, Any]:
        return self.inner.moments()

    def validate(self) -> dict[str, float]:
        return self.inner.validate()

    def decode(self, latents: Float32, conditions: Float32) -> Array:
        return self.inner.decode(latents, conditions)

    def _own(self) -> dict[str, Any]:
        both = {"shared": self.shared, "since": self.since}
        return {f"meta/{key}/{i:02d}": v for key, vs in both.items() for i, v in enumerate(vs)}

    def state(self) -> dict[str, Array]:
        return {**self.inner.state(), **snapshot(self._own())}

    def restore(self, state: Mapping[str, Array], where: str) -> None:
        self.inner.restore(state, where)
        restore(self._own(), state, where)

    def match_mean(self) -> None:
        self.inner.match_mean()

    def save_decoder(self, path: Path) -> None:
        self.inner.save_decoder(path)


def _require_whole_turns(schedule: Schedule, stay: int) -> None:
    """Scores, and decoders that are kept, are of shared weights: none may fall within a turn."""
    names = ("updates", "evaluate_updates", "keep_every")
    asked = [(name, getattr(schedule, name)) for name in names]
    for name, number in (*asked, *(("keep_updates", one) for one in schedule.keep_updates)):
        if number % stay:
            message = f"{name} is {number}, expected a multiple of inner_updates = {stay}"
            raise UsageError(message, hint=f"set {name} = {-(-number // stay) * stay}")
