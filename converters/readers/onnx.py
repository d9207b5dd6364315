"""An ONNX model of any exporter; our own export gives back the whole generator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from caloexport.runtime.manifest import (
    Manifest,
    input_shapes,
    network_from_json,
    network_to_json,
)
from caloexport.runtime.network import Network
from caloexport.runtime.packing import weights_hash
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare


class OnnxReader(Reader):
    """The graph, operator by operator; a manifest inside is believed once it fits the graph."""

    summary = "an .onnx of any exporter"
    uses = ("steps", "output")

    def recognises(self, path: Path, start: bytes) -> bool:
        return looks_like_model(path)

    def read(self, path: Path, choices: Choices) -> Generator:
        if {MANIFEST, VECTORS} <= set(read_metadata(path)):
            return _own(path, choices.output)
        model = read_onnx(path, choices.steps, choices.output)
        origin = {
            "source": path.name,
            "source_sha256": sha256_of(path),
            "producer": model.producer,
            "opset": model.opset,
            **({"notes": list(model.notes)} if model.notes else {}),
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


def _own(path: Path, output: str | None) -> Generator:
    """Return the generator of a file that caloexport wrote, if it is still what was written.

    Raises:
        InputFileError: its graph does not give what its manifest promises.
    """
    proof = read_proof(path)
    manifest = proof.manifest
    model = read_onnx(path, output=output, manifest=manifest.network)
    literal = _named_alike(model.network, manifest.network)
    network = _as_declared(literal, manifest, str(path)) or literal
    generator = Generator.from_network(
        network,
        manifest.sampling,
        name=manifest.name,
        provenance=dict(manifest.provenance),
        interface=manifest.interface,
        precision=manifest.precision,
    )
    same = network_to_json(network) == manifest.network
    if same and weights_hash(network) == manifest.weights_sha256:
        fits = network is literal or _agree(network, literal, proof)
    else:  # the same function in other layers: what it gives decides
        fits = not same and _gives_the_vectors(generator, proof)
    if not fits:
        message = "its graph or weights were changed after the export"
        raise InputFileError(message, where=str(path), hint="convert the model again")
    return generator


def _as_declared(found: Network, manifest: Manifest, where: str) -> Network | None:
    """Return the network of the manifest with the weights that were found, if they are its own."""
    declared = manifest.network["nodes"]
    if [node.kind for node in found.nodes] != [node["kind"] for node in declared]:
        return None
    weights = {
        (item["name"], key): node.weights[key]
        for item, node in zip(declared, found.nodes, strict=True)
        for key in item["weights"]
        if key in node.weights
    }
    if len(weights) != sum(len(item["weights"]) for item in declared):
        return None
    network = network_from_json(manifest.network, weights, where)
    return network if weights_hash(network) == manifest.weights_sha256 else None


def _agree(declared: Network, found: Network, proof: Proof) -> bool:
    """Say whether two networks give the same for the inputs of the test vectors."""
    generators = [Generator.from_network(network) for network in (declared, found)]
    inputs = np.array(proof.vectors.inputs)
    first, second = (
        evaluate(g.network, g.split(inputs)).reshape(len(inputs), -1) for g in generators
    )
    where = np.isfinite(first) & np.isfinite(second)
    finite = (np.isfinite(first) == np.isfinite(second)).all()
    return (
        bool(finite)
        and compare(np.where(where, first, 0), np.where(where, second, 0), "float32").equal
    )


def _gives_the_vectors(generator: Generator, proof: Proof) -> bool:
    inputs = np.array(proof.vectors.inputs)
    if inputs.shape[1] != generator.n_in:
        return False
    outputs = evaluate(generator.network, generator.split(inputs)).reshape(len(inputs), -1)
    return judge(outputs, proof, "float32", "numpy").equal


def _named_alike(network: Network, manifest: Mapping[str, Any]) -> Network:
    """Return the network with inputs and last layer called as in the manifest."""
    wanted = [*input_shapes(manifest), str(manifest["outputs"][0])]
    found = [*network.inputs, network.outputs[0]]
    renamed = {a: b for a, b in zip(found, wanted, strict=False) if a != b}
    taken = set(network.shapes) - set(renamed)
    if len(wanted) != len(found) or taken & set(renamed.values()):
        return network
    nodes = [
        replace(
            node,
            name=renamed.get(node.name, node.name),
            inputs=tuple(renamed.get(name, name) for name in node.inputs),
        )
        for node in network.nodes
    ]
    inputs = {renamed.get(name, name): shape for name, shape in network.inputs.items()}
    return Network(inputs, nodes, [renamed.get(network.outputs[0], network.outputs[0])])


readers.register("onnx")(OnnxReader())
