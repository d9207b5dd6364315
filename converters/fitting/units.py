"""Turn a network's output into another unit, inside the network.

Fractions times an energy that the consumer feeds linearly are MeV, and the other way round; a
decomposition into layers can be multiplied out. Formats without multiplication (LWTNN) refuse
the result by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.converters.assembly import Assembly
from caloexport.converters.layer_fractions import multiplied_out
from caloexport.converters.rewrites.rearrange import unused
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network, Node
from caloexport.runtime.output_maps import OutputMap

if TYPE_CHECKING:
    from caloexport.converters.fitting.cells import Energy


def cell_by_cell(network: Network, sampling: Sampling) -> tuple[Network, OutputMap]:
    """Return the network with one output for each cell, and what it means."""
    output = sampling.output
    if output.kind != "layer_fractions":
        return network, output
    parts = Assembly(network.shapes)
    scale = output.parameters["total_scale"]
    name = multiplied_out(parts, network.outputs[0], sampling.mesh, scale)
    network = Network(network.inputs, [*network.nodes, *parts.nodes], [name])
    return network, OutputMap("fraction_of_incident", {}, output.threshold_mev)


def in_unit(
    network: Network, output: OutputMap, wanted: OutputMap, energy: Energy | None, contract: str
) -> Network:
    """Return the network with an output of another unit.

    Args:
        network: of one flat output, fed by the consumer's inputs.
        output: what it means now, cell by cell.
        wanted: what it shall mean.
        energy: where the incident energy is fed.
        contract: its name, for messages.

    Raises:
        UnsupportedError: no exact way leads there.
    """
    if output.kind == wanted.kind == "absolute":
        factor = output.parameters["unit_mev"] / wanted.parameters["unit_mev"]
        return _scaled(network, factor)
    if (output.kind, wanted.kind) == ("fraction_of_incident", "absolute"):
        return _with_energy(network, "multiply", wanted.parameters["unit_mev"], energy, contract)
    if (output.kind, wanted.kind) == ("absolute", "fraction_of_incident"):
        return _with_energy(network, "divide", output.parameters["unit_mev"], energy, contract)
    if output.kind == wanted.kind:
        return network
    message = f"contract {contract} reads {wanted.kind}, the generator gives {output.kind}"
    raise UnsupportedError(message)


def _scaled(network: Network, factor: float) -> Network:
    name, last = unused(network, "unit"), network.outputs[0]
    weights = {
        "scale": np.full(network.n_outputs, factor, np.float32),
        "offset": np.zeros(network.n_outputs, np.float32),
    }
    node = Node(name, "normalization", (last,), {}, weights)
    return Network(network.inputs, [*network.nodes, node], [name])


def _with_energy(
    network: Network, kind: str, unit_mev: float, energy: Energy | None, contract: str
) -> Network:
    """Multiply or divide the output by the incident energy in a unit."""
    if energy is None or energy.affine.function != "x":
        message = (
            f"contract {contract} reads another unit than the generator gives, and does not feed "
            "the incident energy in a form that the network could multiply by"
        )
        raise UnsupportedError(message, hint="train for the output that the contract reads")
    (size,) = network.inputs[energy.feed]
    kernel = np.zeros((size, 1), dtype=np.float64)
    # the column holds slope·E + intercept
    kernel[energy.column, 0] = 1 / (energy.affine.slope * unit_mev)
    bias = np.array([-energy.affine.intercept / (energy.affine.slope * unit_mev)])
    weights = {"kernel": kernel.astype(np.float32), "bias": bias.astype(np.float32)}
    incident, name = unused(network, "incident"), unused(network, "energies")
    nodes = [
        *network.nodes,
        Node(incident, "dense", (energy.feed,), {}, weights),
        Node(name, kind, (network.outputs[0], incident)),
    ]
    return Network(network.inputs, nodes, [name])
