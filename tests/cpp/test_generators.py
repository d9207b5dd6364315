"""The small generators fit the contracts that they are made for."""

from __future__ import annotations

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


@pytest.mark.parametrize("generator", GENERATORS)
def test_showers_are_neither_empty_nor_full(generator: str) -> None:
    made = GENERATORS[generator]()
    given = {"theta_rad": 1.5, "geometry": "siw"} if generator == "cylinder" else {}
    showers = np.asarray(made.sample(energy_mev=50_000.0, n=8, seed=1, **given))
    totals = showers.reshape(8, -1).sum(axis=1)
    assert np.all(totals > 0.1 * 50_000.0)
    assert np.all(np.isfinite(totals))
