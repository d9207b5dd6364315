"""An ONNX model of any exporter; our own export gives back the whole generator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from caloexport.converters.onnx.envelope import looks_like_model, read_metadata
from caloexport.converters.onnx.model import MANIFEST, VECTORS, read_proof
from caloexport.converters.onnx.read import OnnxModel, read_onnx
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.converters.targets import Proof
from caloexport.converters.verify import judge
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import sha256_of
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.manifest import network_to_json
from caloexport.runtime.network import Network
from caloexport.runtime.packing import weights_hash
from caloexport.runtime.reference import evaluate


class OnnxReader(Reader):
    """The graph, operator by operator; a manifest inside is believed once it fits the graph."""

    uses = ("steps",)
    summary = "an .onnx of any exporter"

    def recognises(self, path: Path, start: bytes) -> bool:
        return looks_like_model(path)

    def read(self, path: Path, choices: Choices) -> Generator:
        model = read_onnx(path, choices.steps)
        if {MANIFEST, VECTORS} <= set(read_metadata(path)):
            return _own(path, model)
        origin = {
            "source": path.name,
            "source_sha256": sha256_of(path),
            "producer": model.producer,
            "opset": model.opset,
        }
        return Generator.from_network(
            model.network,
            name=path.name.split(".")[0],
            provenance=origin,
            interface=_interface(model),
        )


def _interface(model: OnnxModel) -> Interface:
    """Return the names of a file's tensors; their values have none."""
    inputs = tuple(Port(name, "variable_{}") for name in model.network.inputs)
    return Interface(inputs, Port(model.output, "out_{}"), model.batch, model.dtype)


def _own(path: Path, model: OnnxModel) -> Generator:
    """Return the generator of a file that caloexport wrote, if it is still what was written.

    Raises:
        InputFileError: its graph does not give what its manifest promises.
    """
    proof = read_proof(path)
    manifest = proof.manifest
    network = _named_alike(model.network, str(manifest.network["outputs"][0]))
    generator = Generator.from_network(
        network,
        manifest.sampling,
        name=manifest.name,
        provenance=dict(manifest.provenance),
        interface=manifest.interface,
    )
    if network_to_json(network) == manifest.network:
        fits = weights_hash(network) == manifest.weights_sha256
    else:  # the same layers in other pieces: what they give decides
        fits = _gives_the_vectors(generator, proof)
    if not fits:
        message = "its graph or weights were changed after the export"
        raise InputFileError(message, where=str(path), hint="convert the model again")
    return generator


def _gives_the_vectors(generator: Generator, proof: Proof) -> bool:
    inputs = np.array(proof.vectors.inputs)
    if inputs.shape[1] != generator.n_in:
        return False
    outputs = evaluate(generator.network, generator.split(inputs)).reshape(len(inputs), -1)
    return judge(outputs, proof, "float32", "numpy").equal


def _named_alike(network: Network, output: str) -> Network:
    """Return the network with its last layer called as in the manifest."""
    last = network.outputs[0]
    if output in network.shapes or last in network.inputs:
        return network
    nodes = [
        replace(
            node,
            name=output if node.name == last else node.name,
            inputs=tuple(output if name == last else name for name in node.inputs),
        )
        for node in network.nodes
    ]
    return Network(network.inputs, nodes, [output])


readers.register("onnx")(OnnxReader())
