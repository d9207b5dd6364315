"""The small generators that C++ is made from in tests: they differ in all they can."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer, n_cells
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from tests.networks import dense

HIDDEN = 12


def cylinder() -> Generator:
    """Return a decoder for Par04's contract: energy, angle and geometry to 4 x 6 x 5 cells."""
    terms = (
        Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024_000.0}),
        Term("linear", "theta_rad", {"offset": 0.0, "scale": math.pi / 2}),
        Term("one_hot", "geometry", {"codes": {"scipb": 0, "siw": 1}, "size": 2}),
    )
    conditions = (
        Condition("energy_mev", 1_000.0, 1_024_000.0),
        Condition("theta_rad", math.pi / 3, math.pi / 2),
        Condition("geometry", categories=("scipb", "siw")),
    )
    mesh = CylinderMesh(4, 6, 5, 2.325, 3.4)
    output = OutputMap("fraction_of_incident", {}, 0.0005)
    physics = Sampling(NoiseLaw(10), conditions, Encoding(terms), output, mesh)
    nodes = _nodes(physics.width, n_cells(mesh), "leaky_relu", "sigmoid")
    network = Network({"x": (physics.width,)}, nodes, ["cells"])
    return Generator.from_network(network, physics, name="cylinder")


def layered() -> Generator:
    """Return a decoder for FastCaloSim's contracts: energy to two layers of 8 and 9 voxels."""
    low, high = 4_096.0, 4_194_304.0
    terms = (Term("log_ratio", "energy_mev", {"low": low, "high": high}),)
    mesh = LayeredMesh(
        (MeshLayer(0, (0.0, 5.0, 20.0), 4), MeshLayer(2, (0.0, 2.0, 8.0, 30.0), 3)),
        ("z", "r", "phi"),
    )
    output = OutputMap("fraction_of_incident", {}, 0.0)
    noise = NoiseLaw(6, "normal", 0.5, 0.5)
    physics = Sampling(noise, (Condition("energy_mev", low, high),), Encoding(terms), output, mesh)
    nodes = _nodes(physics.width, n_cells(mesh), "swish", "relu")
    network = Network({"x": (physics.width,)}, nodes, ["cells"])
    return Generator.from_network(network, physics, name="layered")


def fractions() -> Generator:
    """Return a decoder with everything the others lack, of no contract.

    Uniform noise, a standardised logarithm, a constant, a condition with one value, a total and
    shares of layers in the output, and a cylinder in another order without sizes.
    """
    terms = (
        Term("standardised_log", "energy_mev", {"mean": 10.0, "sigma": 1.5}),
        Term("constant", "phi_rad", {"value": 0.25}),
        Term("linear", "theta_rad", {"offset": 0.1, "scale": 2.0}),
    )
    conditions = (
        Condition("energy_mev", 2_000.0, 512_000.0),
        Condition("phi_rad", -math.pi, math.pi),
        Condition("theta_rad", 1.25, 1.25),
    )
    mesh = CylinderMesh(3, 4, 5, order=("z", "phi", "r"), phi_origin_rad=0.0)
    output = OutputMap("layer_fractions", {"total_scale": 600.0}, 0.05)
    noise = NoiseLaw(7, "uniform", -1.0, 1.0)
    physics = Sampling(noise, conditions, Encoding(terms), output, mesh)
    nodes = _nodes(physics.width, n_cells(mesh) + 1 + mesh.n_layers, "leaky_relu", "sigmoid", -5.0)
    network = Network({"x": (physics.width,)}, nodes, ["cells"])
    return Generator.from_network(network, physics, name="layer fractions")


def operations() -> Generator:
    """Return a decoder with convolutions, reductions and softmax between its dense layer and cells.

    What a plan can hold beside them is tested operation by operation elsewhere.
    """
    single = cylinder()
    assert single.sampling is not None
    rng = np.random.default_rng(5)

    def weights(**shapes: tuple[int, ...]) -> dict[str, Float32]:
        return {k: rng.normal(scale=0.4, size=v).astype(np.float32) for k, v in shapes.items()}

    leaky = {"function": "leaky_relu", "negative_slope": 0.3}
    wider = {"strides": [2, 2], "dilation": [1, 1], "crop": [[1, 0], [0, 1]]}
    same = {"strides": [1, 1], "dilation": [1, 1], "padding": [[1, 1], [1, 1]], "groups": 1}
    mean = {"function": "mean", "axes": [0, 1], "keep": True}
    nodes = [
        dense("first", "x", single.sampling.width, 24),
        Node("leaky", "activation", ("first",), leaky),
        Node("folded", "reshape", ("leaky",), {"shape": [2, 3, 4]}),
        Node(
            "wider", "conv_transpose", ("folded",), wider, weights(kernel=(3, 3, 3, 4), bias=(3,))
        ),
        Node(
            "normal",
            "layer_normalization",
            ("wider",),
            {"epsilon": 1e-3},
            weights(gamma=(3,), beta=(3,)),
        ),
        Node("conv", "conv", ("normal",), same, weights(kernel=(3, 3, 3, 5), bias=(5,))),
        Node("swish", "activation", ("conv",), {"function": "swish"}, {"beta": np.ones(5, "f4")}),
        Node("mean", "reduce", ("swish",), mean),
        Node("gated", "multiply", ("swish", "mean")),
        Node("turned", "permute", ("gated",), {"order": [2, 0, 1]}),
        Node("flat", "reshape", ("turned",), {"shape": [120]}),
        Node("norm", "normalization", ("flat",), {}, weights(scale=(120,), offset=(120,))),
        Node("cells", "activation", ("norm",), {"function": "softmax"}),
    ]
    network = Network({"x": (single.sampling.width,)}, nodes, ["cells"])
    return Generator.from_network(network, single.sampling, name="operations")


#: by the name that a case carries
GENERATORS = {
    "cylinder": cylinder,
    "layered": layered,
    "fractions": fractions,
    "operations": operations,
}


def _nodes(width: int, n_out: int, hidden: str, last: str, low: float = -25.0) -> list[Node]:
    slope = {"negative_slope": 0.3} if hidden == "leaky_relu" else {}
    trained = {"beta": np.linspace(0.7, 1.3, HIDDEN, dtype=np.float32)} if not slope else {}
    cells = dense("last", "activation", HIDDEN, n_out)
    if last == "sigmoid":  # as in a trained decoder, a few cells hold most of the energy
        bias = np.linspace(-3, low, n_out, dtype=np.float32)
        cells = cells.with_weights(kernel=cells.weights["kernel"], bias=bias)
    return [
        dense("first", "x", width, HIDDEN),
        Node("activation", "activation", ("first",), {"function": hidden, **slope}, trained),
        cells,
        Node("cells", "activation", ("last",), {"function": last}),
    ]
