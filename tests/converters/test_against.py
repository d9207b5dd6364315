"""Any two models are comparable: in MeV where both describe their physics, else on raw outputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.against import compare_models
from caloexport.converters.contract import fix_conditions
from caloexport.converters.export import export
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import CaloexportError, InputFileError, UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh, permutation
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from tests.converters.test_open import run_folder
from tests.networks import ANGLE, ENERGY, GEOMETRY, decoder


def written(generator: Generator, path: Path, target: str = "numba") -> Path:
    return export(generator, target, path).path


def changed(generator: Generator, node: str, key: str, values: np.ndarray) -> Generator:
    """Return the generator with one weight replaced."""
    nodes = [
        one.with_weights(**{key: values.astype("f4")}) if one.name == node else one
        for one in generator.network.nodes
    ]
    network = Network(generator.network.inputs, nodes, generator.network.outputs)
    return Generator.from_network(network, generator.sampling, name="changed")


@pytest.mark.parametrize("target", ["onnx", "lwtnn"])
def test_two_formats_of_one_generator_are_equal(target: str, tmp_path: Path) -> None:
    one = written(decoder(), tmp_path / "one", target)
    found = compare_models(one, written(decoder(), tmp_path / "other.safetensors"))
    assert found.equal
    assert 0 < found.max_abs < 1e-6
    assert found.unit == "of E_inc"
    assert [row[0] for row in found.layers] == [0, 1, 2, 3, 4]
    assert found.engines[0] != found.engines[1]
    assert found.first_difference is None


def test_sums_differ_by_no_more_than_their_cells(tmp_path: Path) -> None:
    """As they would if 20 000 outputs were summed in float32."""
    kernel = np.random.default_rng(0).normal(size=(3, 20_000)).astype("f4")
    node = Node("y", "dense", ("x",), {}, {"kernel": kernel, "bias": np.full(20_000, 3.0, "f4")})
    bare = Generator.from_network(Network({"x": (3,)}, [node], ["y"]))
    found = compare_models(
        written(bare, tmp_path / "a.onnx", "onnx"), written(bare, tmp_path / "b.safetensors")
    )
    (layer,) = found.layers
    assert 0 < layer[2] < 200 * layer[1]


def test_the_layer_that_parts_them_is_named(tmp_path: Path) -> None:
    toy = decoder()
    bias = toy.network["cells"].weights["bias"].copy()
    bias[7] += 0.01  # cell (r=0, phi=1, z=2)
    one = written(toy, tmp_path / "one.safetensors")
    found = compare_models(written(changed(toy, "cells", "bias", bias), tmp_path / "b.onnx"), one)
    assert not found.equal
    assert "cell (r=0, phi=1, z=2)" in found.where
    assert max(found.layers, key=lambda row: row[2])[0] == 2
    assert "DIFFERENT" in str(found)


def test_the_first_layer_of_the_network_that_differs_is_named(tmp_path: Path) -> None:
    toy = decoder()
    scale = toy.network["norm"].weights["scale"] * 1.01
    one = written(toy, tmp_path / "one.safetensors")
    found = compare_models(
        written(changed(toy, "norm", "scale", scale), tmp_path / "b.safetensors"), one
    )
    assert found.first_difference == "norm"
    assert str(found).endswith("the networks first part at layer 'norm'")


def test_cells_in_another_order_and_azimuth_origin_are_matched(tmp_path: Path) -> None:
    toy = decoder()
    assert toy.sampling is not None
    mesh = CylinderMesh(3, 4, 5, 2.325, 3.4, order=("z", "phi", "r"), phi_origin_rad=np.pi)
    # the cell at azimuth bin j of the new mesh is bin j + 2 of the old one, whose origin is -π or 0
    old = toy.sampling.mesh
    turn = round((mesh.phi_origin_rad - old.phi_origin_rad) / (np.pi / 2))
    flat = np.arange(60).reshape(3, 4, 5)
    rolled = np.roll(flat, -turn, axis=1).transpose(2, 1, 0).ravel()
    cells = toy.network["cells"]
    weights = {"kernel": cells.weights["kernel"][:, rolled], "bias": cells.weights["bias"][rolled]}
    nodes = [n.with_weights(**weights) if n.name == "cells" else n for n in toy.network.nodes]
    network = Network(toy.network.inputs, nodes, toy.network.outputs)
    other = Generator.from_network(network, replace(toy.sampling, mesh=mesh), name="other")
    assert len(permutation(mesh, ("r", "phi", "z"))) == 60
    one = written(toy, tmp_path / "one.safetensors")
    assert compare_models(written(other, tmp_path / "other.safetensors"), one).equal


def test_another_encoding_and_noise_law_are_matched_through_the_physics(tmp_path: Path) -> None:
    """x = 2 z + 1 of one is x = z of the other, and so are GeV and TeV."""
    toy = decoder()
    assert toy.sampling is not None
    kernel = toy.network["hidden"].weights["kernel"].copy()
    bias = toy.network["hidden"].weights["bias"] - kernel[:10].sum(axis=0) / 2
    kernel[:10] /= 2
    kernel[10] /= 1000
    nodes = [
        n.with_weights(kernel=kernel, bias=bias) if n.name == "hidden" else n
        for n in toy.network.nodes
    ]
    energy = Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024.0})
    physics = replace(
        toy.sampling,
        noise=NoiseLaw(10, "normal", 1.0, 2.0),
        encoding=Encoding((energy, ANGLE, GEOMETRY)),
    )
    network = Network(toy.network.inputs, nodes, toy.network.outputs)
    other = Generator.from_network(network, physics, name="other")
    one = written(toy, tmp_path / "one.safetensors")
    assert compare_models(written(other, tmp_path / "other.safetensors"), one).equal


def test_a_fixed_condition_is_compared_where_it_was_fixed(tmp_path: Path) -> None:
    fixed = written(fix_conditions(decoder(), ["geometry=scipb"]), tmp_path / "fixed.safetensors")
    assert compare_models(fixed, written(decoder(), tmp_path / "all.safetensors")).equal


def test_a_run_folder_is_compared_by_its_reference(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run")
    found = compare_models(folder, folder)
    assert (found.max_abs, found.engines) == (0.0, ("numpy", "numpy"))


def test_bare_networks_are_compared_on_the_same_inputs(tmp_path: Path) -> None:
    bare = Generator.from_network(decoder().network, name="bare")
    found = compare_models(written(bare, tmp_path / "b.onnx"), written(bare, tmp_path / "b.json"))
    assert found.equal
    assert found.unit == "of the raw output"


@pytest.mark.parametrize(
    ("other", "error", "message"),
    [
        (decoder(CylinderMesh(3, 4, 6, 2.325, 3.4)), InputFileError, "other ones than those"),
        (decoder(terms=(ENERGY, ANGLE)), UnsupportedError, "has the condition geometry"),
    ],
)
def test_what_cannot_be_matched_is_refused(
    other: Generator, error: type[CaloexportError], message: str, tmp_path: Path
) -> None:
    one = written(decoder(), tmp_path / "one.safetensors")
    with pytest.raises(error, match=message):
        compare_models(written(other, tmp_path / "other.safetensors"), one)


def test_other_latents_and_ranges_are_refused(tmp_path: Path) -> None:
    toy = decoder()
    assert toy.sampling is not None
    one = written(toy, tmp_path / "one.safetensors")
    uniform = replace(toy.sampling, noise=NoiseLaw(10, "uniform", -1.0, 1.0))
    other = Generator.from_network(toy.network, uniform, name="other")
    with pytest.raises(UnsupportedError, match="no two showers of theirs correspond"):
        compare_models(written(other, tmp_path / "other.safetensors"), one)
    energy = replace(toy.sampling.conditions[0], low=100_000.0, high=200_000.0)
    elsewhere = replace(toy.sampling, conditions=(energy, *toy.sampling.conditions[1:]))
    other = Generator.from_network(toy.network, elsewhere, name="other")
    with pytest.raises(UnsupportedError, match="another range of energy_mev"):
        compare_models(written(other, tmp_path / "far.safetensors"), one)
    with pytest.raises(InputFileError, match="no such file"):
        compare_models(tmp_path / "absent", one)
