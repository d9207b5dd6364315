"""A generator as one network: latents and named conditions in, cell energies in MeV out.

The layers of the generator keep their names, so that a file may hold both networks over the same
weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from caloexport.converters.assembly import Assembly
from caloexport.converters.physics.outputs import spell_output
from caloexport.converters.physics.terms import spell_term
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network, Node, Shape

LATENTS, SHOWERS = "latents", "showers"
#: of the names of layers and inputs that the generator's own network does not have
PREFIX = "physics/"


@dataclass(frozen=True)
class PhysicsNetwork:
    """A network with the names that physicists know its inputs by.

    Attributes:
        network: the generator's own layers between those that encode and those that make MeV.
        interface: ``latents``, then the conditions; ``showers``.
        sampling: of the generator.
    """

    network: Network
    interface: Interface
    sampling: Sampling


def physics_inputs(sampling: Sampling) -> dict[str, Shape]:
    """Return the inputs by name: the latents, if there are any, then one number per condition.

    A category is the index of its value among ``condition.categories``.

    >>> from caloexport.bench.workloads import workloads
    >>> physics_inputs(workloads["W1"]().sampling)
    {'latents': (10,), 'energy_mev': (1,), 'theta_rad': (1,), 'geometry': (1,)}
    """
    latents = {LATENTS: (sampling.noise.size,)} if sampling.noise.size else {}
    return {**latents, **{condition.name: (1,) for condition in sampling.conditions}}


def physics_network(
    network: Network, sampling: Sampling, batch: int | None = None
) -> PhysicsNetwork:
    """Return a generator as one network.

    Args:
        network: of one output, with inputs of any shape.
        sampling: what they mean.
        batch: number of showers in a call, where it is fixed.

    Raises:
        UnsupportedError: an encoding or output map that nobody has spelled in layers, or one of
            its numbers is none in float32.
    """
    inputs = physics_inputs(sampling)
    if any(condition.name == LATENTS for condition in sampling.conditions):
        message = f"a condition has the name of the latents, '{LATENTS}'"
        raise UnsupportedError(message)
    parts = Assembly(network.shapes, PREFIX)
    named = {name: parts.name(name) for name in inputs}
    with np.errstate(over="ignore"):  # what overflows is refused below
        _feed(parts, network, sampling, named)
        in_front = len(parts.nodes)
        showers = _energies(parts, network, sampling, named["energy_mev"])
    _require_finite(parts.nodes)
    whole = Network(
        {named[name]: shape for name, shape in inputs.items()},
        [*parts.nodes[:in_front], *network.nodes, *parts.nodes[in_front:]],
        [showers],
    )
    ports = tuple(Port(name, "variable_{}") for name in inputs)
    return PhysicsNetwork(whole, Interface(ports, Port(SHOWERS, "cell_{}"), batch), sampling)


def _feed(parts: Assembly, network: Network, sampling: Sampling, named: dict[str, str]) -> None:
    """Add nodes that have the names and the values of the network's inputs."""
    conditions = {condition.name: condition for condition in sampling.conditions}
    columns = [named[LATENTS]] if sampling.noise.size else []
    for term in sampling.encoding.terms:
        condition = conditions[term.condition]
        columns.append(spell_term(parts, named[term.condition], condition, term))
    vector, start = parts.add("vector", "concatenate", columns), 0
    for name, shape in network.inputs.items():
        part = parts.part("part", vector, start, math.prod(shape))
        parts.nodes.append(Node(name, "reshape", (part,), {"shape": list(shape)}))
        start += math.prod(shape)


def _energies(parts: Assembly, network: Network, sampling: Sampling, energy: str) -> str:
    """Add what makes showers of the network's output, and return their name."""
    flat = parts.add("output", "reshape", [network.outputs[0]], {"shape": [network.n_outputs]})
    cells = spell_output(parts, flat, energy, sampling)
    # the readout keeps a cell at the threshold, as this function does
    cut = {"function": "relu", "threshold": sampling.output.threshold_mev}
    readout = parts.add("readout", "activation", [cells], cut)
    return parts.add("showers", "reshape", [readout], {"shape": list(sampling.mesh.shape)})


def _require_finite(nodes: Iterable[Node]) -> None:
    for node in nodes:
        for key, value in node.weights.items():
            if not np.isfinite(value).all():
                message = f"{key} of layer '{node.name}' is no number in float32"
                raise UnsupportedError(message)
