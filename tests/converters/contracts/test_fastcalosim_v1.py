from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.noise import NoiseLaw
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import VOXELS, bare, close, latents, linear, trained

ENERGY_MEV = 50_000.0
CONSUMER = NoiseLaw(50, "uniform", -1.0, 1.0)


def test_the_first_gan_reads_alpha_outside(tmp_path: Path) -> None:
    """A generator of 20 latents U(0, 1) and r outside, fed 50 latents U(-1, 1)."""
    generator = trained((linear(1e6),), VOXELS, NoiseLaw(20, "uniform", 0.0, 1.0))
    path = tmp_path / "neural_net_22_eta_20_25.json"
    consumers.converted(generator, "fastcalosim-v1", "lwtnn", path)
    z = latents(CONSUMER)
    momentum = ENERGY_MEV  # a photon
    inputs = {"node_0": consumers.numbered(z, "{}"), "node_1": {"0": momentum / 2.0**22}}
    outputs = consumers.lwtnn(path, inputs)
    found, number = {}, 0
    for layer in VOXELS.layers:
        for alpha in range(layer.n_phi):
            for r in range(layer.n_r):
                found[layer.id, r, alpha] = outputs[f"out_{number}"] * ENERGY_MEV
                number += 1
    (expected,) = generator.decode(z[:, :20] * 0.5 + 0.5, {"energy_mev": ENERGY_MEV})
    index = VOXELS.indices()
    ids = [layer.id for layer in VOXELS.layers]
    ours = [
        found[ids[z_], int(r), int(phi)]
        for z_, r, phi in zip(index["z"], index["r"], index["phi"], strict=True)
    ]
    close(np.array(ours), expected)


def test_variables_are_plain_numbers(tmp_path: Path) -> None:
    model = bare({"Noise": 50, "label": 1}, 17)
    path = consumers.converted(model, "fastcalosim-v1", "lwtnn", tmp_path / "a.json")
    data = json.loads(path.read_text())
    variables = [[v["name"] for v in node["variables"]] for node in data["inputs"]]
    assert variables == [[str(k) for k in range(50)], ["0"]]


@pytest.mark.parametrize(
    ("law", "text"),
    [
        (NoiseLaw(50), "draws uniform latents, the generator was trained with normal"),
        (NoiseLaw(60, "uniform", -1.0, 1.0), "draws 50 latents, the generator needs 60"),
    ],
)
def test_latents_that_the_consumer_does_not_draw(law: NoiseLaw, text: str) -> None:
    with pytest.raises(UnsupportedError, match=text):
        apply_contract(trained((linear(1e6),), VOXELS, law), "fastcalosim-v1", "lwtnn")
