"""Tiny GANs on showers in a window of cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.training.data import TrainingData
from caloexport.training.decoder import DecoderSettings
from caloexport.training.guard import Guard, sum_matrix
from caloexport.training.heads.cells import Cells
from caloexport.training.settings import Schedule
from caloexport.training.terms import Terms
from caloexport.training.wgan.settings import Critics, Optimizers
from caloexport.training.wgan.step import Step
from caloexport.training.wgan.trainer import WganTrainer

BATCH = 4
ENERGY = {"kind": "standardised_log", "condition": "energy_mev", "mean": 9.7, "sigma": 1.76}
ETA = {"kind": "linear", "condition": "ripos_eta", "offset": 0.0, "scale": 0.0072}
NETWORK = DecoderSettings(latent=5, hidden=(6, 4), scale_power=0.5)
#: the first average of Adam without momentum is the gradient itself
PLAIN = Optimizers(beta_1=0.0, beta_2=0.9)


def trainer(
    data: TrainingData,
    critics: Critics,
    *,
    network: DecoderSettings = NETWORK,
    optimizers: Optimizers = PLAIN,
    guard: Guard | None = None,
    batch: int = BATCH,
    seed: int = 0,
) -> WganTrainer:
    """Make a trainer of tiny networks."""
    return WganTrainer(
        network,
        Cells("relu"),
        Terms((ENERGY, ETA)).encoding,
        critics,
        optimizers,
        guard or Guard(),
        Schedule(batch=batch),
        data,
        seed,
    )


def linear_critic(width: int, seed: int) -> tuple[Any, Float32]:
    """Return a critic without hidden layers, and its kernel (width,)."""
    import keras

    kernel = np.random.default_rng(seed).normal(size=width).astype(np.float32)
    critic = keras.Sequential([keras.Input((width,)), keras.layers.Dense(1)])
    critic.set_weights([kernel[:, None], np.zeros(1, np.float32)])
    return critic, kernel


def step_with(made: WganTrainer, critics: list[Any], settings: Critics, kind: type[Step]) -> Step:
    """Return a step like that of a trainer, with critics of one's own."""
    sums, scale = sum_matrix(made.decoder.mesh), np.asarray(made.decoder.scale)
    return kind(made.decoder, critics, settings, PLAIN, Guard(), sums, scale)


def updated(step: Step, inputs: dict[str, dict[str, Array]], rate: float = 0.0) -> dict[str, float]:
    """Do one update; return the losses by name."""
    import tensorflow as tf

    real, made = (
        {name: tf.constant(value) for name, value in inputs[part].items()}
        for part in ("real", "made")
    )
    losses = step.update(real, made, tf.constant(rate, tf.float32), tf.constant(1.0))
    return dict(zip(step.names, map(float, losses.numpy()), strict=True))


def gradients(step: Step) -> tuple[list[Array], list[Array]]:
    """Return the gradients of generator and critics in the only update that a step did."""
    return tuple(
        [slot.numpy() for name, slot in slots.items() if f"{part}/first/" in name]
        for part, slots in (
            ("generator", step.for_generator.slots("generator")),
            ("critics", step.for_critics.slots("critics")),
        )
    )  # type: ignore[return-value]
