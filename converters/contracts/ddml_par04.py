"""DDML, the Par04 example VAE inside key4hep.

Source: key4hep/DDML, src/Par04ExampleVAE.cc and src/ONNXInference.cc: inputs are fed by position,
float32, and the first output is read flat. The vector is that of Geant4's Par04 (the angle in
rad over π/2 is the same number), but azimuth cells are counted from 0 instead of -π.
"""

from __future__ import annotations

from dataclasses import replace

from caloexport.converters.contracts import Contract, Feed, Form, contracts
from caloexport.converters.contracts.par04_vae import CELLS, MESH, SLOTS, TRAINED

contracts.register("ddml-par04")(
    Contract(
        summary="DDML's Par04 VAE: the vector of par04-vae, azimuth from 0; ONNX by position",
        versions="DDML of 2025 (Par04ExampleVAE); ONNX Runtime",
        forms={
            "onnx": Form(
                (Feed("input", SLOTS),),
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
            "other latents and meshes are set in the steering file of the model",
        ),
    )
)
