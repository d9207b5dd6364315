"""The variables file of LWTNN's converters: what the values of a Keras model mean.

    keras2json.py       {"inputs": [VARIABLE, …], "class_labels": ["out", …]}
    kerasfunc2json.py   {"inputs": [{"name": "node_0", "variables": [VARIABLE, …]}, …],
                         "input_sequences": [the same], "outputs": [{"name", "labels"}, …]}

with VARIABLE = {"name", "offset", "scale", "default"}; the network sees (x + offset)·scale.
Source: lwtnn 2.14.1, converters/keras2json.py and converters/kerasfunc2json.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.free_names import numbered
from caloexport.converters.json_object import read_json_object
from caloexport.converters.lwtnn.network import pattern_of
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.fields import listing, number, text, texts
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.network import Network, Node

#: names of a graph that lwtnn's sequential2graph.py makes of a sequential file, which has none
INPUT_NODE, OUTPUT_NODE = "input_node", "output_node"


@dataclass(frozen=True)
class Variables:
    """One input: its name, and name, offset and scale of each of its variables."""

    name: str
    names: tuple[str, ...]
    offsets: tuple[float, ...]
    scales: tuple[float, ...]


@dataclass(frozen=True)
class VariablesFile:
    """What a variables file says.

    Attributes:
        vectors: inputs of one value per variable, in the order of the model's inputs.
        sequences: inputs of one value per step and variable, likewise.
        outputs: in the order of the model's outputs.
        sequential: whether it is of a Sequential, whose one input may be of either kind.
        notes: its defaults and remarks, which a network has no place for.
        where: the file.
    """

    vectors: tuple[Variables, ...]
    sequences: tuple[Variables, ...]
    outputs: tuple[Port, ...]
    sequential: bool
    notes: dict[str, Any]
    where: str


def read_variables(path: Path) -> VariablesFile:
    """Read a variables file of either form.

    Raises:
        InputFileError: not one, a field is missing or no finite number, or a name comes twice.
    """
    where = str(path)
    data = _json(path)
    if "class_labels" in data:
        inputs = [_variables({"name": INPUT_NODE, "variables": data.get("inputs")}, where)]
        outputs = [Port(OUTPUT_NODE, _different(texts(data, "class_labels", where), where))]
        return VariablesFile(
            tuple(inputs), (), tuple(outputs), True, _notes(data, data.get("inputs")), where
        )
    groups = {
        key: [_variables(item, f"{where}: {key}[{k}]") for k, item in enumerate(items)]
        for key in ("inputs", "input_sequences")
        for items in (listing(data, key, where),)
    }
    outputs = [
        Port(text(item, "name", where), _different(texts(item, "labels", where), where))
        for item in listing(data, "outputs", where)
    ]
    both = [*data["inputs"], *data["input_sequences"]]
    notes = _notes(data, [variable for item in both for variable in item["variables"]])
    return VariablesFile(
        tuple(groups["inputs"]), tuple(groups["input_sequences"]), tuple(outputs), False, notes,
        where,
    )  # fmt: skip


def apply_variables(
    network: Network, given: VariablesFile, number: int = 0
) -> tuple[Network, Interface]:
    """Put offsets and scales behind the inputs, and return the names for the consumer.

    Args:
        network: with all outputs of the model.
        given: what the file says.
        number: of the output that the names are for.

    Raises:
        InputFileError: the file is of another model.
        UnsupportedError: an input that is neither a vector nor a sequence.
    """
    inputs = _matched(network, given)
    vectors = {variables.name for variables in given.vectors}
    ports, scaling, stand_in = [], [], {}
    for (name, shape), variables in zip(network.inputs.items(), inputs, strict=True):
        own = variables.name
        if not given.sequential and len(shape) == 2 and own in vectors:
            own = f"{own}_sequence"  # only LWTNN may call a vector and a sequence alike
        ports.append(Port(own, pattern_of(variables.names)))
        node = _scaling(network, name, variables, given.where)
        if node is not None:
            scaling.append(node)
            stand_in[name] = node.name
    nodes = [
        replace(node, inputs=tuple(stand_in.get(read, read) for read in node.inputs))
        for node in network.nodes
    ]
    outputs = [stand_in.get(name, name) for name in network.outputs]
    _check_outputs(network, given)
    output = given.outputs[number]
    return Network(network.inputs, [*scaling, *nodes], outputs), Interface(
        tuple(ports), Port(output.name, pattern_of(tuple(output.labels)))
    )


def _json(path: Path) -> dict[str, Any]:
    data = {"input_sequences": [], **read_json_object(path, "the variables file")}
    if "inputs" not in data or not ("class_labels" in data or "outputs" in data):
        found = ", ".join(list(data)[1:6]) or "nothing"
        message = f"is not a variables file of LWTNN's converters (it holds {found})"
        hint = "expected inputs and class_labels, or inputs, input_sequences and outputs"
        raise InputFileError(message, where=str(path), hint=hint)
    return data


def _variables(item: Any, where: str) -> Variables:
    entries = listing(item, "variables", where)
    names = _different([text(entry, "name", where) for entry in entries], where)
    offsets = tuple(number(entry, "offset", where) for entry in entries)
    scales = tuple(number(entry, "scale", where) for entry in entries)
    return Variables(text(item, "name", where), names, offsets, scales)


def _different(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Return the names, each of which a map of the C++ can hold once."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = f"the name '{twice}' is given twice"
        raise InputFileError(message, where=where)
    return tuple(names)


def _notes(data: dict[str, Any], variables: Any) -> dict[str, Any]:
    defaults = {
        entry["name"]: entry["default"]
        for entry in variables
        if isinstance(entry.get("default"), (int, float))
    }
    remarks = data.get("miscellaneous")
    notes = {"variable_defaults": defaults, "miscellaneous": remarks}
    return {key: value for key, value in notes.items() if isinstance(value, dict) and value}


def _matched(network: Network, given: VariablesFile) -> list[Variables]:
    """Return the variables of each input of the network."""
    if given.sequential:
        kinds = {1: given.vectors, 2: given.vectors}
        if len(network.inputs) != 1:
            message = f"is for a model of one input, this one has {len(network.inputs)}"
            raise InputFileError(message, where=given.where, hint="use the form for graphs")
    else:
        kinds = {1: given.vectors, 2: given.sequences}
    left = {rank: list(variables) for rank, variables in kinds.items()}
    matched = []
    for name, shape in network.inputs.items():
        if len(shape) not in left:
            message = f"input '{name}' has the shape {shape}, neither a vector nor a sequence"
            raise UnsupportedError(message, where=given.where)
        what = "vectors" if len(shape) == 1 else "sequences"
        if not left[len(shape)]:
            message = f"lists fewer {what} than the model has inputs; input '{name}' is left over"
            raise InputFileError(message, where=given.where)
        variables = left[len(shape)].pop(0)
        if len(variables.names) != shape[-1]:
            message = (
                f"'{variables.name}' has {len(variables.names)} variables, the model's input "
                f"'{name}' takes {shape[-1]}"
            )
            raise InputFileError(message, where=given.where, hint="a file of another model?")
        matched.append(variables)
    over = [] if given.sequential else [entry.name for rest in left.values() for entry in rest]
    if over:
        message = f"describes the input '{over[0]}', which the model does not have"
        raise InputFileError(message, where=given.where, hint="a file of another model?")
    return matched


def _scaling(network: Network, name: str, variables: Variables, where: str) -> Node | None:
    """Return the node that makes (x + offset)·scale of an input; None where nothing changes."""
    offsets, scales = np.array(variables.offsets), np.array(variables.scales)
    if not offsets.any() and (scales == 1).all():
        return None
    own = numbered(f"{name}_scaled", network.shapes)
    with np.errstate(over="ignore", invalid="ignore"):
        shifts = offsets * scales
        weights = {"scale": scales.astype(np.float32), "offset": shifts.astype(np.float32)}
    bad = ~(np.isfinite(weights["scale"]) & np.isfinite(weights["offset"]))
    if bad.any():
        k = int(bad.argmax())
        message = (
            f"variable '{variables.names[k]}' has offset {offsets[k]:g} and scale {scales[k]:g}, "
            "which float32 cannot hold"
        )
        raise InputFileError(message, where=where)
    return Node(own, "normalization", (name,), {}, weights)


def _check_outputs(network: Network, given: VariablesFile) -> None:
    if len(given.outputs) != len(network.outputs):
        message = f"lists {len(given.outputs)} outputs, the model has {len(network.outputs)}"
        raise InputFileError(message, where=given.where, hint="a file of another model?")
    for name, port in zip(network.outputs, given.outputs, strict=True):
        size = network.shapes[name][-1]
        if len(port.labels) != size:
            message = f"'{port.name}' has {len(port.labels)} labels, the output has {size} values"
            raise InputFileError(message, where=given.where, hint="a file of another model?")
