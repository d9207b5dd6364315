"""ATLAS VAE: cells of a window, an inverse autoregressive flow on the posterior as an option.

Sources: ATL-SOFT-PUB-2018-001 and arXiv:2210.06204 (VAE of 266 cells), arXiv:1606.04934 (flow).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from caloexport.training.decoder import DecoderSettings
from caloexport.training.families import families
from caloexport.training.guard import Guard
from caloexport.training.heads import read_head
from caloexport.training.optimizers import OptimizerSettings
from caloexport.training.settings import Schedule, read_section
from caloexport.training.terms import Terms
from caloexport.training.vae.settings import EncoderSettings, FlowSettings, Loss

if TYPE_CHECKING:
    from caloexport.training.data import TrainingData
    from caloexport.training.vae.trainer import VaeTrainer

SECTIONS = {
    "network": DecoderSettings,
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
    sections = (*SECTIONS, "output")

    def check(self, config: Mapping[str, Any], where: str) -> None:
        for name, kind in SECTIONS.items():
            read_section(kind, config[name], f"{where} [{name}]")
        read_head(config["output"], f"{where} [output]")

    def trainer(self, config: Mapping[str, Any], data: TrainingData, seed: int) -> VaeTrainer:
        from caloexport.training.vae.trainer import VaeTrainer

        return VaeTrainer(
            read_section(DecoderSettings, config["network"], "[network]"),
            read_head(config["output"], "[output]"),
            read_section(Terms, config["conditions"], "[conditions]").encoding,
            read_section(EncoderSettings, config["encoder"], "[encoder]"),
            read_section(FlowSettings, config["flow"], "[flow]"),
            read_section(Loss, config["loss"], "[loss]"),
            read_section(OptimizerSettings, config["optimizer"], "[optimizer]"),
            read_section(Guard, config["guard"], "[guard]"),
            read_section(Schedule, config["training"], "[training]"),
            data,
            seed,
        )


families.register("atlas-vae")(AtlasVae())
