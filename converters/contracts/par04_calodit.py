"""Geant4 example Par04, CaloDiT-2 inference (new in 11.4).

Source: Geant4/geant4 11.4.0, examples/extended/parameterisations/Par04/src/Par04InferenceSetup.cc
and Par04OnnxInference.cc. The vector of eight holds E in GeV, φ and θ in rad and five geometry
flags; the latent size is ignored, because the noise is drawn inside the model. Such noise does not
follow the seed of Geant4, so no event can be repeated, and no reference could prove the file: a
generator with latents is refused, a deterministic network is taken.
"""

from __future__ import annotations

import math

from caloexport.converters.contracts import Cells, Contract, Feed, Form, contracts
from caloexport.converters.contracts.par04_vae import ONNX_NOTES
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.mesh import CylinderMesh

GEOMETRIES = ("Par04SiW", "Par04SciPb", "ODD", "FCCeeCLD", "new")

contracts.register("par04-calodit")(
    Contract(
        summary="Geant4 Par04 CaloDiT-2: E in GeV, φ, θ, five geometry flags in; 9x16x45 GeV out",
        versions="Geant4 11.4; ONNX Runtime up to 1.22",
        forms={
            "onnx": Form(
                (
                    Feed(
                        "input",
                        (
                            Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_000.0}),
                            Term("linear", "phi_rad", {"offset": 0.0, "scale": 1.0}),
                            Term("linear", "theta_rad", {"offset": 0.0, "scale": 1.0}),
                            Term(
                                "one_hot",
                                "geometry",
                                {"codes": {g: k for k, g in enumerate(GEOMETRIES)}, "size": 5},
                            ),
                        ),
                    ),
                ),
                Cells(
                    kind="absolute",
                    parameters={"unit_mev": 1_000.0},
                    threshold_mev=0.0005,
                    mesh=CylinderMesh(9, 16, 45, 4.65, 3.4),
                    family="cylinder",
                    order=("r", "phi", "z"),
                    phi_origin_rad=-math.pi,
                ),
            )
        },
        assumed=(
            Condition("energy_mev", 1_000.0, 1_000_000.0),
            Condition("phi_rad", 0.0, 2 * math.pi),
            Condition("theta_rad", 0.87, 2.27),
            Condition("geometry", categories=GEOMETRIES),
        ),
        notes=(
            "select it with /Par04/inference/setModelType CaloDiT-2",
            (
                "the C++ draws no latents: noise belongs inside the model, where the seed of Geant4 "
                "does not reach it"
            ),
            *ONNX_NOTES,
        ),
    )
)
