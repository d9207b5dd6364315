"""Write the materials of Geant4's NIST catalogue as a small file.

    python scripts/make_materials.py [OUTPUT.json]

Writes caloexport/data/nist-materials.json, which is read where Geant4 is not installed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from caloexport.simulation.geant4.environment import GEANT4_OF, import_geant4, require_geant4


def main() -> None:
    """Write one material to a line."""
    default = Path(__file__).parent.parent / "caloexport" / "data" / "nist-materials.json"
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    elements, materials = read_catalogue(import_geant4())
    head = {
        "source": f"G4NistManager of Geant4 {GEANT4_OF[require_geant4()]}",
        "elements": "symbol: [Z, A in g/mol]",
        "materials": "name: [density in g/cm³, radiation length in mm, mean excitation energy in eV, "
        "mass fractions]",
    }
    text = f'{{\n"about": {json.dumps(head, ensure_ascii=False)},\n'
    text += (
        f'"elements": {{\n{_lines(elements)}\n}},\n"materials": {{\n{_lines(materials)}\n}}\n}}\n'
    )
    output.write_text(text, encoding="utf-8")


def read_catalogue(g4: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return elements and materials by name."""
    manager = g4.G4NistManager.Instance()
    elements: dict[str, Any] = {}
    materials: dict[str, Any] = {}
    for name in sorted(map(str, manager.GetNistMaterialNames())):
        material = manager.FindOrBuildMaterial(name)
        parts = [material.GetElement(i) for i in range(material.GetNumberOfElements())]
        shares = list(material.GetFractionVector())
        for part in parts:
            weight = part.GetA() / (g4.g / g4.mole)
            elements[str(part.GetSymbol())] = [int(part.GetZ()), float(f"{weight:.8g}")]
        density = material.GetDensity() / (g4.g / g4.cm3)
        materials[name] = [
            float(f"{density:.8g}"),
            float(f"{material.GetRadlen() / g4.mm:.8g}"),
            float(f"{material.GetIonisation().GetMeanExcitationEnergy() / g4.eV:.6g}"),
            {
                str(part.GetSymbol()): float(f"{share:.8g}")
                for part, share in zip(parts, shares, strict=True)
            },
        ]
    return dict(sorted(elements.items(), key=lambda item: item[1])), materials


def _lines(named: dict[str, Any]) -> str:
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in named.items())


if __name__ == "__main__":
    main()
