"""W1 and W2: the decoder of Geant4's Par04 example, with its own mesh and with 24³ cells."""

from __future__ import annotations

import math

from caloexport.bench.workloads import ENERGY, THETA, chain, workloads
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh, n_cells
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap

GEOMETRY = Condition("geometry", categories=("scipb", "siw"))
TERMS = (
    Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024_000.0}),
    Term("linear", "theta_rad", {"offset": 0.0, "scale": math.pi / 2}),
    Term("one_hot", "geometry", {"codes": {"scipb": 0, "siw": 1}, "size": 2}),
)


def decoder(name: str, mesh: CylinderMesh) -> Generator:
    """Return Par04's decoder, ten latents and four condition inputs, for a mesh."""
    output = OutputMap("fraction_of_incident", {}, 0.0005)
    sampling = Sampling(NoiseLaw(10), (ENERGY, THETA, GEOMETRY), Encoding(TERMS), output, mesh)
    widths = (14, 14, 20, 50, 100, n_cells(mesh))
    return Generator.from_network(chain(widths, "leaky_relu", "sigmoid"), sampling, name=name)


@workloads.register("W1")
def w1() -> Generator:
    """Return 14 → 14 → 20 → 50 → 100 → 40500: 16.4 MB of weights."""
    return decoder("W1", CylinderMesh(18, 50, 45, 2.325, 3.4))


@workloads.register("W2")
def w2() -> Generator:
    """Return 14 → 14 → 20 → 50 → 100 → 13824: 5.6 MB of weights."""
    return decoder("W2", CylinderMesh(24, 24, 24))
