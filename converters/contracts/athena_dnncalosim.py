"""Athena's cell-level GAN of photons, DNNCaloSim.

Source: ATLAS-experiment/athena, Simulation/ISF/ISF_FastCaloSim/ISF_FastCaloSimServices/src/
DNNCaloSimSvc.cxx, tag GANv0. Five input nodes whose variables are plain numbers, 266 outputs "0"
to "265": 21 + 168 + 49 + 28 cells by sampling, then η, then φ.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.converters.contracts import Cells, Contract, Feed, Form, Latents, contracts
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network

N_CELLS = 266


def flags(condition: str, size: int) -> Term:
    """Return the one-hot code of a number below ``size``."""
    return Term("one_hot", condition, {"codes": {str(k): k for k in range(size)}, "size": size})


def other_cells(
    network: Network, sampling: Sampling | None, choices: Mapping[str, str]
) -> str | None:
    """Refuse another number of outputs than the window around the impact cell has."""
    if network.n_outputs == N_CELLS:
        return None
    return f"the C++ reads {N_CELLS} cells, the network has {network.n_outputs} outputs"


contracts.register("athena-dnncalosim")(
    Contract(
        summary="Athena DNNCaloSim: 300 latents, ln E, cell alignment, impact point in; 266 cells out",
        versions="Athena of 2024; LWTNN 2.8 or later",
        forms={
            "lwtnn": Form(
                (
                    Feed("Z", (Latents("normal", 0.0, 1.0, 300, settable=False),), "{}"),
                    Feed(
                        "E_true",
                        (
                            Term(
                                "standardised_log",
                                "energy_mev",
                                {"mean": 9.70406053, "sigma": 1.76099569},
                            ),
                        ),
                        "{}",
                    ),
                    Feed("pconfig", (flags("pconfig", 4),), "{}"),
                    Feed("econfig", (flags("econfig", 2),), "{}"),
                    Feed(
                        "ripos",
                        (
                            Term(
                                "linear", "ripos_eta", {"offset": 3.47603e-5, "scale": 0.00722316}
                            ),
                            Term(
                                "linear",
                                "ripos_phi",
                                {"offset": -5.42153684e-5, "scale": 0.00708241},
                            ),
                        ),
                        "{}",
                    ),
                ),
                Cells(labels="{}", family="layered"),
                newest_lwtnn="2.13",
            )
        },
        assumed=(
            Condition("energy_mev", 1_024.0, 262_144.0),
            Condition("pconfig", categories=tuple("0123")),
            Condition("econfig", categories=tuple("01")),
            Condition("ripos_eta", -0.0125, 0.0125),
            Condition("ripos_phi", -0.0123, 0.0123),
        ),
        refusals=(other_cells,),
        notes=(
            "cells are ordered by sampling, then η ascending (mirrored for η < 0), then φ",
            "pconfig is the φ index of the impact cell modulo 4, econfig its η index + 1 modulo 2",
        ),
    )
)
