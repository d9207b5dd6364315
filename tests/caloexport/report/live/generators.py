"""Generators whose pages the browser opens."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.precisions import rounded_network
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import LayeredMesh, Mesh, MeshLayer, n_cells
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from tests.networks import dense
from tests.networks_large import large_decoder

LAYERS = LayeredMesh(
    (MeshLayer(0, (0.0, 5.0, 10.0, 30.0), 1), MeshLayer(1, (0.0, 2.0, 10.0), 8)), ("z", "r", "phi")
)


def rounded(precision: str) -> Generator:
    """Return the large decoder on a cylinder in a precision."""
    exact = large_decoder()
    network = rounded_network(exact.network, precision)
    return Generator.from_network(
        network, exact.sampling, name="large", precision=precision, arithmetic=precision
    )


def rings() -> Generator:
    """Return a decoder of fractions within the layers of a layered mesh, with uniform latents."""
    cells, layers = n_cells(LAYERS), LAYERS.n_layers
    width = 7 + 2
    nodes = [
        dense("raw", "x", width, cells + 1 + layers),
        Node("cells", "activation", ("raw",), {"function": "grouped_softmax", "groups": [3, 16]}),
        Node("all", "activation", ("cells",), {"function": "sigmoid"}),
    ]
    terms = (
        Term("log_ratio", "energy_mev", {"low": 100.0, "high": 1e6}),
        Term("constant", "energy_mev", {"value": 1.0}),
    )
    energy = Condition("energy_mev", 100.0, 1e6)
    output = OutputMap("layer_fractions", {"total_scale": 1.5}, 0.01)
    sampling = Sampling(NoiseLaw(7, "uniform", -1, 1), (energy,), Encoding(terms), output, LAYERS)
    return Generator.from_network(Network({"x": (width,)}, nodes, ["all"]), sampling, name="rings")


def windows() -> Generator:
    """Return a decoder of ATLAS' windows, which asks how the windows lie."""
    conditions = (
        Condition("energy_mev", 1024.0, 131072.0),
        Condition("ripos_eta", -0.0125, 0.0125),
        Condition("pconfig", 0.0, 3.0),
        Condition("econfig", 0.0, 1.0),
    )
    terms = (
        Term("standardised_log", "energy_mev", {"mean": math.log(11_585.0), "sigma": 1.4}),
        *(Term("linear", one.name, {"offset": 0.0, "scale": 1.0}) for one in conditions[1:]),
    )
    return _plain(ATLAS_WINDOW, conditions, terms)


def _plain(mesh: Mesh, conditions: tuple[Condition, ...], terms: tuple[Term, ...]) -> Generator:
    width, cells = 5 + len(terms), n_cells(mesh)
    nodes = [
        dense("raw", "x", width, cells).with_weights(bias=np.full(cells, -5, "f4")),
        Node("all", "activation", ("raw",), {"function": "softplus"}),
    ]
    output = OutputMap("fraction_of_incident", {})
    sampling = Sampling(NoiseLaw(5, "normal", 0.5, 0.5), conditions, Encoding(terms), output, mesh)
    return Generator.from_network(
        Network({"x": (width,)}, nodes, ["all"]), sampling, name="windows"
    )
