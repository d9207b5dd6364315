"""The small generators fit the contracts that they are made for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from tests.cpp.generators import GENERATORS


@pytest.mark.parametrize(
    ("generator", "contract", "target"),
    [
        ("cylinder", "par04-vae", "onnx"),
        ("cylinder", "par04-vae", "lwtnn"),
        ("cylinder", "ddml-par04", "onnx"),
        ("cylinder", "gaussino-onnx", "onnx"),
        ("cylinder", "cmssw-onnx", "onnx"),
        ("layered", "fastcalosim-v2", "onnx"),
        ("layered", "fastcalosim-v2", "lwtnn"),
    ],
)
def test_the_contracts_take_them(generator: str, contract: str, target: str) -> None:
    apply_contract(GENERATORS[generator](), contract, target)


@pytest.mark.parametrize(
    ("generator", "given"),
    [
        ("cylinder", {"theta_rad": 1.5, "geometry": "siw"}),
        ("layered", {}),
        ("fractions", {"phi_rad": 1.0}),
        ("operations", {"theta_rad": 1.5, "geometry": "siw"}),
    ],
)
def test_showers_are_neither_empty_nor_endless(generator: str, given: dict[str, Any]) -> None:
    showers = GENERATORS[generator]().sample(energy_mev=50_000.0, n=8, seed=1, **given)
    totals = showers.reshape(8, -1).sum(axis=1)
    assert np.all(totals > 1.0)
    assert np.all(totals < 500_000.0)
