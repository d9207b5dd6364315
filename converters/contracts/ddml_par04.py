"""DDML, the Par04 example VAE inside key4hep.

Source: key4hep/DDML, src/Par04ExampleVAE.cc and src/ONNXInference.cc: inputs are fed by position,
float32, and the first output is read flat. The vector is that of Geant4's Par04 but for the angle,
which DDML counts from the normal of the layers and Par04 from the axis of the barrel: a particle
perpendicular to the layers is 0 in DDML and 1 in Par04. Azimuth cells are counted from 0 instead
of -π.
"""

from __future__ import annotations

import math
from dataclasses import replace

from caloexport.converters.contracts import Contract, Feed, Form, contracts
from caloexport.converters.contracts.par04_vae import CELLS, MESH, SLOTS, TRAINED
from caloexport.runtime.encodings import Term

#: what is trained as the angle to the axis is fed as the angle to the normal
ANGLE = Term("linear", "theta_rad", {"offset": math.pi / 2, "scale": -math.pi / 2})
VECTOR = tuple(
    ANGLE if isinstance(one, Term) and one.condition == "theta_rad" else one for one in SLOTS
)

contracts.register("ddml-par04")(
    Contract(
        summary="DDML's Par04 VAE: par04-vae's vector, angle from the normal, azimuth from 0",
        versions="DDML of 2025 (Par04ExampleVAE); ONNX Runtime",
        forms={
            "onnx": Form(
                (Feed("input", VECTOR),),
                replace(
                    CELLS,
                    mesh=replace(MESH, phi_origin_rad=0.0),
                    phi_origin_rad=0.0,
                    threshold_mev=0.0,
                ),
            )
        },
        assumed=TRAINED,
        notes=(
            "DDML always sets the geometry slots to 0, 1 (SiW); fix another geometry with --fix",
            "--choose geometry=1,0 fixes the geometry of a file that does not name its geometries",
            "other meshes are set in the steering file of the model; other latents cannot be",
        ),
    )
)
