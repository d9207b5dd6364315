"""Geant4 example Par04, VAE inference.

Source: Geant4/geant4, examples/extended/parameterisations/Par04/src/Par04InferenceSetup.cc,
Par04LwtnnInference.cc and Par04OnnxInference.cc, releases 11.0 to 11.4: identical contract.
"""

from __future__ import annotations

import math

from caloexport.converters.contracts import Constant, Contract, contracts
from caloexport.runtime.encodings import Term
from caloexport.runtime.noise import NoiseLaw

contracts.register("par04-vae")(
    Contract(
        summary="Geant4 Par04 VAE: 10 latents, E/1024 GeV, θ/90°, 0, 1 in; 18x50x45 fractions out",
        targets=("lwtnn", "onnx"),
        versions="Geant4 11.0 to 11.4; LWTNN 2.8 or later; ONNX Runtime up to 1.22",
        noise=NoiseLaw(10, "normal", 0.0, 1.0),
        slots=(
            Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024_000.0}),
            Term("linear", "theta_rad", {"offset": 0.0, "scale": math.pi / 2}),
            Constant(0.0),
            Constant(1.0),
        ),
        output="fraction_of_incident",
        mesh_shape=(18, 50, 45),
        mesh_order=("r", "phi", "z"),
        phi_origin_rad=-math.pi,
        notes=(
            "the C++ always sets the geometry slots to 0, 1 (SiW); fix another geometry with --fix",
            "its energy window test is always true: the trained range is not checked by the C++",
            "its ONNX reader fails with ONNX Runtime 1.23 or later for a reason of its own",
        ),
    )
)
