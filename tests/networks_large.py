"""A generator whose kernels are large enough to be stored in fewer bits."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh, n_cells
from caloexport.runtime.network import Network, Node
from tests.networks import dense, sampling


def large_decoder() -> Generator:
    """Return a decoder with two large kernels: 24 to 700 hidden units, to 8 x 6 x 10 cells."""
    mesh = CylinderMesh(8, 6, 10, 2.325, 3.4)
    physics = sampling(mesh)
    cells = dense("cells", "leaky", 700, n_cells(mesh))
    # a few per cent of the energy in the cells, falling with the radius
    bias = np.repeat(np.linspace(-4, -9, 8, dtype=np.float32), 60)
    kernel = 0.5 * cells.weights["kernel"]
    nodes = [
        dense("first", "x", physics.width, 24),
        dense("hidden", "first", 24, 700),
        Node("leaky", "activation", ("hidden",), {"function": "leaky_relu", "negative_slope": 0.3}),
        cells.with_weights(bias=bias, kernel=kernel),
        Node("fractions", "activation", ("cells",), {"function": "sigmoid"}),
    ]
    network = Network({"x": (physics.width,)}, nodes, ["fractions"])
    return Generator.from_network(network, physics, name="large")
