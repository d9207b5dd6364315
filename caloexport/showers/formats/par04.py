"""Par04: ``incident_energy`` (n,) and ``showers`` (n, r, phi, z), MeV.

Written by root2h5.py of the Geant4 example Par04 and, with more variables, by LEMURS
(arXiv:2509.05108). Cell energies carry no sampling-fraction factor unless the file says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers.columns import read_conditions, write_conditions
from caloexport.showers.formats import Content, Format, Reading, formats
from caloexport.showers.geometries import cell_sizes
from caloexport.showers.hdf5 import read_attributes, read_rows, require_numbers
from caloexport.showers.order import named_order, reorder
from caloexport.showers.showers import Showers
from caloexport.showers.storage import write_attributes, write_energies

if TYPE_CHECKING:
    import h5py

ORDER = ("r", "phi", "z")


class Par04(Format):
    """incident_energy (n,) and showers (n, r, phi, z): Geant4 Par04, LEMURS."""

    summary = "incident_energy (n,) and showers (n, r, phi, z): Geant4 Par04, LEMURS"

    def recognises(self, datasets: Mapping[str, h5py.Dataset]) -> bool:
        return "incident_energy" in datasets and "showers" in datasets

    def read(
        self, file: h5py.File, datasets: Mapping[str, h5py.Dataset], reading: Reading
    ) -> Showers:
        cells = datasets["showers"]
        require_numbers(cells, (4,))
        attributes = read_attributes(file)
        stored = named_order(attributes.get("order"))
        if reading.binning is not None or (reading.order or stored or ORDER) != ORDER:
            message = "the layout par04 is always (n, r, phi, z): it takes no binning and no order"
            raise InputFileError(message, where=file.filename)
        n = cells.shape[0]
        conditions = read_conditions(datasets, "incident_energy", n, attributes)
        return Showers(
            file.filename,
            "par04",
            cylinder_of(cells.shape[1:], attributes, reading, file.filename),
            conditions,
            lambda start, stop: read_rows(cells, start, stop),
            attributes=attributes,
            stored_dtype=str(cells.dtype),
            rows=cells.chunks[0] if cells.chunks else 1,
            close=file.close,
        )

    def write(self, file: h5py.File, content: Content, destination: Path) -> None:
        mesh = require_cylinder(content.mesh, "par04")
        write_attributes(file, mesh, content.attributes)
        write_conditions(file, content.conditions, "incident_energy", column=False)
        n = len(content.conditions["energy_mev"])
        blocks = (reorder(block, mesh, ORDER) for block in content.blocks)
        write_energies(file, "showers", n, mesh.in_order(ORDER).shape, blocks, content.dtype)


def require_cylinder(mesh: Any, format: str) -> CylinderMesh:
    """Return the mesh if it is a cylinder whose azimuth starts at -π, as Par04's files have it.

    Raises:
        UnsupportedError: it is not.
    """
    if isinstance(mesh, CylinderMesh) and mesh.phi_origin_rad == CylinderMesh.phi_origin_rad:
        return mesh
    message = f"the layout {format} holds a regular (r, phi, z) cylinder with phi from -π only"
    raise UnsupportedError(message, hint="the layout calochallenge holds any mesh")


def cylinder_of(
    shape: tuple[int, ...], attributes: Mapping[str, Any], reading: Reading, where: str
) -> CylinderMesh:
    """Return the mesh of (r, phi, z) cells: given, or with the sizes of the file or the detector.

    Raises:
        InputFileError: no cells, other cells than the given, or a size that is not a length.
    """
    if reading.mesh is not None:
        return require_shape(reading.mesh, shape, where)
    if min(shape) < 1:
        message = f"'showers' has cells of shape {shape}, expected at least one on each axis"
        raise InputFileError(message, where=where)
    known = cell_sizes(str(attributes.get("geometry", "")), shape)
    sizes = []
    for key, usual in zip(("r_cell_mm", "z_cell_mm"), known, strict=True):
        value = attributes.get(key, usual)
        if value is not None and not (isinstance(value, int | float) and 0 < value < 1e6):
            message = f"attribute '{key}' is {value!r:.40}, expected a length in mm"
            raise InputFileError(message, where=where)
        sizes.append(None if value is None else float(value))
    n_r, n_phi, n_z = shape
    dr_mm, dz_mm = sizes
    return CylinderMesh(n_r, n_phi, n_z, dr_mm, dz_mm)


def require_shape(mesh: CylinderMesh, shape: tuple[int, ...], where: str) -> CylinderMesh:
    """Return a given mesh if its cells (r, phi, z) are those of the file.

    Raises:
        InputFileError: they are not.
    """
    if mesh.in_order(ORDER).shape != shape:
        found, given = ("x".join(map(str, one)) for one in (shape, mesh.in_order(ORDER).shape))
        message = f"has showers of {found} cells, the given mesh {given}"
        raise InputFileError(message, where=where)
    return mesh.in_order(ORDER)


formats.register("par04")(Par04())
