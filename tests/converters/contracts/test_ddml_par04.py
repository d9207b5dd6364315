from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.noise import NoiseLaw
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import (
    ENERGY,
    THETA,
    bare,
    close,
    latents,
    linear,
    trained,
)

ENERGY_MEV, THETA_RAD = 20_000.0, math.pi / 2.2
MESH = CylinderMesh(3, 6, 4, 2.325, 3.4)


def vector(z: np.ndarray) -> np.ndarray:
    """Par04ExampleVAE::prepareInput: the angle is that to the normal of the layers."""
    local = math.acos(math.sin(THETA_RAD))
    return np.concatenate([z.ravel(), [ENERGY_MEV / 1024000.0, local / (math.pi / 2), 0, 1]])


def test_cells_stand_where_ddml_places_them(tmp_path: Path) -> None:
    """Par04ExampleVAE::convertOutput: φ = (j + 0.5)·2π/N, without Geant4's -π."""
    generator = trained(
        (linear(1_024_000.0), linear(math.pi / 2, "theta_rad")),
        MESH,
        NoiseLaw(10),
        conditions=(ENERGY, THETA),
    )
    path = consumers.converted(generator, "ddml-par04", "onnx", tmp_path / "a.onnx")
    z = latents(NoiseLaw(10))
    cells = consumers.by_position(path, vector(z)) * ENERGY_MEV
    found = {}
    for flat, (i, j, l) in enumerate(np.ndindex(3, 6, 4)):
        phi = (j + 0.5) * 2 * math.pi / 6
        found[i, round(math.remainder(phi, 2 * math.pi), 6), l] = cells[flat]
    (expected,) = generator.decode(z, {"energy_mev": ENERGY_MEV, "theta_rad": THETA_RAD})
    centres = MESH.centres()["phi_rad"].reshape(3, 6, 4)
    ours = [
        found[i, round(math.remainder(centres[i, j, l], 2 * math.pi), 6), l]
        for i, j, l in np.ndindex(3, 6, 4)
    ]
    close(np.array(ours), expected)


def test_a_bare_decoder_is_taken_for_ddmls_own(tmp_path: Path) -> None:
    choices = {"mesh": "3x6x4"}
    path = consumers.converted(
        bare({"x": 14}, 72), "ddml-par04", "onnx", tmp_path / "a.onnx", choices=choices
    )
    (port,) = consumers.session(path).get_inputs()
    assert port.shape[1:] == [14]
