"""Simulation: showers from Geant4 or from a parametrisation, in detectors that are data.

    detector file (TOML) → Detector ┐
    beam, seed, meshes → Plan ──────┴→ Primary of shower i → steps → Scoring → Simulated → file

Coordinates of the detector: the front face is the plane z = 0, depth grows along +z, the axis of the
collider's beam runs along +x, y = z × x; MeV, mm, rad throughout.
"""

from __future__ import annotations
