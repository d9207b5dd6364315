"""A FastV VAE in training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.encodings import Encoding
from caloexport.runtime.extras import require
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from caloexport.training.batches import LATENT, Batches, stream
from caloexport.training.data import TrainingData, conditions_of, encoding_of
from caloexport.training.energy_law import energy_law
from caloexport.training.fastv.engines import ENGINES, StepSettings
from caloexport.training.fastv.low_rank import LowRank, LowRankStep, changed
from caloexport.training.fastv.mean_shift import logit_shift, mean_over_azimuth
from caloexport.training.fastv.network import as_in_file, build
from caloexport.training.fastv.settings import Loss, Network
from caloexport.training.fastv.step import BETA_1, BETA_2, Step
from caloexport.training.recalibration import FIRST
from caloexport.training.settings import Conditions, Schedule
from caloexport.training.variables import restore, snapshot

#: readout cut in MeV: the public full-simulation showers hold no cell below it
THRESHOLD_MEV = 0.0005
#: name in a state: weights that were trained on other showers are right in units of those alone
SCALE = "condition_scale"
#: showers whose mean is matched, at most
MATCHED = 2000
#: showers decoded or validated at a time
BLOCK = 128


class FastvTrainer:
    """Weights, optimizer and data of one training.

    Args:
        network, conditions, loss, schedule: settings.
        data: showers.
        seed: of weights, batches and latents.
        low_rank: train few weights only; None trains all.
        step: who computes updates.
    """

    def __init__(
        self, network: Network, conditions: Conditions, loss: Loss, schedule: Schedule,
        data: TrainingData, seed: int, low_rank: LowRank | None = None,
        step: StepSettings = StepSettings(),  # noqa: B008 - frozen
    ) -> None:  # fmt: skip
        require("tensorflow", extra="train").config.experimental.enable_op_determinism()
        self.network, self.data, self.seed = network, data, seed
        encoding = encoding_of(data, conditions)
        self.sampling = Sampling(
            NoiseLaw(network.latent),
            conditions_of(data, conditions),
            encoding,
            OutputMap("fraction_of_incident", {}, THRESHOLD_MEV),
            data.mesh,
        )
        self.scale = condition_scale(data, encoding, wanted=network.energy_unit)
        self._encoded = data.encode(encoding)
        self._spread = spread_of_sums(data)
        mean = data.showers.mean(data.training) if network.start_from_mean else None
        self.vae = build(network, encoding.width, seed, mean)
        beta = loss.beta_for(schedule.batch)
        self.step = (
            Step(self.vae, beta, loss.total)
            if low_rank is None
            else LowRankStep(self.vae, beta, loss.total, low_rank.rank, seed)
        )
        self.engine = ENGINES[step.engine](self.step)
        turnable = data.perpendicular if schedule.rotate else None
        self.batches = Batches(
            data.showers,
            self._encoded / self.scale,
            data.training,
            turnable,
            data.mesh,
            schedule.batch,
            seed,
        )

    def inputs(self, number: int, count: int | None = None) -> Any:
        # Fresh in every update: the public code drew it once for the whole training.
        epsilon = self.epsilon(number)
        t = (number if count is None else count) + 1
        powers = np.array([BETA_1**t, BETA_2**t], dtype=np.float32)
        spread = self._spread[self.batches.selection(number)]
        return self.engine.inputs(self.batches, number, spread, epsilon, powers)

    def apply(self, inputs: Any, learning_rate: float, *, with_loss: bool) -> dict[str, float]:
        losses = self.engine.apply(inputs, learning_rate, with_loss=with_loss)
        if with_loss:
            return self._named(losses)
        return dict(zip(("gradient of the biases", "kl"), map(float, losses), strict=True))

    def epsilon(self, number: int) -> Float32:
        """Return the latent noise (batch, latent) of an update."""
        shape = (self.batches.size, self.network.latent)
        return stream(self.seed, LATENT, number).standard_normal(shape, dtype=np.float32)

    def _named(self, losses: Array) -> dict[str, float]:
        bce, kl, total = (float(value) for value in losses)
        loss = bce + self.step.beta * kl + self.step.total * total
        return {"loss": loss, "bce": bce, "kl": kl, "total": total}

    def validate(self) -> dict[str, float]:
        chosen = self.data.scoring
        total = np.zeros(3)
        noise = stream(self.seed, LATENT, 2**62).standard_normal(
            (len(chosen), self.network.latent), dtype=np.float32
        )
        for start in range(0, len(chosen), BLOCK):
            block = chosen[start : start + BLOCK]
            epsilon = noise[start : start + BLOCK]
            cells, conditions = self.data.showers.dense(block), self._encoded[block] / self.scale
            total += self.step.losses(cells, conditions, self._spread[block], epsilon).numpy()
        return self._named(total / len(chosen))

    def decode(self, latents: Float32, conditions: Float32) -> Array:
        vector = np.concatenate([latents, conditions / self.scale], axis=1)
        n = self.network.latent
        logits = self.step.logits(vector[:, :n], vector[:, n:], training=False)
        return np.asarray(self.step.tf.sigmoid(logits))

    def match_mean(self) -> None:
        """Move the last bias so that the mean shower of the prior is the data's, in logits."""
        chosen = stream(self.seed, LATENT, FIRST).permutation(self.data.training)[:MATCHED]
        latents = stream(self.seed, LATENT, FIRST + 1).standard_normal(
            (len(chosen), self.network.latent), dtype=np.float32
        )
        made = np.zeros(self.data.showers.n_cells)
        for start in range(0, len(chosen), BLOCK):
            block = slice(start, start + BLOCK)
            cells = self.decode(latents[block], self._encoded[chosen[block]])
            made += cells.sum(axis=0, dtype=np.float64) / len(chosen)
        true = self.data.showers.mean(chosen).astype(np.float64)
        mesh = self.data.mesh
        if isinstance(mesh, CylinderMesh) and self.data.perpendicular[chosen].all():
            true, made = (mean_over_azimuth(mean, mesh) for mean in (true, made))
        self.vae.last.bias.assign_add(logit_shift(true, made))

    def weights(self) -> list[Any]:
        return self.step.variables

    def moments(self) -> dict[str, Any]:
        both = (("first", self.step.first), ("second", self.step.second))
        return {f"adam/{slot}/{i:02d}": v for slot, slots in both for i, v in enumerate(slots)}

    def state(self) -> dict[str, Array]:
        return {**snapshot(self._variables()), SCALE: self.scale}

    def restore(self, state: Mapping[str, Array], where: str) -> None:
        restore(self._variables(), state, where)
        self.scale = state.get(SCALE, self.scale)  # runs of older versions do not have it
        self.batches = replace(self.batches, conditions=self._encoded / self.scale)

    def _variables(self) -> dict[str, Any]:
        models = [*self.vae.encoder.variables, *self.vae.decoder.variables]
        own = self.step.own() if isinstance(self.step, LowRankStep) else {}
        return {variable.path: variable.value for variable in models} | own | self.moments()

    def save_decoder(self, path: Path) -> None:
        kernel = None
        if isinstance(self.step, LowRankStep):
            a, b = (variable.numpy() for variable in self.step.own().values())
            kernel = changed(self.vae.last.kernel.numpy(), a, b)
        with as_in_file(self.network, self.vae, self.scale, kernel) as decoder:
            decoder.save(path)


def spread_of_sums(data: TrainingData) -> Float32:
    """Return the standard deviation of ΣE/E_inc (n,) at every shower's energy, in its detector."""
    sums = data.showers.sums()[:, None]
    trained = np.zeros(len(sums), dtype=bool)
    trained[data.training] = True
    spread = np.ones(len(sums), dtype=np.float32)
    for name in np.unique(data.geometry):
        own = data.geometry == name
        learnt = own & trained
        if not learnt.any():
            continue  # held back, or left out: no update asks for it
        law = energy_law(data.energy_mev[learnt], sums[learnt])
        spread[own] = law.at(data.energy_mev[own])[1][:, 0]
    return spread


def condition_scale(data: TrainingData, encoding: Encoding, *, wanted: bool) -> Float32:
    """Return the divisor of each column of the condition vector while training.

    The energy enters as E/1024 GeV, at most a few hundredths for showers of tens of GeV: far too
    small for weights of the same size as the others. Its unit is therefore the geometric mean.
    """
    scale = np.ones(encoding.width, dtype=np.float32)
    if wanted:
        typical = np.exp(np.log(data.energy_mev).mean())
        for column, term in enumerate(encoding.terms):
            if term.condition == "energy_mev":
                scale[column] = typical / term.parameters["scale"]
    return scale
