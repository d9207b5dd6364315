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
LOWEST_KEV = 0.02
HYDROGEN_KEV = 0.0136
#: of an edge without a factor of its own
USUAL_JUMP = 1.2


class Shells:
    """The shells of one element, K first.

    Attributes:
        edges_kev: (n,) binding energies.
        shares: (n,) of the cross section where all are open; they add to one.
    """

    def __init__(self, z: int) -> None:
        numbers, edges = [], []
        for shell in SHELLS:
            edge = _or_none(xraylib.EdgeEnergy, z, shell)
            if edge is None:
                break
            if edge > LOWEST_KEV:
                numbers.append(shell)
                edges.append(edge)
        self.edges_kev: Any = np.array(edges or [HYDROGEN_KEV])
        shares, rest = [], 1.0
        for shell in numbers[:-1]:
            jump = _or_none(xraylib.JumpFactor, z, shell) or USUAL_JUMP
            shares.append(rest * (1 - 1 / jump))
            rest /= jump
        self.shares: Any = np.array([*shares, rest])

    def __len__(self) -> int:
        return len(self.edges_kev)

    def open_share(self, energy_kev: float) -> float:
        """Return the share of the shells that a photon of this energy can open."""
        return float(self.shares[self.edges_kev <= energy_kev].sum())


def _or_none(function: Any, z: int, shell: int) -> float | None:
    try:
        return float(function(z, shell))
    except ValueError:
        return None
