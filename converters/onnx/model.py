"""A network as an ONNX model, with its proof inside."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from caloexport import __version__
from caloexport.converters.onnx.envelope import read_metadata
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.converters.onnx.storages import onnx_storages
from caloexport.converters.targets import Proof
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.extras import require
from caloexport.runtime.interface import Interface, standard_interface
from caloexport.runtime.manifest import Manifest, manifest_from_text, weightless_network
from caloexport.runtime.network import Network
from caloexport.runtime.safetensors_file import dump_safetensors, parse_safetensors
from caloexport.runtime.vectors import Vectors, vectors_from_arrays

if TYPE_CHECKING:
    import onnx

#: opset 13 is the newest that ONNX Runtime 1.7 (2021) reads; experiments freeze releases for years
OPSET = 13
IR_VERSION = 7
BATCH = "batch"
#: numbers of TensorProto's data types
FLOAT, DOUBLE = 1, 11
MANIFEST, VECTORS = "caloexport.manifest", "caloexport.vectors"
#: hash of the manifest, by which C++ tells artifacts apart
MANIFEST_HASH = "caloexport.manifest_sha256"


def build_model(
    network: Network,
    metadata: Mapping[str, str],
    name: str,
    precision: str = "float32",
    interface: Interface | None = None,
) -> onnx.ModelProto:
    """Return a model of the first output of a network.

    Inputs and their order are the network's, each (batch, *shape) float32; the one result is
    ``output``; every tensor in between has the name of its layer.

    Args:
        network: prepared, so that every layer has a translation.
        metadata: strings to carry.
        name: of the graph.
        precision: that the weights were rounded to; they are stored so.
        interface: other names of inputs and result, and a fixed batch.

    Raises:
        MissingDependency: onnx is not installed.
        UnknownName: a layer has no translation.
    """
    library = require("onnx", extra="onnx")
    model: onnx.ModelProto = library.ModelProto()
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version = "caloexport", __version__
    opset = model.opset_import.add()
    opset.domain, opset.version = "", OPSET
    model.graph.name = name
    interface = interface or standard_interface(network.inputs)
    graph = OnnxGraph(model, network, onnx_storages[precision], interface)
    _add_operators(graph, network, interface)
    shapes = zip(interface.inputs, network.inputs.values(), strict=True)
    for side, port, shape in (
        *((model.graph.input, port, shape) for port, shape in shapes),
        (model.graph.output, interface.output, network.shapes[network.outputs[0]]),
    ):
        kind = library.helper.np_dtype_to_tensor_dtype(np.dtype(interface.dtype))
        batch = interface.batch or BATCH
        side.append(library.helper.make_tensor_value_info(port.name, kind, [batch, *shape]))
    for key in sorted(metadata):
        entry = model.metadata_props.add()
        entry.key, entry.value = key, metadata[key]
    return model


def _add_operators(graph: OnnxGraph, network: Network, interface: Interface) -> None:
    last, result = network.outputs[0], interface.output.name
    names = dict(zip(network.inputs, (port.name for port in interface.inputs), strict=True))
    outside = {*names.values(), result}
    double = interface.dtype != "float32"
    if double:  # only the outside is: weights and layers stay as they were proven
        names = {name: graph.cast(port, FLOAT) for name, port in names.items()}
    for node in network.nodes:
        # a layer in the middle may itself be called like an input or "output"
        names[node.name] = graph.name(node.name) if node.name in outside else node.name
        if node.name == last and not double:
            names[node.name] = result
        inputs = [names[name] for name in node.inputs]
        onnx_layers[node.kind](graph, node, inputs, names[node.name])
    graph.make(names[last])
    if double:
        graph.operate("Cast", [names[last]], result, to=DOUBLE)
    elif last in network.inputs:
        graph.operate("Identity", [names[last]], result)


def proof_to_metadata(manifest: Manifest, vectors: Vectors) -> dict[str, str]:
    """Return manifest and test vectors as strings."""
    return {
        MANIFEST: manifest.dumps(),
        MANIFEST_HASH: manifest.hash,
        VECTORS: vectors_to_text(vectors),
    }


def vectors_to_text(vectors: Vectors) -> str:
    """Return test vectors as a string."""
    return base64.b64encode(dump_safetensors(vectors.to_arrays(), {})).decode()


def vectors_arrays(text: str, where: str) -> dict[str, Array]:
    """Return the arrays of test vectors that a string holds.

    Raises:
        InputFileError: it is damaged.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as error:  # of base64, or text beyond ASCII
        message = f"its test vectors are damaged: {error}"
        raise InputFileError(message, where=where) from None
    arrays, _ = parse_safetensors(np.frombuffer(content, dtype=np.uint8), where)
    return arrays


def read_proof(path: Path) -> Proof:
    """Read manifest and test vectors of a model file; neither its graph nor other files.

    Raises:
        InputFileError: not an ONNX model, damaged, or not written by caloexport.
    """
    where = str(path)
    metadata = read_metadata(path)
    if MANIFEST not in metadata or VECTORS not in metadata:
        message = "is an ONNX model that caloexport did not write: it has no manifest"
        raise InputFileError(message, where=where, hint="make one with caloexport convert")
    manifest = manifest_from_text(metadata[MANIFEST], where)
    arrays = vectors_arrays(metadata[VECTORS], where)
    network = weightless_network(manifest.network, where)
    n_in, n_out = network.n_inputs, network.n_outputs
    return Proof(manifest, vectors_from_arrays(arrays, manifest.sampling, n_in, n_out, where))
