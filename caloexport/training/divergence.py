"""Divergence: a training whose numbers are no longer finite, or whose critic has exploded, ends.

It ends in the update in which it happens, so that nothing of the diverged state is written: the
checkpoint, the decoder and the history before it stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import AnswerIsNo

#: what helps in every family
REMEDY = "a lower learning_rate"


class Diverged(AnswerIsNo):
    """A loss, a gradient or a weight is not finite, or beyond what is allowed.

    Args:
        term: its name.
        value: found.
        largest: allowed size.
        remedy: which settings to change.

    >>> print(Diverged("critic 1 distance", -3e7, 1e6))
    critic 1 distance is -3e+07, expected at most ±1e+06
    """

    code = "diverged"

    def __init__(
        self, term: str, value: float, largest: float = math.inf, remedy: str = REMEDY
    ) -> None:
        wanted = f"at most ±{largest:g}" if math.isfinite(value) else "a finite number"
        super().__init__(f"{term} is {value:g}, expected {wanted}")
        self.term, self.value, self.remedy = term, value, remedy

    def locate(self, where: str, update: int, kept: int | None) -> None:
        """Say where it happened, and what is left.

        Args:
            where: the run.
            update: the update that diverged, counted from 1.
            kept: updates of the checkpoint that stays; None for none.
        """
        self.message = f"the training diverged in update {update}: {self.message}"
        self.where = where
        state = (
            "there is no checkpoint yet"
            if kept is None
            else f"the checkpoint of update {kept} is kept"
        )
        self.hint = (
            f"{state}; go on from there with --resume --config FILE, and {self.remedy} in FILE"
        )


def require_within(
    losses: Mapping[str, float], largest: float = math.inf, remedy: str = REMEDY
) -> None:
    """Check that every loss is finite and not beyond ± ``largest``.

    Raises:
        Diverged: naming the first that is not.

    >>> require_within({"kl": 3.0}, largest=5.0)
    """
    for name, value in losses.items():
        if not abs(value) <= largest or not math.isfinite(value):
            raise Diverged(name, value, largest, remedy)


def require_finite_state(state: Mapping[str, Array]) -> None:
    """Check every number of a state before it is written.

    Raises:
        Diverged: naming the first array that holds one that is not finite.
    """
    for name, values in state.items():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise Diverged(f"a number of '{name}'", float(values[~np.isfinite(values)].flat[0]))
