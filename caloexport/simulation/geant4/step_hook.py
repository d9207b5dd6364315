"""The plain hook: Geant4 calls Python for every step in a slab.

It is what the native hook is checked against, and what runs where that cannot; four fifths
of the time are then its own.
"""

from __future__ import annotations

import functools
from typing import Any

from caloexport.simulation.geant4.rows import BLOCK_ROWS, StepRows
from caloexport.simulation.steps import COLUMNS

PENDING = BLOCK_ROWS * COLUMNS


def make_slab_detector(g4: Any, number: int, rows: StepRows) -> Any:
    """Return the sensitive detector of slab ``number``.

    Its energy deposits, at the post-step point as in Par04, become rows. It is not registered
    with Geant4's manager of sensitive detectors: it has no collections of hits, and would only be
    called twice more per event.
    """
    return _class_of(g4)(number, rows)


@functools.cache
def _class_of(g4: Any) -> Any:
    deposit = g4.G4Step.GetTotalEnergyDeposit
    post_step_point, position = g4.G4Step.GetPostStepPoint, g4.G4StepPoint.GetPosition

    class SlabDetector(g4.G4VSensitiveDetector):  # type: ignore[misc]  # no types
        def __init__(self, number: int, rows: StepRows) -> None:
            super().__init__(f"slab-{number}")
            self.number = float(number)
            self.rows, self.pending = rows, rows.pending
            self.watch: Any = None

        def ProcessHits(self, step: Any, history: Any) -> bool:
            energy = deposit(step)
            if energy > 0.0:
                point = position(post_step_point(step))
                self.pending += (energy, point.x, point.y, point.z, self.number)
                if len(self.pending) >= PENDING:
                    self.rows.hand_on()
                if self.watch is not None:
                    self.watch(step)
            return True

    return SlabDetector
