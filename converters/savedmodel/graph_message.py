"""The graph in a saved_model.pb: nodes, functions and signatures, read without TensorFlow.

Nothing of it is run, so a graph that would write files or call Python is as harmless as any other:
what cannot be translated is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from caloexport.converters.protobuf.wire import WireError
from caloexport.converters.savedmodel.graph import GRAPH_FILE
from caloexport.converters.savedmodel.message import Message
from caloexport.converters.savedmodel.tensor_message import DTYPES, dims, dtype_of, tensor
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file

#: protocol buffers end at 2 GB; graphs keep their weights in the checkpoint and are far smaller
LIMIT_BYTES = 1 << 30
#: operators with several outputs of different names, in their order
OUTPUT_NAMES = {
    f"FusedBatchNorm{version}": ("y", "batch_mean", "batch_variance")
    for version in ("", "V2", "V3")
}


class GraphNode:
    """One operator of the graph.

    Attributes:
        name, operator: of the node.
        inputs: references to outputs of other nodes; those that only order execution are left out.
    """

    def __init__(self, message: Message) -> None:
        self.name, self.operator = message.text(1), message.text(2)
        self.inputs = [name for name in message.texts(3) if not name.startswith("^")]
        self._message = message

    @cached_property
    def _attributes(self) -> dict[str, Message]:
        return dict(self._message.entries(5))

    def _attribute(self, name: str) -> Message | None:
        return self._attributes.get(name)

    def text(self, name: str, default: str = "") -> str:
        """Return an attribute that is a text."""
        found = self._attribute(name)
        return default if found is None else found.text(2)

    def whole(self, name: str, default: int = 0) -> int:
        """Return an attribute that is a whole number or a truth value."""
        found = self._attribute(name)
        return default if found is None else found.whole(3, found.whole(5))

    def wholes(self, name: str, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        """Return an attribute that is a list of whole numbers."""
        found = self._attribute(name)
        return default if found is None else tuple(found.message(1).wholes(3))

    def real(self, name: str, default: float) -> float:
        """Return an attribute that is a floating-point number."""
        found = self._attribute(name)
        if found is None:
            return default
        return float(np.frombuffer(found.part(4), "<f4", 1)[0])

    def dtype(self, name: str) -> np.dtype:
        """Return an attribute that is a type of numbers."""
        found = self._attribute(name)
        return np.dtype(dtype_of(1 if found is None else found.whole(6)))

    def shape(self, name: str) -> tuple[int, ...] | None:
        """Return an attribute that is a shape, open sizes -1; None if even its rank is open."""
        found = self._attribute(name)
        shape = Message(memoryview(b"\x18\x01")) if found is None else found.message(7)
        return None if shape.whole(3) else dims(shape)

    def tensor(self, name: str) -> Array:
        """Return an attribute that is a tensor."""
        found = self._attribute(name)
        if found is None:
            message = f"node '{self.name}' has no {name}"
            raise WireError(message)
        return tensor(found.message(8))

    def function(self, name: str) -> str:
        """Return the name of the function that an attribute holds."""
        found = self._attribute(name)
        return "" if found is None else found.message(10).text(1)


@dataclass(frozen=True)
class Body:
    """Nodes that belong together: the main graph, or a function.

    Attributes:
        nodes: by name.
        arguments: names that stand for what a caller gives, in its order.
        results: references to what a caller gets.
    """

    nodes: Mapping[str, GraphNode]
    arguments: tuple[str, ...] = ()
    results: tuple[str, ...] = ()

    def locate(self, reference: str) -> tuple[str, int]:
        """Return name and number of the output that a reference means.

        The main graph says ``name:number``, functions say ``name:output:number``.
        """
        name, *rest = reference.split(":")
        number = int(rest[-1]) if rest and rest[-1].isdigit() else 0
        if len(rest) > 1 and name in self.nodes:
            named = OUTPUT_NAMES.get(self.nodes[name].operator, (rest[0],))
            number += named.index(rest[0]) if rest[0] in named else len(named)
        return name, number


class Functions(Mapping[str, Body]):
    """The functions of a graph, each read when it is asked for: most are for training."""

    def __init__(self, messages: list[Message]) -> None:
        self._messages = {message.message(1).text(1): message for message in messages}
        self._read: dict[str, Body] = {}

    def __getitem__(self, name: str) -> Body:
        if name not in self._read:
            self._read[name] = _function(self._messages[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)


@dataclass(frozen=True)
class Port:
    """A tensor of a signature.

    Attributes:
        reference: its place in the main graph.
        shape: with the batch axis; open sizes are -1, an open rank is None.
        dtype: of its numbers; None if they are none.
    """

    reference: str
    shape: tuple[int, ...] | None
    dtype: np.dtype | None


@dataclass(frozen=True)
class Signature:
    """A way to call the model: tensors by the names that its users know."""

    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port]


@dataclass(frozen=True)
class SavedGraph:
    """What a saved_model.pb holds for serving."""

    main: Body
    functions: Mapping[str, Body]
    signatures: Mapping[str, Signature]
    restore: str
    version: str


def read_graph(folder: Path) -> SavedGraph:
    """Read the graph that is tagged for serving, or the only one.

    Raises:
        InputFileError: missing, too large, truncated or damaged.
    """
    path = existing_file(folder / GRAPH_FILE, "SavedModel graph")
    if path.stat().st_size > LIMIT_BYTES:
        message = f"has {path.stat().st_size} bytes, expected at most {LIMIT_BYTES}"
        raise InputFileError(message, where=str(path))
    try:
        return parse_graph(memoryview(path.read_bytes()))
    except ValueError as error:  # WireError, a text that is not UTF-8, an array of broken length
        message = f"is a damaged SavedModel graph: {error}"
        raise InputFileError(message, where=str(path), hint="truncated? save it again") from None


def parse_graph(data: memoryview) -> SavedGraph:
    """Read the bytes of a saved_model.pb.

    Raises:
        ValueError: they are damaged.
    """
    found = [(meta.message(1).texts(4), meta) for meta in Message(data).messages(2)]
    serving = [meta for tags, meta in found if "serve" in tags and "train" not in tags]
    if not found or (len(found) > 1 and len(serving) != 1):
        reason = f"{len(serving)} of its {len(found)} graphs are tagged 'serve', expected one"
        raise WireError(reason)
    meta = (serving or [found[0][1]])[0]
    graph = meta.message(2)
    return SavedGraph(
        Body(_nodes(graph.messages(1))),
        Functions(graph.message(2).messages(1)),
        {key: _signature(value) for key, value in meta.entries(5)},
        meta.message(3).text(3),
        meta.message(1).text(5),
    )


def _nodes(messages: list[Message]) -> dict[str, GraphNode]:
    nodes = {}
    for message in messages:
        node = GraphNode(message)
        if node.name in nodes:
            reason = f"two nodes are named '{node.name}'"
            raise WireError(reason)
        nodes[node.name] = node
    return nodes


def _function(message: Message) -> Body:
    signature = message.message(1)
    results = {entry.text(1): entry.text(2) for entry in message.messages(4)}
    names = [argument.text(1) for argument in signature.messages(3)]
    missing = [name for name in names if name not in results]
    if missing:
        reason = f"function '{signature.text(1)}' does not make its result '{missing[0]}'"
        raise WireError(reason)
    arguments = tuple(argument.text(1) for argument in signature.messages(2))
    return Body(_nodes(message.messages(3)), arguments, tuple(results[name] for name in names))


def _signature(message: Message) -> Signature:
    return Signature(*({k: _port(v) for k, v in message.entries(side)} for side in (1, 2)))


def _port(message: Message) -> Port:
    shape = message.message(3)
    dtype = DTYPES.get(message.whole(2))
    sizes = None if shape.whole(3) else dims(shape)
    return Port(message.text(1), sizes, None if dtype is None else np.dtype(dtype))
