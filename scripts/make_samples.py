"""Make the embedded samples: three commands, and the license that the files carry.

    python scripts/make_samples.py [OUTPUT_FOLDER]

Takes two minutes on two cores. The same version of Geant4 gives the same showers.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DETECTORS = ("siw", "scipb", "pbwo4")
LICENSE = "BSD-3-Clause, as part of caloexport"
DATA = Path(__file__).resolve().parent.parent / "caloexport" / "data"
MOST_BYTES = 10_000_000  # of all files together: they travel with the package


def command(detector: str, target: Path) -> list[str]:
    """Return the command line that makes one sample."""
    options = "--energy 1GeV..64GeV -n 256 --mesh 18x50x45 --seed 1 --compact"
    return ["caloexport", "simulate", "geant4", "--detector", detector, *options.split(),
            "-o", str(target)]  # fmt: skip


def add_license(path: Path) -> None:
    """Say in the file what others may do with it."""
    import h5py
    import numpy as np

    with h5py.File(path, "r+", libver="earliest") as file:
        # text of fixed length: HDF5 crashes on some damages of the other kind
        file.attrs["license"] = np.array(LICENSE.encode(), dtype="S")


def main() -> None:
    """Make all three."""
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else DATA
    folder.mkdir(parents=True, exist_ok=True)
    targets = {detector: folder / f"sample-{detector}.h5" for detector in DETECTORS}
    for detector, target in targets.items():
        subprocess.run(command(detector, target), check=True)
        add_license(target)
    size = sum(target.stat().st_size for target in targets.values())
    sys.stdout.write(f"{size / 1e6:.2f} MB in all\n")
    if size > MOST_BYTES:
        sys.exit("more than the package should carry: choose another seed")


if __name__ == "__main__":
    main()
