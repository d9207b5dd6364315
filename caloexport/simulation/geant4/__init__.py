"""Full simulation: Geant4, tracking in C++, deposits handed over in blocks.

    geometry, physics, gun → Application ── one event ──→ step hook → StepRows → scorings

One process can hold one Geant4; its fatal errors end the process. Geant4 is imported inside
functions only.
"""

from __future__ import annotations
