"""Encoder and decoder of a FastV VAE, of plain Keras layers.

Hidden layers are Dense, LeakyReLU, BatchNormalization in this order. The decoder has one input,
latents followed by the condition vector, because that is what Par04's C++ feeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.extras import require
from caloexport.training.fastv.settings import Network

#: a cell that no training shower hits starts at this fraction of the incident energy
SMALLEST_FRACTION = 1e-9


@dataclass(frozen=True)
class Vae:
    """The Keras models of a VAE.

    Attributes:
        encoder: [cells, condition vector] -> [mean, log of the variance].
        decoder: latents and condition vector, in one vector -> cells as fractions of E_inc.
        body: the decoder without its last layer.
        last: the decoder's last layer.
        first: the encoder's first layer, of cells followed by the condition vector.
        encoder_body: what follows it -> [mean, log of the variance].
    """

    encoder: Any
    decoder: Any
    body: Any
    last: Any
    first: Any
    encoder_body: Any


def build(network: Network, n_conditions: int, seed: int, mean: Float32 | None = None) -> Vae:
    """Build a VAE with fresh weights.

    Args:
        network: sizes.
        n_conditions: length of the condition vector.
        seed: the same seed gives the same weights.
        mean: (cells,) mean fractions to start the last bias from; None starts from 0.
    """
    keras = require("keras", extra="train")
    seeds = iter(np.random.SeedSequence(seed).generate_state(64).tolist())
    n_cells = int(np.prod(network.mesh))
    cells = keras.Input((n_cells,), name="cells")
    conditions = keras.Input((n_conditions,), name="conditions")
    x = keras.layers.Concatenate(name="encoder_input")([cells, conditions])
    x = _hidden(keras, x, network.hidden, network, seeds, "encoder")
    heads = [
        keras.layers.Dense(
            network.latent, kernel_initializer=_glorot(keras, seeds), name=f"latent_{head}"
        )(x)
        for head in ("mean", "log_variance")
    ]
    vector = keras.Input((network.latent + n_conditions,), name="latents_and_conditions")
    body = _hidden(keras, vector, network.hidden[::-1], network, seeds, "decoder")
    last = keras.layers.Dense(
        n_cells,
        activation="sigmoid",
        kernel_initializer=_glorot(keras, seeds),
        name="fractions",
    )
    encoder = keras.Model([cells, conditions], heads, name="encoder")
    first = encoder.get_layer("encoder_dense_1")
    vae = Vae(
        encoder,
        keras.Model(vector, last(body), name="decoder"),
        keras.Model(vector, body, name="decoder_body"),
        last,
        first,
        keras.Model(first.output, heads, name="encoder_body"),
    )
    if mean is not None:
        p = np.clip(mean.astype(np.float64), SMALLEST_FRACTION, 0.5)
        last.bias.assign(np.log(p / (1 - p)).astype(np.float32))
    return vae


def _glorot(keras: Any, seeds: Any) -> Any:
    return keras.initializers.GlorotUniform(seed=next(seeds))


def _hidden(
    keras: Any, x: Any, widths: tuple[int, ...], network: Network, seeds: Any, part: str
) -> Any:
    for number, width in enumerate(widths, start=1):
        x = keras.layers.Dense(
            width,
            kernel_initializer=keras.initializers.RandomNormal(
                stddev=network.kernel_sigma, seed=next(seeds)
            ),
            name=f"{part}_dense_{number}",
        )(x)
        x = keras.layers.LeakyReLU(
            negative_slope=network.negative_slope, name=f"{part}_leaky_{number}"
        )(x)
        x = keras.layers.BatchNormalization(
            momentum=network.norm_momentum, name=f"{part}_norm_{number}"
        )(x)
    return x


@contextmanager
def as_in_file(
    network: Network, vae: Vae, scale: Float32, last_kernel: Float32 | None = None
) -> Iterator[Any]:
    """Yield the decoder as it is saved: it takes the condition vector in its documented units.

    Building another one for a file would take as long as ten updates; afterwards the decoder has
    the weights that it had.

    Args:
        network: sizes.
        vae: the VAE in training, whose condition vector is divided by ``scale``.
        scale: (conditions,) divisor of each column; folded into the first kernel.
        last_kernel: of the last layer, if another than its own.
    """
    first = vae.decoder.get_layer("decoder_dense_1").kernel
    kernel = first.numpy().copy()
    kernel[network.latent :] /= scale[:, None]
    others = [(first, kernel), *([] if last_kernel is None else [(vae.last.kernel, last_kernel)])]
    before = [(variable, variable.numpy().copy()) for variable, _ in others]
    try:
        for variable, value in others:
            variable.assign(value)
        yield vae.decoder
    finally:
        for variable, value in before:
            variable.assign(value)
