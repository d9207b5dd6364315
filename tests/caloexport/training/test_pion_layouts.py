"""The voxels of CaloChallenge's pions: EXPORT TESTS ONLY.

No pions were simulated and nothing here is trained. The weights are random, the layouts and layers
those of ATLASDNNCaloSim's decoder (50 latents and an energy to 541 numbers) and of a FastCaloGAN
generator (50 latents and a label to 533 voxels), with fewer hidden units.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.contracts.fastcalosim_v2 import WINDOWS, label
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.converters.targets import targets
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import LayeredMesh
from caloexport.runtime.noise import NoiseLaw
from caloexport.showers.binning import read_binning
from caloexport.training.heads import Head, read_head
from caloexport.training.hidden import Hidden, seeds_of, stack
from caloexport.training.run_folder import RunFolder

pytest.importorskip("tensorflow")

FORMATS = ("lwtnn", "numba", "onnx", "savedmodel")
LATENTS, E_MAX_MEV = 50, 4_194_304.0
ENERGY = Condition("energy_mev", 256.0, E_MAX_MEV)
PION = label(*WINDOWS["211_All"])


def voxels() -> LayeredMesh:
    (binning,) = read_binning("calochallenge1-pions")
    assert isinstance(binning.mesh, LayeredMesh)
    return binning.mesh


def untrained(
    folder: Path, head: Head, hidden: Hidden, term: Term, mesh: LayeredMesh, noise: NoiseLaw
) -> Generator:
    """Write a run folder with random weights and open it."""
    import keras

    seeds = seeds_of(11)
    vector = keras.Input((LATENTS + 1,), name="latents_and_conditions")
    output = head.build(stack(vector, hidden, seeds, "decoder"), mesh, seeds)
    model = keras.Model(vector, output)
    random = np.random.default_rng(0)
    for layer in model.layers:  # moving statistics as a training leaves them, not 0 and 1
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_mean.assign(random.normal(0, 0.3, layer.moving_mean.shape))
            layer.moving_variance.assign(random.uniform(0.2, 2.0, layer.moving_mean.shape))
    sampling = Sampling(noise, (ENERGY,), Encoding((term,)), head.output_map(0.0), mesh)
    run = RunFolder(folder)
    run.path.mkdir()
    model.save(run.decoder)
    run.write_manifest(sampling, {"weights": "random"})
    return open_model(folder)


@pytest.fixture(scope="module")
def vae(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    """ATLASDNNCaloSim: Dense, LeakyReLU, BN; Dense 541, LeakyReLU; seven softmaxes, and so on."""
    head = read_head({"kind": "layer-fractions", "total_scale": 6.0, "joint_slope": 0.3}, "here")
    hidden = Hidden((10, 15), "leaky-relu-bn", 0.3)
    term = Term("linear", "energy_mev", {"offset": 0.0, "scale": E_MAX_MEV})
    folder = tmp_path_factory.mktemp("vae") / "run"
    return untrained(folder, head, hidden, term, voxels(), NoiseLaw(LATENTS))


@pytest.fixture(scope="module")
def gan(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    """FastCaloGAN: BNswish layers, ReLU voxels in FastCaloSim's order, latents N(0.5, 0.5)."""
    head = read_head({"kind": "cells", "activation": "relu"}, "here")
    mesh = voxels().in_order(("z", "r", "phi"))
    folder = tmp_path_factory.mktemp("gan") / "run"
    noise = NoiseLaw(LATENTS, "normal", 0.5, 0.5)
    return untrained(folder, head, Hidden((10, 20), "bn-swish"), PION, mesh, noise)


def written(generator: Generator, target: str, folder: Path) -> Any:
    return export(generator, target, folder / f"a{targets[target].suffix}")


def test_the_layouts_are_those_of_the_pions(vae: Generator, gan: Generator) -> None:
    sizes: Sequence[int] = np.bincount(voxels().indices()["z"]).tolist()
    assert sizes == [8, 100, 100, 5, 150, 160, 10]
    assert (vae.network.n_inputs, vae.network.n_outputs) == (51, 541)
    assert (gan.network.n_inputs, gan.network.n_outputs) == (51, 533)


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("layout", ["vae", "gan"])
def test_every_format_gives_what_the_model_gives(
    layout: str, target: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    done = written(request.getfixturevalue(layout), target, tmp_path)
    assert done.verification is not None


@pytest.mark.parametrize("target", ["lwtnn", "onnx"])
def test_fastcalosim_reads_the_gan(gan: Generator, target: str, tmp_path: Path) -> None:
    fitted = apply_contract(gan, "fastcalosim-v2", target)
    assert written(fitted, target, tmp_path).verification is not None


def test_fastcalosim_reads_cells_of_the_vae_where_the_format_multiplies(
    vae: Generator, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedError, match=r"as log_ratio.*trained with linear"):
        apply_contract(vae, "fastcalosim-v2", "onnx", choices={"window": "211_All"})
    assert vae.sampling is not None
    sampling = Sampling(
        vae.sampling.noise, (ENERGY,), Encoding((PION,)), vae.sampling.output, vae.sampling.mesh
    )
    asked = Generator.from_network(vae.network, sampling, name="as FastCaloSim feeds it")
    fitted = apply_contract(asked, "fastcalosim-v2", "onnx")
    assert fitted.network.n_outputs == 533
    assert written(fitted, "onnx", tmp_path).verification is not None
    with pytest.raises(UnsupportedError, match="multiply"):
        written(apply_contract(asked, "fastcalosim-v2", "lwtnn"), "lwtnn", tmp_path)
