"""Open a shower file of any format, recognised by its content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from caloexport.runtime.errors import InputFileError
from caloexport.showers.formats import Reading, formats
from caloexport.showers.hdf5 import damage_named, members, open_hdf5
from caloexport.showers.showers import Showers

if TYPE_CHECKING:
    import h5py

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def open_showers(
    path: str | Path,
    binning: str | Path | None = None,
    *,
    particle: str | None = None,
    order: tuple[str, ...] | None = None,
) -> Showers:
    """Open a shower file; energies are read only when asked for.

    Args:
        path: HDF5 of one of the formats (``caloexport.showers.formats``).
        binning: for flat CaloChallenge showers, an XML file or the name of a shipped binning;
            None infers it from the number of voxels.
        particle: entry of the binning file (photon, pion, ...), where several fit.
        order: storage order of flat showers, slowest first; None takes what the file says, else
            CaloChallenge's layer, phi, r.

    Raises:
        InputFileError: missing, damaged, of no known format, or not what it claims to be.

    >>> from caloexport.showers import sample
    >>> with open_showers(sample("siw")) as showers:
    ...     showers.mesh.shape, showers.read(slice(0, 2)).shape
    ((18, 50, 45), (2, 18, 50, 45))
    """
    file = open_hdf5(Path(path))
    try:
        with damage_named(file.filename):
            datasets = members(file)
            name = _recognise(datasets, file.filename)
            showers = formats[name].read(file, datasets, Reading(binning, particle, order))
        if showers.n == 0:
            message = "holds zero showers"
            raise InputFileError(message, where=file.filename)
    except BaseException:
        file.close()
        raise
    return showers


def is_hdf5(path: str | Path) -> bool:
    """Say whether a file begins as HDF5 does."""
    try:
        with Path(path).open("rb") as stream:
            return stream.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE
    except OSError:
        return False


def _recognise(datasets: Mapping[str, h5py.Dataset], where: str) -> str:
    for name in formats:
        if formats[name].recognises(datasets):
            return name
    listing = ", ".join(f"{key} {data.shape}" for key, data in list(datasets.items())[:8])
    known = "; ".join(f"{name}: {formats[name].summary}" for name in formats)
    message = f"is of no known shower format: it holds {listing or 'no datasets'}"
    raise InputFileError(message, where=where, hint=known)
