from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.training.data import TrainingData
from caloexport.training.families import families, preset_names, preset_path
from caloexport.training.families.dnncalosim_vae import Loss
from caloexport.training.settings import read_toml
from caloexport.training.vae.trainer import VaeTrainer
from tests.caloexport.training import voxel_toy
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return voxel_toy.data(tmp_path_factory.mktemp("voxels"), n=24)


def config(preset: str, **sections: dict[str, Any]) -> dict[str, Any]:
    """Return a preset with a small network."""
    found = read_toml(preset_path("dnncalosim-vae", preset))
    small = {"network": {"latent": 3, "hidden": [6]}, "encoder": {"hidden": [6]}}
    small["training"] = {"batch": 8}
    for changes in (small, sections):
        found |= {name: {**found[name], **keys} for name, keys in changes.items()}
    return found


def trainer(showers: TrainingData, preset: str, **sections: dict[str, Any]) -> VaeTrainer:
    made = families["dnncalosim-vae"].trainer(config(preset, **sections), showers, 3)
    assert isinstance(made, VaeTrainer)
    return made


def test_the_legacy_loss_is_that_of_the_public_code_without_empty_layers(
    showers: TrainingData,
) -> None:
    vae = trainer(showers, "legacy")
    batch, _ = vae.inputs(0)
    cells = batch["cells"].numpy().astype(np.float64)
    layer = showers.mesh.indices()["z"]
    in_layer = np.stack([cells[:, layer == i].sum(axis=1) for i in range(5)], axis=1)
    with np.errstate(invalid="ignore"):
        within = np.nan_to_num(cells / in_layer[:, layer])
    total = in_layer.sum(axis=1, keepdims=True)
    truth = np.concatenate([within, total / 6, in_layer / total], axis=1)

    read = np.concatenate([truth, batch["conditions"].numpy()], axis=1).astype(np.float32)
    posterior = np.asarray(vae.step.encoder(read, training=True), dtype=np.float64)
    mean, log_variance = posterior[:, :3], posterior[:, 3:]
    z = mean + np.exp(log_variance / 2) * batch["latents"].numpy()[:8]
    vector = np.concatenate([z, batch["conditions"].numpy()], axis=1).astype(np.float32)
    p = np.asarray(vae.decoder.model(vector, training=True), dtype=np.float64)
    p = np.clip(p, 1e-7, 1 - 1e-7)
    entropies = -truth * np.log(p) - (1 - truth) * np.log(1 - p)
    empty = np.concatenate([in_layer[:, layer] == 0, np.zeros((8, 6), bool)], axis=1)
    assert empty[:, :-6].any()
    entropy = np.where(empty, 0, entropies).sum(axis=1)
    kl = -0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum(axis=1)

    with eagerly():
        losses = vae.apply(vae.inputs(0), 0.0, with_loss=True)

    assert losses["reconstruction"] == pytest.approx(entropy.mean(), rel=1e-4)
    assert losses["divergence"] == pytest.approx(kl.mean(), rel=1e-3)
    assert losses["loss"] == pytest.approx((entropy + kl / 8).mean(), rel=1e-4)


def test_the_legacy_beta_is_one_over_the_batch() -> None:
    assert [Loss().settings(batch).beta for batch in (250, 5000)] == [0.004, 0.0002]
    assert Loss(0.25).settings(250).beta == 0.25
    with pytest.raises(UsageError, match="1/batch"):
        Loss("1/n")
    with pytest.raises(UsageError, match="0 or more"):
        Loss(-1.0)


@pytest.mark.parametrize("preset", preset_names("dnncalosim-vae"))
def test_the_layer_without_energy_stays_empty_and_all_else_is_trained(
    showers: TrainingData, preset: str
) -> None:
    vae = trainer(showers, preset)
    before = vae.state()
    with eagerly():
        for number in range(3):
            losses = vae.apply(vae.inputs(number), 1e-2, with_loss=True)
            assert np.isfinite(list(losses.values())).all()
    after = vae.state()
    still = {name for name in before if np.array_equal(before[name], after[name])}
    still = {name for name in still if not name.startswith(("average", "optimizer"))}
    assert still == {"cells_4/kernel", "cells_4/bias"}
    latents = 10 * np.random.default_rng(0).standard_normal((50, 3)).astype(np.float32)
    encoded = showers.encode(vae.sampling.encoding)[:50]
    outputs = vae.decode(latents, encoded)
    mev = vae.sampling.output.energies(outputs, showers.energy_mev[:50], showers.mesh)
    empty = showers.mesh.indices()["z"] == 4
    assert (mev[:, empty] == 0).all()
    assert (mev[:, ~empty] > 0).any()


def test_the_sizes_are_those_of_the_public_code() -> None:
    found = read_toml(preset_path("dnncalosim-vae", "legacy"))
    assert found["network"]["latent"] == 50
    assert found["encoder"]["hidden"] == found["network"]["hidden"][::-1] == [1500, 1000, 500, 100]


@pytest.mark.parametrize(
    ("output", "match"),
    [
        ({"kind": "cells", "activation": "sigmoid"}, "expected 'layer-fractions'"),
        ({"kind": "layer-fractions", "sparse": 0.5}, "sparse is 0.5, expected 0"),
    ],
)
def test_an_output_that_the_loss_cannot_compare_is_refused(
    output: dict[str, Any], match: str
) -> None:
    with pytest.raises(UsageError, match=match):
        families["dnncalosim-vae"].check(config("legacy") | {"output": output}, "mine.toml")
