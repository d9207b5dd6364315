"""Whatever affine form latents and conditions have, the fitted generator gives the same showers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.converters.against import compare_models
from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.noise import NoiseLaw
from tests.converters.contracts.generators import ENERGY, VOXELS, linear, trained

MESH = CylinderMesh(2, 3, 4)
ENERGY_MEV = 70_000.0
positive = st.floats(0.2, 5.0)


@st.composite
def normal(draw: st.DrawFn) -> NoiseLaw:
    return NoiseLaw(draw(st.integers(1, 5)), "normal", draw(st.floats(-2.0, 2.0)), draw(positive))


@st.composite
def uniform(draw: st.DrawFn) -> NoiseLaw:
    low = draw(st.floats(-2.0, 2.0))
    return NoiseLaw(draw(st.integers(1, 5)), "uniform", low, low + draw(positive))


@st.composite
def logarithm(draw: st.DrawFn) -> Term:
    if draw(st.booleans()):
        low = draw(st.floats(100.0, 10_000.0))
        high = low * draw(st.floats(2.0, 1e4))
        return Term("log_ratio", "energy_mev", {"low": low, "high": high})
    numbers = {"mean": draw(st.floats(7.0, 13.0)), "sigma": draw(positive)}
    return Term("standardised_log", "energy_mev", numbers)


def same_showers(generator: Generator, fitted: Generator, seed: int) -> None:
    """Sample both with one seed: the latents correspond, whatever the law."""
    on_numpy = [one.using("numpy") for one in (generator, fitted)]
    expected, found = (one.sample(3, seed=seed, energy_mev=ENERGY_MEV) for one in on_numpy)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found, expected.reshape(found.shape), atol=2e-5 * scale)


@settings(max_examples=25)
@given(normal(), logarithm(), st.integers(0, 1000))
def test_logarithms_and_normal_latents(law: NoiseLaw, term: Term, seed: int) -> None:
    generator = trained((term,), VOXELS, law)
    choices = {"window": "11_High12"}
    fitted = apply_contract(generator, "fastcalosim-v2", "onnx", choices=choices)
    same_showers(generator, fitted, seed)


@settings(max_examples=25)
@given(uniform(), st.floats(1e4, 1e7), st.floats(-1e5, 1e5), st.integers(0, 1000))
def test_ratios_and_uniform_latents(law: NoiseLaw, scale: float, offset: float, seed: int) -> None:
    """The first GAN draws fifty latents: the model takes the first of them."""
    mesh = VOXELS.in_order(("z", "phi", "r"))
    generator = trained((linear(scale, offset=offset),), mesh, law)
    fitted = apply_contract(generator, "fastcalosim-v1", "lwtnn")
    assert fitted.sampling is not None
    assert fitted.sampling.noise == NoiseLaw(50, "uniform", -1.0, 1.0)
    same_showers(generator, fitted, seed)


@settings(max_examples=25)
@given(normal(), st.permutations(["energy", "theta", "geometry"]), st.integers(0, 1000))
def test_conditions_in_any_order(law: NoiseLaw, order: list[str], seed: int) -> None:
    terms = {
        "energy": linear(3e5),
        "theta": linear(2.0, "theta_rad", 0.3),
        "geometry": Term("one_hot", "geometry", {"codes": {"siw": 1, "scipb": 0}, "size": 2}),
    }
    conditions = (
        ENERGY,
        Condition("theta_rad", 1.2, 1.2),
        Condition("geometry", categories=("siw",)),
    )
    generator = trained([terms[name] for name in order], MESH, law, conditions=conditions)
    fitted = apply_contract(generator, "par04-vae", "onnx")
    same_showers(generator, fitted, seed)


@pytest.mark.parametrize("fix", ["eta=0.2", "eta=2e-1"])
def test_a_pure_number_is_fixed(fix: str, tmp_path: Path) -> None:
    conditions = (ENERGY, Condition("eta", 0.0, 1.0))
    generator = trained((linear(1e6), linear(1.0, "eta")), MESH, conditions=conditions)
    fitted = apply_contract(generator, "par04-vae", "onnx", fixes=[fix])
    z = np.zeros((1, 6))
    expected = generator.decode(z, {"energy_mev": ENERGY_MEV, "eta": 0.2})
    np.testing.assert_allclose(fitted.decode(z, {"energy_mev": ENERGY_MEV}), expected, rtol=1e-5)
    files = [tmp_path / "fixed.safetensors", tmp_path / "free.safetensors"]
    for one, path in zip((fitted, generator), files, strict=True):
        export(one, "numba", path)
    assert compare_models(*files).equal
