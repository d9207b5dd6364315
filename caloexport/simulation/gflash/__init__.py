"""GFlash: showers from the parametrisation of Grindhammer and Peters, not from tracking particles.

    slabs → EffectiveMedium ┐
    slabs → DepthGrid       ├→ GFlash: shower i → steps
    Tuning (to Geant4)      ┘

Source: G. Grindhammer, S. Peters, "The parameterized simulation of electromagnetic showers in
homogeneous and sampling calorimeters", hep-ex/0001020. Lengths along the shower are in radiation
lengths, across it in Molière radii, t and r below.
"""

from __future__ import annotations
