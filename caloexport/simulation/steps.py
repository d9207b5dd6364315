"""Steps: the energy deposits of a shower, as rows of one array.

Every source of deposits (Geant4, a parametrisation, a generator) hands blocks of rows to every
scoring; a row is float64:

    energy_mev, x_mm, y_mm, z_mm (of the detector, inside its slab), slab (number of every_slab)
"""

from __future__ import annotations

ENERGY, X, Y, Z, SLAB = range(5)
COLUMNS = 5
