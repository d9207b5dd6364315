"""Inverse autoregressive flow: makes the posterior of a VAE fit a standard normal prior better.

Source: arXiv:1606.04934, algorithm 1 with the gated update of its equation 14. Only training sees
it: to generate, latents come from the prior and the decoder is fed with them as ever.
"""

from __future__ import annotations

import math
from typing import Any

from caloexport.runtime.extras import require
from caloexport.training.hidden import FLOW, seeds_of
from caloexport.training.vae.made import Made
from caloexport.training.vae.settings import FlowSettings

LOG_TWO_PI = math.log(2 * math.pi)


class Flow:
    """Some autoregressive transformations, the order of the latents reversed between them.

    Args:
        latent: number of latents.
        settings: sizes.
        seed: of the weights.
    """

    def __init__(self, latent: int, settings: FlowSettings, seed: int) -> None:
        self.tf = require("tensorflow", extra="train")
        seeds = seeds_of(seed, FLOW)
        self.steps = [
            Made(latent, settings.context, settings.hidden, next(seeds), f"flow_{i}")
            for i in range(settings.steps)
        ]

    @property
    def weights(self) -> dict[str, Any]:
        """TensorFlow variables by name."""
        return {name: weight for step in self.steps for name, weight in step.weights.items()}

    def __call__(self, z: Any, context: Any) -> tuple[Any, Any]:
        """Return transformed latents (batch, latent) and log |∂z_T/∂z_0| (batch,); in a graph."""
        tf = self.tf
        log_determinant = tf.zeros(tf.shape(z)[:1])
        for i, step in enumerate(self.steps):
            if i:
                z = tf.reverse(z, axis=[1])
            mean, logit = step(z, context)
            gate = tf.sigmoid(logit)
            z = gate * z + (1 - gate) * mean
            log_determinant += tf.reduce_sum(tf.math.log_sigmoid(logit), axis=1)
        return z, log_determinant


def log_normal(tf: Any, z: Any) -> Any:
    """Return the logarithm of the standard normal density of latents (batch, latent) -> (batch,)."""
    return -0.5 * tf.reduce_sum(z**2 + LOG_TWO_PI, axis=1)
