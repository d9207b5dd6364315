"""ATLAS VAE: cells of a window, an inverse autoregressive flow on the posterior as an option.

Sources: ATL-SOFT-PUB-2018-001 and arXiv:2210.06204 (VAE of 266 cells), arXiv:1606.04934 (flow).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from caloexport.training.decoder import DecoderSettings
from caloexport.training.families import families
from caloexport.training.guard import Guard
from caloexport.training.heads import Head
from caloexport.training.optimizers import OptimizerSettings
from caloexport.training.sections import read_sections
from caloexport.training.terms import Terms
from caloexport.training.vae.settings import EncoderSettings, FlowSettings, Loss

if TYPE_CHECKING:
    from caloexport.training.data import TrainingData
    from caloexport.training.vae.trainer import VaeTrainer

SECTIONS = {
    "network": DecoderSettings,
    "output": Head,
    "conditions": Terms,
    "encoder": EncoderSettings,
    "flow": FlowSettings,
    "loss": Loss,
    "optimizer": OptimizerSettings,
    "guard": Guard,
}


class AtlasVae:
    """VAE of ATLAS' 266 cells: terms for ΣE and layers, a flow on the posterior, a width guard."""

    name = "atlas-vae"
    summary = "VAE of ATLAS cells: terms for total energy and layers, flow on the posterior"
    default_preset = "atlas-vae-iaf"
    sections = tuple(SECTIONS)
    options = ()
    adaptation: Mapping[str, Mapping[str, Any]] = {}

    def check(self, config: Mapping[str, Any], where: str) -> None:
        read_sections(SECTIONS, config, where)

    def trainer(self, config: Mapping[str, Any], data: TrainingData, seed: int) -> VaeTrainer:
        from caloexport.training.vae.trainer import VaeTrainer

        read = read_sections(SECTIONS, config)
        return VaeTrainer(
            read["network"], read["output"], read["conditions"].encoding, read["encoder"],
            read["flow"], read["loss"], read["optimizer"], read["guard"], read["training"],
            data, seed,
        )  # fmt: skip


families.register("atlas-vae")(AtlasVae())
