"""A VAE of calorimeter cells in training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.encodings import Encoding
from caloexport.runtime.errors import UsageError
from caloexport.training.data import TrainingData
from caloexport.training.decoder import Decoder, DecoderSettings
from caloexport.training.divergence import require_within
from caloexport.training.feed import VALIDATION, Feed
from caloexport.training.guard import Guard
from caloexport.training.heads import Head
from caloexport.training.optimizers import OptimizerSettings
from caloexport.training.settings import Schedule
from caloexport.training.vae.encoder import build_encoder
from caloexport.training.vae.flow import Flow
from caloexport.training.vae.measure import Measure
from caloexport.training.vae.settings import EncoderSettings, FlowSettings, Loss
from caloexport.training.vae.step import TERMS, WEIGHTS, Step
from caloexport.training.variables import restore, snapshot

#: of the losses
NAMES = (*TERMS, "loss")
#: of a loss that explodes
REMEDY = "a lower learning_rate, or smaller weights in [loss] and [guard]"
#: showers validated at a time
BLOCK = 512


class VaeTrainer:
    """Weights, optimizer and data of one training.

    Args:
        network, head, encoding, encoder, flow, loss, optimizer, guard, schedule: settings.
        data: showers.
        seed: of weights, batches, latents.

    Raises:
        UsageError: the latents are not standard normal.
    """

    def __init__(
        self, network: DecoderSettings, head: Head, encoding: Encoding, encoder: EncoderSettings,
        flow: FlowSettings, loss: Loss, optimizer: OptimizerSettings, guard: Guard,
        schedule: Schedule, data: TrainingData, seed: int,
    ) -> None:  # fmt: skip
        if (network.noise.law, network.noise.a, network.noise.b) != ("normal", 0.0, 1.0):
            message = "the prior of a VAE is N(0, 1), [network] has another law of the latents"
            raise UsageError(message, hint="leave law, law_a and law_b out")
        self.decoder = Decoder(network, head, encoding, data, seed)
        self.sampling = self.decoder.sampling
        self.feed = Feed(data, encoding, network.noise, schedule, 1, seed)
        self.data, self.batches = self.feed.data, self.feed.batches
        n_cells, n_sums = self.feed.sums.shape
        context = flow.context if flow.steps else 0
        n_read = self.decoder.model.output_shape[1] if encoder.reads == "outputs" else n_cells
        n_inputs = n_read + encoding.width + n_sums * encoder.sums
        model = build_encoder(n_inputs, network.latent, context, encoder, seed)
        measure = Measure(
            self.decoder.unit,
            roots=loss.reconstruction in ("roots", "outputs"),
            round_mev=loss.round_mev,
        )
        cells = self.batches.cells(data.training)
        energy_mev = data.energy_mev[data.training]
        self._unit = measure.units(cells, energy_mev, self.feed.energy_mev)
        self._energy_mev = self.feed.energy_mev.astype(np.float32)[:, None]
        self.step = Step(
            self.decoder, model, Flow(network.latent, flow, seed), encoder, loss, optimizer,
            guard, self.feed.sums, measure,
        )  # fmt: skip

    def _of(self, picked: Integers, number: int) -> dict[str, Any]:
        """Return a batch as tensors."""
        batch = {
            **self.feed.of(picked),
            "energy_mev": self._energy_mev[picked],
            "unit": self._unit[picked],
            "latents": self.feed.latents(number, 3 * len(picked)),
        }
        return {name: self.step.tf.constant(value) for name, value in batch.items()}

    def inputs(self, number: int, count: int | None = None) -> tuple[dict[str, Any], Any]:
        """Return showers, latents and the number of an update, as tensors."""
        t = self.step.tf.constant((number if count is None else count) + 1, self.step.tf.float32)
        return self._of(self.batches.selection(number), number), t

    def apply(
        self, inputs: tuple[dict[str, Any], Any], learning_rate: float, *, with_loss: bool
    ) -> dict[str, float]:
        batch, number = inputs
        rate = self.step.tf.constant(learning_rate, self.step.tf.float32)
        *losses, weights = map(float, self.step.update(batch, rate, number).numpy())
        named = dict(zip(NAMES, losses, strict=True))
        require_within(named, self.step.loss.largest, REMEDY)
        require_within({WEIGHTS: weights})
        return named

    def validate(self) -> dict[str, float]:
        chosen = self.feed.held_back
        total = np.zeros(len(NAMES))
        for block, start in enumerate(range(0, len(chosen), BLOCK)):
            picked = chosen[start : start + BLOCK]
            batch = self._of(picked, VALIDATION + block)
            total += len(picked) * self.step.losses(batch).numpy()
        return dict(zip(NAMES, map(float, total / max(len(chosen), 1)), strict=True))

    def decode(self, latents: Float32, conditions: Float32) -> Array:
        model = self.decoder.for_file()
        return np.asarray(model(np.concatenate([latents, conditions], axis=1), training=False))

    def weights(self) -> list[Any]:
        return self.step.variables

    def moments(self) -> dict[str, Any]:
        return self.step.moments()

    def state(self) -> dict[str, Array]:
        return snapshot(self.step.state())

    def restore(self, state: Mapping[str, Array], where: str) -> None:
        restore(self.step.state(), state, where)

    def match_mean(self) -> None:
        """Do nothing: cells are made in units of their typical fraction of the new showers."""

    def save_decoder(self, path: Path) -> None:
        self.decoder.save(path)
