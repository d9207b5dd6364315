"""A WGAN-GP in training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.encodings import Encoding
from caloexport.runtime.errors import UsageError
from caloexport.training.batches import DRAW, LATENT, MIX, Batches, balanced, stream
from caloexport.training.data import TrainingData
from caloexport.training.decoder import Decoder, DecoderSettings, typical_fractions
from caloexport.training.divergence import require_within
from caloexport.training.guard import Guard, standards, sum_matrix
from caloexport.training.heads import Head
from caloexport.training.hidden import seeds_of
from caloexport.training.mirrors import with_mirrors
from caloexport.training.settings import Schedule
from caloexport.training.variables import restore, snapshot
from caloexport.training.wgan.critic import build_critic
from caloexport.training.wgan.reversal import ReversalStep
from caloexport.training.wgan.settings import Critics, Optimizers
from caloexport.training.wgan.step import WEIGHTS, Step

#: number of an update that never comes: its random numbers are those of the validation
VALIDATION = 2**62
#: showers whose distance is a validation
VALIDATED = 2048
#: of a critic that explodes
REMEDY = "a lower learning_rate or critic_rate, or a larger penalty in [critics] inputs"


class WganTrainer:
    """Weights, optimizers and data of one training.

    Args:
        network, head, encoding, critics, optimizers, guard, schedule: settings.
        data: showers.
        seed: of weights, batches, latents.
    """

    def __init__(
        self, network: DecoderSettings, head: Head, encoding: Encoding, critics: Critics,
        optimizers: Optimizers, guard: Guard, schedule: Schedule, data: TrainingData, seed: int,
    ) -> None:  # fmt: skip
        self.schedule, self.critics, self.seed = schedule, critics, seed
        self.decoder = Decoder(network, head, encoding, data, seed)
        self.sampling = self.decoder.sampling
        self.held_back = data.scoring
        data = with_mirrors(data, schedule.mirror)
        size = schedule.batch * critics.per_update
        encoded = data.encode(encoding)
        chosen = balanced(data.training, data.energy_mev, schedule.balance)
        if len(chosen) < size:
            message = (
                f"{len(chosen)} training showers are fewer than the {size} of an update "
                f"(batch = {schedule.batch} times per_update = {critics.per_update})"
            )
            hint = "a lower batch in [training] or per_update in [critics], or more showers"
            raise UsageError(message, hint=hint)
        self.batches = Batches(data.showers, encoded, chosen, None, data.mesh, size, seed)
        sums = sum_matrix(data.mesh)
        everything = np.arange(len(data.showers))
        self.mean, self.spread = standards(
            data.energy_mev, self.batches.cells(everything) @ sums, data.training
        )
        widths = {"cells": len(sums), "roots": len(sums), "total": 1, "layers": data.mesh.n_layers}
        scale = typical_fractions(data) ** network.scale_power
        seeds = seeds_of(seed + 1)
        models = [
            build_critic(
                {name: widths[name] for name in blocks},
                encoding.width,
                critics,
                seeds,
                f"critic_{i}",
            )
            for i, blocks in enumerate(critics.inputs, start=1)
        ]
        kind = ReversalStep if critics.training == "reversal" else Step
        self.step = kind(self.decoder, models, critics, optimizers, guard, sums, scale)

    def _normal(self, number: int, n: int) -> Float32:
        law = self.decoder.settings.noise
        random = stream(self.seed, LATENT, number)
        if law.law == "uniform":
            return random.uniform(law.a, law.b, (n, law.size)).astype(np.float32)
        normal = random.standard_normal((n, law.size), dtype=np.float32)
        return np.float32(law.a) + np.float32(law.b) * normal

    def _of(self, picked: Integers) -> dict[str, Array]:
        return {
            "cells": self.batches.cells(picked),
            "conditions": self.batches.conditions[picked],
            "mean": self.mean[picked],
            "spread": self.spread[picked],
        }

    def _drawn(self, number: int, chunk: Integers) -> Integers:
        """Return the showers whose conditions the generator's update takes."""
        if self.critics.draw == "last-batch":
            return chunk[-self.schedule.batch :]
        among = self.batches.chosen if self.critics.draw == "events" else chunk
        return stream(self.seed, DRAW, number).choice(among, self.schedule.batch)

    def inputs(self, number: int) -> dict[str, dict[str, Any]]:
        """Return true showers for the critics, and what the generator's update starts from."""
        chunk = self.batches.selection(number)
        batch = self.schedule.batch
        drawn = self._drawn(number, chunk)
        latents = self._normal(number, len(chunk) + 2 * batch)
        mix = stream(self.seed, MIX, number).random((len(chunk), 1), dtype=np.float32)
        return {
            "real": {**self._of(chunk), "latents": latents[: len(chunk)], "mix": mix},
            "made": {**self._of(drawn), "latents": latents[len(chunk) :]},
            "number": {"t": np.float32(number + 1)},
        }

    def apply(
        self, inputs: dict[str, dict[str, Any]], learning_rate: float, *, with_loss: bool
    ) -> dict[str, float]:
        tf = self.step.tf
        real, made = (
            {name: tf.constant(value) for name, value in inputs[part].items()}
            for part in ("real", "made")
        )
        t = tf.constant(inputs["number"]["t"])
        losses = self.step.update(real, made, tf.constant(learning_rate, tf.float32), t).numpy()
        named = dict(zip(self.step.names, map(float, losses), strict=True))
        of_critics = {k: v for k, v in named.items() if k.startswith("critic ")}
        require_within(of_critics, self.critics.largest, REMEDY)
        require_within({WEIGHTS: named.pop(WEIGHTS)})
        return named

    def validate(self) -> dict[str, float]:
        chosen = self.held_back[:: max(1, len(self.held_back) // VALIDATED)]
        batch = self._of(chosen)
        batch["latents"] = self._normal(VALIDATION, len(chosen))
        distances = self.step.distances({k: self.step.tf.constant(v) for k, v in batch.items()})
        names = self.step.names[: len(self.step.critics)]
        return dict(zip(names, map(float, distances.numpy()), strict=True))

    def decode(self, latents: Float32, conditions: Float32) -> Array:
        model = self.decoder.for_file()
        return np.asarray(model(np.concatenate([latents, conditions], axis=1), training=False))

    def state(self) -> dict[str, Array]:
        return snapshot(self.step.variables())

    def restore(self, state: Mapping[str, Array], where: str) -> None:
        restore(self.step.variables(), state, where)

    def save_decoder(self, path: Path) -> None:
        self.decoder.save(path)
