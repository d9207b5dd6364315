"""CaloChallenge: ``incident_energies`` (N, 1) and flat ``showers`` (N, voxels), MeV.

Voxels are numbered layer by layer, in a layer azimuth by azimuth, the radius fastest; the binning
XML says which voxels there are (CaloChallenge/homepage, arXiv:2410.21611). The published sets 2
and 3 carry a factor 1/0.033, the inverse sampling fraction; nothing here adds or removes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import Mesh, mesh_from_json, n_cells
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.showers.binning import ORDER, choose_binning
from caloexport.showers.columns import read_conditions, write_conditions
from caloexport.showers.formats import Content, Format, Reading, formats
from caloexport.showers.hdf5 import read_attributes, read_rows, require_numbers
from caloexport.showers.order import named_order, reorder
from caloexport.showers.showers import Showers
from caloexport.showers.storage import write_attribute, write_attributes, write_energies

if TYPE_CHECKING:
    import h5py


class CaloChallenge(Format):
    """incident_energies (n, 1) and flat showers (n, voxels): CaloChallenge 2022."""

    summary = "incident_energies (n, 1) and showers (n, voxels): CaloChallenge 2022"

    def recognises(self, datasets: Mapping[str, h5py.Dataset]) -> bool:
        return "incident_energies" in datasets and "showers" in datasets

    def read(
        self, file: h5py.File, datasets: Mapping[str, h5py.Dataset], reading: Reading
    ) -> Showers:
        cells = datasets["showers"]
        require_numbers(cells, (2,), "store each as one row: layer, azimuth, radius (fastest)")
        attributes = read_attributes(file)
        n, voxels = cells.shape
        return Showers(
            file.filename,
            "calochallenge",
            flat_mesh(voxels, attributes, reading, file.filename),
            read_conditions(datasets, "incident_energies", n, attributes),
            lambda start, stop: read_rows(cells, start, stop),
            attributes={key: value for key, value in attributes.items() if key != "mesh"},
            stored_dtype=str(cells.dtype),
            rows=cells.chunks[0] if cells.chunks else 1,
            close=file.close,
        )

    def write(self, file: h5py.File, content: Content, destination: Path) -> None:
        # FastCaloSim's layer-r-phi is kept if the caller brought the showers to it; any other
        # order becomes CaloChallenge's.
        order = content.mesh.order if content.mesh.order[0] == "z" else ORDER
        mesh = content.mesh.in_order(order)
        write_attributes(file, mesh, content.attributes)
        write_attribute(file, "order", "-".join(order))
        write_attribute(file, "mesh", json.dumps(mesh.to_json()))
        write_conditions(file, content.conditions, "incident_energies", column=True)
        n = len(content.conditions["energy_mev"])
        blocks = (reorder(block, content.mesh, order) for block in content.blocks)
        write_energies(file, "showers", n, (n_cells(mesh),), blocks, content.dtype)


def flat_mesh(voxels: int, attributes: Mapping[str, Any], reading: Reading, where: str) -> Mesh:
    """Return the mesh that the caller names, else the one in the file, else the published one.

    Args:
        voxels: cells of one shower.
        attributes: of the file.
        reading: what the caller knows.
        where: the file, for messages.

    Raises:
        InputFileError: none fits.
    """
    order = reading.order or named_order(attributes.get("order")) or ORDER
    if order[0] != "z":
        message = f"flat showers are stored layer by layer, not in the order {'-'.join(order)}"
        raise InputFileError(message, where=where)
    named = reading.binning is not None or reading.particle is not None
    mesh: Mesh
    if reading.mesh is not None:
        mesh = require_voxels(reading.mesh, voxels, "the given", where)
    elif "mesh" in attributes and not named:
        mesh = require_voxels(own_mesh(attributes["mesh"], where), voxels, "its own", where)
    else:
        mesh = choose_binning(reading.binning, voxels, reading.particle, where).mesh
    if isinstance(mesh, WindowMesh):
        return mesh.in_order(reading.order or mesh.order)
    return mesh.in_order(order)


def require_voxels(mesh: Mesh, voxels: int, whose: str, where: str) -> Mesh:
    """Return the mesh if it has as many cells as a shower.

    Raises:
        InputFileError: it has not.
    """
    if n_cells(mesh) != voxels:
        message = f"has {voxels} voxels per shower, {whose} mesh {n_cells(mesh)}"
        raise InputFileError(message, where=where)
    return mesh


def own_mesh(text: Any, where: str) -> Mesh:
    """Return the mesh that the attribute ``mesh`` of a file describes.

    Raises:
        InputFileError: it is not the JSON of a mesh.
    """
    try:
        data = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        message = "attribute 'mesh' is not JSON"
        raise InputFileError(message, where=where) from error
    return mesh_from_json(data, f"{where}, attribute 'mesh'")


formats.register("calochallenge")(CaloChallenge())
