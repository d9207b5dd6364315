"""The ONNX file that peers are given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from caloexport.bench.plain_onnx import obstacle, write_plain_onnx
from caloexport.bench.workloads import chain
from caloexport.runtime.network import Network, Node

NETWORK = chain((4, 5, 6), "leaky_relu", "sigmoid")


def kinds(path: Path) -> list[str]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    return [node.op_type for node in model.graph.node]


def test_every_layer_is_one_operator(tmp_path: Path) -> None:
    write_plain_onnx(tmp_path / "a.onnx", NETWORK)
    assert kinds(tmp_path / "a.onnx") == ["Gemm", "LeakyRelu", "Gemm", "Sigmoid"]


def test_what_only_resembles_the_logistic_function_stays(tmp_path: Path) -> None:
    inverse = Node("inverse", "activation", ("x",), {"function": "reciprocal"})
    write_plain_onnx(tmp_path / "a.onnx", Network({"x": (3,)}, [inverse], ["inverse"]))
    assert kinds(tmp_path / "a.onnx") == ["Reciprocal"]


def test_weights_may_be_stored_in_8_bits(tmp_path: Path) -> None:
    write_plain_onnx(tmp_path / "a.onnx", NETWORK, "int8")
    model = onnx.load(tmp_path / "a.onnx")
    stored = [one for one in model.graph.initializer if one.data_type == onnx.TensorProto.INT8]
    assert [tuple(one.dims) for one in stored] == [(4, 5), (5, 6)]


def test_what_onnx_lacks_is_an_obstacle() -> None:
    assert obstacle(NETWORK) is None
    output = Node("y", "dense", ("output",), {}, {"kernel": np.eye(2), "bias": np.zeros(2)})
    assert "output" in str(obstacle(Network({"output": (2,)}, [output], ["y"])))
