"""The manifest: a generator minus its weights, as JSON.

Its hash leaves out test vectors and timestamps, so exporting the same model twice gives the same
hash. ``sampling`` is None for a bare network, of which nobody told what its inputs and outputs
mean; such a network converts and verifies, but cannot sample.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.runtime.conditions import Condition
from caloexport.runtime.consistency import check_sampling
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.fields import blame_file, listing, mapping, number, sizes, text, texts
from caloexport.runtime.interface import Interface, interface_from_json
from caloexport.runtime.mesh import Mesh, mesh_from_json
from caloexport.runtime.network import Network, Node, Shape
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap

SCHEMA = "caloexport.manifest/1"

#: provenance entries that differ between two exports of the same model
VOLATILE = ("created",)


@dataclass(frozen=True)
class Sampling:
    """The physics around a network: everything that sampling needs besides the weights.

    Attributes:
        noise: law and number of the latents, which come first in the network's input vector.
        conditions: named physics inputs, with ranges.
        encoding: from conditions to the rest of the input vector.
        output: from network output to MeV.
        mesh: the cells, in the order of the network's output.
    """

    noise: NoiseLaw
    conditions: tuple[Condition, ...]
    encoding: Encoding
    output: OutputMap
    mesh: Mesh

    def __post_init__(self) -> None:
        check_sampling(self)

    @property
    def width(self) -> int:
        """Length of the network's input vector: latents, then the condition vector."""
        return self.noise.size + self.encoding.width

    def to_json(self) -> dict[str, Any]:
        """Return the sampling as JSON."""
        return {
            "noise": self.noise.to_json(),
            "conditions": [condition.to_json() for condition in self.conditions],
            "encoding": [
                {"kind": t.kind, "condition": t.condition, "parameters": dict(t.parameters)}
                for t in self.encoding.terms
            ],
            "output": self.output.to_json(),
            "mesh": self.mesh.to_json(),
        }


@dataclass(frozen=True)
class Manifest:
    """What is written beside the weights.

    Attributes:
        name: of the generator, for people.
        network: the graph as JSON, with the shape of every weight.
        weights_sha256: hash of all weights in the order of the graph.
        sampling: the physics, or None for a bare network.
        provenance: where the model came from: versions, training, licence.
        precision: of the stored weights.
        interface: names of inputs and output that a consumer demands; None for our own.
    """

    name: str
    network: Mapping[str, Any]
    weights_sha256: str
    sampling: Sampling | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)
    precision: str = "float32"
    interface: Interface | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as JSON."""
        interface = {} if self.interface is None else {"interface": self.interface.to_json()}
        return {
            "schema": SCHEMA,
            "name": self.name,
            "precision": self.precision,
            "network": dict(self.network),
            "weights_sha256": self.weights_sha256,
            "sampling": None if self.sampling is None else self.sampling.to_json(),
            "provenance": dict(self.provenance),
            **interface,
        }

    def dumps(self) -> str:
        """Return the manifest as one JSON string."""
        return _canonical(self.to_json())

    @property
    def hash(self) -> str:
        """Return the sha256 of everything but the volatile provenance."""
        return hash_of(self.to_json())


def hash_of(data: Mapping[str, Any]) -> str:
    """Return the hash of a manifest in its JSON form."""
    provenance = {k: v for k, v in data["provenance"].items() if k not in VOLATILE}
    return hashlib.sha256(_canonical({**data, "provenance": provenance}).encode()).hexdigest()


def _canonical(data: dict[str, Any]) -> str:
    try:
        return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        message = f"manifest '{data['name']}' holds what JSON cannot say: {error}"
        raise UsageError(message) from error


def network_to_json(network: Network) -> dict[str, Any]:
    """Return the graph of a network with the shapes of its weights."""
    return {
        "inputs": [{"name": n, "shape": list(s)} for n, s in network.inputs.items()],
        "nodes": [
            {
                "name": node.name,
                "kind": node.kind,
                "inputs": list(node.inputs),
                "attributes": dict(node.attributes),
                "weights": {key: list(w.shape) for key, w in node.weights.items()},
            }
            for node in network.nodes
        ],
        "outputs": list(network.outputs),
    }


def network_from_json(
    data: Mapping[str, Any], weights: Mapping[tuple[str, str], Any], where: str
) -> Network:
    """Rebuild a network from its graph and weights keyed by (node, weight)."""
    nodes = []
    for item in listing(dict(data), "nodes", where):
        name = text(item, "name", where)
        nodes.append(
            Node(
                name,
                text(item, "kind", where),
                tuple(texts(item, "inputs", where)),
                mapping(item, "attributes", where),
                {key: weights[name, key] for key in mapping(item, "weights", where)},
            )
        )
    with blame_file(where):
        return Network(input_shapes(data, where), nodes, texts(data, "outputs", where))


def weightless_network(data: Mapping[str, Any], where: str) -> Network:
    """Rebuild a network for its shapes alone; its weights are zeros that take no memory.

    Raises:
        InputFileError: the graph is damaged.
    """
    weights = {}
    for node in listing(dict(data), "nodes", where):
        declared = mapping(node, "weights", where)
        for key in declared:
            # the shape rules read shapes only: a broadcast zero has any shape and no memory
            shape = sizes(declared, key, where)
            with blame_file(where):
                weights[text(node, "name", where), key] = np.broadcast_to(np.float32(0), shape)
    return network_from_json(data, weights, where)


def input_shapes(data: Mapping[str, Any], where: str = "manifest") -> dict[str, Shape]:
    """Return name and shape of the network inputs of a graph, in order."""
    items = listing(dict(data), "inputs", where)
    shapes = {text(item, "name", where): sizes(item, "shape", where) for item in items}
    if not items or len(shapes) != len(items):
        message = "its network needs inputs, each with a name of its own"
        raise InputFileError(message, where=where)
    return shapes


def manifest_from_text(content: str, where: str) -> Manifest:
    """Read a manifest.

    Raises:
        InputFileError: not JSON, another schema, or a field that is missing or wrong.
    """
    try:
        data = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        message = f"its manifest is not JSON: {error}"
        raise InputFileError(message, where=where) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else type(data).__name__
        message = f"its manifest has the schema {found!r}, expected '{SCHEMA}'"
        raise InputFileError(message, where=where, hint="written by another version of caloexport?")
    sampling = data.get("sampling")
    return Manifest(
        name=text(data, "name", where),
        network=mapping(data, "network", where),
        weights_sha256=text(data, "weights_sha256", where),
        sampling=None if sampling is None else sampling_from_json(sampling, where),
        provenance=mapping(data, "provenance", where),
        precision=text(data, "precision", where),
        interface=_interface(data, where),
    )


def _interface(data: dict[str, Any], where: str) -> Interface | None:
    if "interface" not in data:
        return None
    interface = interface_from_json(mapping(data, "interface", where), where)
    n_inputs = len(input_shapes(mapping(data, "network", where), where))
    if len(interface.inputs) != n_inputs:
        message = f"its interface names {len(interface.inputs)} inputs, the network has {n_inputs}"
        raise InputFileError(message, where=where)
    return interface


def _refuse_constant(name: str) -> None:
    message = f"{name} is not a JSON number"
    raise ValueError(message)


def sampling_from_json(data: Any, where: str) -> Sampling:
    """Read the physics around a network.

    Raises:
        InputFileError: a field is missing or wrong, or the parts do not fit together.
    """
    output = mapping(data, "output", where)
    with blame_file(where):
        return Sampling(
            NoiseLaw.from_json(mapping(data, "noise", where), where),
            tuple(_condition_from_json(item, where) for item in listing(data, "conditions", where)),
            Encoding(tuple(_term_from_json(i, where) for i in listing(data, "encoding", where))),
            OutputMap(
                text(output, "kind", where),
                mapping(output, "parameters", where),
                number(output, "threshold_mev", where),
            ),
            mesh_from_json(mapping(data, "mesh", where), where),
        )


def _term_from_json(data: Any, where: str) -> Term:
    return Term(
        text(data, "kind", where),
        text(data, "condition", where),
        mapping(data, "parameters", where),
    )


def _condition_from_json(data: Any, where: str) -> Condition:
    name = text(data, "name", where)
    if "categories" in data:
        categories = tuple(texts(data, "categories", where))
        if not categories:
            message = f"condition '{name}' has no categories"
            raise InputFileError(message, where=where)
        return Condition(name, categories=categories)
    low, high = (
        None if data.get(end) is None else number(data, end, where) for end in ("low", "high")
    )
    return Condition(name, low, high)
