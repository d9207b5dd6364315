"""Bring cells into another order, at no cost where a dense layer makes them, else by their axes."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.rewrites.rearrange import can_rearrange, rearrange, unused
from caloexport.runtime.arrays import Integers
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.runtime.network import Network, Node


def reordered(network: Network, mesh: Mesh, wanted: Mesh, order: Integers) -> Network:
    """Return the network with its cells in another order.

    Args:
        network: of one flat output, in the order of ``mesh``.
        mesh: the cells now.
        wanted: the same cells in the other order.
        order: for each new place, the old one.

    Raises:
        UnsupportedError: neither a dense layer nor the axes of the mesh lead there.
    """
    same = np.array_equal(order, np.arange(len(order)))
    if same or can_rearrange(network, order) or not isinstance(mesh, CylinderMesh):
        return rearrange(network, order)
    return _by_axes(network, mesh, wanted)


def _by_axes(network: Network, mesh: CylinderMesh, wanted: Mesh) -> Network:
    """Reshape into the axes of a cylinder, exchange them, roll azimuth, and flatten again."""
    flat = network.outputs[0]
    names = {
        part: unused(network, f"{flat}:{part}")
        for part in ("axes", "exchanged", "end", "start", "rolled", "ordered")
    }
    exchange = [mesh.order.index(axis) for axis in wanted.order]
    shape = [mesh.shape[k] for k in exchange]
    nodes = [
        Node(names["axes"], "reshape", (flat,), {"shape": list(mesh.shape)}),
        Node(names["exchanged"], "permute", (names["axes"],), {"order": exchange}),
    ]
    last, axis = names["exchanged"], wanted.order.index("phi")
    # the wanted bin j is the old bin j + first
    turn = (wanted.phi_origin_rad - mesh.phi_origin_rad) / (2 * math.pi / mesh.n_phi)
    first = round(turn) % mesh.n_phi
    if first:
        nodes += [
            _part(names["end"], last, axis, first, mesh.n_phi - first),
            _part(names["start"], last, axis, 0, first),
            Node(names["rolled"], "concatenate", (names["end"], names["start"]), {"axis": axis}),
        ]
        last = names["rolled"]
    nodes.append(Node(names["ordered"], "reshape", (last,), {"shape": [math.prod(shape)]}))
    return Network(network.inputs, [*network.nodes, *nodes], [names["ordered"]])


def _part(name: str, source: str, axis: int, start: int, length: int) -> Node:
    attributes = {"axis": axis, "start": start, "step": 1, "length": length}
    return Node(name, "slice", (source,), attributes)
