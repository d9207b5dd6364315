"""Atomic shells: binding energies, and the share of the photoelectric cross section of each.

Source: edges and jump factors of xraylib. A jump factor J is the cross section above an edge over
that below it, so that of all that is open above it the share 1 - 1/J belongs to the shell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xraylib

#: outer shells are counted with the last of these
SHELLS = (
    xraylib.K_SHELL, xraylib.L1_SHELL, xraylib.L2_SHELL, xraylib.L3_SHELL,
    xraylib.M1_SHELL, xraylib.M2_SHELL, xraylib.M3_SHELL, xraylib.M4_SHELL, xraylib.M5_SHELL,
)  # fmt: skip
#: where the tables start; Geant4 makes no photons below 1 keV
LOWEST_KEV = 0.1


class Shells:
    """The shells of one element with edges above 0.1 keV, K first and at least K.

    Attributes:
        edges_kev: (n,) binding energies.
        shares: (n,) of the cross section where all are open; they add to one.
    """

    def __init__(self, z: int) -> None:
        edges, jumps = [], []
        for shell in SHELLS:
            try:
                edge, jump = xraylib.EdgeEnergy(z, shell), xraylib.JumpFactor(z, shell)
            except ValueError:  # the element has no such shell
                break
            if edge > LOWEST_KEV or shell == xraylib.K_SHELL:
                edges.append(edge)
                jumps.append(jump)
        shares, rest = [], 1.0
        for jump in jumps[:-1]:
            shares.append(rest * (1 - 1 / jump))
            rest /= jump
        self.edges_kev: Any = np.array(edges)
        self.shares: Any = np.array([*shares, rest])

    def __len__(self) -> int:
        return len(self.edges_kev)

    def open_share(self, energies_kev: Any) -> Any:
        """Return the share (n,) of the shells that photons of these energies can open."""
        is_open = self.edges_kev[np.newaxis, :] <= np.asarray(energies_kev)[:, np.newaxis]
        return is_open @ self.shares
