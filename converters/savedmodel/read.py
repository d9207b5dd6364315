"""A SavedModel of any program as a network: graph, checkpoint, translation, tidying."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from caloexport.converters.recognise import recognise
from caloexport.converters.savedmodel.checkpoint import Checkpoint
from caloexport.converters.savedmodel.draft import Draft
from caloexport.converters.savedmodel.graph import CHECKPOINT
from caloexport.converters.savedmodel.graph_message import SavedGraph, read_graph
from caloexport.converters.savedmodel.names import readable
from caloexport.converters.savedmodel.signatures import Entrance, choose_entrance, input_tensor
from caloexport.converters.savedmodel.translation import Translation
from caloexport.converters.savedmodel.values import Tensor
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.network import Network


@dataclass(frozen=True)
class ReadModel:
    """What a SavedModel holds.

    Attributes:
        network: with weights in float32 or float64, as stored.
        interface: names of inputs and output as its users know them.
        version: of the TensorFlow that wrote it.
    """

    network: Network
    interface: Interface
    version: str


def read_saved_model(
    folder: Path, *, signature: str | None = None, steps: int | None = None
) -> ReadModel:
    """Read the network behind a signature, without TensorFlow and without running anything.

    Args:
        folder: of the SavedModel.
        signature: ``"name"`` or ``"name:output"``; None takes ``serving_default`` or the only
            one, and its first output.
        steps: number of steps of sequence inputs, where the model leaves it open.

    Raises:
        InputFileError: truncated, damaged, or without the weights that it needs.
        UnsupportedError: an operator that networks cannot express, named with its node.
        UsageError: the signature has to be chosen.
    """
    graph = read_graph(folder)
    index = folder / f"{CHECKPOINT}.index"
    checkpoint = Checkpoint(folder) if index.exists() else None
    return model_of(graph, checkpoint, str(folder), signature=signature, steps=steps)


def model_of(
    graph: SavedGraph,
    checkpoint: Checkpoint | None,
    where: str,
    *,
    signature: str | None = None,
    steps: int | None = None,
) -> ReadModel:
    """Return the network behind a signature of a graph; arguments and errors as above.

    Args:
        graph: of the SavedModel.
        checkpoint: its variables, if it has any.
        where: the folder, for messages.
        signature: as above.
        steps: as above.
    """
    try:
        entrance = choose_entrance(graph, signature, where)
        tensors = {
            name: input_tensor(name, port, steps, where) for name, port in entrance.inputs.items()
        }
        if not tensors:
            message = "its signature has no inputs"
            raise InputFileError(message, where=where)
        network = _network(graph, checkpoint, entrance, tensors, where)
    except ValueError as error:  # an attribute of the wrong type, found where it is used
        message = f"is a damaged SavedModel: {error}"
        raise InputFileError(message, where=where, hint="save it again") from None
    with blame_file(where):
        ports = tuple(Port(name, "variable_{}") for name in tensors)
        dtype = "float64" if entrance.port.dtype == np.float64 else "float32"
        interface = Interface(ports, Port(entrance.output, "out_{}"), entrance.batch, dtype)
    return ReadModel(network, interface, graph.version)


def _network(
    graph: SavedGraph,
    checkpoint: Checkpoint | None,
    entrance: Entrance,
    tensors: dict[str, Tensor],
    where: str,
) -> Network:
    draft = Draft({name: x.shape for name, x in tensors.items()}, entrance.batch)
    translation = Translation(graph, checkpoint, draft, where)
    given = {
        graph.main.locate(port.reference): tensors[name] for name, port in entrance.inputs.items()
    }
    (output,) = translation.evaluate(graph.main, given, [entrance.port.reference])
    if not isinstance(output, Tensor) or output.batch:
        message = f"output '{entrance.output}' is no tensor with the batch axis in front"
        raise UnsupportedError(message, where=where)
    with blame_file(where):
        return readable(recognise(draft.network(output.name)))
