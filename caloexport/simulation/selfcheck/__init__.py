"""Self-check: is the Geant4 that is installed here, with our tables, the one that we trust?

references.toml ┐
showers ────────┼→ Check (found, expected, both errors) → Outcome
cross sections ─┘
"""

from __future__ import annotations
