from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx.reference import ReferenceEvaluator

from caloexport import __version__
from caloexport.converters.export import export, reference_vectors
from caloexport.converters.onnx.model import build_model
from caloexport.converters.targets import targets
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.every_layer import (
    activation_cases,
    inputs_of,
    layer_cases,
    wide_inputs,
    with_categories,
)
from tests.networks import decoder, dense, four_inputs

CASES = {
    name: network
    for name, network in activation_cases() + layer_cases()
    if not targets["onnx"].refusals(network)
}


def dimensions(value: Any) -> list[str | int]:
    return [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]


def reference_knows(network: Network) -> bool:
    """Its LSTM and GRU compute their default activations, whatever the model says."""
    return all(
        attribute.name != "activation_alpha"
        for node in build_model(network, {}, "case").graph.node
        for attribute in node.attribute
    )


@pytest.mark.parametrize("case", [case for case in CASES if reference_knows(CASES[case])])
def test_the_reference_evaluator_of_onnx_agrees(case: str) -> None:
    network = CASES[case]
    model = build_model(network, {}, case)
    onnx.checker.check_model(model, full_check=True)
    moderate = np.clip(inputs_of(network, 5), -9, 9)  # its exponentials overflow beyond
    x = Generator.from_network(network).split(with_categories(network, moderate))
    (found,) = ReferenceEvaluator(model).run(None, x)
    expected = evaluate(network, x)
    assert compare(found.reshape(5, -1), expected.reshape(5, -1), "float32").equal


def test_what_readers_rely_on(tmp_path: Path) -> None:
    path = export(decoder(), "onnx", tmp_path / "toy.onnx").path
    model = onnx.load(path)
    assert (model.ir_version, [(o.domain, o.version) for o in model.opset_import]) == (
        7,
        [("", 13)],
    )
    assert (model.producer_name, model.producer_version) == ("caloexport", __version__)
    # Par04 feeds one tensor to the last input: a decoder of one input must keep just that one
    assert [(i.name, dimensions(i)) for i in model.graph.input] == [("x", ["batch", 15])]
    assert [(o.name, dimensions(o)) for o in model.graph.output] == [("output", ["batch", 60])]
    floats = {t.data_type for t in model.graph.initializer}
    assert floats == {onnx.TensorProto.FLOAT}
    assert all(t.raw_data and not t.external_data for t in model.graph.initializer)
    manifest = {p.key: p.value for p in model.metadata_props}["caloexport.manifest"]
    assert json.loads(manifest)["schema"] == "caloexport.manifest/1"


def test_four_inputs_keep_their_names_order_and_shapes(tmp_path: Path) -> None:
    model = onnx.load(export(four_inputs(), "onnx", tmp_path / "toy.onnx").path)
    found = {i.name: dimensions(i) for i in model.graph.input}
    sizes = {"z": 10, "energy": 1, "angle": 1, "geometry": 3}
    assert list(found.items()) == [(name, ["batch", n]) for name, n in sizes.items()]


def test_names_do_not_depend_on_the_order_of_building() -> None:
    branches = [dense("left", "x", 4, 3), dense("right", "x", 4, 3, seed=2)]
    joined = Node("joined", "add", ("left", "right"))
    one = build_model(Network({"x": (4,)}, [*branches, joined], ["joined"]), {}, "m")
    two = build_model(Network({"x": (4,)}, [*branches[::-1], joined], ["joined"]), {}, "m")
    for side in ("input", "output", "initializer", "node"):
        assert {v.name for v in getattr(one.graph, side)} == {
            v.name for v in getattr(two.graph, side)
        }
    assert {n.name for n in one.graph.node} == {"left", "right", "output"}


def test_layers_may_have_the_names_that_we_give() -> None:
    nodes = [
        dense("output", "x", 3, 3),  # not the output
        dense("output'", "output", 3, 3),
        Node("output'/kernel", "activation", ("output'",), {"function": "tanh"}),
    ]
    network = Network({"x": (3,)}, nodes, ["output'/kernel"])
    model = build_model(network, {}, "m")
    onnx.checker.check_model(model, full_check=True)
    x = {"x": np.eye(3, dtype=np.float32)}
    (found,) = ReferenceEvaluator(model).run(None, x)
    np.testing.assert_allclose(found, evaluate(network, x), rtol=1e-5)


def test_an_input_may_be_the_result_but_not_have_its_name() -> None:
    model = build_model(Network({"x": (3,)}, [], ["x"]), {}, "m")
    x = np.eye(3, dtype=np.float32)
    np.testing.assert_array_equal(ReferenceEvaluator(model).run(None, {"x": x})[0], x)
    node = Node("act", "activation", ("output",), {"function": "tanh"})
    (refusal,) = targets["onnx"].refusals(Network({"output": (3,)}, [node], ["act"]))
    assert refusal.layer == "output"


def test_a_network_beyond_two_gibibytes_is_refused() -> None:
    kernel = np.broadcast_to(np.float32(0), (30_000, 20_000))
    bias = np.zeros(20_000, np.float32)
    node = Node("huge", "dense", ("x",), {}, {"kernel": kernel, "bias": bias})
    (refusal,) = targets["onnx"].refusals(Network({"x": (30_000,)}, [node], ["huge"]))
    assert refusal.layer == "huge" and "2 GiB" in refusal.reason


def test_same_model_same_bytes(tmp_path: Path) -> None:
    first = export(decoder(), "onnx", tmp_path / "a.onnx").path.read_bytes()
    assert export(decoder(), "onnx", tmp_path / "b.onnx").path.read_bytes() == first


def test_weights_in_double_precision_are_written_in_single(tmp_path: Path) -> None:
    node = dense("cells", "x", 3, 2)
    double = replace(node, weights={k: w.astype(np.float64) for k, w in node.weights.items()})
    generator = Generator.from_network(Network({"x": (3,)}, [double], ["cells"]))
    targets["onnx"].write(tmp_path / "a.onnx", generator, reference_vectors(generator))
    kernel = onnx.load(tmp_path / "a.onnx").graph.initializer[0]
    np.testing.assert_array_equal(onnx.numpy_helper.to_array(kernel), node.weights["kernel"])


def test_nothing_depends_on_the_optimiser_of_the_reader(tmp_path: Path) -> None:
    # Par04 switches all graph optimisations off unless told otherwise
    path = export(decoder(), "onnx", tmp_path / "toy.onnx").path
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    x = wide_inputs(4, 15)
    found = session.run(None, {session.get_inputs()[-1].name: x})[0]
    assert compare(found, evaluate(decoder().network, {"x": x}), "float32").equal
