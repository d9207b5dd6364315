"""Every family with the energy-conserving output: two updates, and what they leave in every format.

That each family's own output exports is tested with its presets, in test_preset_exports.py.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.converters.targets import targets
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.reference import evaluate
from caloexport.training import loop, start
from caloexport.training.families import families
from caloexport.training.settings import to_toml
from tests.caloexport.training import window_toy
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

#: family -> sections that make its default preset tiny
TINY: dict[str, dict[str, Any]] = {
    "atlas-vae": {
        "network": {"latent": 4, "hidden": [6]},
        "encoder": {"hidden": [6]},
        "flow": {"steps": 1, "hidden": [6], "context": 2},
        "training": {"batch": 8, "evaluate_updates": 2, "mirror": [], "held_back_fewest": 0},
    },
    "dnncalosim-vae": {
        "mesh": "window",
        "network": {"latent": 4, "hidden": [6]},
        "encoder": {"hidden": [6]},
        "training": {"batch": 8, "evaluate_updates": 2, "held_back_fewest": 0},
    },
    "wgan-gp": {
        "network": {"latent": 4, "hidden": [6]},
        "critics": {"hidden": [6], "per_update": 1},
        "training": {"batch": 8, "evaluate_updates": 2, "mirror": [], "held_back_fewest": 0},
    },
}
WITH_HEADS = [name for name in families.names() if "output" in families[name].sections]


def trained(family: str, folder: Path, **output: float) -> Path:
    config = folder / f"{family}.toml"
    output_section = {"kind": "layer-fractions", **output}
    config.write_text(to_toml({**TINY[family], "output": output_section}))
    wanted = {"data": window_toy.write(folder, n=24), "config": config, "updates": 2}
    with eagerly():
        training = start.prepare(family, folder / family, wanted, resume=False)
        loop.run(training)
    return training.folder.path


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Generator]:
    folder = tmp_path_factory.mktemp("outputs")
    return {family: open_model(trained(family, folder)) for family in WITH_HEADS}


@pytest.fixture(scope="module")
def sparse(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    """A GAN whose output has exact zeros."""
    return open_model(trained("wgan-gp", tmp_path_factory.mktemp("sparse"), sparse=0.7))


def test_every_family_with_outputs_has_a_case() -> None:
    assert set(TINY) == set(WITH_HEADS)


@pytest.mark.parametrize("target", ["lwtnn", "numba", "onnx", "savedmodel"])
def test_the_vae_of_cells_exports(runs: dict[str, Generator], target: str, tmp_path: Path) -> None:
    """The other families have a preset with this output."""
    done = export(runs["atlas-vae"], target, tmp_path / f"a{targets[target].suffix}")
    assert done.verification is not None


@pytest.mark.parametrize("family", WITH_HEADS)
def test_showers_conserve_the_energy_that_the_network_says(
    runs: dict[str, Generator], family: str
) -> None:
    generator = runs[family]
    assert generator.sampling is not None
    sampling, mesh = generator.sampling, generator.sampling.mesh
    latents = np.array([[0.0] * 4, [30.0] * 4, [-1e6] * 4], dtype=np.float32)
    impact = {"pconfig": "1", "econfig": "0", "ripos_eta": 0.001, "ripos_phi": 0.002}
    read = {one.name for one in sampling.conditions} - {"energy_mev"}
    for energy_mev in (1024.0, 262144.0):
        given = {"energy_mev": energy_mev, **{name: impact[name] for name in read}}
        columns = {name: np.array([value] * 3) for name, value in given.items()}
        vector = np.concatenate([latents, sampling.encoding.encode(columns)], axis=1)
        (name,) = generator.network.inputs
        outputs = evaluate(generator.network, {name: vector}).astype(np.float32)
        total = outputs[:, n_cells(mesh)] * sampling.output.parameters["total_scale"]
        uncut = replace(sampling.output, threshold_mev=0.0)
        cells = uncut.energies(outputs.copy(), columns["energy_mev"], mesh)
        np.testing.assert_allclose(cells.sum(axis=1), total * energy_mev, rtol=2e-6)
        cut = np.where(cells < sampling.output.threshold_mev, 0, cells)
        mev = generator.decode(latents, given).reshape(3, -1)
        np.testing.assert_allclose(mev, cut, rtol=1e-4, atol=sampling.output.threshold_mev)


@pytest.mark.parametrize("family", WITH_HEADS)
def test_lwtnn_has_no_product_for_an_experiment_that_reads_cells(
    runs: dict[str, Generator], family: str, tmp_path: Path
) -> None:
    generator = runs[family]
    fitted = apply_contract(generator, "athena-dnncalosim", "lwtnn")
    with pytest.raises(UnsupportedError, match="multiply"):
        export(fitted, "lwtnn", tmp_path / "a.json")


@pytest.mark.parametrize("target", ["numba", "onnx", "savedmodel"])
def test_an_output_with_empty_cells_exports_where_the_format_divides(
    target: str, sparse: Generator, tmp_path: Path
) -> None:
    done = export(sparse, target, tmp_path / f"a{targets[target].suffix}")
    assert done.verification is not None


def test_lwtnn_has_no_division_for_empty_cells(sparse: Generator, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="divide"):
        export(sparse, "lwtnn", tmp_path / "a.json")
