"""What an ONNX file may leave open, and how it is understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from caloexport.converters.onnx.messages import unpacked
from caloexport.converters.protobuf.wire import WireError
from caloexport.runtime.errors import (
    InputFileError,
    UnknownName,
    UnsupportedError,
)
from caloexport.runtime.reference import evaluate
from tests.converters.onnx.models import BATCH, Shape, W, assert_same, dense, model, node, read

# ------------------------------------------------------------------------------- the batch axis


@pytest.mark.parametrize(
    ("shape", "batch", "inner"),
    [
        ((BATCH, 3), None, (3,)),
        ((None, 3), None, (3,)),
        ((-1, 3), None, (3,)),
        ((1, 3), 1, (3,)),
        ((BATCH, 4, 3), None, (4, 3)),
        ((3,), None, (3,)),
        ((5, 3), None, (5, 3)),
    ],
)
def test_the_batch_axis(
    shape: Shape, batch: int | None, inner: tuple[int, ...], tmp_path: Path
) -> None:
    found = read(dense(shape), tmp_path)
    assert found.batch == batch
    assert found.network.inputs == {"x": inner}
    x = np.random.default_rng(1).normal(size=(2, *inner))
    np.testing.assert_allclose(evaluate(found.network, {"x": x}), x @ W.astype(float), rtol=1e-12)


def counted(other: Any) -> onnx.ModelProto:
    """Reshape to the larger one of the number of showers and another number, by three."""
    nodes = [
        node("Shape", ["x"], ["s"]), node("Gather", ["s", "zero"], ["n"]),
        node("Mul", ["n", "one"], ["m"]), node("Max", ["n", other], ["most"]),
        node("Concat", ["most", "three"], ["to"], axis=0), node("Reshape", ["x", "to"], ["r"]),
        node("MatMul", ["r", "w"], ["y"]),
    ]  # fmt: skip
    numbers = {"zero": np.array([0]), "one": np.array([1]), "three": np.array([3])}
    return model(nodes, {"x": [BATCH, 3]}, {"w": W, **numbers})


def test_the_larger_one_of_two_batches_as_keras_writes_it(tmp_path: Path) -> None:
    given = counted("m")
    assert_same(given, read(given, tmp_path))


def test_the_number_of_showers_is_not_compared_with_others(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="depends on the number of showers"):
        read(counted("three"), tmp_path)


def test_a_vector_in_and_a_vector_out_as_in_athena(tmp_path: Path) -> None:
    """No batch axis at all: Reshape, MatMul, Add, Squeeze as tf2onnx writes them."""
    nodes = [
        node("Unsqueeze", ["inputs", "zero"], ["row"]), node("MatMul", ["row", "w"], ["p"]),
        node("Add", ["p", "b"], ["s"]), node("Relu", ["s"], ["r"]),
        node("Squeeze", ["r", "zero"], ["Identity:0"]),
    ]  # fmt: skip
    constants = {
        "w": np.eye(2, dtype="f4") * 2,
        "b": np.array([1, -9], "f4"),
        "zero": np.array([0]),
    }
    given = model(nodes, {"inputs": [2]}, constants, output="Identity:0", opset=13)
    found = read(given, tmp_path)
    assert (found.output, found.network.shapes[found.network.outputs[0]]) == ("Identity:0", (2,))
    outputs = evaluate(found.network, {"inputs": np.array([[1.0, 2.0]])})
    np.testing.assert_array_equal(outputs, [[3, 0]])


def test_two_inputs_of_which_one_is_a_number_for_each_shower(tmp_path: Path) -> None:
    nodes = [
        node("Unsqueeze", ["e", "one"], ["column"]), node("Concat", ["z", "column"], ["x"], axis=1),
        node("MatMul", ["x", "w"], ["y"]),
    ]  # fmt: skip
    given = model(nodes, {"z": [BATCH, 2], "e": [BATCH]}, {"w": W, "one": np.array([1])})
    found = read(given, tmp_path)
    assert found.network.inputs == {"z": (2,), "e": (1,)}
    assert_same(given, found)


def test_open_steps_are_asked_for(tmp_path: Path) -> None:
    given = dense((BATCH, None, 3))
    with pytest.raises(InputFileError, match=r"leaves the size of axis 1 open.*--steps"):
        read(given, tmp_path)
    assert read(given, tmp_path, steps=4).network.inputs == {"x": (4, 3)}


def test_constants_may_be_listed_as_inputs(tmp_path: Path) -> None:
    given = dense()
    given.graph.input.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, [3, 2]))
    assert list(read(given, tmp_path).network.inputs) == ["x"]


def test_what_the_output_does_not_need_is_not_translated(tmp_path: Path) -> None:
    given = dense()
    given.graph.node.append(node("RandomNormal", [], ["noise"], shape=[1, 3]))
    assert [n.kind for n in read(given, tmp_path).network.nodes] == ["dense"]


def test_the_first_output_is_read_or_the_one_that_is_taken(tmp_path: Path) -> None:
    given = dense()
    given.graph.node.append(node("Relu", ["y"], ["z"]))
    given.graph.output.append(helper.make_tensor_value_info("z", TensorProto.FLOAT, None))
    assert read(given, tmp_path).network.outputs == ("y",)
    assert read(given, tmp_path, output="z").network.outputs == ("z",)
    with pytest.raises(UnknownName, match=r"unknown output 'w' .*known: y, z"):
        read(given, tmp_path, output="w")


# ------------------------------------------------------------------------- numbers of other sizes


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [(np.float64, TensorProto.DOUBLE), (np.float16, TensorProto.FLOAT16)],
)
def test_weights_of_other_precisions(kind: Any, dtype: int, tmp_path: Path) -> None:
    found = read(dense(weight=W.astype(kind), dtype=dtype), tmp_path)
    assert found.dtype == ("float64" if kind is np.float64 else "float32")
    kernel = found.network["y"].weights["kernel"]
    assert kernel.dtype == np.float32
    np.testing.assert_array_equal(kernel, W.astype(kind).astype(np.float32))


def test_bfloat16(tmp_path: Path) -> None:
    given = dense(dtype=TensorProto.BFLOAT16)
    upper = (W.view(np.uint32) >> 16).astype(np.uint16)
    given.graph.initializer[0].data_type = TensorProto.BFLOAT16
    given.graph.initializer[0].raw_data = upper.tobytes()
    expected = (upper.astype(np.uint32) << 16).view(np.float32)
    np.testing.assert_array_equal(read(given, tmp_path).network["y"].weights["kernel"], expected)


@pytest.mark.parametrize("kind", ["float", "double", "half"])
def test_weights_as_lists_of_numbers(kind: str, tmp_path: Path) -> None:
    """Instead of raw bytes, as older exporters write."""
    types = {"float": TensorProto.FLOAT, "double": TensorProto.DOUBLE, "half": TensorProto.FLOAT16}
    values = W.astype(np.float16) if kind == "half" else W
    flat = values.view(np.uint16).ravel() if kind == "half" else values.ravel()
    given = dense()
    del given.graph.initializer[:]
    given.graph.initializer.append(
        helper.make_tensor("w", types[kind], [3, 2], values.ravel() if kind != "half" else flat)
        if kind != "half"
        else TensorProto(
            name="w", data_type=types[kind], dims=[3, 2], int32_data=[int(bits) for bits in flat]
        )
    )
    kernel = read(given, tmp_path).network["y"].weights["kernel"]
    np.testing.assert_array_equal(kernel, values.astype(np.float32))


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
@settings(derandomize=True, deadline=None)
def test_whole_numbers_packed_or_one_by_one(values: list[int]) -> None:
    tensor = TensorProto(int64_data=values)
    packed = tensor.SerializeToString()[1:]  # behind the tag: length and content
    start = next((k for k, byte in enumerate(packed) if byte < 128), 0) + 1
    assert unpacked([memoryview(packed[start:])], "varint").tolist() == values
    assert unpacked([n % 2**64 for n in values], "varint").tolist() == values


@pytest.mark.parametrize("content", [b"\x80", b"\x01\x80", b"\x80" * 11 + b"\x01"])
def test_whole_numbers_that_do_not_end(content: bytes) -> None:
    with pytest.raises(WireError, match="list of whole numbers"):
        unpacked([memoryview(content)], "varint")
