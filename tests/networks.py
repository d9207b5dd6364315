"""Small generators that several tests share."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh, Mesh, n_cells
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap

ENERGY = Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024_000.0})
ANGLE = Term("linear", "theta_rad", {"offset": 0.0, "scale": math.pi / 2})
GEOMETRY = Term("one_hot", "geometry", {"codes": {"pbwo4": 0, "scipb": 1, "siw": 2}, "size": 3})


def dense(name: str, reads: str, n_in: int, n_out: int, seed: int = 1) -> Node:
    """Return a dense layer with reproducible weights."""
    rng = np.random.default_rng([seed, n_in, n_out])
    kernel = rng.normal(scale=math.sqrt(2 / n_in), size=(n_in, n_out)).astype(np.float32)
    return Node(name, "dense", (reads,), {}, {"kernel": kernel, "bias": np.full(n_out, 0.1, "f4")})


def sampling(mesh: Mesh, terms: tuple[Term, ...] = (ENERGY, ANGLE, GEOMETRY)) -> Sampling:
    """Return Par04-like physics with ten latents."""
    coded = next((tuple(t.parameters["codes"]) for t in terms if t.kind == "one_hot"), ("siw",))
    conditions = {
        "energy_mev": Condition("energy_mev", 1_000.0, 64_000.0),
        "theta_rad": Condition("theta_rad", math.pi / 3, math.pi / 2),
        "geometry": Condition("geometry", categories=coded),
    }
    used = tuple(conditions[name] for name in dict.fromkeys(term.condition for term in terms))
    output = OutputMap("fraction_of_incident", {}, 0.0005)
    return Sampling(NoiseLaw(10), used, Encoding(terms), output, mesh)


def decoder(
    mesh: Mesh | None = None, terms: tuple[Term, ...] = (ENERGY, ANGLE, GEOMETRY)
) -> Generator:
    """Return a decoder of one input: dense, leaky ReLU, normalization, dense, sigmoid."""
    mesh = mesh or CylinderMesh(3, 4, 5, 2.325, 3.4)
    physics = sampling(mesh, terms)
    scale = np.linspace(0.5, 1.5, 8, dtype=np.float32)
    nodes = [
        dense("hidden", "x", physics.width, 8),
        Node("leaky", "activation", ("hidden",), {"function": "leaky_relu", "negative_slope": 0.3}),
        Node("norm", "normalization", ("leaky",), {}, {"scale": scale, "offset": scale - 1}),
        dense("cells", "norm", 8, n_cells(mesh)),
        Node("fractions", "activation", ("cells",), {"function": "sigmoid"}),
    ]
    network = Network({"x": (physics.width,)}, nodes, ["fractions"])
    return Generator.from_network(network, physics, name="toy")


def four_inputs(order: tuple[str, ...] = ("z", "energy", "angle", "geometry")) -> Generator:
    """Return the decoder that Par04's training builds: four inputs, joined in any order."""
    single = decoder()
    sizes = {"z": 10, "energy": 1, "angle": 1, "geometry": 3}
    joint = Node("joint", "concatenate", order)
    first = replace(single.network.nodes[0], inputs=("joint",))
    nodes = [joint, first, *single.network.nodes[1:]]
    network = Network({name: (size,) for name, size in sizes.items()}, nodes, ["fractions"])
    return Generator.from_network(network, single.sampling, name="four inputs")
