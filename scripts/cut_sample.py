"""Cut the embedded samples out of larger Geant4 files.

    python scripts/cut_sample.py INPUT_FOLDER [OUTPUT_FOLDER]

INPUT_FOLDER holds siw.h5, scipb.h5 and pbwo4.h5 in the par04 layout (incident_energy,
incident_theta, incident_phi, pdg, showers; attributes for stack and cell sizes). The same input
gives identical files.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

SHOWERS = 256
DETECTORS = ("siw", "scipb", "pbwo4")
COLUMNS = ("incident_energy", "incident_theta", "incident_phi", "pdg")
KEPT = ("generator", "geometry", "layers", "materials", "order", "units", "r_cell_mm", "z_cell_mm")
NOTES = {
    "particle": "electrons, energies log-uniform 1 to 64 GeV, perpendicular to the front face",
    "physics": "Geant4 11.4.1, G4EmStandardPhysics (option 0), no photonuclear reactions, range "
    "cut 0.7 mm",
    "sensitive": "all material",
    "energy_scale": 1.0,
    "threshold_mev": 0.0005,
    "precision": "float16 with 8 mantissa bits: relative rounding at most 0.2 %",
    "origin": "simulated for caloexport; cut out by scripts/cut_sample.py",
    "license": "BSD-3-Clause, as part of caloexport",
}


def cut(source: Path, target: Path) -> None:
    """Write the first showers of a file with everything that is known about them."""
    import h5py

    with h5py.File(source, "r") as whole, h5py.File(target, "w", libver="earliest") as part:
        for key in KEPT:
            part.attrs[key] = fixed(whole.attrs[key])
        for key, value in NOTES.items():
            part.attrs[key] = fixed(value)
        options: dict[str, Any] = {
            "compression": "gzip",
            "compression_opts": 9,
            "shuffle": True,
            "track_times": False,
        }
        for key in COLUMNS:
            part.create_dataset(key, data=whole[key][:SHOWERS], **options)
        cells = whole["showers"]
        part.create_dataset(
            "showers", data=cells[:SHOWERS], chunks=(16, *cells.shape[1:]), **options
        )


def fixed(value: Any) -> Any:
    """Give text a fixed length: HDF5 crashes on some damages of variable-length text."""
    import numpy as np

    return np.array(value.encode(), dtype="S") if isinstance(value, str) else value


def main() -> None:
    """Cut all three."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    default = Path(__file__).resolve().parent.parent / "caloexport" / "data"
    output = Path(sys.argv[2]) if len(sys.argv) == 3 else default
    for detector in DETECTORS:
        target = output / f"sample-{detector}.h5"
        cut(folder / f"{detector}.h5", target)
        sys.stdout.write(f"{target}: {target.stat().st_size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
