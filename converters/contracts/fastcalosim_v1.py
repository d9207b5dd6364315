"""FastCaloSim's first GAN (TFCSEnergyAndHitGAN), in Athena until 2024.

Source: ATLAS-experiment/athena, Simulation/ISF/ISF_FastCaloSim/ISF_FastCaloSimEvent/src/
TFCSEnergyAndHitGAN.cxx. It differs from GANV2 in all that matters: 50 latents U(-1, 1) named "0"
to "49", the momentum over 2^22 MeV as variable "0" of node_1, outputs looked up as ``out_{k}``,
and voxels with alpha outside and r inside. Momentum and kinetic energy are the same for photons.
"""

from __future__ import annotations

import math

from caloexport.converters.contracts import Cells, Contract, Feed, Form, Latents, contracts
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term

contracts.register("fastcalosim-v1")(
    Contract(
        summary="FastCaloSim GANV1: 50 latents U(-1, 1) and p/2^22 in; E/E_kin, alpha outside, out",
        versions="Athena until 2024; LWTNN 2.8 or later",
        forms={
            "lwtnn": Form(
                (
                    Feed("node_0", (Latents("uniform", -1.0, 1.0, 50, settable=False),), "{}"),
                    Feed(
                        "node_1",
                        (Term("linear", "energy_mev", {"offset": 0.0, "scale": 2.0**22}),),
                        "{}",
                    ),
                ),
                Cells(family="layered", order=("z", "phi", "r"), phi_origin_rad=-math.pi),
                newest_lwtnn="2.13",
            )
        },
        assumed=(Condition("energy_mev", 256.0, 4_194_304.0),),
        notes=(
            (
                "the C++ feeds the momentum, not the kinetic energy: the same for photons, 0.4 MeV "
                "less than it for electrons, more different for hadrons"
            ),
            "its files are called neural_net_PID_eta_A_B.json, B = A + 5 in hundredths of |η|",
            "it drops zeros but keeps negative values",
        ),
    )
)
