"""FastV: VAE with dense layers on a regular mesh, conditioned on energy, angle and geometry.

Sources: Geant4 (examples/extended/parameterisations/Par04/training_vae), DalilaSalamani/MLFastSim,
and MetaHEP (Phys. Lett. B 844 (2023) 138079) for the three-column geometry code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from caloexport.runtime.errors import UsageError
from caloexport.training.extra_sections import LOW_RANK, STEP
from caloexport.training.families import families
from caloexport.training.fastv.settings import Loss, Network
from caloexport.training.sections import read_sections
from caloexport.training.settings import Conditions, read_section

if TYPE_CHECKING:
    from caloexport.training.data import TrainingData
    from caloexport.training.fastv.engines import StepSettings
    from caloexport.training.fastv.low_rank import LowRank
    from caloexport.training.fastv.trainer import FastvTrainer


SECTIONS = {"network": Network, "conditions": Conditions, "loss": Loss}


class Fastv:
    """Dense VAE of Geant4's Par04 and of MetaHEP: energy, angle and geometry in, cells out."""

    name = "fastv"
    summary = "VAE of Geant4 Par04 and MetaHEP: dense layers, fractions of E_inc"
    default_preset = "par04"
    sections = tuple(SECTIONS)
    options = (LOW_RANK, STEP)
    # Statistics follow within tens of updates, as weights do; a few hundred are all there are.
    adaptation: Mapping[str, Mapping[str, Any]] = {
        "network": {"norm_momentum": 0.9},
        "training": {"learning_rate": 2e-3},
        STEP: {"engine": "numba"},
    }

    def check(self, config: Mapping[str, Any], where: str) -> None:
        read_sections(SECTIONS, config, where)
        self._options(config, where)

    def _options(
        self, config: Mapping[str, Any], where: str = ""
    ) -> tuple[LowRank | None, StepSettings]:
        from caloexport.training.fastv.engines import StepSettings
        from caloexport.training.fastv.low_rank import LowRank

        places = {name: f"{where} [{name}]".lstrip() for name in self.options}
        low_rank = (
            read_section(LowRank, config[LOW_RANK], places[LOW_RANK])
            if LOW_RANK in config
            else None
        )
        return low_rank, read_section(StepSettings, config.get(STEP, {}), places[STEP])

    def trainer(self, config: Mapping[str, Any], data: TrainingData, seed: int) -> FastvTrainer:
        from caloexport.training.fastv.trainer import FastvTrainer

        read = read_sections(SECTIONS, config)
        network: Network = read["network"]
        if data.mesh.shape != network.mesh:
            message = f"the showers have {data.mesh.shape} cells, the preset {network.mesh}"
            raise UsageError(message, hint="choose another --preset, or set mesh in [network]")
        return FastvTrainer(
            network, read["conditions"], read["loss"], read["training"], data, seed,
            *self._options(config),
        )  # fmt: skip


families.register("fastv")(Fastv())
