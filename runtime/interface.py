"""How a consumer sees a network: the names of its inputs, its output, and every value in them.

A file format needs names that the network has no use for: LWTNN looks values up as
``variable_3`` of ``node_0`` and finds results as ``out_17``; ONNX and SavedModel name tensors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import listing, mapping, text, texts

DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Port:
    """One input or output.

    Attributes:
        name: of the tensor or node.
        labels: the names of its values, or a pattern of which ``{}`` becomes the index.

    >>> Port("node_0", "variable_{}").all_labels(2)
    ('variable_0', 'variable_1')
    """

    name: str
    labels: str | tuple[str, ...]

    def __post_init__(self) -> None:
        if isinstance(self.labels, str) and self.labels.count("{}") != 1:
            message = f"the labels of '{self.name}' follow the pattern '{self.labels}'"
            raise InputFileError(message, hint="a pattern holds {} once, where the index stands")

    def all_labels(self, size: int) -> tuple[str, ...]:
        """Return the name of each of ``size`` values.

        Raises:
            InputFileError: another number of names is listed.
        """
        if isinstance(self.labels, str):
            return tuple(self.labels.replace("{}", str(k)) for k in range(size))
        if len(self.labels) != size:
            message = f"'{self.name}' has {size} values and {len(self.labels)} labels"
            raise InputFileError(message)
        return self.labels

    def to_json(self) -> dict[str, Any]:
        """Return the port as JSON."""
        labels = self.labels if isinstance(self.labels, str) else list(self.labels)
        return {"name": self.name, "labels": labels}


@dataclass(frozen=True)
class Interface:
    """The names of a network's inputs and output, as one consumer demands them.

    Attributes:
        inputs: one for each network input, in their order.
        output: the one output.
        batch: the fixed number of showers in a call; None where it is open.
        dtype: ``"float32"`` or ``"float64"``, of inputs and output.
    """

    inputs: tuple[Port, ...]
    output: Port
    batch: int | None = None
    dtype: str = "float32"

    def __post_init__(self) -> None:
        names = [port.name for port in self.inputs]
        if not names or len(set(names)) < len(names):
            message = f"inputs need names of their own, found {', '.join(names) or 'none'}"
            raise InputFileError(message)
        if self.dtype not in DTYPES:
            message = f"the numbers are {self.dtype}, expected {' or '.join(DTYPES)}"
            raise InputFileError(message)

    def to_json(self) -> dict[str, Any]:
        """Return the interface as JSON."""
        return {
            "inputs": [port.to_json() for port in self.inputs],
            "output": self.output.to_json(),
            "batch": self.batch,
            "dtype": self.dtype,
        }


def standard_interface(inputs: Mapping[str, Any]) -> Interface:
    """Return the interface of a network of which no consumer demands anything.

    >>> standard_interface({"Noise": (50,)}).inputs
    (Port(name='Noise', labels='variable_{}'),)
    """
    return Interface(tuple(Port(name, "variable_{}") for name in inputs), Port("output", "out_{}"))


def tensor_shapes(inputs: Mapping[str, Any], interface: Interface | None) -> dict[str, Any]:
    """Return the shapes of a network's inputs by the names that its consumer uses.

    >>> tensor_shapes({"z": (50,)}, Interface((Port("Noise", "{}"),), Port("y", "{}")))
    {'Noise': (50,)}
    """
    ports = (interface or standard_interface(inputs)).inputs
    return {port.name: shape for port, shape in zip(ports, inputs.values(), strict=True)}


def interface_from_json(data: Mapping[str, Any], where: str) -> Interface:
    """Read an interface.

    Raises:
        InputFileError: a field is missing or wrong.
    """
    given = dict(data)
    batch = given.get("batch")
    if batch is not None and (type(batch) is not int or batch < 1):
        message = f"its interface has the batch {batch!r}, expected a whole number or null"
        raise InputFileError(message, where=where)
    return Interface(
        tuple(_port(item, where) for item in listing(given, "inputs", where)),
        _port(mapping(given, "output", where), where),
        batch,
        text(given, "dtype", where),
    )


def _port(data: Any, where: str) -> Port:
    name = text(data, "name", where)
    if isinstance(data.get("labels"), str):
        return Port(name, data["labels"])
    return Port(name, tuple(texts(data, "labels", where)))
