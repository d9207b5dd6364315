from __future__ import annotations

import itertools
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.training.data import TrainingData
from caloexport.training.families import preset_path
from caloexport.training.fastv.network import build
from caloexport.training.fastv.settings import Network
from caloexport.training.fastv.step import FAR
from caloexport.training.fastv.trainer import spread_of_sums
from caloexport.training.settings import read_section, read_toml
from tests.caloexport.training import tiny

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return tiny.data(tmp_path_factory.mktemp("showers"), "siw", "scipb")


#: of ΣE/E_inc in each detector
SPREADS = {"siw": 0.3, "scipb": 0.05}


@pytest.fixture(scope="module")
def unlike(showers: TrainingData) -> TrainingData:
    """Showers whose sums differ from one to the next, in one detector more than in the other."""
    normal = np.random.default_rng(0).standard_normal(len(showers.showers))
    widths = np.array([SPREADS[name] for name in showers.geometry])
    factors = np.where(showers.geometry == "siw", 1.0, 0.4) + widths * normal
    sparse = showers.showers
    fractions = (sparse.fractions * np.repeat(factors, np.diff(sparse.offsets))).astype(np.float32)
    return replace(showers, showers=replace(sparse, fractions=fractions))


def test_the_loss_is_the_mean_over_showers_of_cross_entropy_and_beta_times_divergence(
    showers: TrainingData,
) -> None:
    trainer = tiny.trainer(showers, beta=0.25)
    cells, conditions = trainer.batches.batch(0)
    epsilon = trainer.epsilon(0)
    mean, log_variance = (
        np.asarray(x, dtype=np.float64)
        for x in trainer.vae.encoder([cells, conditions], training=True)
    )
    z = mean + np.exp(log_variance / 2) * epsilon
    vector = np.concatenate([z, conditions], axis=1).astype(np.float32)
    p = np.asarray(trainer.vae.decoder(vector, training=True), dtype=np.float64)
    bce = -(cells * np.log(p) + (1 - cells) * np.log(1 - p)).sum(axis=1)
    kl = -0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum(axis=1)

    losses = trainer.apply(trainer.inputs(0), 0.0, with_loss=True)

    assert losses["bce"] == pytest.approx(bce.mean(), rel=1e-5)
    assert losses["kl"] == pytest.approx(kl.mean(), rel=1e-4)
    assert losses["loss"] == pytest.approx((bce + 0.25 * kl).mean(), rel=1e-5)


@pytest.mark.parametrize("total", [0.0, 0.3])
def test_the_direct_gradient_is_that_of_the_loss(unlike: TrainingData, total: float) -> None:
    import tensorflow as tf

    trainer = tiny.trainer(unlike, beta=0.25, total=total)
    step = trainer.step
    cells, conditions, spread, epsilon, _ = inputs = trainer.inputs(0)
    with tf.GradientTape() as tape:
        mean, log_variance = trainer.vae.encoder([cells, conditions], training=True)
        z = mean + tf.exp(0.5 * log_variance) * epsilon
        p = trainer.vae.decoder(tf.concat([z, conditions], axis=1), training=True)
        bce = -tf.reduce_sum(cells * tf.math.log(p) + (1 - cells) * tf.math.log(1 - p), axis=1)
        kl = -0.5 * tf.reduce_sum(1 + log_variance - mean**2 - tf.exp(log_variance), axis=1)
        error = tf.abs(tf.reduce_sum(p - cells, axis=1) / spread)
        squares = tf.where(error < FAR, error**2, FAR * (2 * error - FAR))
        loss = tf.reduce_mean(bce + 0.25 * kl + total * squares)
    expected = tape.gradient(loss, step.variables)
    assert (error > FAR).numpy().any()
    assert (error < FAR).numpy().any()
    told = trainer.apply(inputs, 0.0, with_loss=True)["loss"]
    assert told == pytest.approx(float(loss), rel=1e-5)
    for first, gradient in zip(step.first, expected, strict=True):
        # Adam's first moment after one update is a tenth of the gradient
        near = 2e-6 * (1 + 1e3 * total)
        np.testing.assert_allclose(10 * first.numpy(), gradient.numpy(), rtol=1e-3, atol=near)


def test_the_spread_of_sums_is_that_of_a_shower_s_own_detector(unlike: TrainingData) -> None:
    spread, sums = spread_of_sums(unlike), unlike.showers.sums()
    for name in SPREADS:
        own = unlike.geometry == name
        assert np.median(spread[own]) == pytest.approx(sums[own].std(), rel=0.4)


def test_a_detector_that_nothing_is_trained_on_stops_nothing(unlike: TrainingData) -> None:
    out = unlike.geometry == "siw"
    spread = spread_of_sums(replace(unlike, left_out=out))
    assert (spread[out] == 1).all()
    assert (spread[~out] < 1).all()


@pytest.mark.parametrize("beta", [0.0, 2.0])
def test_beta_weighs_the_divergence_alike_for_every_batch_size(
    showers: TrainingData, beta: float
) -> None:
    # The public code's β is 1/batch without saying so.
    for batch in (4, 16):
        losses = (t := tiny.trainer(showers, beta=beta, batch=batch)).apply(
            t.inputs(0), 0.0, with_loss=True
        )
        assert losses["loss"] == pytest.approx(losses["bce"] + beta * losses["kl"])


def test_the_legacy_beta_is_one_over_the_batch(showers: TrainingData) -> None:
    assert [tiny.trainer(showers, beta="1/batch", batch=b).step.beta for b in (4, 16)] == [
        0.25,
        0.0625,
    ]


def test_latent_noise_differs_from_update_to_update_and_shower_to_shower(
    showers: TrainingData,
) -> None:
    trainer = tiny.trainer(showers)
    first, second = trainer.epsilon(0), trainer.epsilon(1)
    assert not np.isin(first, second).any()
    assert len(np.unique(first)) == first.size
    np.testing.assert_array_equal(first, tiny.trainer(showers).epsilon(0))


def test_the_same_seed_gives_the_same_weights_bit_for_bit(showers: TrainingData) -> None:
    states = []
    for seed in (3, 3, 4):
        trainer = tiny.trainer(showers, seed=seed)
        for number in range(5):
            trainer.apply(trainer.inputs(number), 1e-2, with_loss=number == 2)
        states.append(trainer.state())
    same, again, other = states
    assert all(np.array_equal(same[name], again[name]) for name in same)
    assert not np.array_equal(same["fractions/kernel"], other["fractions/kernel"])


def test_the_first_decoder_already_gives_the_mean_shower(showers: TrainingData) -> None:
    trainer = tiny.trainer(showers)
    n = 200
    latents = np.random.default_rng(0).standard_normal((n, 3)).astype(np.float32)
    encoded = showers.encode(trainer.sampling.encoding)[np.arange(n) % len(showers.showers)]
    made = trainer.decode(latents, encoded).mean(axis=0)
    np.testing.assert_allclose(made, showers.showers.mean(showers.training), rtol=0.1)


def test_the_saved_decoder_takes_the_documented_condition_vector(
    showers: TrainingData, tmp_path: Path
) -> None:
    import keras

    trainer = tiny.trainer(showers)
    for number in range(3):
        trainer.apply(trainer.inputs(number), 1e-2, with_loss=False)
    trainer.save_decoder(tmp_path / "decoder.keras")
    decoder = keras.models.load_model(tmp_path / "decoder.keras")
    latents = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
    encoded = showers.encode(trainer.sampling.encoding)[:6]
    vector = np.concatenate([latents, encoded], axis=1)
    assert decoder.input_shape == (None, trainer.sampling.width)
    np.testing.assert_allclose(
        np.asarray(decoder(vector)), trainer.decode(latents, encoded), rtol=1e-4, atol=1e-7
    )


def test_the_slope_of_every_leaky_layer_stands_in_the_saved_file(
    showers: TrainingData, tmp_path: Path
) -> None:
    # Keras' layer, its string and other libraries have three defaults.
    tiny.trainer(showers).save_decoder(tmp_path / "decoder.keras")
    with zipfile.ZipFile(tmp_path / "decoder.keras") as archive:
        layers = json.loads(archive.read("config.json"))["config"]["layers"]
    slopes = [one["config"]["negative_slope"] for one in layers if one["class_name"] == "LeakyReLU"]
    assert slopes == [0.3, 0.3]


@pytest.mark.parametrize(
    ("preset", "conditions", "inputs", "parameters"),
    [
        ("par04", 4, 14, 4_097_160 + 736),
        ("legacy-par04", 4, 14, 4_097_160 + 736),
        ("metahep", 5, 15, 4_097_174 + 736),
        ("small-24", 2, 18, None),
    ],
)
def test_decoders_have_the_published_sizes(
    preset: str, conditions: int, inputs: int, parameters: int | None
) -> None:
    network = read_section(Network, read_toml(preset_path("fastv", preset))["network"], preset)
    decoder = build(network, conditions, seed=0).decoder
    widths = [inputs, *network.hidden[::-1], int(np.prod(network.mesh))]
    dense = [layer for layer in decoder.layers if type(layer).__name__ == "Dense"]
    assert [layer.kernel.shape for layer in dense] == list(itertools.pairwise(widths))
    kinds = [type(layer).__name__ for layer in decoder.layers]
    assert kinds == ["InputLayer", *["Dense", "LeakyReLU", "BatchNormalization"] * 4, "Dense"]
    if parameters is not None:
        assert decoder.count_params() == parameters
