"""The graph that Keras' exporter makes of a model, under names that stay."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caloexport.converters.onnx.graph import OUTPUT
from caloexport.converters.onnx.model import BATCH
from caloexport.converters.savedmodel.quiet import import_tensorflow, without_advice
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Shape

if TYPE_CHECKING:
    import onnx

#: the newest that tf2onnx's and Keras' authors test together
OPSET = 17


def exported_graph(model: Any, steps: int | None, where: str) -> onnx.ModelProto:
    """Return the ONNX model that Keras' exporter makes of a Functional model.

    Args:
        model: of one output, which has been called.
        steps: of sequence inputs whose length the model leaves open.
        where: the file that the model came from, for messages.

    Raises:
        UnsupportedError: the exporter raises, or has no translation of an operator.
    """
    import keras
    import onnx

    if OUTPUT in (tensor.name for tensor in model.inputs):
        message = f"the result of an ONNX export is called '{OUTPUT}', an input cannot be"
        raise UnsupportedError(message, where=where)
    signature = [
        keras.InputSpec(
            shape=(None, *inner_shape(tensor, steps, where)), dtype=tensor.dtype, name=tensor.name
        )
        for tensor in model.inputs
    ]
    options = {"format": "onnx", "opset_version": OPSET, "verbose": False}
    with _quiet(), tempfile.TemporaryDirectory(prefix="caloexport-") as folder:
        path = Path(folder) / "exported.onnx"
        try:
            model.export(path, input_signature=[signature], **options)
            exported = onnx.load(path)
        except Exception as error:  # of Keras, TensorFlow, tf2onnx and protobuf: no common base
            reason = f"{type(error).__name__}: {str(error).strip():.200}"
            message = f"Keras' exporter fails: {reason}"
            raise UnsupportedError(message, where=where) from error
    _require_operators(onnx, exported.graph, where)
    _rename(onnx, exported)
    return exported


def inner_shape(tensor: Any, steps: int | None, where: str) -> Shape:
    """Return the shape of an input without the batch.

    Raises:
        UnsupportedError: a length is open that the user does not give.
    """
    sizes = [steps if size is None else size for size in tensor.shape[1:]]
    known = tuple(int(size) for size in sizes if size is not None)
    if len(known) < len(sizes):
        message = f"its input '{tensor.name}' has the shape {tuple(tensor.shape)}, of open length"
        raise UnsupportedError(message, where=where, hint="give the number of steps: --steps N")
    return known


def _require_operators(onnx: Any, graph: Any, where: str) -> None:
    """Refuse what the exporter only prints: operators of TensorFlow that it left in the graph."""
    for node in graph.node:
        if not onnx.defs.has(node.op_type, OPSET, node.domain):
            message = f"Keras' exporter does not translate {node.op_type}, of '{node.name}'"
            hint = "build the model without it, or convert it without --exporter keras"
            raise UnsupportedError(message, where=where, hint=hint)
        for attribute in node.attribute:
            for inner in (*attribute.graphs, attribute.g):
                _require_operators(onnx, inner, where)


def _rename(onnx: Any, model: Any) -> None:
    """Name result and batch as our own files do, and leave out what only confuses readers."""
    graph = model.graph
    graph.name = "network"
    (result,) = graph.output
    graph.node.append(onnx.helper.make_node("Identity", [result.name], [OUTPUT], name=OUTPUT))
    result.name = OUTPUT
    for tensor in (*graph.input, result):
        tensor.type.tensor_type.shape.dim[0].dim_param = BATCH
    del graph.value_info[:]  # of sizes under other names
    used = {node.domain for node in graph.node}
    unused = [entry for entry in model.opset_import if entry.domain not in ("", *used)]
    for entry in unused:
        model.opset_import.remove(entry)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hide what the exporter logs and warns of: what it cannot do is found in the graph."""
    logger = logging.getLogger("tf2onnx")
    level = logger.level
    with without_advice(import_tensorflow()), warnings.catch_warnings():
        message = "In the future `np.object` will be defined"  # Keras patches tf2onnx for numpy 2
        warnings.filterwarnings("ignore", message=message, category=FutureWarning)
        logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            logger.setLevel(level)
