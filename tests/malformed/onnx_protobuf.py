"""Damaged ONNX models: the protocol buffer, the graph in it, the tensors in that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from caloexport.converters.readers import Choices
from tests.malformed.damage import Case, cuts, fillings, flips, write

LIBRARIES = ("onnx", "caloexport.converters.onnx.operators")


def cases(folder: Path) -> Iterator[Case]:
    """Write them."""
    whole = model().SerializeToString(deterministic=True)
    for name, content in (
        *cuts(whole, 10),
        *flips(whole, range(3), 3),
        *fillings(whole, whole[:4]),
        *_wire(whole),
        *((name, _edited(edit)) for name, edit in EDITS.items()),
    ):
        yield write(folder, name, content, ".onnx")


def good(folder: Path) -> Choices:
    """Write a whole model."""
    (folder / "good.onnx").write_bytes(model().SerializeToString(deterministic=True))
    return Choices()


def model() -> Any:
    """Return x·kernel + bias, then a sigmoid."""
    kernel = numpy_helper.from_array(np.full((4, 3), 0.5, np.float32), "kernel")
    bias = numpy_helper.from_array(np.zeros(3, np.float32), "bias")
    nodes = [
        helper.make_node("Gemm", ["x", "kernel", "bias"], ["inner"], name="dense"),
        helper.make_node("Sigmoid", ["inner"], ["y"], name="sigmoid"),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 3])
    graph = helper.make_graph(nodes, "small", [x], [y], [kernel, bias])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)


def _edited(edit: Callable[[Any], None]) -> bytes:
    changed = model()
    edit(changed)
    return bytes(changed.SerializeToString(deterministic=True))


def _wire(whole: bytes) -> Iterator[tuple[str, bytes]]:
    version = whole[:2]
    yield "length-of-4-gigabytes", version + b"\x3a\xff\xff\xff\xff\x0f" + bytes(100)
    yield "length-that-never-ends", version + b"\x3a" + b"\xff" * 50
    deep = b""
    for _ in range(3000):  # graph in attribute in node in graph …
        deep = _field(5, _field(6, deep))
        deep = _field(1, deep)
    yield "graphs-in-graphs", version + _field(7, deep)
    yield "group-of-protobuf-1", version + b"\x3b" + bytes(20)
    yield "unknown-wire-type", version + b"\x3f" + bytes(20)
    yield "field-number-zero", version + b"\x00\x00" + whole[2:]


def _field(number: int, content: bytes) -> bytes:
    length, size = b"", len(content)
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return bytes([number << 3 | 2]) + length + content


def _set(path: Callable[[Any], Any], name: str, value: Any) -> Callable[[Any], None]:
    def edit(changed: Any) -> None:
        setattr(path(changed), name, value)

    return edit


def _kernel(changed: Any) -> Any:
    return changed.graph.initializer[0]


def _dims(*sizes: int) -> Callable[[Any], None]:
    def edit(changed: Any) -> None:
        _kernel(changed).dims[:] = sizes

    return edit


def _values(value: float) -> Callable[[Any], None]:
    def edit(changed: Any) -> None:
        tensor = numpy_helper.from_array(np.full((4, 3), value, np.float32), "kernel")
        _kernel(changed).CopyFrom(tensor)

    return edit


def _reads(node: int, *names: str) -> Callable[[Any], None]:
    def edit(changed: Any) -> None:
        changed.graph.node[node].input[:] = names

    return edit


def _operator(operator: str, domain: str = "") -> Callable[[Any], None]:
    def edit(changed: Any) -> None:
        changed.graph.node[1].op_type = operator
        changed.graph.node[1].domain = domain

    return edit


def _external(changed: Any) -> None:
    tensor = _kernel(changed)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../../../etc/passwd"


def _raw(content: bytes) -> Callable[[Any], None]:
    def edit(changed: Any) -> None:
        _kernel(changed).raw_data = content

    return edit


def _input_shape(*sizes: int) -> Callable[[Any], None]:
    def edit(changed: Any) -> None:
        kind = helper.make_tensor_value_info("x", TensorProto.FLOAT, list(sizes))
        changed.graph.input[0].CopyFrom(kind)

    return edit


def _loop(changed: Any) -> None:
    changed.graph.node[1].op_type = "Loop"
    changed.graph.node[1].attribute.append(helper.make_attribute("body", model().graph))


def _text_tensor(changed: Any) -> None:
    tensor = _kernel(changed)
    tensor.ClearField("raw_data")
    tensor.data_type = TensorProto.STRING
    tensor.string_data.extend([b"a"] * 12)


def _reshape_bomb(changed: Any) -> None:
    """Make a constant of 16 terabytes out of its shape alone."""
    shape = numpy_helper.from_array(np.array([2**22, 2**20], np.int64), "shape")
    changed.graph.initializer.append(shape)
    changed.graph.node[1].op_type = "Expand"
    changed.graph.node[1].input[:] = ["inner", "shape"]


EDITS: dict[str, Callable[[Any], None]] = {
    "kernel-transposed": _dims(3, 4),
    "kernel-huge": _dims(2**31, 2**31),
    "kernel-negative": _dims(-4, -3),
    "kernel-of-many-axes": _dims(*[1] * 10_000, 12),
    "kernel-too-short": _raw(bytes(12)),
    "kernel-too-long": _raw(bytes(480)),
    "kernel-odd": _raw(bytes(47)),
    "kernel-nan": _values(float("nan")),
    "kernel-infinite": _values(float("inf")),
    "kernel-of-text": _text_tensor,
    "kernel-of-unknown-type": _set(_kernel, "data_type", 99),
    "kernel-in-another-file": _external,
    "kernel-missing": lambda changed: changed.graph.initializer.pop(0),
    "kernel-twice": lambda changed: changed.graph.initializer.append(_kernel(changed)),
    "reads-nothing-known": _reads(1, "nowhere"),
    "reads-itself": _reads(1, "y"),
    "cycle": _reads(0, "y", "kernel", "bias"),
    "too-few-inputs": _reads(0, "x"),
    "too-many-inputs": _reads(1, "inner", "inner", "inner"),
    "no-operators": lambda changed: changed.graph.ClearField("node"),
    "no-inputs": lambda changed: changed.graph.ClearField("input"),
    "no-outputs": lambda changed: changed.graph.ClearField("output"),
    "no-graph": lambda changed: changed.ClearField("graph"),
    "output-unknown": _set(lambda changed: changed.graph.output[0], "name", "nowhere"),
    "result-twice": lambda changed: changed.graph.node.append(changed.graph.node[1]),
    "operator-unknown": _operator("Teleport"),
    "operator-of-another-domain": _operator("Gelu", "com.example"),
    "operator-random": _operator("RandomNormalLike"),
    "operator-with-a-graph": _loop,
    "expands-to-terabytes": _reshape_bomb,
    "opset-zero": _set(lambda changed: changed.opset_import[0], "version", 0),
    "opset-of-tomorrow": _set(lambda changed: changed.opset_import[0], "version", 9999),
    "no-opset": lambda changed: changed.ClearField("opset_import"),
    "input-huge": _input_shape(1, 2**40),
    "input-negative": _input_shape(1, -4),
    "input-of-another-width": _input_shape(1, 5),
    "input-without-a-type": lambda changed: changed.graph.input[0].ClearField("type"),
    "input-of-text": lambda changed: changed.graph.input[0].CopyFrom(
        helper.make_tensor_value_info("x", TensorProto.STRING, [1, 4])
    ),
    "attribute-of-another-type": lambda changed: changed.graph.node[0].attribute.append(
        helper.make_attribute("transB", "yes")
    ),
}
