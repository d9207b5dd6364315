"""The section [meta] of a configuration."""

from __future__ import annotations

from dataclasses import dataclass

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.meta.algorithms import algorithms

#: what happens to the optimizer's moments when another task begins
MOMENTS = ("keep", "reset")


@dataclass(frozen=True)
class MetaSettings:
    """How training goes from task to task.

    The public code of MetaHEP tells none of these numbers; those here are of the Reptile paper.

    Attributes:
        algorithm: entry of :data:`~caloexport.training.meta.algorithms.algorithms`.
        tasks: condition whose values are the tasks: ``"geometry"``, ``"pdg"``, ``"theta_rad"``.
        inner_updates: updates on one task before the shared weights move.
        outer_rate: share of the way that they move, at the start.
        final_outer_rate: at the end; linear in between.
        moments: ``"keep"`` the optimizer's over tasks, or ``"reset"`` them at each.

    >>> MetaSettings(inner_updates=0)
    Traceback (most recent call last):
        ...
    caloexport.runtime.errors.UsageError: inner_updates is 0, expected 1 or more
    """

    algorithm: str = "reptile"
    tasks: str = "geometry"
    inner_updates: int = 16
    outer_rate: float = 1.0
    final_outer_rate: float = 0.1
    moments: str = "keep"

    def __post_init__(self) -> None:
        algorithms[self.algorithm]
        if self.moments not in MOMENTS:
            raise UnknownName("way with moments", self.moments, MOMENTS)
        if self.inner_updates < 1:
            message = f"inner_updates is {self.inner_updates}, expected 1 or more"
            raise UsageError(message)
        if not (self.outer_rate > 0 and self.final_outer_rate >= 0):
            message = (
                f"outer_rate, final_outer_rate are {self.outer_rate:g}, "
                f"{self.final_outer_rate:g}, expected a positive number and one of 0 or more"
            )
            raise UsageError(message)

    def rate(self, done: float) -> float:
        """Return the share of the way when a part ``done`` of the training is over.

        >>> MetaSettings(outer_rate=1.0, final_outer_rate=0.0).rate(0.75)
        0.25
        """
        return self.outer_rate + (self.final_outer_rate - self.outer_rate) * min(done, 1.0)
