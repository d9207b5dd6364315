"""The network as the ONNX file that other exporters would write: what peers are given.

Our own ONNX target writes the logistic function in four operators, because the one operator of
ONNX Runtime is less accurate than the readout cut. That costs time, which no peer shall pay.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from caloexport.converters.onnx.model import build_model
from caloexport.converters.precisions import rounded_network
from caloexport.converters.targets import targets
from caloexport.runtime.network import Network

if TYPE_CHECKING:
    import onnx

TARGET = "onnx"
#: the logistic function in our files, from its result back to its argument
PIECES = ("Reciprocal", "Add", "Exp", "Neg")


def obstacle(network: Network) -> str | None:
    """Say why a network cannot be written; None when it can."""
    refusals = targets[TARGET].refusals(targets[TARGET].prepare(network))
    return refusals[0].reason if refusals else None


def write_plain_onnx(path: Path, network: Network, precision: str = "float32") -> None:
    """Write a network with one operator wherever ONNX has one.

    Args:
        path: of the file.
        network: any that our ONNX target can express.
        precision: that weights are rounded to and stored in.

    Raises:
        MissingDependency: onnx is not installed.
    """
    prepared = targets[TARGET].prepare(network)
    if precision != "float32":
        prepared = rounded_network(prepared, precision)
    model = build_model(prepared, {}, "network", precision)
    join_sigmoids(model)
    path.write_bytes(model.SerializeToString())


def join_sigmoids(model: onnx.ModelProto) -> None:
    """Put one operator Sigmoid where a model has its four pieces."""
    makers = {node.output[0]: node for node in model.graph.node}
    for last in list(model.graph.node):
        pieces, node = [], last
        for kind in PIECES:
            if node is None or node.op_type != kind:
                break
            pieces.append(node)
            node = makers.get(node.input[0])
        else:
            argument = pieces[-1].input[0]
            for piece in pieces[1:]:
                model.graph.node.remove(piece)
            last.op_type = "Sigmoid"
            last.input[:] = [argument]
