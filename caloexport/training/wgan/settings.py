"""The settings of a WGAN-GP beside those that all families share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.hidden import BLOCKS as HIDDEN_BLOCKS
from caloexport.training.hidden import Hidden
from caloexport.training.optimizers import OptimizerSettings
from caloexport.training.wgan.closed_form import piecewise_linear

#: what a critic may look at, beside the condition vector
BLOCKS = ("cells", "roots", "total", "layers")
Draw = Literal["events", "chunk", "last-batch"]
Way = Literal["alternate", "reversal"]


@dataclass(frozen=True)
class Critics:
    """Section [critics].

    Attributes:
        inputs: one table per critic: weight λ of the gradient penalty on each block it reads.
            ``cells`` are the cells, ``roots`` their square roots (small energies weigh more),
            ``total`` is ΣE, ``layers`` are the energies of the layers;
            both sums in standard deviations from their mean at the shower's energy.
        weights: of the critics in the generator's loss.
        training: ``"alternate"`` updates the critics ``per_update`` times and then the generator;
            ``"reversal"`` updates all networks at once by one backward pass, in which the
            generator's gradient is reversed (see ``caloexport.training.wgan.reversal``).
        per_update: updates of the critics before each update of the generator.
        hidden, block, negative_slope, initializer: of each critic, see ``training.hidden``.
        sums_inside: form the sums inside the critic, from its cells, so that the penalty on the
            cells reaches them. The default feeds them as inputs of their own: then a λ of 0
            leaves them free of the penalty.
        draw: where the generator's update takes its conditions from: ``"events"`` (random
            training showers), ``"chunk"`` (drawn again from those of the critics' updates),
            ``"last-batch"`` (those of the last one).
        one_sided: punish slopes above 1 only. The other way a critic must keep a slope of 1 where
            generated and true showers agree already, and pushes the total away from there.
        drift: weight of the mean square of the critics' output on true showers, which keeps it
            near 0.
        largest: a critic's loss beyond ± this has exploded: training stops.
    """

    inputs: tuple[dict[str, float], ...] = ({"cells": 10.0}, {"cells": 10.0, "total": 0.0})
    weights: tuple[float, ...] = (1.0, 1.0)
    training: str = "alternate"
    per_update: int = 5
    hidden: tuple[int, ...] = (256, 128, 64)
    block: str = "leaky-relu"
    negative_slope: float = 0.2
    initializer: str = "glorot_uniform"
    sums_inside: bool = False
    draw: str = "chunk"
    one_sided: bool = False
    drift: float = 0.0
    largest: float = 1e6

    def __post_init__(self) -> None:
        self._check_inputs()
        if self.draw not in get_args(Draw):
            raise UnknownName("draw of conditions", self.draw, get_args(Draw))
        if self.training not in get_args(Way):
            raise UnknownName("way of training", self.training, get_args(Way))
        if self.training == "reversal" and self.per_update != 1:
            message = f"per_update is {self.per_update}, reversal updates all networks together"
            raise UsageError(message, hint="set per_update = 1 in [critics]")
        if self.per_update < 1 or self.largest <= 0 or min(self.drift, *self.weights) < 0:
            message = "per_update and largest must be positive, drift and weights 0 or more"
            raise UsageError(message)
        if HIDDEN_BLOCKS[self.stack.block].normalization is not None:
            message = f"the block of the critics is '{self.block}', expected one without bn"
            hint = "the penalty is on the gradient of each shower, which a batch would mix"
            raise UsageError(message, hint=hint)

    def _check_inputs(self) -> None:
        if not self.inputs or len(self.inputs) != len(self.weights):
            message = f"{len(self.inputs)} critics have {len(self.weights)} weights"
            raise UsageError(message, hint="one weight per table of inputs")
        for number, blocks in enumerate(self.inputs, start=1):
            for name, penalty in blocks.items():
                if name not in BLOCKS:
                    raise UnknownName("input of a critic", name, BLOCKS)
                if penalty < 0:
                    message = f"the penalty on {name} is {penalty:g}, expected 0 or more"
                    raise UsageError(message)
            if not blocks or (self.sums_inside and "cells" not in blocks):
                message = f"critic {number} reads {', '.join(blocks) or 'nothing'} of a shower"
                hint = "each needs an input; with sums_inside the cells, of which sums are formed"
                raise UsageError(message, hint=hint)

    @property
    def stack(self) -> Hidden:
        """The hidden layers of each critic."""
        return Hidden(self.hidden, self.block, self.negative_slope, initializer=self.initializer)

    @property
    def closed_form(self) -> bool:
        """Whether the critics' gradients have a closed form, see ``training.wgan.closed_form``."""
        penalised = all(max(blocks.values(), default=0) > 0 for blocks in self.inputs)
        return piecewise_linear(self.stack) and penalised and not self.sums_inside


@dataclass(frozen=True)
class Optimizers:
    """Section [optimizer]: of generator and critics alike; learning rates are in [training].

    Attributes:
        optimizer, beta_1, beta_2, epsilon: see ``caloexport.training.optimizers``.
        critic_rate: learning rate of the critics over that of the generator.
    """

    optimizer: str = "adam"
    beta_1: float = 0.5
    beta_2: float = 0.5
    epsilon: float = 1e-7
    critic_rate: float = 1.0

    def __post_init__(self) -> None:
        if self.critic_rate <= 0:
            message = f"critic_rate is {self.critic_rate:g}, expected a positive number"
            raise UsageError(message)
        self.settings  # noqa: B018  # raises what is wrong with it

    @property
    def settings(self) -> OptimizerSettings:
        """The constants of each optimizer."""
        return OptimizerSettings(self.optimizer, self.beta_1, self.beta_2, self.epsilon)
