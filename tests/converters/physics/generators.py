"""Generators that use every encoding and every output map."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh, MeshLayer, n_cells
from caloexport.runtime.network import Network
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from tests.converters.contracts.generators import body
from tests.networks import decoder, four_inputs

ENERGY = Condition("energy_mev", 10.0, 1_000_000.0)
ANGLE = Condition("theta_rad", math.pi / 3, math.pi / 2)
DETECTOR = Condition("geometry", categories=("scipb", "siw", "pbwo4"))
UNUSED = Condition("phi_rad", -math.pi, math.pi)

CYLINDER = CylinderMesh(2, 3, 4)
TURNED = CylinderMesh(2, 3, 4, order=("z", "phi", "r"))
LAYERED = LayeredMesh((MeshLayer(0, (0.0, 5.0, 20.0), 4), MeshLayer(2, (0.0, 2.0, 8.0, 30.0), 3)))

FRACTION = OutputMap("fraction_of_incident", {}, 0.0005)
ABSOLUTE = OutputMap("absolute", {"unit_mev": 1000.0}, 1.5)
DECOMPOSED = OutputMap("layer_fractions", {"total_scale": 1.3}, 0.01)

LINEAR = Term("linear", "energy_mev", {"offset": 0.0, "scale": 1e6})
RATIO = Term("log_ratio", "energy_mev", {"low": 10.0, "high": 1e6})
STANDARDISED = Term("standardised_log", "energy_mev", {"mean": 9.3, "sigma": 0.7})
CENTRED = Term("linear", "theta_rad", {"offset": 1.5, "scale": 0.05})
CODES = Term("one_hot", "geometry", {"codes": {"siw": 3, "pbwo4": 0, "scipb": 1}, "size": 4})
SLOT = Term("constant", "geometry", {"value": 0.75})


def generator(
    terms: Sequence[Term],
    mesh: Mesh = CYLINDER,
    output: OutputMap = FRACTION,
    conditions: Sequence[Condition] = (ENERGY, ANGLE, DETECTOR),
    noise: int = 5,
) -> Generator:
    """Return a small decoder of one flat input."""
    physics = Sampling(NoiseLaw(noise), tuple(conditions), Encoding(tuple(terms)), output, mesh)
    extra = 1 + mesh.n_layers if output.kind == "layer_fractions" else 0
    nodes = body("x", physics.width, n_cells(mesh) + extra)
    network = Network({"x": (physics.width,)}, nodes, ["fractions"])
    return Generator.from_network(network, physics, name="physics")


#: by name, what differs in how it is spelled
GENERATORS: dict[str, Generator] = {
    "one input": decoder(),
    "four inputs": four_inputs(),
    "logarithms": generator((RATIO, STANDARDISED, CENTRED)),
    "constant": generator((SLOT, LINEAR, CODES)),
    "no latents": generator((LINEAR, CENTRED), noise=0),
    "unused condition": generator((LINEAR,), conditions=(ENERGY, UNUSED)),
    "absolute": generator((RATIO,), output=ABSOLUTE),
    "layers of a cylinder": generator((RATIO,), output=DECOMPOSED),
    "layers in front": generator((RATIO, CODES), TURNED, DECOMPOSED),
    "layered mesh": generator((RATIO,), LAYERED, DECOMPOSED),
}


def whole_range(model: Generator, n: int = 64) -> dict[str, np.ndarray]:
    """Return conditions (n,) over the whole range, as float32 has them."""
    assert model.sampling is not None
    found = {}
    for turn, condition in enumerate(model.sampling.conditions):
        fraction = ((np.arange(n) * (1 + 2 * turn)) % n) / (n - 1)
        if condition.categories:
            kinds = np.array(condition.categories)
            found[condition.name] = kinds[np.arange(n) % len(kinds)]
            continue
        low, high = condition.low, condition.high
        assert low is not None
        assert high is not None
        values = low * (high / low) ** fraction if low > 0 else low + (high - low) * fraction
        found[condition.name] = np.clip(values, low, high).astype(np.float32).astype(np.float64)
    return found
