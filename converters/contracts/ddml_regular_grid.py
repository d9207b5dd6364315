"""DDML, the GAN on a regular grid (RegularGridGANModel).

Source: key4hep/DDML, src/RegularGridGANModel.cc and src/ONNXInference.cc. Two inputs by position:
latents drawn from U(-1, 1) and the kinetic energy in GeV; one output of energies in MeV, layers
(z) outermost, then x, then y. The number of cells and of latents is set in the steering file.
"""

from __future__ import annotations

from caloexport.converters.contracts import Cells, Contract, Feed, Form, Latents, contracts
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term

contracts.register("ddml-regular-grid")(
    Contract(
        summary="DDML's grid GAN: latents U(-1, 1) and E in GeV in; MeV in order z, x, y out",
        versions="DDML of 2025 (RegularGridGANModel); ONNX Runtime",
        forms={
            "onnx": Form(
                (
                    Feed("latent", (Latents("uniform", -1.0, 1.0),)),
                    Feed(
                        "energy",
                        (Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_000.0}),),
                    ),
                ),
                Cells(kind="absolute", parameters={"unit_mev": 1.0}),
            )
        },
        assumed=(Condition("energy_mev", 10_000.0, 100_000.0),),
        notes=(
            "DDML feeds the inputs by position: latents first, then the energy",
            "it reads the cells as layer z, then x, then y; set their numbers in the steering file",
        ),
    )
)
