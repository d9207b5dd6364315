"""Tiny ONNX models by hand, and what ONNX Runtime makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from caloexport.converters.onnx.read import OnnxModel, read_onnx
from caloexport.runtime.arrays import Array
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare

BATCH = "batch"
Shape = Sequence[int | str | None]


def model(
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, Shape],
    constants: Mapping[str, Any] | None = None,
    *,
    output: str = "y",
    opset: int = 17,
    dtype: int = TensorProto.FLOAT,
) -> onnx.ModelProto:
    """Return a model of which the shape of the output is left open."""
    tensors = [numpy_helper.from_array(np.asarray(v), k) for k, v in (constants or {}).items()]
    ports = [helper.make_tensor_value_info(k, dtype, shape) for k, shape in inputs.items()]
    outputs = [helper.make_tensor_value_info(output, dtype, None)]
    graph = helper.make_graph(list(nodes), "g", ports, outputs, tensors)
    opsets = [helper.make_opsetid("", opset)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def read(given: onnx.ModelProto, tmp_path: Path, **choices: Any) -> OnnxModel:
    """Write a model and read it as a network."""
    path = tmp_path / "model.onnx"
    path.write_bytes(given.SerializeToString())
    return read_onnx(path, **choices)


def run(given: onnx.ModelProto, inputs: Mapping[str, Array]) -> Array:
    """Return the first output by ONNX Runtime, without its optimisations."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        given.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, dict(inputs))[0])


def random_inputs(found: OnnxModel, n: int = 3, seed: int = 0) -> dict[str, Array]:
    """Return inputs (n, *shape) of a network, around zero."""
    random = np.random.default_rng(seed)
    return {
        name: random.normal(scale=1.5, size=(n, *shape)).astype(np.float32)
        for name, shape in found.network.inputs.items()
    }


def assert_same(given: onnx.ModelProto, found: OnnxModel, n: int = 3, row: str = "float32") -> None:
    """Compare a network with the model it was read from, for ``n`` showers."""
    inputs = random_inputs(found, n)
    fed = {}
    for port in given.graph.input:
        dims = [d.dim_value for d in port.type.tensor_type.shape.dim]
        shape = [size or -1 for size in dims]
        fed[port.name] = inputs[port.name].reshape(shape)
    expected = run(given, fed).reshape(n, -1)
    outputs = evaluate(found.network, inputs).reshape(n, -1)
    difference = compare(outputs, expected.astype(np.float64), row)
    assert difference.equal, difference


node = helper.make_node
W = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)


def dense(shape: Shape = (BATCH, 3), weight: Any = W, **options: Any) -> onnx.ModelProto:
    """Return a model of one matrix."""
    return model(
        [node("MatMul", ["x", "w"], ["y"], name="n")], {"x": shape}, {"w": weight}, **options
    )
