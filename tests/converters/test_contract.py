from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.fitting.fix import fix_conditions
from caloexport.runtime.encodings import Term
from caloexport.runtime.errors import UnknownName, UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer
from tests.networks import ANGLE, ENERGY, decoder, four_inputs

PAR04 = CylinderMesh(18, 50, 45, 2.325, 3.4)
TWO = Term("one_hot", "geometry", {"codes": {"scipb": 0, "siw": 1}, "size": 2})
CONDITIONS = {"energy_mev": 50_000.0, "theta_rad": math.pi / 2}


def par04_vector(z: np.ndarray, energy_mev: float, theta_deg: float) -> np.ndarray:
    """Fill the vector as Par04InferenceSetup.cc does."""
    return np.concatenate([z, [energy_mev / 1024000.0, theta_deg / 90.0, 0.0, 1.0]])[None]


def same_shower(fitted: Generator, original: Generator, **extra: str) -> None:
    z = np.random.default_rng(5).normal(size=10).astype(np.float32)
    vector = par04_vector(z, 50_000.0, 90.0).astype(np.float32)
    outputs = fitted.executor.run(vector) * 50_000.0
    cells = outputs.reshape(18, 50, 45) * (outputs.reshape(18, 50, 45) >= 0.0005)
    expected = original.decode(z[None], {**CONDITIONS, **extra})[0]
    np.testing.assert_allclose(cells, expected, rtol=1e-4, atol=1e-3)


def test_fixed_geometry_gives_par04_that_geometry() -> None:
    original = decoder(PAR04)
    fitted = apply_contract(fix_conditions(original, ["geometry=pbwo4"]), "par04-vae", "onnx")
    assert fitted.n_in == 14
    same_shower(fitted, original, geometry="pbwo4")


def test_a_two_vector_model_meets_the_contract_as_it_is() -> None:
    original = decoder(PAR04, (ENERGY, ANGLE, TWO))
    fitted = apply_contract(original, "par04-vae", "lwtnn")
    same_shower(fitted, original, geometry="siw")


def test_the_codes_tell_which_geometry_the_consumer_selects() -> None:
    """Trap T7: a comment of the C++ and the training disagree about what 0, 1 means."""
    swapped = Term("one_hot", "geometry", {"codes": {"scipb": 1, "siw": 0}, "size": 2})
    original = decoder(PAR04, (ENERGY, ANGLE, swapped))
    fitted = apply_contract(original, "par04-vae", "onnx")
    same_shower(fitted, original, geometry="scipb")
    assert fitted.manifest.provenance["fixed_geometry"] == "scipb (by the consumer)"
    assert [c.name for c in fitted.sampling.conditions] == ["energy_mev", "theta_rad"]


def test_codes_that_the_constants_do_not_hit_are_refused() -> None:
    only = Term("one_hot", "geometry", {"codes": {"siw": 0}, "size": 2})
    with pytest.raises(UnsupportedError, match="--fix geometry=VALUE"):
        apply_contract(decoder(PAR04, (ENERGY, ANGLE, only)), "par04-vae", "onnx")


def test_cells_are_counted_from_the_consumers_azimuth() -> None:
    shifted = replace(PAR04, phi_origin_rad=0.0)
    original = decoder(shifted, (ENERGY, ANGLE, TWO))
    fitted = apply_contract(original, "par04-vae", "onnx")
    z = np.random.default_rng(5).normal(size=(1, 10))
    expected = np.roll(original.decode(z, {**CONDITIONS, "geometry": "siw"}), 25, axis=2)
    np.testing.assert_allclose(fitted.decode(z, CONDITIONS), expected, rtol=1e-4, atol=1e-3)
    assert "rearranged_cells" in fitted.manifest.provenance


def test_a_part_of_an_azimuth_bin_cannot_be_moved() -> None:
    shifted = replace(PAR04, phi_origin_rad=0.1)
    with pytest.raises(UnsupportedError, match="counts azimuth from -3"):
        apply_contract(decoder(shifted, (ENERGY, ANGLE, TWO)), "par04-vae", "onnx")


def test_cells_come_in_the_consumers_order() -> None:
    turned = decoder(PAR04.in_order(("z", "phi", "r")), (ENERGY, ANGLE, TWO))
    fitted = apply_contract(turned, "par04-vae", "lwtnn")
    z = np.random.default_rng(5).normal(size=(1, 10))
    expected = turned.decode(z, {**CONDITIONS, "geometry": "siw"}).transpose(0, 3, 2, 1)
    np.testing.assert_allclose(fitted.decode(z, CONDITIONS), expected, rtol=1e-4, atol=1e-3)


def test_our_own_sampling_of_a_fitted_generator_still_works() -> None:
    original = decoder(PAR04)
    fitted = apply_contract(fix_conditions(original, ["geometry=siw"]), "par04-vae", "onnx")
    ours = fitted.sample(2, seed=1, **CONDITIONS)
    np.testing.assert_allclose(
        ours, original.sample(2, seed=1, geometry="siw", **CONDITIONS), rtol=1e-4, atol=1e-3
    )


def test_a_geometry_that_is_not_fixed_is_refused_with_the_way_out() -> None:
    with pytest.raises(UnsupportedError, match=r"--fix geometry=VALUE"):
        apply_contract(decoder(PAR04), "par04-vae", "onnx")


def test_another_kind_of_mesh_or_target_is_refused() -> None:
    layered = LayeredMesh((MeshLayer(0, (0.0, 5.0, 9.0), 3),))
    with pytest.raises(UnsupportedError, match="expects a cylinder mesh"):
        apply_contract(decoder(layered, (ENERGY, ANGLE, TWO)), "par04-vae", "onnx")
    with pytest.raises(UnsupportedError, match="takes lwtnn, onnx, not savedmodel"):
        apply_contract(decoder(PAR04), "par04-vae", "savedmodel")


def test_another_number_of_cells_comes_with_the_commands_that_set_it() -> None:
    small = CylinderMesh(3, 4, 5, 2.325, 3.4)
    fitted = apply_contract(decoder(small, (ENERGY, ANGLE, TWO)), "par04-vae", "onnx")
    (advice,) = [note for note in fitted.manifest.provenance["notes"] if "setNbOf" in note]
    assert "/Par04/inference/setNbOfRhoCells 3; /Par04/inference/setNbOfPhiCells 4" in advice


def test_a_condition_that_the_network_does_not_know_is_ignored() -> None:
    fixed = fix_conditions(decoder(PAR04, (ENERGY, ANGLE, TWO)), ["theta=90deg"])
    fitted = apply_contract(fixed, "par04-vae", "onnx")
    x = np.zeros((2, 14), dtype=np.float32)
    x[:, 10], x[:, 13], x[1, 11] = 0.05, 1.0, 0.7
    one, other = fitted.executor.run(x)
    np.testing.assert_array_equal(one, other)


def test_several_inputs_become_one() -> None:
    fixed = fix_conditions(four_inputs(), ["geometry=siw", "theta=90deg"])
    assert fixed.n_in == 11
    assert [c.name for c in fixed.sampling.conditions] == ["energy_mev"]


@pytest.mark.parametrize(
    ("fix", "error", "text"),
    [
        ("geometry", UsageError, "not of the form"),
        ("geometry=iron", UnknownName, "unknown geometry 'iron'"),
        ("colour=red", UsageError, "not a condition that can be fixed"),
        ("energy=5GeV", UsageError, "not a condition that can be fixed"),
        ("theta=90", UsageError, "has no unit"),
        ("theta=10deg", UsageError, "outside the trained range"),
    ],
)
def test_bad_fixes(fix: str, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        fix_conditions(decoder(), [fix])


def test_an_unknown_contract_lists_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="par04-vae"):
        apply_contract(decoder(), "par4-vae", "onnx")
