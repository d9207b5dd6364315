"""The ATLAS VAE: its loss, its guard, its flow, and the decoder that it leaves."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.training.data import TrainingData
from caloexport.training.divergence import Diverged
from caloexport.training.families import families, preset_names, preset_path
from caloexport.training.plan import read_preset
from caloexport.training.settings import merge, read_toml
from caloexport.training.vae.step import TERMS
from caloexport.training.vae.trainer import VaeTrainer
from tests.caloexport.training import window_toy

tf = pytest.importorskip("tensorflow")

TINY = {
    "network": {"latent": 3, "hidden": [8], "average": 0.9},
    "encoder": {"hidden": [8]},
    "flow": {"hidden": [6], "context": 2},
    "conditions": window_toy.CONDITIONS,
    "training": {"batch": 16, "mirror": [], "updates": 20},
}


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("window"))


def trainer(showers: TrainingData, seed: int = 0, **sections: dict[str, Any]) -> VaeTrainer:
    config = merge(read_toml(preset_path("atlas-vae", "atlas-vae")), TINY, "tiny")
    config = merge(config, sections, "test")
    families["atlas-vae"].check(config, "test")
    made = families["atlas-vae"].trainer(config, showers, seed)
    assert isinstance(made, VaeTrainer)
    return made


def train(made: VaeTrainer, first: int, last: int) -> list[dict[str, float]]:
    return [made.apply(made.inputs(n), 1e-2, with_loss=True) for n in range(first, last)]


@pytest.mark.parametrize("compared", ["roots", "cells"])
def test_the_loss_is_what_its_formulas_say(showers: TrainingData, compared: str) -> None:
    weights = {"reconstruction": compared, "beta": 0.3, "total": 0.2, "layers": 0.4, "cells": 0.05}
    made = trainer(showers, loss=weights, guard={"total": 0.7, "layers": 0.9})
    picked = made.batches.selection(0)
    batch = made.feed.of(picked)
    noise, first, second = np.split(made.feed.latents(0, 48).astype(np.float64), 3)
    cells, sums = batch["cells"].astype(np.float64), made.feed.sums
    energy = showers.energy_mev
    scale = made.decoder.scale if compared == "cells" else 1.0

    def measured(fractions: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        if compared == "cells":
            return fractions / scale
        return np.sqrt(fractions * energy[numbers, None] + 1.0)

    units = np.empty((len(picked), 1))
    for value in np.unique(energy):
        same = showers.training[energy[showers.training] == value]
        every = measured(showers.showers.dense(same).astype(np.float64), same)
        units[energy[picked] == value] = np.sqrt(every.var(axis=0).mean())

    def compare(fractions: np.ndarray) -> np.ndarray:
        return measured(fractions, picked) / units

    read = [compare(cells), batch["conditions"]]
    read.append((batch["cells"] @ sums - batch["mean"]) / batch["spread"])
    encoded = made.step.encoder(np.concatenate(read, axis=1).astype(np.float32))
    posterior = np.asarray(encoded, dtype=np.float64)
    mean, log_variance = posterior[:, :3], posterior[:, 3:]
    z = mean + np.exp(log_variance / 2) * noise

    def decoded(latents: np.ndarray) -> np.ndarray:
        found = made.decoder.fractions(latents.astype(np.float32), batch["conditions"])
        return np.asarray(found, dtype=np.float64)

    def score(true: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return (np.abs(a - true) + np.abs(b - true) - np.abs(a - b)).mean(axis=0) / 2

    again, *prior = decoded(z), decoded(first), decoded(second)
    error = ((again - cells) @ sums / batch["spread"]) ** 2
    standardised = [(x @ sums - batch["mean"]) / batch["spread"] for x in (cells, *prior)]
    expected = {
        "reconstruction": ((compare(again) - compare(cells)) ** 2).sum(axis=1).mean() / 2,
        "divergence": (np.exp(log_variance) + mean**2 - 1 - log_variance).sum(axis=1).mean() / 2,
        "total": 0.2 * error[:, 0].mean(),
        "layers": 0.4 * error[:, 1:].mean(),
        "guard": score(*standardised) @ np.array([0.7, *[0.9 / 4] * 4]),
        "cells": score(*map(compare, (cells, *prior))).sum(),
    }
    factors = {"divergence": 0.3, "cells": 0.05}
    loss = sum(factors.get(name, 1) * value for name, value in expected.items())
    found = made.apply(made.inputs(0), 0.0, with_loss=True)
    assert found == pytest.approx({**expected, "loss": loss}, rel=1e-3)


def test_a_cross_entropy_is_one_too(showers: TrainingData) -> None:
    made = trainer(
        showers,
        loss={"reconstruction": "cross-entropy"},
        output={"kind": "cells", "activation": "sigmoid"},
    )
    batch = made.inputs(0)[0]
    p = np.random.default_rng(0).uniform(0.01, 0.99, (16, 266))
    found = made.step._reconstruction(None, tf.constant(p, tf.float32), batch)
    x = batch["cells"].numpy().astype(np.float64)
    expected = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_guard_moves_the_decoder_alone(showers: TrainingData) -> None:
    made = trainer(
        showers,
        loss={"beta": 0.0, "total": 0.0, "layers": 0.0, "cells": 0.0},
        guard={"total": 1.0, "layers": 1.0},
    )
    step, batch = made.step, made.inputs(0)[0]
    with tf.GradientTape() as tape:
        terms, _ = step._loss(batch, training=True)
        guard = terms[TERMS.index("guard")]
    gradients = tape.gradient(guard, step.variables)
    reached = [
        gradient is not None and bool(tf.reduce_any(gradient != 0)) for gradient in gradients
    ]
    n_decoder = len(made.decoder.variables)
    assert not any(reached[:-n_decoder])
    assert all(reached[-n_decoder:])


def test_without_the_guard_no_prior_sample_is_decoded(showers: TrainingData) -> None:
    made = trainer(showers, loss={"cells": 0.0}, guard={"total": 0.0, "layers": 0.0})
    found = made.apply(made.inputs(0), 0.0, with_loss=True)
    assert (found["guard"], found["cells"]) == (0, 0)


def test_the_divergence_of_a_flow_is_that_of_its_samples(showers: TrainingData) -> None:
    # A flow whose gates are wide open is none: the sampled divergence is then the closed one.
    plain = trainer(showers)
    flowing = trainer(showers, flow={"steps": 2})
    for name, weight in flowing.step.flow.weights.items():
        weight.assign(tf.zeros_like(weight) + (50.0 if name.endswith("gate_bias") else 0.0))
    names = [w.name for w in plain.step.encoder.weights]
    assert names[-2:] == ["kernel", "bias"]
    *body, kernel, bias = plain.step.encoder.get_weights()
    context = np.ones((len(kernel), 2), dtype=np.float32)
    flowing.step.encoder.set_weights(
        [*body, np.concatenate([kernel, context], axis=1), np.append(bias, [0, 0])]
    )
    batch = {
        k: tf.repeat(plain.inputs(0)[0][k], 300, axis=0)
        for k in ("cells", "conditions", "mean", "spread", "energy_mev", "unit")
    }
    noise = tf.random.stateless_normal((300 * 16, 3), (0, 1))
    exact, sampled = (
        t.step._posterior(batch, noise, training=False)[1].numpy() for t in (plain, flowing)
    )
    error = np.std(sampled - exact) / np.sqrt(len(sampled))
    assert sampled.mean() == pytest.approx(exact.mean(), abs=4 * error)
    assert error < 0.1


def test_the_flow_leaves_the_exported_decoder_alone(showers: TrainingData, tmp_path: Path) -> None:
    files = []
    for steps in (0, 3):
        made = trainer(showers, flow={"steps": steps})
        made.save_decoder(tmp_path / f"{steps}.keras")
        with zipfile.ZipFile(tmp_path / f"{steps}.keras") as archive:
            files.append(json.loads(archive.read("config.json")))
        sizes = sorted(tuple(weight.shape) for weight in made.decoder.model.weights)
        assert sizes == [(8,), (8, 266), (12, 8), (266,)]
    assert files[0] == files[1]


@pytest.mark.parametrize("steps", [0, 2])
def test_a_training_taken_up_again_ends_in_the_same_weights(
    showers: TrainingData, steps: int
) -> None:
    whole = trainer(showers, flow={"steps": steps})
    train(whole, 0, 6)
    kept = whole.state()
    train(whole, 6, 9)
    again = trainer(showers, flow={"steps": steps})
    again.restore(kept, "checkpoint")
    train(again, 6, 9)
    expected, found = whole.state(), again.state()
    assert expected.keys() == found.keys()
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)
    if steps:
        assert not np.array_equal(kept["flow_0_mean"], expected["flow_0_mean"])
        with pytest.raises(InputFileError, match="checkpoint: 'flow_0_context' is nothing"):
            again.restore({k: v for k, v in kept.items() if k != "flow_0_context"}, "checkpoint")


def test_training_learns_and_stays_finite(showers: TrainingData) -> None:
    made = trainer(showers, flow={"steps": 2}, training={"mirror": ["eta", "phi"]})
    before = made.validate()
    train(made, 0, 40)
    after = made.validate()
    assert set(after) == {*TERMS, "loss"}
    assert after["loss"] < 0.7 * before["loss"]
    assert after["guard"] < 0.7 * before["guard"]
    assert after["reconstruction"] < before["reconstruction"]
    latents = made.feed.latents(0, 5)
    made_cells = made.decode(latents, made.batches.conditions[:5])
    assert made_cells.shape == (5, 266)
    np.testing.assert_array_equal(made_cells, made.decode(latents, made.batches.conditions[:5]))


def test_showers_without_energy_in_a_layer_do_no_harm(showers: TrainingData) -> None:
    made = trainer(showers, flow={"steps": 1})
    batch = dict(made.inputs(0)[0])
    batch["cells"] = tf.zeros_like(batch["cells"])
    losses = made.step.update(batch, tf.constant(1e-3), tf.constant(1.0)).numpy()
    assert np.isfinite(losses).all()
    assert all(np.isfinite(value).all() for value in made.state().values())


def test_a_training_that_diverges_ends_in_that_update(showers: TrainingData) -> None:
    made = trainer(showers, loss={"largest": 1e-3})
    with pytest.raises(Diverged, match=r"reconstruction is .*, expected at most ±0.001") as told:
        made.apply(made.inputs(0), 1e-3, with_loss=False)
    assert "smaller weights in [loss] and [guard]" in told.value.remedy
    broken = trainer(showers)
    broken.decoder.variables[-1].assign(np.full(266, np.nan, dtype=np.float32))
    with pytest.raises(Diverged, match="expected a finite number"):
        broken.apply(broken.inputs(0), 1e-3, with_loss=False)


def test_another_law_of_the_latents_is_refused(showers: TrainingData) -> None:
    with pytest.raises(UsageError, match=r"the prior of a VAE is N\(0, 1\)"):
        trainer(showers, network={"law_b": 0.5})


@pytest.mark.parametrize(
    ("section", "value", "message"),
    [
        ("loss", {"beta": -1.0}, "beta, total, layers and cells must be 0 or more"),
        (
            "loss",
            {"reconstruction": "root"},
            "unknown reconstruction 'root' .did you mean 'roots'",
        ),
        ("flow", {"steps": -1}, "expected steps ≥ 0 and positive widths"),
        ("encoder", {"hidden": []}, r"hidden is \[\], expected positive widths"),
    ],
)
def test_settings_out_of_range_are_told(section: str, value: dict[str, Any], message: str) -> None:
    config = merge(read_toml(preset_path("atlas-vae", "atlas-vae")), {section: value}, "test")
    with pytest.raises(UsageError, match=message):
        families["atlas-vae"].check(config, "test")


@pytest.mark.parametrize("preset", preset_names("atlas-vae"))
def test_presets_are_valid_and_end_in_the_cells_of_atlas(preset: str) -> None:
    config = read_preset("atlas-vae", preset)
    families["atlas-vae"].check(config, preset)
    assert config["family"] == "atlas-vae"
    assert config["output"] == {"kind": "cells", "activation": "relu"}
