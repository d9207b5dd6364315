from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import ENERGY, THETA, bare, close, linear, trained

MESH = CylinderMesh(9, 16, 45, 4.65, 3.4, ("z", "phi", "r"))
PHI = Condition("phi_rad", 0.0, 2 * math.pi)
GEOMETRY = Condition("geometry", categories=("ODD", "Par04SiW"))
CODES = Term("one_hot", "geometry", {"codes": {"ODD": 0, "Par04SiW": 1}, "size": 2})


def deterministic(noise: int = 0) -> Generator:
    terms = (linear(1e6), linear(3.0, "theta_rad", 1.5), CODES)
    return trained(
        terms,
        MESH,
        NoiseLaw(noise),
        OutputMap("fraction_of_incident", {}),
        (ENERGY, THETA, GEOMETRY),
    )


def test_par04_gives_the_showers_of_a_deterministic_network(tmp_path: Path) -> None:
    generator = deterministic()
    path = consumers.converted(generator, "par04-calodit", "onnx", tmp_path / "cd.onnx")
    energy_mev, theta = 40_000.0, 1.4
    vector = np.array([energy_mev / 1000, 0.3, theta, 1, 0, 0, 0, 0])  # E in GeV, φ, θ, Par04SiW
    found = consumers.par04_onnx(path, vector, 6480) * 1000
    given = {"energy_mev": energy_mev, "theta_rad": theta, "geometry": "Par04SiW"}
    expected = generator.decode(np.zeros((1, 0)), given)[0].transpose(2, 1, 0)
    close(found, expected)


def test_a_bare_network_of_eight_inputs_is_taken_as_it_is() -> None:
    fitted = apply_contract(bare({"conditions": 8}, 6480), "par04-calodit", "onnx")
    assert fitted.sampling is not None
    assert fitted.sampling.output == OutputMap("absolute", {"unit_mev": 1000.0}, 0.0005)


def test_latents_cannot_be_fed() -> None:
    """Trap T11: the noise would not follow Geant4's seed, and no proof could cover it."""
    with pytest.raises(UnsupportedError, match="draws no latents, the generator has 4"):
        apply_contract(deterministic(4), "par04-calodit", "onnx")


def test_a_detector_that_par04_does_not_know_must_be_fixed() -> None:
    generator = deterministic()
    assert generator.sampling is not None
    codes = Term("one_hot", "geometry", {"codes": {"LAr": 0, "Par04SiW": 1}, "size": 2})
    other = replace(
        generator.sampling,
        conditions=(ENERGY, THETA, Condition("geometry", categories=("LAr", "Par04SiW"))),
        encoding=replace(
            generator.sampling.encoding, terms=(*generator.sampling.encoding.terms[:2], codes)
        ),
    )
    model = Generator.from_network(generator.network, other)
    with pytest.raises(UnsupportedError, match=r"trained with 'LAr' .--fix geometry=VALUE"):
        apply_contract(model, "par04-calodit", "onnx")
    fitted = apply_contract(model, "par04-calodit", "onnx", fixes=["geometry=LAr"])
    assert fitted.n_in == 8
