"""A generator without its weights, in the words of the page's evaluator.

Names of layers and conditions come from a file that somebody else may have made: the evaluator
refers to both by number, and names are only shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from caloexport.report.live.evaluator import known_activations, known_kinds
from caloexport.report.live.weights import WeightBytes
from caloexport.runtime.activations import activations
from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.network import Network, Node
from caloexport.runtime.output_maps import Scaling, output_maps
from caloexport.runtime.packing import stored_precision
from caloexport.runtime.precisions import precisions


def describe_network(network: Network, arithmetic: str, weights: WeightBytes) -> dict[str, Any]:
    """Return inputs, nodes and output of a network; values are numbered, the inputs first.

    Args:
        network: the network.
        arithmetic: how its large products are computed.
        weights: where its weights stand.

    Raises:
        UnsupportedError: a layer kind or activation that the evaluator does not have.
    """
    numbers = {
        name: k for k, name in enumerate([*network.inputs, *(n.name for n in network.nodes)])
    }
    nodes = []
    for node in network.nodes:
        _require_known(node)
        nodes.append(
            {
                "name": node.name,
                "kind": node.kind,
                "inputs": [numbers[name] for name in node.inputs],
                "shape": list(network.shapes[node.name]),
                "attributes": _attributes(node),
                "weights": weights.table[node.name],
                "rounding": _rounding(node, arithmetic),
            }
        )
    return {
        "inputs": [list(shape) for shape in network.inputs.values()],
        "nodes": nodes,
        "output": numbers[network.outputs[0]],
    }


def describe_sampling(sampling: Sampling) -> dict[str, Any]:
    """Return noise law, encoding and output map as numbers.

    Raises:
        UnsupportedError: an encoding or an output map that has no formula.
    """
    places = {one.name: k for k, one in enumerate(sampling.conditions)}
    terms = []
    for term in sampling.encoding.terms:
        formula = encodings[term.kind].formula
        if formula is None:
            raise _unsupported(f"the encoding '{term.kind}'")
        place = places[term.condition]
        numbers = asdict(formula(sampling.conditions[place], term.parameters))
        terms.append({"condition": place, "formula": numbers})
    scaling = _scaling(sampling)
    return {
        "noise": asdict(sampling.noise),
        "terms": terms,
        "energy": places["energy_mev"],
        "factor": asdict(scaling.factor),
        "groups": None if scaling.groups is None else scaling.groups.tolist(),
        "total_scale": scaling.total_scale,
        "threshold_mev": sampling.output.threshold_mev,
        "cells": n_cells(sampling.mesh),
    }


def require_sampling(generator: Generator) -> Sampling:
    """Return the physics of a generator.

    Raises:
        UnsupportedError: a bare network.
    """
    if generator.sampling is None:
        message = f"'{generator.manifest.name}' is a bare network: it has no noise law and no mesh"
        raise UnsupportedError(message, hint="convert the run folder instead of its Keras file")
    return generator.sampling


def _scaling(sampling: Sampling) -> Scaling:
    scaling = output_maps[sampling.output.kind].scaling
    if scaling is None:
        raise _unsupported(f"the output map '{sampling.output.kind}'")
    return scaling(sampling.mesh, sampling.output.parameters)


def _require_known(node: Node) -> None:
    if node.kind not in known_kinds():
        raise _unsupported(f"the layer kind '{node.kind}' of layer '{node.name}'")
    for given in (node.attributes, node.attributes.get("activation")):
        name = given.get("function") if isinstance(given, Mapping) else None
        if node.kind != "reduce" and name is not None and name not in known_activations():
            raise _unsupported(f"the activation '{name}' of layer '{node.name}'")


def _unsupported(what: str) -> UnsupportedError:
    message = f"the live page's evaluator does not have {what}"
    return UnsupportedError(message, hint="a picture can be drawn: -o NAME.png")


def _attributes(node: Node) -> dict[str, Any]:
    if node.kind == "activation":
        return _activation(node.attributes)
    found = dict(node.attributes)
    if isinstance(found.get("activation"), Mapping):
        found["activation"] = _activation(found["activation"])
    if node.kind in ("conv", "conv_transpose"):
        found["sizes"] = list(node.weights["kernel"].shape[:-2])
    return found


def _activation(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an activation with its defaults filled in; infinite bounds are left out."""
    entry = activations[given["function"]]
    constants = {key: given.get(key, default) for key, default in entry.constants.items()}
    return {
        "function": given["function"],
        "constants": {
            k: v for k, v in constants.items() if isinstance(v, list) or math.isfinite(v)
        },
        "trained": {key: given[key] for key in entry.trained if key in given},
    }


def _rounding(node: Node, arithmetic: str) -> str | None:
    """Return the precision whose products round the inputs of a layer, None where none does."""
    for key, weight in node.weights.items():
        name = stored_precision(node.kind, key, weight.shape, arithmetic)
        if precisions[name].rounds_inputs:
            return name
    return None
