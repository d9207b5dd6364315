"""WGAN-GP: conditioned Wasserstein GAN with gradient penalty and one critic or several.

Sources: ATLAS' DNNCaloSim (Athena, ISF_FastCaloSimServices/src/DNNCaloSimSvc.cxx, tag GANv0),
FastCaloGAN (ATL-SOFT-PUB-2020-006), CaloShowerGAN (arXiv:2309.06515), arXiv:1704.00028.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from caloexport.training.decoder import DecoderSettings
from caloexport.training.families import families
from caloexport.training.guard import Guard
from caloexport.training.heads import Head
from caloexport.training.sections import read_sections
from caloexport.training.terms import Terms
from caloexport.training.wgan.settings import Critics, Optimizers

if TYPE_CHECKING:
    from caloexport.training.data import TrainingData
    from caloexport.training.wgan.trainer import WganTrainer

SECTIONS = {
    "network": DecoderSettings,
    "output": Head,
    "conditions": Terms,
    "critics": Critics,
    "optimizer": Optimizers,
    "guard": Guard,
}


class WganGp:
    """Wasserstein GAN of ATLAS' DNNCaloSim and FastCaloGAN: noise and conditions in, cells out."""

    name = "wgan-gp"
    summary = "WGAN-GP of ATLAS DNNCaloSim and FastCaloGAN: one critic or two, trained swish"
    default_preset = "atlas-dnncalosim"
    sections = tuple(SECTIONS)
    options = ()
    adaptation: Mapping[str, Mapping[str, Any]] = {}

    def check(self, config: Mapping[str, Any], where: str) -> None:
        read_sections(SECTIONS, config, where)

    def trainer(self, config: Mapping[str, Any], data: TrainingData, seed: int) -> WganTrainer:
        from caloexport.training.wgan.trainer import WganTrainer

        read = read_sections(SECTIONS, config)
        return WganTrainer(
            read["network"], read["output"], read["conditions"].encoding, read["critics"],
            read["optimizer"], read["guard"], read["training"], data, seed,
        )  # fmt: skip


families.register("wgan-gp")(WganGp())
