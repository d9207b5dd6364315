"""Damaged ONNX models, and models that networks cannot express: one sentence each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from caloexport.converters.onnx.read import read_onnx
from caloexport.runtime.errors import (
    CaloexportError,
    InputFileError,
    UnsupportedError,
)
from tests.converters.onnx.models import W, dense, node, read

# ------------------------------------------------------------------------------- the batch axis


def changed(change: Callable[[onnx.ModelProto], Any]) -> Callable[[], onnx.ModelProto]:
    """Return a maker of the model of one matrix after a change."""

    def make() -> onnx.ModelProto:
        given = dense()
        change(given)
        return given

    return make


def tensor(given: onnx.ModelProto) -> TensorProto:
    return given.graph.initializer[0]


def dims(*sizes: int) -> Callable[[onnx.ModelProto], Any]:
    def change(given: onnx.ModelProto) -> None:
        tensor(given).dims[:] = sizes

    return change


def replaced(*nodes: onnx.NodeProto) -> Callable[[onnx.ModelProto], Any]:
    def change(given: onnx.ModelProto) -> None:
        del given.graph.node[:]
        given.graph.node.extend(nodes)

    return change


def opset(version: int) -> Callable[[onnx.ModelProto], Any]:
    return lambda given: setattr(given.opset_import[0], "version", version)


INNER = helper.make_graph([node("Identity", ["x"], ["i"])], "inner", [], [])
DAMAGED: dict[str, tuple[Callable[[onnx.ModelProto], Any], str]] = {
    "opset too old": (opset(6), "opset 6, expected 7 to"),
    "opset of the future": (opset(99), "opset 99, expected"),
    "no opset": (lambda m: m.ClearField("opset_import"), "opset 0"),
    "no output": (lambda m: m.graph.ClearField("output"), "has no output"),
    "no input": (lambda m: m.graph.ClearField("input"), "has no input"),
    "no graph": (lambda m: m.ClearField("graph"), "is not an ONNX model"),
    "input without shape": (
        lambda m: m.graph.input[0].type.tensor_type.ClearField("shape"), "'x' has no shape",
    ),
    "output that nothing makes": (
        lambda m: setattr(m.graph.output[0], "name", "nobody"), "'nobody' is made by no operator",
    ),
    "weights of another length": (dims(3, 3), r"'w' of shape \[3, 3\] holds 6 values"),
    "bytes of another length": (
        lambda m: setattr(tensor(m), "raw_data", b"12345"), r"'w' of shape \[3, 2\] holds 5 bytes",
    ),
    "negative size": (dims(-3, -2), r"impossible shape \[-3, -2\]"),
    "huge size": (dims(2**62, 2**62), "impossible shape"),
    "large size without data": (dims(2**20, 2**20), "impossible shape"),
    "no weights": (lambda m: m.graph.ClearField("initializer"), "reads 'w', which nothing before"),
    "unknown type": (lambda m: setattr(tensor(m), "data_type", 99), "unknown type 99"),
    "weights in another file": (
        lambda m: setattr(tensor(m), "data_location", TensorProto.EXTERNAL), "in another file",
    ),
    "circle": (
        replaced(node("Add", ["y", "x"], ["a"]), node("Relu", ["a"], ["y"])),
        "reads 'y', which nothing before",
    ),
    "wrong order": (
        replaced(node("Relu", ["a"], ["y"]), node("Tanh", ["x"], ["a"])), "reads 'a', which nothing",
    ),
    "made twice": (
        replaced(node("Tanh", ["x"], ["a"]), node("Relu", ["x"], ["a"]), node("Add", ["a", "a"], ["y"])),
        "two operators make 'a'",
    ),
    "made again": (replaced(node("Tanh", ["x"], ["x"]), node("Relu", ["x"], ["y"])), "makes 'x', which is there already"),
    "matrix that does not fit": (dims(2, 3), "does not fit"),
    "two inputs of one name": (
        lambda m: m.graph.input.append(m.graph.input[0]), "two of its inputs have the same name",
    ),
    "no operand": (replaced(node("MatMul", ["x"], ["y"])), "has no operand 1"),
    "axis beyond": (replaced(node("Softmax", ["x"], ["y"], axis=5)), "along axis 5"),
    "attribute of another type": (
        replaced(node("Softmax", ["x"], ["y"], axis=[1, 2])), r"'axis' is \[1, 2\]",
    ),
    "order of other axes": (replaced(node("Transpose", ["x"], ["y"], perm=[0, 0])), "orders 2 axes"),
    "shape that does not fit": (
        replaced(
            node("Constant", [], ["s"], value=numpy_helper.from_array(np.array([0, 7]))),
            node("Reshape", ["x", "s"], ["y"]),
        ),
        "do not fit the shape",
    ),
    "huge constant": (
        replaced(
            node("Constant", [], ["s"], value=numpy_helper.from_array(np.array([2**40]))),
            node("ConstantOfShape", ["s"], ["c"]), node("Add", ["x", "c"], ["y"]),
        ),
        "impossible shape",
    ),
    "infinite attribute": (
        replaced(node("LeakyRelu", ["x"], ["y"], alpha=float("inf"))), "'alpha' is inf",
    ),
    "name of control characters": (
        lambda m: setattr(m.graph.node[0], "name", "a\x1b[2J"), "expected printable text",
    ),
    "constant that grows": (
        replaced(
            node("Concat", ["w"] * 64, ["w0"], axis=0),
            *(node("Concat", [f"w{k}"] * 64, [f"w{k + 1}"], axis=0) for k in range(8)),
            node("Add", ["x", "w8"], ["y"]),
        ),
        "constants grow beyond",
    ),
    "product of two constants": (
        replaced(
            node("Constant", [], ["a"], value=numpy_helper.from_array(np.array([2**12, 1]))),
            node("Constant", [], ["b"], value=numpy_helper.from_array(np.array([1, 2**13]))),
            node("ConstantOfShape", ["a"], ["c"]), node("ConstantOfShape", ["b"], ["d"]),
            node("MatMul", ["c", "d"], ["e"]), node("MatMul", ["x", "e"], ["y"]),
        ),
        r"MatMul \('e'\): it makes a constant of 33554432 values",
    ),
    "layers without end": (
        replaced(
            node("Tanh", ["x"], ["t0"]),
            *(node("Tanh", [f"t{k}"], [f"t{k + 1}"]) for k in range(10_000)),
            node("Relu", ["t10000"], ["y"]),
        ),
        "more than 10000 layers",
    ),
    "fields without end": (
        lambda m: m.graph.node.extend(onnx.NodeProto() for _ in range(300_001)),
        "more than 300000 fields",
    ),
    "values of one shower that grow": (
        replaced(
            node("Concat", ["x"] * 64, ["t0"], axis=1),
            *(node("Concat", [f"t{k}"] * 64, [f"t{k + 1}"], axis=1) for k in range(8)),
            node("Relu", ["t8"], ["y"]),
        ),
        "values of one shower",
    ),
    "repetition beyond memory": (
        replaced(
            node("Constant", [], ["s"], value=numpy_helper.from_array(np.array([1, 2**30]))),
            node("Tile", ["x", "s"], ["y"]),
        ),
        "repeats a tensor",
    ),
    "input beyond memory": (
        lambda m: setattr(m.graph.input[0].type.tensor_type.shape.dim[1], "dim_value", 2**40), "its input 'x' has the shape",
    ),
}  # fmt: skip
REFUSED: dict[str, tuple[Callable[[onnx.ModelProto], Any], str]] = {
    "loop": (replaced(node("Loop", ["", "", "x"], ["y"], name="l", body=INNER)), r"Loop \('l'\).*control flow"),
    "if": (
        replaced(node("If", ["x"], ["y"], then_branch=INNER, else_branch=INNER)), "If .*control flow",
    ),
    "random": (replaced(node("RandomNormalLike", ["x"], ["y"], name="r")), r"\('r'\).*random numbers"),
    "unknown operator": (replaced(node("MatMal", ["x"], ["y"])), "MatMal.*did you mean 'MatMul'"),
    "other domain": (
        replaced(node("FusedGemm", ["x"], ["y"], domain="com.microsoft")), "domain 'com.microsoft'",
    ),
    "strings": (lambda m: setattr(tensor(m), "data_type", TensorProto.STRING), "holds strings"),
    "complex": (lambda m: setattr(tensor(m), "data_type", TensorProto.COMPLEX64), "complex"),
    "text input": (
        lambda m: setattr(m.graph.input[0].type.tensor_type, "elem_type", TensorProto.STRING),
        "type 8, expected floats",
    ),
    "attention": (
        replaced(node("Transpose", ["x"], ["t"]), node("MatMul", ["x", "t"], ["y"])),
        "two matrices that both depend",
    ),
    "sum over showers": (replaced(node("ReduceSum", ["x"], ["y"], keepdims=0)), "mixes showers"),
    "softmax over showers": (replaced(node("Softmax", ["x"], ["y"], axis=0)), "mixes showers"),
    "first shower": (
        replaced(
            node("Constant", [], ["k"], value=numpy_helper.from_array(np.array([0]))),
            node("Gather", ["x", "k"], ["y"]),
        ),
        "mixes showers",
    ),
    "rounding": (replaced(node("Cast", ["x"], ["i"], to=TensorProto.INT32),
                          node("Cast", ["i"], ["y"], to=TensorProto.FLOAT)), "rounds values"),
    "constant output": (
        replaced(node("Constant", [], ["y"], value=numpy_helper.from_array(W))),
        "does not depend on its inputs",
    ),
    "quantized values": (
        replaced(
            node("Constant", [], ["s"], value=numpy_helper.from_array(np.array(0.1, "f4"))),
            node("QuantizeLinear", ["x", "s"], ["y"]),
        ),
        "rounds the values between layers",
    ),
    "comparison of values": (
        replaced(node("Equal", ["x", "x"], ["y"])), "compares values for equality",
    ),
    "sparse weights": (
        lambda m: m.graph.sparse_initializer.add(), "sparse tensors",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_models(name: str, tmp_path: Path) -> None:
    change, message = DAMAGED[name]
    with pytest.raises(InputFileError, match=message) as caught:
        read(changed(change)(), tmp_path)
    assert str(caught.value.where).endswith("model.onnx")


@pytest.mark.parametrize("name", REFUSED)
def test_models_that_networks_cannot_express(name: str, tmp_path: Path) -> None:
    change, message = REFUSED[name]
    with pytest.raises(UnsupportedError, match=message) as caught:
        read(changed(change)(), tmp_path)
    assert str(caught.value.where).endswith("model.onnx")


@given(data=st.data())
@settings(derandomize=True, deadline=None, max_examples=300)
def test_damage_anywhere_is_a_sentence(data: st.DataObject, tmp_path_factory: Any) -> None:
    """Flipped, cut, repeated and removed bytes: an error of ours, or a network."""
    content = bytearray(_grid())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        action = data.draw(st.sampled_from(["flip", "cut", "remove", "repeat", "set"]))
        if action == "flip":
            content[place] ^= 1 << data.draw(st.integers(0, 7))
        elif action == "set":
            content[place] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
        elif action == "cut":
            content = content[: place + 1]
        elif action == "remove":
            del content[place : place + 3]
        else:
            content[place:place] = content[place : place + 9]
        if not content:
            return
    path = tmp_path_factory.getbasetemp() / "damaged.onnx"
    path.write_bytes(content)
    try:
        found = read_onnx(path)
    except CaloexportError as error:
        assert isinstance(error, (InputFileError, UnsupportedError))
        assert str(error).startswith(str(path))
    else:
        assert found.network.nodes is not None


def _grid() -> bytes:
    return (Path(__file__).parents[2] / "golden" / "onnx" / "grid.script.onnx").read_bytes()
