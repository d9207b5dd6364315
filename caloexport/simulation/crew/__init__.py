"""The crew: processes that simulate showers, and the folder where what they finished is kept.

    parent ── numbers of showers (pipe) ──→ worker: simulator → its own file of records
           ←─ done, error (pipe) ─────────         its words (Geant4's banner) → its log

Whatever dies, at most the showers in flight are lost.
"""

from __future__ import annotations
