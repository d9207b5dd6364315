"""Compare Geant4's radiation lengths with the PDG's, and its attenuation of photons with NIST's."""

from __future__ import annotations

from typing import Any

from caloexport.simulation.selfcheck.check import Check
from caloexport.simulation.selfcheck.references import (
    attenuation_cm2_g,
    attenuation_energies_mev,
    radiation_lengths_g_cm2,
)

#: Geant4 computes the same formula from other constants
X0_TABLE = 0.004
#: the spectra and Geant4's formula are another calculation than the one radiation lengths stand for
X0_RADIATED = 0.015
#: free electrons scatter photons in Geant4's standard physics; pairs by a formula, 2 % high in lead
ATTENUATION = 0.02


def compare(found: dict[str, Any]) -> list[Check]:
    """Return the checks of what :func:`cross_sections.ask_geant4` returns."""
    checks = []
    for name, reference in radiation_lengths_g_cm2().items():
        table, radiated = (found[name][f"x0_{kind}_g_cm2"] for kind in ("table", "radiated"))
        checks.append(Check(name, "X0 of the material, g/cm²", table, 0, reference, 0, X0_TABLE))
        quantity = "X0 by radiation at 10 GeV, g/cm²"
        checks.append(Check(name, quantity, radiated, 0, reference, 0, X0_RADIATED))
    for name, expected in attenuation_cm2_g().items():
        values = found[name]["attenuation_cm2_g"]
        rows = zip(attenuation_energies_mev(), values, expected, strict=True)
        checks += [
            Check(name, f"attenuation at {e:g} MeV, cm²/g", value, 0, reference, 0, ATTENUATION)
            for e, value, reference in rows
        ]
    return checks
