from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.against import compare_models
from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export, rewritten_for
from caloexport.converters.open import open_model
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.reference import evaluate
from tests.converters import keras_models
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import (
    ENERGY,
    PAR04,
    THETA,
    bare,
    close,
    latents,
    linear,
    log_ratio,
    trained,
)

ENERGY_MEV, THETA_RAD = 50_000.0, math.pi / 2.5
SIZES = {"z": 10, "e_input": 1, "angle_input": 1, "geo_input": 2}
TERMS = (linear(1_024_000.0), linear(math.pi / 2, "theta_rad"))


def vector(z: np.ndarray) -> np.ndarray:
    """Par04InferenceSetup::GetEnergies: the vector for a SiW event."""
    degrees = THETA_RAD * 180 / math.pi
    return np.concatenate([z.ravel(), [ENERGY_MEV / 1024000.0, degrees / 90.0, 0.0, 1.0]])


def energies(path: Path, z: np.ndarray, cells: int = 40500) -> np.ndarray:
    """Play either inference class, and multiply as the setup class does."""
    if path.suffix == ".onnx":
        return consumers.par04_onnx(path, vector(z), cells) * ENERGY_MEV
    outputs = consumers.lwtnn(path, {"node_0": consumers.numbered(vector(z))})
    return np.array([outputs[f"out_{k}"] for k in range(cells)]) * ENERGY_MEV


@pytest.mark.parametrize("target", ["onnx", "lwtnn"])
def test_par04_gives_the_showers_of_the_generator(target: str, tmp_path: Path) -> None:
    mesh = CylinderMesh(4, 6, 5, 2.325, 3.4)
    generator = trained(TERMS, mesh, conditions=(ENERGY, THETA), noise=NoiseLaw(10, b=2.0))
    path = consumers.converted(generator, "par04-vae", target, tmp_path / _name(target))
    z = latents(NoiseLaw(10))
    expected = generator.decode(2 * z, {"energy_mev": ENERGY_MEV, "theta_rad": THETA_RAD})
    found = energies(path, z, 120).reshape(4, 6, 5)
    close(found, expected)
    for i_r, i_phi, i_z in ((0, 0, 0), (3, 2, 1)):  # index = (iR·Nφ + iφ)·Nz + iZ
        assert found[i_r, i_phi, i_z] == energies(path, z, 120)[(i_r * 6 + i_phi) * 5 + i_z]


def _name(target: str) -> str:
    return {"onnx": "Generator.onnx", "lwtnn": "Generator.json"}[target]


@pytest.mark.parametrize("order", list(permutations(SIZES)), ids="-".join)
def test_four_inputs_in_any_build_order_become_the_one_that_par04_feeds(
    order: tuple[str, ...],
) -> None:
    """Traps T4 and T5: the training code exports four inputs, whose numbers change."""
    model = bare({name: SIZES[name] for name in order}, 24, tuple(SIZES))
    fitted = apply_contract(model, "par04-vae", "onnx", choices={"mesh": "2x3x4"})
    assert list(fitted.network.inputs.values()) == [(14,)]
    z = latents(NoiseLaw(10))
    x = vector(z)[None]
    parts = dict(zip(SIZES, np.split(x, [10, 11, 12], axis=1), strict=True))
    close(evaluate(fitted.network, {"input": x}), evaluate(model.network, parts))
    assert fitted.sampling is not None
    assert "assumed" in fitted.manifest.provenance


@pytest.mark.parametrize("code", ["1,0", "0, 1", "0.5,-2"])
def test_a_geometry_without_a_name_is_folded_in_by_its_code(code: str) -> None:
    model = bare(SIZES, 24, tuple(SIZES))
    choices = {"mesh": "2x3x4", "geometry": code}
    fitted = apply_contract(model, "par04-vae", "onnx", choices=choices)
    x = vector(latents(NoiseLaw(10)))[None]
    parts = dict(zip(SIZES, np.split(x, [10, 11, 12], axis=1), strict=True))
    parts["geo_input"] = np.array([[float(part) for part in code.split(",")]])
    close(evaluate(fitted.network, {"input": x}), evaluate(model.network, parts))
    x[:, 12:] = 9.0
    close(evaluate(fitted.network, {"input": x}), evaluate(model.network, parts))
    assert f"geometry is {code}" in fitted.manifest.provenance["assumed"]


@pytest.mark.parametrize("code", ["1", "1,0,0", "siw", "nan,0", ","])
def test_a_geometry_that_is_no_code_is_refused(code: str) -> None:
    choices = {"mesh": "2x3x4", "geometry": code}
    with pytest.raises(UsageError, match="is not a list of 2 numbers"):
        apply_contract(bare(SIZES, 24, tuple(SIZES)), "par04-vae", "onnx", choices=choices)


@pytest.mark.parametrize("choice", ["inputs", "latents", "mesh", "noise", "geometry"])
def test_what_tells_about_a_bare_network_is_refused_for_one_that_tells_itself(choice: str) -> None:
    generator = trained(TERMS, CylinderMesh(4, 6, 5, 2.325, 3.4), conditions=(ENERGY, THETA))
    with pytest.raises(UsageError, match="says itself what its inputs and outputs mean"):
        apply_contract(generator, "par04-vae", "onnx", choices={choice: "1"})


def test_a_geometry_for_a_network_without_its_input_is_refused() -> None:
    sizes = {name: SIZES[name] for name in ("z", "e_input", "angle_input")}
    choices = {"mesh": "2x3x4", "geometry": "1,0"}
    with pytest.raises(UsageError, match="the network has no such input"):
        apply_contract(bare(sizes, 24, tuple(sizes)), "par04-vae", "onnx", choices=choices)


def test_inputs_without_telling_names_are_taken_in_the_order_of_the_training_code() -> None:
    model = bare({"input_9": 10, "input_6": 1, "input_7": 1, "input_8": 2}, 40500)
    fitted = apply_contract(model, "par04-vae", "onnx")
    assert "inputs are latents, energy, theta, geometry" in fitted.manifest.provenance["assumed"]


def test_inputs_of_one_size_in_an_order_of_their_own_need_a_word() -> None:
    model = bare({"input_6": 1, "input_7": 1, "input_8": 2, "input_9": 10}, 40500)
    with pytest.raises(UsageError, match="--choose inputs=energy,theta,geometry,latents or "):
        apply_contract(model, "par04-vae", "onnx")
    choices = {"inputs": "theta,energy,geometry,latents"}
    fitted = apply_contract(model, "par04-vae", "onnx", choices=choices)
    x = vector(latents(NoiseLaw(10)))[None]
    parts = {"input_6": x[:, 11:12], "input_7": x[:, 10:11], "input_8": x[:, 12:]}
    parts["input_9"] = x[:, :10]
    close(evaluate(fitted.network, {"input": x}), evaluate(model.network, parts))


@pytest.mark.parametrize(
    ("sizes", "assumed"),
    [
        ({"x": 14}, "inputs are latents+energy+theta+geometry"),
        ({"x": 12}, "inputs are latents+energy+theta;"),
        ({"z": 10, "conditions": 4}, "inputs are latents, energy+theta+geometry"),
        ({"z": 10, "conditions": 2}, "inputs are latents, energy+theta;"),
    ],
    ids=str,
)
def test_what_is_assumed_of_a_network_that_does_not_tell(
    sizes: dict[str, int], assumed: str
) -> None:
    model = bare(sizes, 40500)
    fitted = apply_contract(model, "par04-vae", "lwtnn")
    assert fitted.manifest.provenance["assumed"].startswith(assumed)
    z = latents(NoiseLaw(10))
    x = vector(z)[None]
    columns = list(np.split(x[:, : model.n_in], np.cumsum(list(sizes.values()))[:-1], axis=1))
    expected = evaluate(model.network, dict(zip(sizes, columns, strict=True)))
    close(evaluate(fitted.network, {"node_0": x}), expected)


def test_other_numbers_of_latents_and_cells_are_told() -> None:
    model = bare({"x": 20}, 60)
    choices = {"latents": "16", "mesh": "3x4x5"}
    fitted = apply_contract(model, "par04-vae", "onnx", choices=choices)
    assert fitted.sampling is not None
    assert fitted.sampling.mesh.shape == (3, 4, 5)
    (advice,) = [note for note in fitted.manifest.provenance["notes"] if "/Par04/" in note][-1:]
    assert "setSizeLatentVector 16" in advice


@pytest.mark.parametrize(
    ("sizes", "cells", "choices", "error", "text"),
    [
        ({"x": 14}, 60, {}, UnsupportedError, "reads 40500 outputs"),
        ({"x": 3}, 40500, {}, UnsupportedError, "does not fit the inputs x"),
        ({"z": 10, "e": 3}, 40500, {}, UnsupportedError, "does not fit the inputs z"),
        ({"x": 14}, 40500, {"inputs": "energy"}, UnsupportedError, "does not fit"),
        ({"x": 14}, 40500, {"inputs": "a,b"}, UsageError, "unknown role of an input 'a'"),
        ({"x": 14}, 40500, {"inputs": "energy,theta"}, UsageError, "names 2 inputs"),
        ({"x": 14}, 40500, {"latents": "ten"}, UsageError, "not a whole number"),
        ({"x": 14}, 40500, {"mesh": "18x50"}, UsageError, "not of the form 18x50x45"),
        ({"x": 14}, 40500, {"window": "a"}, UsageError, "leaves no choice 'window'"),
    ],
)
def test_what_does_not_fit(
    sizes: dict[str, int], cells: int, choices: dict[str, str], error: type, text: str
) -> None:
    with pytest.raises(error, match=text):
        apply_contract(bare(sizes, cells), "par04-vae", "onnx", choices=choices)


def test_a_decoder_of_the_training_code_loads_in_par04(tmp_path: Path) -> None:
    """Build the four inputs as core/model.py does, save, convert, and feed the file."""
    keras = keras_models.keras()
    layers = keras.layers
    energy, angle, geometry, z = (layers.Input((n,)) for n in (1, 1, 2, 10))
    x = layers.Concatenate()([z, energy, angle, geometry])
    for units in (14, 20):
        x = layers.BatchNormalization()(layers.Dense(units, activation="leaky_relu")(x))
    out = layers.Dense(40500, activation="sigmoid")(x)
    model = keras_models.scrambled(keras.Model([z, energy, angle, geometry], out))
    source = keras_models.saved(model, tmp_path, "keras", "decoder")
    generator: Generator = open_model(source)
    path = consumers.converted(generator, "par04-vae", "onnx", tmp_path / "decoder.onnx")
    noise = latents(NoiseLaw(10)).astype(np.float32)
    parts = np.split(vector(noise)[None].astype(np.float32), [10, 11, 12], axis=1)
    expected = np.asarray(model(parts, training=False)) * ENERGY_MEV
    close(energies(path, noise), expected, 1e-5)  # weights of size 1: worse than any training


def test_uniform_latents_cannot_become_normal_ones() -> None:
    generator = trained(
        TERMS, PAR04, conditions=(ENERGY, THETA), noise=NoiseLaw(10, "uniform", -1.0, 1.0)
    )
    with pytest.raises(UnsupportedError, match=r"draws normal latents.*train with the law N\(0, 1"):
        apply_contract(generator, "par04-vae", "onnx")


def test_a_logarithm_cannot_be_made_of_a_ratio() -> None:
    with pytest.raises(UnsupportedError, match="neither is an affine function of the other"):
        apply_contract(trained((log_ratio(),), PAR04), "par04-vae", "onnx")


def test_absolute_energies_are_divided_where_the_format_divides(tmp_path: Path) -> None:
    mesh = CylinderMesh(2, 3, 4, 2.325, 3.4)
    generator = trained(TERMS[:1], mesh, output=OutputMap("absolute", {"unit_mev": 1000.0}))
    path = consumers.converted(generator, "par04-vae", "onnx", tmp_path / "a.onnx")
    z = latents(NoiseLaw(6)).ravel()
    x = np.concatenate([z, [ENERGY_MEV / 1024000.0, 0.8, 0.0, 1.0]])
    found = consumers.par04_onnx(path, x, 24) * ENERGY_MEV
    close(found, generator.decode(z[None], {"energy_mev": ENERGY_MEV}))
    fitted = apply_contract(generator, "par04-vae", "lwtnn")
    with pytest.raises(UnsupportedError, match="divide"):
        rewritten_for(fitted, "lwtnn")


def test_the_angle_slot_holds_the_angle() -> None:
    """Trap T2: the Python of the example fills it with the energy, its C++ with the angle."""
    fitted = apply_contract(bare({"x": 14}, 40500), "par04-vae", "onnx")
    assert fitted.sampling is not None
    given = {"energy_mev": np.array([512_000.0]), "theta_rad": np.array([math.pi / 3])}
    encoded = fitted.sampling.encoding.encode(given)
    np.testing.assert_allclose(encoded, [[0.5, 2 / 3, 0, 1]], rtol=1e-6)


def test_what_a_user_must_know_is_told() -> None:
    """Traps T6 (the energy window is always true) and T8 (optimisations are off by default)."""
    fitted = apply_contract(bare({"x": 14}, 40500), "par04-vae", "onnx")
    notes = " ".join(fitted.manifest.provenance["notes"])
    assert "energy window test is always true" in notes
    assert "/Par04/inference/setOptimizationFlag 1" in notes
    assert "11.0 to 11.4" in fitted.manifest.provenance["readers"]


def test_both_files_give_the_same_showers(tmp_path: Path) -> None:
    mesh = CylinderMesh(3, 4, 5, 2.325, 3.4, ("z", "phi", "r"), 0.0)
    original = trained(TERMS, mesh, conditions=(ENERGY, THETA), noise=NoiseLaw(7, b=2.0))
    source = export(original, "numba", tmp_path / "original.safetensors").path
    for target in ("onnx", "lwtnn"):
        path = consumers.converted(original, "par04-vae", target, tmp_path / _name(target))
        comparison = compare_models(path, source)
        assert comparison.equal, str(comparison)
        assert comparison.unit == "of E_inc"
