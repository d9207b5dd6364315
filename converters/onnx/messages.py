"""The messages of an ONNX model that describe a graph, read without the onnx library.

Nothing is copied: the data of a tensor stay in the mapped file until they are used. Field numbers
are those of onnx.proto3 (github.com/onnx/onnx).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.converters.pattern import shortest_float32
from caloexport.converters.protobuf.wire import WireError, fields
from caloexport.runtime.fields import printable

#: all fields of a model together; PyTorch and Keras write some tens for each operator
FIELD_LIMIT = 300_000

#: numbers that are encoded one by one, whichever field holds them
Numbers = list[int | memoryview]


@dataclass(slots=True)
class TensorMessage:
    """A constant tensor as stored: shape, number of its type, and one of several fields of data."""

    name: str = ""
    dims: list[int] = field(default_factory=list)
    data_type: int = 0
    raw: memoryview | None = None
    data: dict[int, Numbers] = field(default_factory=dict)
    external: bool = False


@dataclass
class NodeMessage:
    """An operator: what it reads, what it makes, and its attributes."""

    operator: str = ""
    name: str = ""
    domain: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ValueMessage:
    """An input or output of a graph: type and shape; None where the size is left open."""

    name: str = ""
    data_type: int = 0
    dims: list[int | None] | None = None


@dataclass
class GraphMessage:
    """The operators in order, constants, inputs and outputs."""

    nodes: list[NodeMessage] = field(default_factory=list)
    constants: list[TensorMessage] = field(default_factory=list)
    inputs: list[ValueMessage] = field(default_factory=list)
    outputs: list[ValueMessage] = field(default_factory=list)
    sparse: bool = False


class GraphAttribute:
    """Stands for an attribute that holds a graph, which only control flow has."""


class ModelMessage:
    """A whole model.

    Args:
        data: the file.

    Raises:
        WireError: damaged, or not a model.

    Attributes:
        producer: name and version of what wrote it.
        opset: version of the standard operators.
        graph: the graph.
    """

    def __init__(self, data: memoryview) -> None:
        self._left = FIELD_LIMIT
        self.opset = 0
        self.graph = GraphMessage()
        producer = {2: "", 3: ""}
        graphs = 0
        for number, value in self._fields(data):
            if number in producer:
                producer[number] = _text(value)
            elif number == 8:
                self._opset(_message(value))
            elif number == 7:
                graphs += 1
                self.graph = self._graph(_message(value))
        if graphs != 1:
            message = f"a model with {graphs} graphs, expected one"
            raise WireError(message)
        self.producer = " ".join(part for part in producer.values() if part)

    def _fields(self, data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
        for item in fields(data):
            self._left -= 1
            if self._left < 0:
                message = f"more than {FIELD_LIMIT} fields"
                raise WireError(message)
            yield item

    def _opset(self, data: memoryview) -> None:
        found = dict(self._fields(data))
        if _text(found.get(1, memoryview(b""))) in ("", "ai.onnx"):
            self.opset = _whole(found.get(2, 0))

    def _graph(self, data: memoryview) -> GraphMessage:
        graph = GraphMessage()
        for number, value in self._fields(data):
            if number == 1:
                graph.nodes.append(self._node(_message(value)))
            elif number == 5:
                graph.constants.append(self._tensor(_message(value)))
            elif number == 11:
                graph.inputs.append(self._value(_message(value)))
            elif number == 12:
                graph.outputs.append(self._value(_message(value)))
            elif number == 15:
                graph.sparse = True
        return graph

    def _node(self, data: memoryview) -> NodeMessage:
        node = NodeMessage()
        for number, value in self._fields(data):
            if number == 1:
                node.inputs.append(_text(value))
            elif number == 2:
                node.outputs.append(_text(value))
            elif number == 3:
                node.name = _text(value)
            elif number == 4:
                node.operator = _text(value)
            elif number == 5:
                name, content = self._attribute(_message(value))
                node.attributes[name] = content
            elif number == 7:
                node.domain = _text(value)
        return node

    def _attribute(self, data: memoryview) -> tuple[str, Any]:
        name, kind = "", 0
        single: dict[int, Any] = {}
        several: dict[int, Numbers] = {}
        for number, value in self._fields(data):
            if number == 1:
                name = _text(value)
            elif number == 20:
                kind = _whole(value)
            elif number in (7, 8, 9, 10, 11):
                several.setdefault(number, []).append(value)
            else:
                single[number] = value
        return name, self._content(kind, single, several)

    def _content(self, kind: int, single: dict[int, Any], several: dict[int, Numbers]) -> Any:
        """Return the value of an attribute of type ``kind`` (AttributeProto.AttributeType)."""
        if kind == 1:
            return _float(single.get(2, memoryview(bytes(4))))
        if kind == 2:
            return _signed(_whole(single.get(3, 0)))
        if kind == 3:
            return bytes(_message(single.get(4, memoryview(b"")))).decode(errors="replace")
        if kind == 4:
            return self._tensor(_message(single.get(5)))
        if kind == 6:
            return [shortest_float32(v) for v in unpacked(several.get(7, []), "<f4").tolist()]
        if kind == 7:
            return unpacked(several.get(8, []), "varint").tolist()
        if kind == 8:
            return [bytes(_message(v)).decode(errors="replace") for v in several.get(9, [])]
        return GraphAttribute()

    def _tensor(self, data: memoryview) -> TensorMessage:
        tensor = TensorMessage()
        dims: Numbers = []
        for number, value in self._fields(data):
            if number == 1:
                dims.append(value)
            elif number == 2:
                tensor.data_type = _whole(value)
            elif number == 8:
                tensor.name = _text(value)
            elif number == 9:
                tensor.raw = _message(value)
            elif number in (4, 5, 6, 7, 10, 11):
                tensor.data.setdefault(number, []).append(value)
            elif number == 13 or (number == 14 and value != 0):
                tensor.external = True
        tensor.dims = unpacked(dims, "varint").tolist()
        return tensor

    def _value(self, data: memoryview) -> ValueMessage:
        value = ValueMessage()
        for number, content in self._fields(data):
            if number == 1:
                value.name = _text(content)
            elif number == 2:
                for kind, tensor in self._fields(_message(content)):
                    if kind == 1:
                        self._tensor_type(value, _message(tensor))
        return value

    def _tensor_type(self, value: ValueMessage, data: memoryview) -> None:
        for number, content in self._fields(data):
            if number == 1:
                value.data_type = _whole(content)
            elif number == 2:
                value.dims = [
                    self._dimension(_message(dim))
                    for kind, dim in self._fields(_message(content))
                    if kind == 1
                ]

    def _dimension(self, data: memoryview) -> int | None:
        size = dict(self._fields(data)).get(1)
        return None if size is None else _signed(_whole(size))


def unpacked(parts: Numbers, kind: str) -> Any:
    """Return a repeated field as one array, whether packed into few pieces or one by one.

    Args:
        parts: the values of the field, in order.
        kind: ``"varint"`` for whole numbers, else the numpy type of fixed size.

    Raises:
        WireError: a piece ends within a number.
    """
    if kind == "varint":
        pieces = [
            np.array([_signed(part)]) if isinstance(part, int) else _varints(part) for part in parts
        ]
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int64)
    size = np.dtype(kind).itemsize
    chunks = [_message(part) for part in parts]
    if any(len(chunk) % size for chunk in chunks):
        message = f"a list of numbers of {size} bytes ends within one"
        raise WireError(message)
    if len(chunks) == 1:
        return np.frombuffer(chunks[0], kind)
    return np.frombuffer(b"".join(chunks), kind)


def _varints(data: memoryview) -> Any:
    """Decode packed whole numbers: seven bits a byte, the lowest first."""
    values = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(values < 0x80)
    if len(values) and (not len(ends) or ends[-1] != len(values) - 1):
        message = "a list of whole numbers ends within one"
        raise WireError(message)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    if len(ends) and (ends - starts).max() >= 10:
        message = "a list of whole numbers holds one of more than ten bytes"
        raise WireError(message)
    numbers = np.zeros(len(ends), np.uint64)
    for step in range(int((ends - starts).max(initial=-1)) + 1):
        place = starts + step
        inside = place <= ends
        bits = values[np.minimum(place, len(values) - 1)].astype(np.uint64) & np.uint64(0x7F)
        numbers |= np.where(inside, bits << np.uint64(7 * step), np.uint64(0))
    return numbers.view(np.int64)


def _message(value: Any) -> memoryview:
    if not isinstance(value, memoryview):
        message = "a field that should hold a message holds a number"
        raise WireError(message)
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int):
        message = "a field that should hold a number holds bytes"
        raise WireError(message)
    return value


def _signed(value: int) -> int:
    value &= 2**64 - 1
    return value - 2**64 if value >= 2**63 else value


def _float(value: Any) -> float:
    data = _message(value)
    if len(data) != 4:
        message = f"a float attribute of {len(data)} bytes"
        raise WireError(message)
    # 0.3 was 0.3 before it was stored
    return shortest_float32(float(np.frombuffer(data, "<f4")[0]))


def _text(value: Any) -> str:
    try:
        text = bytes(_message(value)).decode()
    except UnicodeDecodeError:
        message = "a name that is not UTF-8"
        raise WireError(message) from None
    return printable(text, "name", "")
