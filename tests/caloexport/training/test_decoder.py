"""A decoder in training, and what of it goes into the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.training.data import TrainingData
from caloexport.training.decoder import WARM_UP, Decoder, DecoderSettings, typical_fractions
from caloexport.training.heads import read_head
from tests.caloexport.training import window_toy

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("window"))


def decoder(
    showers: TrainingData, activation: str = "relu", seed: int = 0, **settings: Any
) -> Decoder:
    chosen: dict[str, Any] = {"latent": 3, "hidden": (8,), "scale_power": 0.5, **settings}
    head = read_head({"kind": "cells", "activation": activation}, "[output]")
    return Decoder(DecoderSettings(**chosen), head, window_toy.ENCODING, showers, seed)


def inputs(made: Decoder, n: int = 6) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    latents = random.standard_normal((n, made.settings.latent)).astype(np.float32)
    return latents, random.random((n, made.width - latents.shape[1]), dtype=np.float32)


@pytest.mark.parametrize("activation", ["relu", "linear", "sigmoid"])
def test_the_file_emits_in_true_units_what_the_training_saw(
    showers: TrainingData, tmp_path: Path, activation: str
) -> None:
    import keras

    made = decoder(showers, activation)
    latents, conditions = inputs(made)
    expected = np.asarray(made.fractions(latents, conditions))
    made.save(tmp_path / "decoder.keras")
    saved = keras.models.load_model(tmp_path / "decoder.keras")
    found = np.asarray(saved(np.concatenate([latents, conditions], axis=1)))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * expected.max())
    assert len(saved.inputs) == 1
    assert saved.input_shape == (None, made.sampling.width)
    assert made.sampling.noise.size == 3


@pytest.mark.parametrize(("power", "unit"), [(0.0, 1.0), (0.5, None), (1.0, None)])
def test_the_scale_is_a_power_of_the_typical_fraction(
    showers: TrainingData, power: float, unit: float | None
) -> None:
    typical = typical_fractions(showers)
    np.testing.assert_allclose(
        decoder(showers, scale_power=power).scale, unit or typical**power, rtol=1e-6
    )


def test_a_typical_fraction_is_a_root_mean_square_that_counts_all_energies_alike(
    showers: TrainingData,
) -> None:
    chosen = showers.training
    cells = showers.showers.dense(chosen).astype(np.float64)
    energy = showers.energy_mev[chosen]
    squares = [(cells[energy == e] ** 2).mean(axis=0) for e in np.unique(energy)]
    np.testing.assert_allclose(
        typical_fractions(showers), np.sqrt(np.mean(squares, axis=0)), rtol=1e-5
    )


def test_the_average_follows_the_weights_quickly_at_first_and_is_what_is_saved(
    showers: TrainingData,
) -> None:
    import tensorflow as tf

    made = decoder(showers, average=0.9)
    start = [np.array(weight) for weight in made.model.get_weights()]
    expected = [np.array(weight) for weight in start]
    for number in range(1, 31):
        for variable in made.model.weights:
            variable.value.assign_add(tf.ones_like(variable.value))
        made.average(tf.constant(number, tf.float32))
        decay = min(0.9, 1 - 1 / (1 + number / WARM_UP))
        for value, now in zip(expected, made.model.get_weights(), strict=True):
            value += (1 - decay) * (now - value)
    head = made.for_file().get_weights()[:-2]  # the last layer is in true units
    for found, value in zip(head, expected, strict=False):
        np.testing.assert_allclose(found, value, rtol=1e-4)
    named = made.named()
    assert len(named) == 2 * len(start)
    first = made.model.weights[0].path
    np.testing.assert_allclose(named[f"average/{first}"], expected[0], rtol=1e-4)
    np.testing.assert_allclose(named[first], start[0] + 30, rtol=1e-5)


def test_the_seed_decides_the_weights(showers: TrainingData) -> None:
    same, again, other = (decoder(showers, seed=seed).model.get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(same, again, strict=True))
    assert not np.array_equal(same[0], other[0])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"latent": 0}, "latent, average, scale_power are 0"),
        ({"average": 1.0}, "expected latent ≥ 1, 0 ≤ average < 1"),
        ({"hidden": ()}, r"hidden is \[\], expected positive widths"),
        ({"condition_gain": 0.0}, "condition_gain, threshold_mev are 0, 0.0005"),
        ({"threshold_mev": -1.0}, "condition_gain, threshold_mev are 1, -1"),
        ({"law": "cauchy"}, "law is 'cauchy', expected 'normal' or 'uniform'"),
    ],
)
def test_settings_out_of_range_are_told(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        DecoderSettings(**{"latent": 2, "hidden": (4,), **settings})
