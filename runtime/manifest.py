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
from caloexport.runtime.encodings import Encoding, Term, encodings
from caloexport.runtime.errors import CaloexportError, InputFileError
from caloexport.runtime.fields import listing, mapping, number, text
from caloexport.runtime.mesh import Mesh, mesh_from_json
from caloexport.runtime.network import Network, Node, Shape
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap, output_maps

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
    """

    name: str
    network: Mapping[str, Any]
    weights_sha256: str
    sampling: Sampling | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)
    precision: str = "float32"

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as JSON."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "precision": self.precision,
            "network": dict(self.network),
            "weights_sha256": self.weights_sha256,
            "sampling": None if self.sampling is None else self.sampling.to_json(),
            "provenance": dict(self.provenance),
        }

    def dumps(self) -> str:
        """Return the manifest as one JSON string."""
        return json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), allow_nan=False)

    @property
    def hash(self) -> str:
        """Return the sha256 of everything but the volatile provenance."""
        data = self.to_json()
        data["provenance"] = {k: v for k, v in data["provenance"].items() if k not in VOLATILE}
        canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


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
                tuple(map(str, listing(item, "inputs", where))),
                mapping(item, "attributes", where),
                {key: weights[name, key] for key in mapping(item, "weights", where)},
            )
        )
    return Network(
        input_shapes(data, where), nodes, map(str, listing(dict(data), "outputs", where))
    )


def weightless_network(data: Mapping[str, Any], where: str) -> Network:
    """Rebuild a network for its shapes alone; its weights are zeros that take no memory.

    Raises:
        InputFileError: the graph is damaged.
    """
    try:
        weights = {
            # the shape rules read shapes only: a broadcast zero has any shape and no memory
            (node["name"], key): np.broadcast_to(np.float32(0), shape)
            for node in data["nodes"]
            for key, shape in node["weights"].items()
        }
        return network_from_json(data, weights, where)
    except CaloexportError:
        raise
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        message = f"its manifest describes no network: {error!r:.100}"
        raise InputFileError(message, where=where) from error


def input_shapes(data: Mapping[str, Any], where: str = "manifest") -> dict[str, Shape]:
    """Return name and shape of the network inputs of a graph, in order."""
    return {
        text(item, "name", where): tuple(int(n) for n in listing(item, "shape", where))
        for item in listing(dict(data), "inputs", where)
    }


def manifest_from_text(content: str, where: str) -> Manifest:
    """Read a manifest.

    Raises:
        InputFileError: not JSON, another schema, or a field that is missing or wrong.
    """
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        message = f"its manifest is not JSON: {error}"
        raise InputFileError(message, where=where) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else type(data).__name__
        message = f"its manifest has the schema {found!r}, expected '{SCHEMA}'"
        raise InputFileError(message, where=where, hint="written by another version of caloexport?")
    try:
        sampling = data.get("sampling")
        return Manifest(
            name=text(data, "name", where),
            network=mapping(data, "network", where),
            weights_sha256=text(data, "weights_sha256", where),
            sampling=None if sampling is None else _sampling_from_json(sampling, where),
            provenance=mapping(data, "provenance", where),
            precision=text(data, "precision", where),
        )
    except CaloexportError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        message = f"its manifest is damaged: {error}"
        raise InputFileError(message, where=where) from error


def _sampling_from_json(data: Any, where: str) -> Sampling:
    mesh = mesh_from_json(mapping(data, "mesh", where), where)
    output = mapping(data, "output", where)
    kind = text(output, "kind", where)
    _ = output_maps[kind]
    terms = []
    for item in listing(data, "encoding", where):
        term = Term(
            text(item, "kind", where),
            text(item, "condition", where),
            mapping(item, "parameters", where),
        )
        _ = encodings[term.kind].width(term.parameters)
        terms.append(term)
    return Sampling(
        NoiseLaw.from_json(mapping(data, "noise", where), where),
        tuple(_condition_from_json(item, where) for item in listing(data, "conditions", where)),
        Encoding(tuple(terms)),
        OutputMap(
            kind, mapping(output, "parameters", where), number(output, "threshold_mev", where)
        ),
        mesh,
    )


def _condition_from_json(data: Any, where: str) -> Condition:
    name = text(data, "name", where)
    if "categories" in data:
        return Condition(name, categories=tuple(map(str, listing(data, "categories", where))))
    low, high = (
        None if data.get(end) is None else number(data, end, where) for end in ("low", "high")
    )
    return Condition(name, low, high)
