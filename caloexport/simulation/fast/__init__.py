"""Fast simulation: a generator's showers in place of the particles that enter the calorimeter.

    particle at the front face → taken (kind, energy, angle)? → generator → cells of the mesh
                                        └ no: full simulation goes on with it

Geant4's example Par04 does the same in C++.
"""

from __future__ import annotations
