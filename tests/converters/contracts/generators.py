"""Generators and bare networks for the tests of the contracts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh, MeshLayer, n_cells
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from tests.networks import dense

LATENTS = 6
ENERGY = Condition("energy_mev", 5_000.0, 1_000_000.0)
FRACTION = OutputMap("fraction_of_incident", {})
#: two layers in FastCaloSim's own order
VOXELS = LayeredMesh(
    (MeshLayer(0, (0.0, 5.0, 20.0), 4), MeshLayer(2, (0.0, 2.0, 8.0, 30.0), 3)), ("z", "r", "phi")
)
PAR04 = CylinderMesh(18, 50, 45, 2.325, 3.4)


def log_ratio(low: float = 1_000.0, high: float = 1_000_000.0) -> Term:
    return Term("log_ratio", "energy_mev", {"low": low, "high": high})


def linear(scale: float, condition: str = "energy_mev", offset: float = 0.0) -> Term:
    return Term("linear", condition, {"offset": offset, "scale": scale})


def trained(
    terms: Sequence[Term],
    mesh: Mesh = VOXELS,
    noise: NoiseLaw | None = None,
    output: OutputMap = FRACTION,
    conditions: Sequence[Condition] = (ENERGY,),
    outputs: int | None = None,
) -> Generator:
    """Return a generator that says what its input and output mean."""
    physics = Sampling(
        noise or NoiseLaw(LATENTS), tuple(conditions), Encoding(tuple(terms)), output, mesh
    )
    nodes = body("x", physics.width, outputs or n_cells(mesh))
    network = Network({"x": (physics.width,)}, nodes, ["fractions"])
    return Generator.from_network(network, physics, name="trained")


def bare(sizes: dict[str, int], n_out: int, order: Sequence[str] | None = None) -> Generator:
    """Return a network as a Keras file gives it: inputs joined in an order, nothing explained."""
    width = sum(sizes.values())
    nodes = body("joint", width, n_out)
    joint = Node("joint", "concatenate", tuple(order or sizes))
    if len(sizes) == 1:
        (name,) = sizes
        nodes, joint = body(name, width, n_out), None
    inputs = {name: (size,) for name, size in sizes.items()}
    every = nodes if joint is None else [joint, *nodes]
    return Generator.from_network(Network(inputs, every, ["fractions"]), name="bare")


def body(source: str, n_in: int, n_out: int) -> list[Node]:
    first = replace(dense("hidden", source, n_in, 8), name="hidden")
    return [
        first,
        Node("leaky", "activation", ("hidden",), {"function": "leaky_relu", "negative_slope": 0.3}),
        dense("cells", "leaky", 8, n_out),
        Node("fractions", "activation", ("cells",), {"function": "sigmoid"}),
    ]


def latents(law: NoiseLaw, seed: int = 3) -> np.ndarray:
    """Draw the latents of one shower, as a consumer would."""
    return law.draw(1, seed)


def close(found: np.ndarray, expected: np.ndarray, part: float = 2e-6) -> None:
    """Compare cells in MeV to a small part of the largest one."""
    found, expected = np.ravel(found), np.ravel(expected)
    np.testing.assert_allclose(found, expected, rtol=0, atol=part * np.abs(expected).max())


THETA = Condition("theta_rad", math.pi / 3, math.pi / 2)
