"""Ending an adaptation as soon as it is good enough."""

from __future__ import annotations

from dataclasses import dataclass, field

from caloexport.training.scoring.score import Scored

PROFILE = "longitudinal_profile"


@dataclass
class Until:
    """Watch the distance of the mean longitudinal profile; its ``reached`` ends a training.

    Attributes:
        distance: L1 of the normalised profiles, largest over energies, at which to end; 0 never.
        updates: after which it was reached; None before.

    >>> Until(0.02).updates is None
    True
    """

    distance: float
    updates: int | None = field(default=None, init=False)

    def reached(self, updates: int, scored: Scored) -> bool:
        """Say whether an evaluation is good enough; one without profiles never is."""
        found = scored.profiles().get(PROFILE)
        if self.distance and found is not None and found <= self.distance:
            self.updates = updates
        return self.updates is not None
