"""Models of ONNX through the reader: our own come back whole, those of others as bare networks."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from caloexport.converters.export import export, reference_vectors
from caloexport.converters.open import open_model
from caloexport.converters.readers import Choices
from caloexport.converters.targets import targets
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.converters.onnx.models import BATCH, model
from tests.every_layer import activation_cases, inputs_of, kind_of, layer_cases
from tests.networks import decoder, four_inputs
from tests.networks_large import large_decoder

CASES = dict([*layer_cases(), *activation_cases()])


@pytest.mark.parametrize("make", [decoder, four_inputs])
def test_our_own_export_comes_back_whole(make: Callable[[], Generator], tmp_path: Path) -> None:
    written = export(make(), "onnx", tmp_path / "toy.onnx").generator
    again = open_model(tmp_path / "toy.onnx")
    assert again.manifest.hash == written.manifest.hash
    assert again.sampling == written.sampling


@pytest.mark.parametrize("case", CASES)
def test_every_layer_comes_back(case: str, tmp_path: Path) -> None:
    network = CASES[case]
    path = tmp_path / "case.onnx"
    prepared = targets["onnx"].prepare(network)
    if targets["onnx"].refusals(prepared):
        pytest.fail(f"the target onnx does not write {case}")
    export(Generator.from_network(network), "onnx", path, verify=False)
    again = open_model(path)
    assert_same(Generator.from_network(network), again)


def assert_same(before: Generator, after: Generator) -> None:
    x = inputs_of(before.network, 16)
    expected = evaluate(before.network, before.split(x)).reshape(16, -1)
    outputs = evaluate(after.network, after.split(x)).reshape(16, -1)
    difference = compare(outputs, expected, "float32")
    assert difference.equal, difference


#: written in pieces that are other layers; all others come back by name
IN_PIECES = {"highway", "maxout", "gru", "lstm", "simple_rnn", "multiply", "conv_transpose"}


@pytest.mark.parametrize("case", [case for case in CASES if kind_of(case) not in IN_PIECES])
def test_layers_come_back_by_name(case: str, tmp_path: Path) -> None:
    path = tmp_path / "case.onnx"
    written = export(Generator.from_network(CASES[case]), "onnx", path, verify=False).generator
    assert open_model(path).manifest.hash == written.manifest.hash


@pytest.mark.parametrize("precision", ["float32", "float16", "int8", "int8-qdq"])
def test_our_own_export_of_any_precision(precision: str, tmp_path: Path) -> None:
    path = tmp_path / "toy.onnx"
    written = export(decoder(), "onnx", path, precision=precision).generator
    again = open_model(path)
    assert again.manifest.hash == written.manifest.hash
    assert again.manifest.precision == precision


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_our_own_export_with_names_of_a_consumer(dtype: str, tmp_path: Path) -> None:
    toy = four_inputs()
    ports = tuple(Port(f"consumer {name}", "variable_{}") for name in toy.network.inputs)
    interface = Interface(ports, Port("cells out", "out_{}"), batch=1, dtype=dtype)
    named = Generator.from_network(toy.network, toy.sampling, interface=interface)
    written = export(named, "onnx", tmp_path / "toy.onnx").generator
    again = open_model(tmp_path / "toy.onnx")
    assert again.manifest.hash == written.manifest.hash
    assert again.manifest.interface == interface


@pytest.mark.parametrize("change", ["weight", "operator", "beta"])
def test_our_own_export_that_was_changed(change: str, tmp_path: Path) -> None:
    """A file made from it would prove the damage."""
    path = tmp_path / "toy.onnx"
    export(decoder(), "onnx", path)
    model = onnx.load(path)
    if change == "weight":
        (tensor,) = (t for t in model.graph.initializer if t.name == "cells/bias")
        values = np.array(numpy_helper.to_array(tensor))
        values[3] = np.nextafter(values[3], np.float32(1))  # no vector notices
        tensor.raw_data = values.tobytes()
    elif change == "operator":
        (leaky,) = (n for n in model.graph.node if n.op_type == "LeakyRelu")
        leaky.attribute[0].f = 0.25
    else:
        (one,) = (t for t in model.graph.initializer if t.name.endswith("/one"))
        one.raw_data = np.full(1, 1.001, np.float32).tobytes()
    onnx.save(model, path)
    with pytest.raises(InputFileError, match="graph or weights were changed after the export"):
        open_model(path)


def test_a_foreign_model_is_a_bare_network_with_its_names(tmp_path: Path) -> None:
    path = tmp_path / "siw.onnx"
    weight = np.arange(6, dtype=np.float32).reshape(3, 2)
    nodes = [helper.make_node("MatMul", ["Noise", "w"], ["vox"])]
    given = model(nodes, {"Noise": [1, 3]}, {"w": weight}, output="vox")
    given.producer_name, given.producer_version = "somebody", "1.2"
    onnx.save(given, path)
    generator = open_model(path)
    assert generator.sampling is None
    assert generator.manifest.name == "siw"
    assert generator.manifest.interface == Interface(
        (Port("Noise", "variable_{}"),), Port("vox", "out_{}"), batch=1
    )
    assert generator.manifest.provenance == {
        "source": "siw.onnx",
        "source_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "producer": "somebody 1.2",
        "opset": 17,
    }


def test_a_foreign_model_without_the_onnx_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "siw.onnx"
    given = model([helper.make_node("Tanh", ["x"], ["y"])], {"x": [BATCH, 3]})
    onnx.save(given, path)
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert open_model(path).n_in == 3


def test_what_the_user_chooses(tmp_path: Path) -> None:
    nodes = [helper.make_node("Tanh", ["x"], ["y"]), helper.make_node("Relu", ["y"], ["z"])]
    given = model(nodes, {"x": [BATCH, None, 3]})
    given.graph.output.append(helper.make_tensor_value_info("z", onnx.TensorProto.FLOAT, None))
    onnx.save(given, tmp_path / "two.onnx")
    generator = open_model(tmp_path / "two.onnx", Choices(steps=4, output="z"))
    assert generator.network.inputs == {"x": (4, 3)}
    assert generator.network.outputs == ("z",)
    assert generator.manifest.interface is not None
    assert generator.manifest.interface.output.name == "z"


def test_from_json_to_onnx_to_numba(tmp_path: Path) -> None:
    """The answer stays within 1e-6 of the largest output on the way."""
    toy = decoder()
    export(toy, "lwtnn", tmp_path / "toy.json")
    from_json = open_model(tmp_path / "toy.json")
    export(from_json, "onnx", tmp_path / "toy.onnx")
    export(open_model(tmp_path / "toy.onnx"), "numba", tmp_path / "toy.safetensors")
    last = open_model(tmp_path / "toy.safetensors")
    x = reference_vectors(toy).inputs
    expected = evaluate(toy.network, toy.split(x))
    outputs = evaluate(last.network, last.split(x))
    assert np.abs(outputs - expected).max() <= 1e-6 * np.abs(expected).max()


def _graph(shape: list[int | str], perm: list[int] | None) -> onnx.ModelProto:
    from onnx import TensorProto

    operator = (
        helper.make_node("Tanh", ["x"], ["y"])
        if perm is None
        else helper.make_node("Transpose", ["x"], ["y"], perm=perm)
    )
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "xy")
    x.CopyFrom(helper.make_tensor_value_info("x", TensorProto.FLOAT, shape))
    graph = helper.make_graph([operator], "g", [x], [y])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)


@pytest.mark.parametrize(
    ("shape", "perm", "note"),
    [
        (["batch", 5], None, None),
        ([1, 5], None, None),
        ([4, 5], None, "input 'x' has no open axis: taken as one shower of 4 x 5 values, not as 4"),
        (["batch", 5], [1, 0], "output 'y' has the showers along axis 1, here they come first"),
    ],
)
def test_what_could_be_meant_otherwise_is_said(
    shape: list[int | str], perm: list[int] | None, note: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(_graph(shape, perm).SerializeToString())
    notes = open_model(path).manifest.provenance.get("notes", [])
    assert len(notes) == (note is not None)
    assert note is None or notes[0].startswith(note)


def test_a_file_of_8_bits_is_computed_in_float32(tmp_path: Path) -> None:
    """Our own artifact of the same name rounds activations; an ONNX file does not say so."""
    path = export(large_decoder(), "onnx", tmp_path / "a.onnx", precision="int8").path
    again = open_model(path)
    assert (again.manifest.precision, again.arithmetic) == ("int8", "float32")
    conditions = {"energy_mev": 20_000.0, "theta_rad": 1.4, "geometry": "siw"}
    compiled = again.using("numba").sample(5, seed=1, **conditions)
    plain = again.using("numpy").sample(5, seed=1, **conditions)
    np.testing.assert_allclose(compiled, plain, rtol=1e-4, atol=1e-6 * plain.max())
