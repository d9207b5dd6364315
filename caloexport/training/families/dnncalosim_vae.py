"""DNNCaloSim's VAE: cells within their layers, a total and shares of the layers, in and out.

Source: DalilaSalamani/ATLASDNNCaloSim (model.py, process.py, train.py, constants.py), a VAE of
CaloChallenge's dataset 1. It decomposes every shower into energy fractions that conserve energy by
construction; encoder and loss see those fractions and no cell energies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caloexport.runtime.errors import UsageError
from caloexport.training.decoder import DecoderSettings
from caloexport.training.families import families
from caloexport.training.guard import Guard
from caloexport.training.heads import Head
from caloexport.training.heads.layer_fractions import LayerFractions
from caloexport.training.hidden import Hidden
from caloexport.training.optimizers import OptimizerSettings
from caloexport.training.sections import read_sections
from caloexport.training.settings import Schedule
from caloexport.training.terms import Terms
from caloexport.training.vae.settings import EncoderSettings, FlowSettings
from caloexport.training.vae.settings import Loss as VaeLoss

if TYPE_CHECKING:
    from caloexport.training.data import TrainingData
    from caloexport.training.vae.trainer import VaeTrainer


@dataclass(frozen=True)
class Encoder:
    """Section [encoder].

    Attributes:
        hidden, block, negative_slope, initializer: see ``caloexport.training.hidden``.
        sums: whether it reads ΣE and the layers' energies too, in standard deviations from
            their mean at the shower's energy.
    """

    hidden: tuple[int, ...]
    block: str = "leaky-relu-bn"
    negative_slope: float = 0.3
    initializer: str = "random_normal"
    sums: bool = False

    def __post_init__(self) -> None:
        Hidden(self.hidden, self.block, self.negative_slope, initializer=self.initializer)

    @property
    def settings(self) -> EncoderSettings:
        """The encoder as the shared trainer knows it."""
        return EncoderSettings(
            self.hidden, self.block, self.negative_slope, self.initializer, "outputs", self.sums
        )


@dataclass(frozen=True)
class Loss:
    """Loss = mean over the batch of [Σ over outputs of the binary cross-entropy + β·KL + ...].

    Attributes:
        beta: weight of the divergence of one shower. ``"1/batch"`` is what the public code amounts
            to: it sums the cross-entropy over the batch and averages the divergence.
        total: of the squared error of ΣE, in standard deviations at the shower's energy.
        layers: of the mean squared error of the layers' energies, likewise.
        cells: of the energy score of the roots of the cells' energies, of prior samples.
        largest: a loss beyond this has exploded: training stops.

    >>> Loss("1/batch").settings(1000).beta
    0.001
    """

    beta: float | str = "1/batch"
    total: float = 0.0
    layers: float = 0.0
    cells: float = 0.0
    largest: float = 1e6

    def __post_init__(self) -> None:
        if isinstance(self.beta, str) and self.beta != "1/batch":
            message = f'beta is {self.beta!r}, expected a number of at least 0 or "1/batch"'
            raise UsageError(message)
        self.settings(1)

    def settings(self, batch: int) -> VaeLoss:
        """Return the loss as the shared trainer knows it."""
        beta = 1.0 / batch if isinstance(self.beta, str) else self.beta
        weights = {name: getattr(self, name) for name in ("total", "layers", "cells", "largest")}
        return VaeLoss("outputs", beta=beta, **weights)


SECTIONS = {
    "network": DecoderSettings,
    "output": Head,
    "conditions": Terms,
    "encoder": Encoder,
    "loss": Loss,
    "optimizer": OptimizerSettings,
    "guard": Guard,
}


class DnnCaloSimVae:
    """VAE of ATLASDNNCaloSim: energy fractions that conserve energy, from encoder to output."""

    name = "dnncalosim-vae"
    summary = "VAE of ATLASDNNCaloSim: softmax within layers, total, softmax of layers"
    default_preset = "photon-voxels"
    sections = tuple(SECTIONS)
    options = ()
    adaptation: Mapping[str, Mapping[str, Any]] = {}

    def check(self, config: Mapping[str, Any], where: str) -> None:
        head, place = read_sections(SECTIONS, config, where)["output"], f"{where} [output]"
        if not isinstance(head, LayerFractions):
            message = f"kind is '{config['output']['kind']}', expected 'layer-fractions'"
            hint = "this family compares layer fractions; atlas-vae compares cells"
            raise UsageError(message, where=place, hint=hint)
        if head.sparse:
            message = f"sparse is {head.sparse:g}, expected 0"
            raise UsageError(message, where=place, hint="a cross-entropy is infinite at 0")

    def trainer(self, config: Mapping[str, Any], data: TrainingData, seed: int) -> VaeTrainer:
        from caloexport.training.vae.trainer import VaeTrainer

        read = read_sections(SECTIONS, config)
        schedule: Schedule = read["training"]
        return VaeTrainer(
            read["network"], read["output"], read["conditions"].encoding,
            read["encoder"].settings, FlowSettings(), read["loss"].settings(schedule.batch),
            read["optimizer"], read["guard"], schedule, data, seed,
        )  # fmt: skip


families.register("dnncalosim-vae")(DnnCaloSimVae())
