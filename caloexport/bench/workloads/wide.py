"""W4: a decoder with wide hidden layers for CaloChallenge dataset 2."""

from __future__ import annotations

import math

from caloexport.bench.workloads import ENERGY, PHI, THETA, chain, workloads
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap

TERMS = (
    Term("log_ratio", "energy_mev", {"low": 1_000.0, "high": 1_024_000.0}),
    Term("linear", "theta_rad", {"offset": 0.0, "scale": math.pi / 2}),
    Term("linear", "phi_rad", {"offset": 0.0, "scale": math.pi}),
)


@workloads.register("W4")
def w4() -> Generator:
    """Return 13 → 512 → 512 → 6480, LeakyReLU and sigmoid: 14.4 MB of weights."""
    sampling = Sampling(
        NoiseLaw(10),
        (ENERGY, THETA, PHI),
        Encoding(TERMS),
        OutputMap("fraction_of_incident", {}, 0.0),
        CylinderMesh(9, 16, 45, 4.65, 3.4),
    )
    network = chain((13, 512, 512, 6480), "leaky_relu", "sigmoid")
    return Generator.from_network(network, sampling, name="W4")
