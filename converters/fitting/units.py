"""Turn a network's output into another unit, inside the network.

Fractions times an energy that the consumer feeds linearly are MeV, and the other way round; a
decomposition into layers can be multiplied out. Formats without multiplication (LWTNN) refuse
the result by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.converters.rewrites.rearrange import unused
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.network import Network, Node
from caloexport.runtime.output_maps import OutputMap

if TYPE_CHECKING:
    from caloexport.converters.fitting.cells import Energy

#: weights of the matrix that spreads layer energies over the cells
SPREAD_LIMIT = 4_000_000


def cell_by_cell(network: Network, sampling: Sampling, contract: str) -> tuple[Network, OutputMap]:
    """Return the network with one output for each cell, and what it means.

    Raises:
        UnsupportedError: a decomposition into layers over too many cells.
    """
    output = sampling.output
    if output.kind != "layer_fractions":
        return network, output
    fraction = OutputMap("fraction_of_incident", {}, output.threshold_mev)
    return _multiplied_out(network, sampling, contract), fraction


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


def _multiplied_out(network: Network, sampling: Sampling, contract: str) -> Network:
    """Return E_cell/E_inc: cell fraction · layer share · total, as the output map has them."""
    mesh, cells = sampling.mesh, n_cells(sampling.mesh)
    if mesh.n_layers * cells > SPREAD_LIMIT:
        message = f"contract {contract} reads one value per cell, the generator gives layer shares"
        raise UnsupportedError(message, hint="train for fractions of the incident energy")
    last = network.outputs[0]
    names = {
        part: unused(network, part) for part in ("cells", "total", "shares", "spread", "fractions")
    }
    spread = np.zeros((mesh.n_layers, cells), dtype=np.float32)
    spread[mesh.indices()["z"], np.arange(cells)] = sampling.output.parameters["total_scale"]
    weights = {"kernel": spread, "bias": np.zeros(cells, np.float32)}
    nodes = [
        *network.nodes,
        _part(names["cells"], last, 0, cells),
        _part(names["total"], last, cells, 1),
        _part(names["shares"], last, cells + 1, mesh.n_layers),
        Node(names["spread"], "dense", (names["shares"],), {}, weights),
        Node(names["fractions"], "multiply", (names["cells"], names["spread"], names["total"])),
    ]
    return Network(network.inputs, nodes, [names["fractions"]])


def _part(name: str, source: str, start: int, length: int) -> Node:
    return Node(name, "slice", (source,), {"axis": 0, "start": start, "step": 1, "length": length})
