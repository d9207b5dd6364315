"""FastCaloSim's simulator of binned showers by flows (TFCSMLCalorimeterSimulator).

Source: fcs-proj/FastCaloSim, source/Core/TFCSMLCalorimeterSimulator.cxx and TFCSONNXHandler.cxx.
Four inputs by name: one latent for each voxel, one for each layer, |η|·10 and the raw energy in
MeV; the output is MeV in each voxel, layer by layer in the order of the bins in the geometry file.
Elements are looked up by their number behind the common beginning of their names.
"""

from __future__ import annotations

from caloexport.converters.contracts import Cells, Contract, Feed, Form, Latents, contracts
from caloexport.converters.contracts.fastcalosim_v2 import ONNX_NOTES
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term

contracts.register("fastcalosim-binned-flow")(
    Contract(
        summary="FastCaloSim binned showers: latents by voxel and layer, |η|·10, E in MeV in; MeV out",
        versions="FastCaloSim of 2026; ONNX Runtime up to 1.22",
        forms={
            "onnx": Form(
                (
                    Feed("cfm_z_shape", (Latents("normal", 0.0, 1.0, "cells"),)),
                    Feed("inn_z_energy", (Latents("normal", 0.0, 1.0, "layers"),)),
                    Feed("inn_eta_in", (Term("linear", "eta", {"offset": 0.0, "scale": 0.1}),)),
                    Feed(
                        "inn_einc_in",
                        (Term("linear", "energy_mev", {"offset": 0.0, "scale": 1.0}),),
                    ),
                ),
                Cells(kind="absolute", parameters={"unit_mev": 1.0}, family="layered", at_least=2),
                notes=ONNX_NOTES,
            )
        },
        assumed=(
            Condition("energy_mev", 64.0, 4_194_304.0),
            Condition("eta", 0.0, 5.0),
        ),
        notes=(
            "set the number of voxels and layers, and the boundaries of the layers, at the simulator",
            "the bins of the geometry file must stand in the order of the outputs",
            "a NaN in the first output makes it draw again, up to five times",
        ),
    )
)
