"""Bremsstrahlung spectra below 1 GeV, from the table of Seltzer and Berger.

Source: S. M. Seltzer, M. J. Berger, At. Data Nucl. Data Tables 35 (1986) 345; the table of 1984 holds
57 electron energies T from 1 keV to 10 GeV, 30 photon energies k/T and 100 elements, each value
(β²/Z²) k dσ/dk in mb.
"""

from __future__ import annotations

from typing import Any

import numpy as np

ENERGIES, PHOTONS, ELEMENTS = 57, 30, 100
HEADER_LINES = 4
#: the values are known to 3 to 10 %; four digits halve the pack
DIGITS, DIGITS_OF_AXES = 4, 10


class Bremsstrahlung:
    """The table in memory.

    Attributes:
        energies_mev: (57,) electron energies T.
        fractions: (30,) photon energies over T.
        values_mb: (100, 57, 30), first index Z - 1.
    """

    def __init__(self, text: str) -> None:
        lines = text.rstrip("\x1a\r\n ").splitlines()  # the file ends as files of DOS did
        words = " ".join(lines[HEADER_LINES:]).split()
        if words[:2] != [str(ENERGIES), str(PHOTONS)]:
            raise SystemExit(f"BREMX.DAT starts with {words[:2]}, expected 57 30")
        numbers: Any = np.array(words[2:], dtype=float)
        table = numbers[ENERGIES + PHOTONS :][: ELEMENTS * ENERGIES * PHOTONS]
        self.energies_mev = numbers[:ENERGIES]
        self.fractions = numbers[ENERGIES : ENERGIES + PHOTONS]
        self.values_mb = table.reshape(ELEMENTS, ENERGIES, PHOTONS)

    def file(self, z: int) -> str:
        """Return ``brem_SB/br<Z>``: type and sizes, k/T, ln(T/MeV), then one line per T."""
        lines = [f"0 {PHOTONS} {ENERGIES}", _line(self.fractions, DIGITS_OF_AXES)]
        lines.append(_line(np.log(self.energies_mev), DIGITS_OF_AXES))
        lines += [_line(row, DIGITS) for row in self.values_mb[z - 1]]
        return "\n".join(lines) + "\n"


def _line(values: Any, digits: int) -> str:
    return " ".join(f"{value:.{digits}g}" for value in values)
