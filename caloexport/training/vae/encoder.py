"""Encoder: from a shower and its conditions to mean and variance of its latents."""

from __future__ import annotations

from typing import Any

from caloexport.runtime.extras import require
from caloexport.training.hidden import ENCODER, seeds_of, stack
from caloexport.training.vae.settings import EncoderSettings


def build_encoder(
    n_inputs: int, latent: int, context: int, settings: EncoderSettings, seed: int
) -> Any:
    """Build an encoder with fresh weights.

    Args:
        n_inputs: numbers that it reads of a shower, conditions among them.
        latent: number of latents.
        context: numbers for the flow; 0 without one.
        settings: sizes.
        seed: of the kernels.

    Returns:
        A Keras model (batch, n_inputs) -> (batch, latent + latent + context): mean, logarithm of
        the variance, context.
    """
    keras = require("keras", extra="train")
    seeds = seeds_of(seed, ENCODER)
    x = keras.Input((n_inputs,), name="shower_and_conditions")
    h = stack(x, settings.stack, seeds, "encoder")
    kernel = keras.initializers.GlorotUniform(next(seeds))
    posterior = keras.layers.Dense(
        2 * latent + context, kernel_initializer=kernel, name="posterior"
    )
    return keras.Model(x, posterior(h), name="encoder")
