"""FastCaloSim's GANV2, in Athena and standalone.

Source: ATLAS-experiment/athena, Simulation/ISF/ISF_FastCaloSim/ISF_FastCaloSimEvent/src, and
fcs-proj/FastCaloSim, source/Core: TFCSGANEtaSlice.cxx (inputs), TFCSGANLWTNNHandler.cxx and
TFCSONNXHandler.cxx (names), TFCSEnergyAndHitGANV2.cxx (order of voxels), VNetworkBase.cxx
(prefixes of labels), TFCSNetworkFactory.cxx (sequential reader first).

The energy label spans the momentum window of the file: with ganVersion 2 and later, a placeholder
for |η|, always 0, follows it. LWTNN throws on a declared variable that is not fed, and ignores one
that is fed but not declared, so its file declares the label alone; a tensor smaller than what is
fed makes TFCSONNXHandler write out of bounds, so the ONNX file always has both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from caloexport.converters.contracts import (
    Cells,
    Constant,
    Contract,
    Feed,
    Form,
    Latents,
    OneOf,
    contracts,
)
from caloexport.converters.fitting.voxels import skipped_voxels
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network

#: inputs and output alike
DTYPES = ("float32", "float64")
ELECTRON, PION, PROTON = 0.51099895, 139.57039, 938.27208816  # MeV
#: end of the file name -> exponents of 2 of the momentum window in MeV, and mass
WINDOWS = {
    "22_High12": (12, 22, 0.0),
    "22_UltraLow12": (6, 12, 0.0),
    "11_High12": (12, 22, ELECTRON),
    "11_UltraLow12": (6, 12, ELECTRON),
    "211_All": (8, 22, PION),
    "2212_High10": (10, 22, PROTON),
}


def label(low: int, high: int, mass: float) -> Term:
    """Return ln(E/E_low)/ln(E_high/E_low) of a window of momenta 2^low to 2^high MeV."""
    ends = [math.hypot(2**exponent, mass) - mass for exponent in (low, high)]
    return Term("log_ratio", "energy_mev", {"low": ends[0], "high": ends[1]})


ONNX_NOTES = (
    (
        "TFCSONNXHandler crashes with ONNX Runtime 1.23 or later unless the host keeps an Ort::Env "
        "alive"
    ),
)
LATENTS = Latents("normal", 0.5, 0.5)
#: old training code has three conditions; the C++ feeds 0 for the second and nothing for the third
PLACEHOLDER, THIRD = Constant(0.0, "placeholder"), Constant(0.0, "third", declared=False)
LABEL = OneOf("window", {name: label(*window) for name, window in WINDOWS.items()})
CELLS = Cells(family="layered", order=("z", "r", "phi"), phi_origin_rad=-math.pi, at_least=2)


def file_name(
    network: Network, sampling: Sampling | None, choices: Mapping[str, str]
) -> str | None:
    """Return the name that FastCaloSim looks for."""
    pid, window = choices.get("window", "PID_WINDOW").split("_")
    return (
        f"FastCaloSim looks for neural_net_{pid}_eta_A_B_{window}.*, B = A + 5 in hundredths of |η|"
    )


contracts.register("fastcalosim-v2")(
    Contract(
        summary="FastCaloSim GANV2: latents N(0.5, 0.5) and a log energy ratio in; E/E_kin out",
        versions="Athena and FastCaloSim of 2024 to 2026; LWTNN 2.8 or later; ONNX Runtime up to "
        "1.22",
        forms={
            "lwtnn": Form(
                (
                    Feed("node_0", (LATENTS,)),
                    Feed("node_1", (LABEL, replace(PLACEHOLDER, declared=False), THIRD)),
                ),
                CELLS,
                newest_lwtnn="2.13",
            ),
            "cpp": Form(
                (
                    Feed("Noise", (LATENTS,)),
                    Feed("mycond", (LABEL, replace(PLACEHOLDER, declared=False), THIRD)),
                ),
                CELLS,
            ),
            "onnx": Form(
                (
                    Feed("Noise", (LATENTS,)),
                    Feed("mycond", (LABEL, PLACEHOLDER, THIRD)),
                ),
                CELLS,
                notes=ONNX_NOTES,
                dtypes=DTYPES,
            ),
        },
        assumed=(Condition("energy_mev", 64.0, 4_194_304.0),),
        refusals=(skipped_voxels,),
        advice=(file_name,),
        notes=(
            (
                "binning.xml must hold the latent size, and the bins in the order of the outputs: "
                "layer, r, alpha"
            ),
            "the .onnx file is preferred where a .json of the same name exists",
        ),
    )
)
