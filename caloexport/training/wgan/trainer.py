"""A WGAN-GP in training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.encodings import Encoding
from caloexport.training.batches import DRAW, MIX, stream
from caloexport.training.data import TrainingData
from caloexport.training.decoder import Decoder, DecoderSettings
from caloexport.training.divergence import require_within
from caloexport.training.feed import VALIDATION, Feed
from caloexport.training.guard import Guard
from caloexport.training.heads import Head
from caloexport.training.hidden import CRITICS, seeds_of
from caloexport.training.settings import Schedule
from caloexport.training.variables import restore, snapshot
from caloexport.training.wgan.critic import build_critic
from caloexport.training.wgan.reversal import ReversalStep
from caloexport.training.wgan.settings import Critics, Optimizers
from caloexport.training.wgan.step import WEIGHTS, Step

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
        self.feed = Feed(data, encoding, network.noise, schedule, critics.per_update, seed)
        self.data, self.batches, sums = self.feed.data, self.feed.batches, self.feed.sums
        widths = {"cells": len(sums), "roots": len(sums), "total": 1, "layers": data.mesh.n_layers}
        seeds = seeds_of(seed, CRITICS)
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
        self.step = kind(self.decoder, models, critics, optimizers, guard, sums, self.decoder.unit)

    def _drawn(self, number: int, chunk: Integers) -> Integers:
        """Return the showers whose conditions the generator's update takes."""
        if self.critics.draw == "last-batch":
            return chunk[-self.schedule.batch :]
        among = self.batches.among(number) if self.critics.draw == "events" else chunk
        return stream(self.seed, DRAW, number).choice(among, self.schedule.batch)

    def inputs(self, number: int, count: int | None = None) -> dict[str, dict[str, Any]]:
        """Return true showers for the critics, and what the generator's update starts from."""
        chunk = self.batches.selection(number)
        batch = self.schedule.batch
        drawn = self._drawn(number, chunk)
        latents = self.feed.latents(number, len(chunk) + 2 * batch)
        mix = stream(self.seed, MIX, number).random((len(chunk), 1), dtype=np.float32)
        return {
            "real": {**self.feed.of(chunk), "latents": latents[: len(chunk)], "mix": mix},
            "made": {**self.feed.of(drawn), "latents": latents[len(chunk) :]},
            "number": {"t": np.float32((number if count is None else count) + 1)},
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
        chosen = self.feed.held_back[:: max(1, len(self.feed.held_back) // VALIDATED)]
        batch = self.feed.of(chosen)
        batch["latents"] = self.feed.latents(VALIDATION, len(chosen))
        distances = self.step.distances({k: self.step.tf.constant(v) for k, v in batch.items()})
        names = self.step.names[: len(self.step.critics)]
        return dict(zip(names, map(float, distances.numpy()), strict=True))

    def decode(self, latents: Float32, conditions: Float32) -> Array:
        model = self.decoder.for_file()
        return np.asarray(model(np.concatenate([latents, conditions], axis=1), training=False))

    def weights(self) -> list[Any]:
        return [*self.step.critic_variables, *self.decoder.variables]

    def moments(self) -> dict[str, Any]:
        return self.step.moments()

    def state(self) -> dict[str, Array]:
        return snapshot(self.step.variables())

    def restore(self, state: Mapping[str, Array], where: str) -> None:
        restore(self.step.variables(), state, where)

    def match_mean(self) -> None:
        """Do nothing: cells are made in units of their typical fraction of the new showers."""

    def save_decoder(self, path: Path) -> None:
        self.decoder.save(path)
