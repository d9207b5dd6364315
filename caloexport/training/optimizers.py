"""Optimizers whose whole state is in named variables, so that a resumed training goes on exactly.

They are TensorFlow's fused kernels; Keras' own optimizers do the same in a dozen small steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.runtime.extras import require

KINDS = ("adam", "rmsprop")


@dataclass(frozen=True)
class OptimizerSettings:
    """How gradients become changes of weights; the learning rate is the schedule's.

    Attributes:
        optimizer: ``"adam"`` or ``"rmsprop"``.
        beta_1, beta_2: decay of Adam's averages of gradient and squared gradient; β1 = 0 is Adam
            without momentum. RMSProp's average of squares decays with beta_2, and beta_1 is its
            momentum.
        epsilon: added to the root of Adam's average square, and to that of RMSProp below its root.

    >>> OptimizerSettings("rmsprop", 0.0, 0.9).beta_2
    0.9
    """

    optimizer: str = "adam"
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7

    def __post_init__(self) -> None:
        if self.optimizer not in KINDS:
            raise UnknownName("optimizer", self.optimizer, KINDS)
        if not (0 <= self.beta_1 < 1 and 0 < self.beta_2 < 1 and self.epsilon > 0):
            message = (
                f"beta_1, beta_2, epsilon are {self.beta_1:g}, {self.beta_2:g}, {self.epsilon:g}, "
                "expected 0 ≤ beta_1 < 1, 0 < beta_2 < 1, epsilon > 0"
            )
            raise UsageError(message)


class Optimizer:
    """An optimizer of some variables.

    Args:
        settings: kind and constants.
        variables: TensorFlow variables that :meth:`apply` changes.
    """

    def __init__(self, settings: OptimizerSettings, variables: Sequence[Any]) -> None:
        self.tf = require("tensorflow", extra="train")
        self.settings = settings
        self.variables = list(variables)
        self._first = [self.tf.Variable(self.tf.zeros_like(v)) for v in self.variables]
        self._second = [self.tf.Variable(self.tf.zeros_like(v)) for v in self.variables]

    def slots(self, name: str) -> dict[str, Any]:
        """Return the state by names that begin with ``name``."""
        return {
            f"{name}/{slot}/{i:02d}": variable
            for slot, variables in (("first", self._first), ("second", self._second))
            for i, variable in enumerate(variables)
        }

    def apply(self, gradients: Sequence[Any], rate: Any, number: Any) -> None:
        """Change the variables; part of a graph.

        Args:
            gradients: one for each variable.
            rate: learning rate, float32.
            number: count of this update from 1, float32.
        """
        s, tf = self.settings, self.tf
        power_1, power_2 = (tf.pow(tf.constant(beta), number) for beta in (s.beta_1, s.beta_2))
        for variable, first, second, gradient in zip(
            self.variables, self._first, self._second, gradients, strict=True
        ):
            if s.optimizer == "adam":
                tf.raw_ops.ResourceApplyAdam(
                    var=variable.handle, m=first.handle, v=second.handle,
                    beta1_power=power_1, beta2_power=power_2,
                    lr=rate, beta1=s.beta_1, beta2=s.beta_2, epsilon=s.epsilon, grad=gradient,
                )  # fmt: skip
            else:
                tf.raw_ops.ResourceApplyRMSProp(
                    var=variable.handle, ms=second.handle, mom=first.handle,
                    lr=rate, rho=s.beta_2, momentum=s.beta_1, epsilon=s.epsilon, grad=gradient,
                )  # fmt: skip
