"""Every operator against ONNX Runtime, three showers at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from caloexport.converters.onnx.operators import operators
from caloexport.runtime.reference import evaluate
from tests.converters.onnx.models import BATCH, assert_same, model, read

node = helper.make_node
RANDOM = np.random.default_rng(2)


def weights(*shape: int) -> Any:
    return RANDOM.normal(size=shape).astype(np.float32)


def one(
    operator: str, shape: Any, constants: Any = None, opset: int = 17, **attributes: Any
) -> Any:
    """Return a model of one operator on x, with its other operands constant."""
    constants = {f"c{k}": v for k, v in enumerate(constants or []) if v is not None}
    names = [f"c{k}" if f"c{k}" in constants else "" for k in range(_count(constants))]
    nodes = [node(operator, ["x", *names], ["y"], name="n", **attributes)]
    return model(nodes, {"x": [BATCH, *shape]}, constants, opset=opset)


def _count(constants: dict[str, Any]) -> int:
    return max((int(name[1:]) + 1 for name in constants), default=0)


def ints(*values: int) -> Any:
    return np.array(values, np.int64)


def floats(*values: float) -> Any:
    return np.array(values, np.float32)


def scalar(value: float) -> Any:
    return np.array(value, np.float32)


PLAIN = (
    "Sigmoid", "Tanh", "Softplus", "Softsign", "Exp", "Erf", "Abs", "Sin", "Cos", "Relu",
    "HardSwish", "Neg", "Identity", "LeakyRelu", "ThresholdedRelu", "Elu", "Selu", "Celu",
    "HardSigmoid",
)  # fmt: skip
#: these have tests of their own
ELSEWHERE = {"LSTM", "GRU", "RNN", "Constant", "QuantizeLinear", "Equal"}
W, B = weights(4, 5), weights(5)
CASES: dict[str, Callable[[], onnx.ModelProto]] = {
    **{name: lambda name=name: one(name, [6]) for name in PLAIN},
    "LeakyRelu slope": lambda: one("LeakyRelu", [6], alpha=0.3),
    "ThresholdedRelu alpha": lambda: one("ThresholdedRelu", [6], alpha=0.4),
    "Elu alpha": lambda: one("Elu", [6], alpha=0.7),
    "Selu other": lambda: one("Selu", [6], alpha=1.5, gamma=1.2),
    "Celu alpha": lambda: one("Celu", [6], alpha=0.6),
    "HardSigmoid shifted": lambda: one("HardSigmoid", [6], alpha=0.3, beta=0.4),
    "Mish": lambda: one("Mish", [6], opset=18),
    "Gelu": lambda: one("Gelu", [6], opset=20),
    "Gelu tanh": lambda: one("Gelu", [6], opset=20, approximate="tanh"),
    "Shrink": lambda: one("Shrink", [6], lambd=0.4),
    "Shrink soft": lambda: one("Shrink", [6], lambd=0.4, bias=0.4),
    "PRelu one": lambda: one("PRelu", [6], [floats(0.3)]),
    "PRelu each": lambda: one("PRelu", [6], [weights(6)]),
    "PRelu channels": lambda: one("PRelu", [3, 4, 5], [weights(3, 1, 1)]),
    "PRelu cells": lambda: one("PRelu", [3, 4], [weights(3, 4)]),
    "Clip": lambda: one("Clip", [6], [scalar(-0.5), scalar(0.7)]),
    "Clip low": lambda: one("Clip", [6], [scalar(0)]),
    "Clip high": lambda: one("Clip", [6], [None, scalar(0.5)]),
    "Clip old": lambda: one("Clip", [6], opset=7, min=0.0, max=6.0),
    "Clip none": lambda: one("Clip", [6], opset=7),
    "Max": lambda: one("Max", [6], [scalar(0.2)]),
    "Min": lambda: one("Min", [6], [weights(6)]),
    "Softmax": lambda: one("Softmax", [6]),
    "Softmax axis": lambda: one("Softmax", [3, 4], axis=1),
    "Softmax old": lambda: one("Softmax", [3, 4], opset=11),
    "LogSoftmax": lambda: one("LogSoftmax", [6]),
    "Log": lambda: chain(("Abs", []), ("Add", [scalar(0.1)]), ("Log", [])),
    "Sqrt": lambda: chain(("Abs", []), ("Sqrt", [])),
    "Reciprocal": lambda: chain(("Abs", []), ("Add", [scalar(0.5)]), ("Reciprocal", [])),
    "Pow square": lambda: one("Pow", [6], [scalar(2)]),
    "Pow cube": lambda: one("Pow", [6], [scalar(3)]),
    "Pow root": lambda: chain(("Abs", []), ("Pow", [scalar(-0.5)])),
    "Add": lambda: one("Add", [6], [weights(6)]),
    "Add channels": lambda: one("Add", [3, 4, 5], [weights(3, 1, 1)]),
    "Add positions": lambda: one("Add", [3, 4], [weights(1, 3, 4)]),
    "Add wider": lambda: one("Add", [1], [weights(5)]),
    "Sub": lambda: one("Sub", [6], [weights(6)]),
    "Sub from": lambda: turned("Sub"),
    "Mul": lambda: one("Mul", [6], [weights(6)]),
    "Div": lambda: one("Div", [6], [np.abs(weights(6)) + 0.5]),
    "Div by": lambda: turned("Div"),
    "Sum": lambda: several("Sum"),
    "Mean": lambda: several("Mean"),
    "Add two": lambda: two("Add"),
    "Sub two": lambda: two("Sub"),
    "Mul two": lambda: two("Mul"),
    "Max two": lambda: two("Max"),
    "Min two": lambda: two("Min"),
    "MatMul": lambda: one("MatMul", [4], [W]),
    "MatMul rows": lambda: one("MatMul", [3, 4], [W]),
    "MatMul vector": lambda: one("MatMul", [3, 4], [weights(4)]),
    "MatMul first": lambda: turned("MatMul", weights(2, 3), [3, 4]),
    "Gemm": lambda: one("Gemm", [4], [W, B]),
    "Gemm options": lambda: one("Gemm", [4], [W.T, B], transB=1, alpha=0.5, beta=2.0),
    "Gemm bias of one": lambda: one("Gemm", [4], [W, floats(0.5)]),
    "Gemm without": lambda: one("Gemm", [4], [W]),
    "Dropout": lambda: one("Dropout", [6], [scalar(0.5)]),
    "Cast": lambda: one("Cast", [6], to=TensorProto.FLOAT),
    "CastLike": lambda: one("CastLike", [6], [floats(1.0)], opset=19),
    "Flatten": lambda: one("Flatten", [3, 4]),
    "Reshape": lambda: one("Reshape", [6], [ints(0, 2, 3)]),
    "Reshape rest": lambda: one("Reshape", [2, 6], [ints(-1, 4, 3)]),
    "Reshape old": lambda: one("Reshape", [6], [ints(0, -1, 2)], opset=7),
    "Transpose": lambda: one("Transpose", [2, 3, 4], perm=[0, 3, 1, 2]),
    "Transpose batch": lambda: chain(("Transpose", [], {"perm": [1, 0, 2]}), ("Tanh", []),
                                     ("Transpose", [], {"perm": [1, 2, 0]}),
                                     ("Transpose", [], {"perm": [0, 2, 1]}), shape=[3, 4]),
    "Squeeze": lambda: one("Squeeze", [1, 4], [ints(1)]),
    "Squeeze old": lambda: one("Squeeze", [1, 4], opset=11, axes=[1]),
    "Unsqueeze": lambda: one("Unsqueeze", [4], [ints(1)]),
    "Unsqueeze old": lambda: one("Unsqueeze", [4], opset=11, axes=[2]),
    "Slice": lambda: one("Slice", [6], [ints(1), ints(5), ints(1), ints(2)]),
    "Slice back": lambda: one("Slice", [6], [ints(-1), ints(-(2**31)), ints(1), ints(-1)]),
    "Slice old": lambda: one("Slice", [3, 6], opset=9, starts=[1, 2], ends=[3, 2**31 - 1], axes=[1, 2]),
    "Gather": lambda: one("Gather", [6], [ints(3, 1, 2)], axis=1),
    "Gather one": lambda: one("Gather", [3, 6], [np.array(2)], axis=1),
    "Gather many": lambda: one("Gather", [40], [RANDOM.permutation(40)], axis=1),
    "Pad": lambda: one("Pad", [3, 4], [ints(0, 1, 0, 0, 0, 2), scalar(0.5)]),
    "Pad old": lambda: one("Pad", [3, 4], opset=10, pads=[0, 1, -1, 0, 2, 0], value=1.0),
    "Expand": lambda: one("Expand", [1, 4], [ints(1, 3, 1)]),
    "Tile": lambda: one("Tile", [2, 1], [ints(1, 2, 3)]),
    "Resize": lambda: one("Resize", [2, 3, 4], [None, floats(1, 1, 2, 3)]),
    "Resize sizes": lambda: one("Resize", [2, 3, 4], [None, None, ints(3, 2, 6, 2)]),
    "Resize floor": lambda: one(
        "Resize", [2, 3], [None, floats(1, 1, 3)],
        coordinate_transformation_mode="asymmetric", nearest_mode="floor",
    ),
    "Resize uneven": lambda: one(
        "Resize", [2, 3], [None, floats(1, 1, 3)], coordinate_transformation_mode="asymmetric",
    ),
    "Resize old": lambda: one("Resize", [2, 3], [floats(1, 1, 2)], opset=10),
    "Upsample": lambda: one("Upsample", [2, 3, 4], [floats(1, 1, 2, 2)], opset=9),
    "Conv": lambda: one("Conv", [4, 5, 6], [weights(8, 4, 3, 3), weights(8)], pads=[1, 0, 1, 2], strides=[1, 2]),
    "Conv 1D": lambda: one("Conv", [4, 9], [weights(3, 4, 3)], strides=[2], auto_pad="SAME_LOWER"),
    "Conv 3D": lambda: one("Conv", [2, 3, 4, 5], [weights(3, 2, 2, 2, 2), weights(3)], auto_pad="SAME_UPPER"),
    "Conv groups": lambda: one("Conv", [4, 5, 6], [weights(8, 2, 3, 3)], group=2, auto_pad="VALID"),
    "ConvTranspose": lambda: one(
        "ConvTranspose", [4, 5, 6], [weights(4, 3, 3, 3), weights(3)],
        strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 0],
    ),
    "ConvTranspose groups": lambda: one("ConvTranspose", [4, 5], [weights(4, 3, 3)], group=2, strides=[2]),
    "ConvTranspose shape": lambda: one("ConvTranspose", [4, 5], [weights(4, 3, 3)], strides=[2], output_shape=[10]),
    "ConvTranspose same": lambda: one("ConvTranspose", [4, 5], [weights(4, 3, 4)], strides=[3], auto_pad="SAME_UPPER"),
    "BatchNormalization": lambda: one(
        "BatchNormalization", [4], [weights(4), weights(4), weights(4), np.abs(weights(4))], epsilon=1e-3
    ),
    "BatchNormalization channels": lambda: one(
        "BatchNormalization", [4, 5, 6], [weights(4), weights(4), weights(4), np.abs(weights(4)) + 0.1]
    ),
    "LayerNormalization": lambda: one("LayerNormalization", [3, 4], [weights(4), weights(4)]),
    "LayerNormalization axes": lambda: one("LayerNormalization", [3, 4], [weights(3, 4)], axis=1),
    "InstanceNormalization": lambda: one("InstanceNormalization", [3, 4, 5], [weights(3), weights(3)]),
    "GroupNormalization": lambda: one("GroupNormalization", [4, 5], [weights(4), weights(4)], opset=21, num_groups=2),
    "ReduceMean": lambda: one("ReduceMean", [3, 4], opset=13, axes=[2]),
    "ReduceSum": lambda: one("ReduceSum", [3, 4], [ints(1)], keepdims=0),
    "ReduceMax": lambda: one("ReduceMax", [3, 4], opset=13, axes=[1, 2], keepdims=0),
    "ReduceMin": lambda: one("ReduceMin", [3, 4], opset=13, axes=[-1]),
    "GlobalAveragePool": lambda: one("GlobalAveragePool", [3, 4, 5]),
    "GlobalMaxPool": lambda: one("GlobalMaxPool", [3, 4]),
    "Split": lambda: split([2, 4]),
    "Concat": lambda: concat(),
    "Where relu": lambda: where("GreaterOrEqual", 0.5, 0.0),
    "Where greater": lambda: where("Greater", 0.0, 0.1),
    "Where less or equal": lambda: where("LessOrEqual", 0.2, 0.1),
    "RMSNormalization": lambda: one("RMSNormalization", [3, 4], [weights(4)], opset=23),
    "Swish": lambda: one("Swish", [6], opset=24, alpha=0.7),
    "Size": lambda: sized(),
    "Not": lambda: masked(),
    "Where less": lambda: where("Less", 0.5, 0.3),
    "DequantizeLinear": lambda: dequantized(),
    "Shape": lambda: shapes(),
    "ConstantOfShape": lambda: filled(),
}  # fmt: skip


def chain(*steps: Any, shape: Any = (6,)) -> onnx.ModelProto:
    """Return operators in a row, with constants behind the first operand."""
    nodes, constants, x = [], {}, "x"
    for k, (operator, values, *options) in enumerate(steps):
        names = [f"c{k}_{i}" for i in range(len(values))]
        constants.update(zip(names, values, strict=True))
        y = "y" if k == len(steps) - 1 else f"t{k}"
        nodes.append(node(operator, [x, *names], [y], **(options[0] if options else {})))
        x = y
    return model(nodes, {"x": [BATCH, *shape]}, constants)


def turned(operator: str, constant: Any = None, shape: Any = (6,)) -> onnx.ModelProto:
    """Return an operator whose first operand is constant."""
    value = floats(0.7, 1, 2, -1, 0.5, 3) if constant is None else constant
    nodes = [node("Exp", ["x"], ["e"]), node(operator, ["c", "e"], ["y"])]
    return model(nodes, {"x": [BATCH, *shape]}, {"c": value})


def two(operator: str) -> onnx.ModelProto:
    """Return an operator of two inputs, one of which is repeated along an axis."""
    nodes = [node(operator, ["a", "b"], ["y"])]
    return model(nodes, {"a": [BATCH, 3, 4], "b": [BATCH, 1, 4]})


def several(operator: str) -> onnx.ModelProto:
    nodes = [node(operator, ["a", "c", "b"], ["y"])]
    return model(nodes, {"a": [BATCH, 4], "b": [BATCH, 1]}, {"c": weights(4)})


def split(sizes: list[int]) -> onnx.ModelProto:
    nodes = [
        node("Split", ["x", "s"], ["a", "b"], axis=1),
        node("Concat", ["b", "a"], ["y"], axis=-1),
    ]
    return model(nodes, {"x": [BATCH, sum(sizes)]}, {"s": ints(*sizes)})


def concat() -> onnx.ModelProto:
    """Return a constant between two inputs."""
    nodes = [
        node("Shape", ["a"], ["s"]), node("Gather", ["s", "zero"], ["n"]),
        node("Concat", ["n", "two"], ["to"], axis=0), node("Expand", ["c", "to"], ["e"]),
        node("Concat", ["a", "e", "b"], ["y"], axis=1),
    ]  # fmt: skip
    constants = {"c": floats(0.5, -1).reshape(1, 2), "zero": ints(0), "two": ints(2)}
    return model(nodes, {"a": [BATCH, 3], "b": [BATCH, 4]}, constants)


def where(operator: str, threshold: float, slope: float) -> onnx.ModelProto:
    nodes = [
        node("Sub", ["x", "t"], ["d"]), node("Mul", ["d", "a"], ["below"]),
        node(operator, ["x", "t"], ["c"]),
        node("Where", ["c", "x", "below"] if operator[0] == "G" else ["c", "below", "x"], ["y"]),
    ]  # fmt: skip
    return model(nodes, {"x": [BATCH, 6]}, {"t": scalar(threshold), "a": scalar(slope)})


def masked() -> onnx.ModelProto:
    """Return what tf2onnx writes for a value above a threshold, else 0."""
    nodes = [
        node("Less", ["x", "t"], ["below"]), node("Not", ["below"], ["above"]),
        node("Cast", ["above"], ["mask"], to=TensorProto.FLOAT), node("Mul", ["mask", "x"], ["k"]),
        node("Cast", ["below"], ["rest"], to=TensorProto.FLOAT), node("Mul", ["z", "rest"], ["n"]),
        node("Add", ["k", "n"], ["y"]),
    ]  # fmt: skip
    return model(nodes, {"x": [BATCH, 6]}, {"t": scalar(0.3), "z": scalar(0)})


def dequantized() -> onnx.ModelProto:
    """Return a layer whose weights are stored in eight bits, with one scale for each unit."""
    stored = RANDOM.integers(-128, 128, size=(4, 3)).astype(np.int8)
    nodes = [
        node("DequantizeLinear", ["q", "s", "z"], ["w"], axis=1), node("MatMul", ["x", "w"], ["y"]),
    ]  # fmt: skip
    constants = {"q": stored, "s": floats(0.1, 0.02, 0.3), "z": np.array([0, 1, -2], np.int8)}
    return model(nodes, {"x": [BATCH, 4]}, constants)


def shapes() -> onnx.ModelProto:
    """Return what tf2onnx writes for a dense layer on rows: batch and rows joined and parted."""
    nodes = [
        node("Shape", ["x"], ["s"]),
        node("Gather", ["s", "front"], ["f"]), node("ReduceProd", ["f"], ["rows"], keepdims=0),
        node("Unsqueeze", ["rows", "front0"], ["rows1"]),
        node("Concat", ["rows1", "four"], ["flat"], axis=0), node("Reshape", ["x", "flat"], ["r"]),
        node("MatMul", ["r", "w"], ["d"]),
        node("Concat", ["f", "five"], ["back"], axis=0), node("Reshape", ["d", "back"], ["y"]),
    ]  # fmt: skip
    constants = {
        "front": ints(0, 1), "front0": ints(0), "four": ints(4), "five": ints(5), "w": W,
    }  # fmt: skip
    return model(nodes, {"x": [BATCH, 3, 4]}, constants)


def filled() -> onnx.ModelProto:
    """Return a sum with a tensor of ones that has the shape of the input."""
    value = numpy_helper.from_array(floats(1.5), "v")
    nodes = [
        node("Shape", ["x"], ["s"]), node("ConstantOfShape", ["s"], ["o"], value=value),
        node("Add", ["x", "o"], ["y"]),
    ]  # fmt: skip
    return model(nodes, {"x": [BATCH, 3]})


def sized() -> onnx.ModelProto:
    """Return a tensor joined by its number of values, in the order of a counted list."""
    nodes = [
        node("Size", ["x"], ["n"]), node("Unsqueeze", ["n", "zero"], ["n1"]),
        node("Reshape", ["x", "n1"], ["r"]), node("Reshape", ["r", "back"], ["b"]),
        node("Range", ["a", "e", "d"], ["k"]), node("Gather", ["b", "k"], ["y"], axis=1),
    ]  # fmt: skip
    constants = {
        "zero": ints(0), "back": ints(-1, 4), "a": np.array(3), "e": np.array(-1),
        "d": np.array(-1),
    }  # fmt: skip
    return model(nodes, {"x": [BATCH, 4]}, constants)


@pytest.mark.parametrize("name", CASES)
def test_an_operator_gives_what_onnx_runtime_gives(name: str, tmp_path: Path) -> None:
    given = CASES[name]()
    assert_same(given, read(given, tmp_path))


def test_rows_of_a_table_are_picked_by_whole_numbers(tmp_path: Path) -> None:
    table = weights(4, 3)
    nodes = [node("Gather", ["w", "x"], ["e"]), node("Flatten", ["e"], ["y"])]
    given = model(nodes, {"x": [BATCH, 2]}, {"w": table}, dtype=TensorProto.INT64)
    found = read(given, tmp_path)
    assert [layer.kind for layer in found.network.nodes][-1] == "reshape"
    categories = np.array([[0, 3], [2, 2]])
    outputs = evaluate(found.network, {"x": categories})
    np.testing.assert_array_equal(outputs, table.astype(np.float64)[categories].reshape(2, 6))


@pytest.mark.parametrize("name", operators.names())
def test_every_operator_has_a_case(name: str) -> None:
    made = {layer.op_type for case in CASES.values() for layer in case().graph.node}
    assert name in made | ELSEWHERE
