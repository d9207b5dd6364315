"""Samples whose cells are stored in another order than the reference's are brought to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays, open_showers
from caloexport.showers.order import reorder
from caloexport.showers.showers import Showers
from caloexport.showers.write import convert_showers
from caloexport.validation.checks import PASS
from caloexport.validation.equality import equality
from caloexport.validation.generated import generated_showers
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge
from tests.networks import decoder

MESH = CylinderMesh(3, 4, 5, 2.325, 3.4)
ORDER = ("z", "phi", "r")


def reference(order: tuple[str, ...] = MESH.order, n: int = 40) -> Showers:
    random = np.random.default_rng(1)
    mesh = MESH.in_order(order)
    conditions = {
        "energy_mev": np.geomspace(2e3, 3e4, n),
        "theta_rad": np.full(n, np.pi / 2),
        "geometry": np.full(n, "siw"),
    }
    cells = random.exponential(100.0, (n, *MESH.shape)).astype(np.float32)
    return from_arrays(reorder(cells, MESH, order), mesh, conditions)


def test_showers_come_in_the_order_that_is_asked_for() -> None:
    showers, expected = reference(), reference(ORDER)
    showers.bring_to(ORDER)
    assert showers.mesh == expected.mesh
    assert showers.read().tobytes() == expected.read().tobytes()
    assert showers.read(slice(3, 7)).tobytes() == expected.read(slice(3, 7)).tobytes()
    showers.bring_to(MESH.order)  # and back
    assert showers.read().tobytes() == reference().read().tobytes()


def test_a_file_of_another_order_compares(tmp_path: Path) -> None:
    path = tmp_path / "par04.h5"
    convert_showers(reference(), path, "par04")
    usual = reference(ORDER)
    with generated_showers(path, usual) as found:
        verdict = judge(usual, found, load_profile())
    assert verdict.findings["SH001"].value == pytest.approx(0, abs=1e-6)
    assert verdict.findings["SH002"].value == pytest.approx(0, abs=1e-6)
    with open_showers(path) as stored:
        assert stored.mesh.order == MESH.order


def test_a_model_of_another_order_makes_the_same_showers(tmp_path: Path) -> None:
    path = tmp_path / "toy.safetensors"
    export(decoder(MESH), "numba", path, verify=False)
    own, other = (generated_showers(path, reference(order)) for order in (MESH.order, ORDER))
    assert other.mesh.order == ORDER
    assert reorder(own.read(), MESH, ORDER).tobytes() == other.read().tobytes()
    found = equality(other)
    assert found is not None
    assert found.largest < 1e-5
    verdict = judge(reference(ORDER), other, load_profile())
    assert verdict.findings["CX002"].status == PASS
