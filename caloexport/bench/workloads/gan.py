"""W3 and W3b: small generators with swish, as in ATLAS' GANs."""

from __future__ import annotations

from caloexport.bench.workloads import ENERGY, chain, workloads
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import LayeredMesh, MeshLayer
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap

ENERGY_LABEL = Term("log_ratio", "energy_mev", {"low": 1_000.0, "high": 1_024_000.0})
OUTPUT = OutputMap("fraction_of_incident", {}, 0.0)
REGIONS = tuple(f"region-{k}" for k in range(9))


def layered(cells: tuple[tuple[int, int], ...]) -> LayeredMesh:
    """Return a mesh of layers with (n_r, n_phi) cells and radial steps of 1 mm."""
    return LayeredMesh(
        tuple(
            MeshLayer(k, tuple(float(edge) for edge in range(n_r + 1)), n_phi)
            for k, (n_r, n_phi) in enumerate(cells)
        )
    )


@workloads.register("W3")
def w3() -> Generator:
    """Return 310 → 128 → 256 → 384 → 512 → 266, swish and ReLU: 2 MB of weights."""
    region = Condition("geometry", categories=REGIONS)
    codes = {name: k for k, name in enumerate(REGIONS)}
    label = Term("one_hot", "geometry", {"codes": codes, "size": len(REGIONS)})
    mesh = layered(((3, 7), (3, 56), (7, 7), (7, 4)))
    sampling = Sampling(
        NoiseLaw(300), (ENERGY, region), Encoding((ENERGY_LABEL, label)), OUTPUT, mesh
    )
    network = chain((310, 128, 256, 384, 512, 266), "swish", "relu")
    return Generator.from_network(network, sampling, name="W3")


@workloads.register("W3b")
def w3b() -> Generator:
    """Return 51 → 50 → 100 → 200 → 400 → 533, swish and ReLU: 1.3 MB of weights."""
    mesh = layered(((8, 1), (10, 10), (10, 10), (5, 1), (15, 10), (16, 10), (10, 1)))
    sampling = Sampling(NoiseLaw(50), (ENERGY,), Encoding((ENERGY_LABEL,)), OUTPUT, mesh)
    network = chain((51, 50, 100, 200, 400, 533), "swish", "relu")
    return Generator.from_network(network, sampling, name="W3b")
