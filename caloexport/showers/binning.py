"""Binning files of the CaloChallenge: which voxels the flat showers hold.

One ``Bin`` per particle, one ``Layer`` per sampling of the detector; a layer with the single edge
``0`` is not used (CaloChallenge/homepage, code/XMLHandler.py). The shipped files carry the layer
thickness ``dz_mm`` besides, where it is published; other readers pass over it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from caloexport.runtime.errors import InputFileError, UnknownName
from caloexport.runtime.files import existing_file
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh, MeshLayer, n_cells
from caloexport.runtime.window_mesh import ATLAS_WINDOW

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ORDER = ("z", "phi", "r")
MAX_BYTES = 2**20
MAX_VOXELS = 2**24
FOLDER = "showers/binnings"
_NAME_ONE = "name a binning XML with --binning"


@dataclass(frozen=True)
class Binning:
    """One ``Bin`` of a binning file.

    Attributes:
        name: particle, for example ``"photon"``.
        mesh: voxels in CaloChallenge order: layer, azimuth, radius (fastest).
    """

    name: str
    mesh: Mesh


def shipped_binnings() -> list[str]:
    """List the names of the binnings that travel with the package.

    >>> shipped_binnings()
    ['calochallenge1-photons', 'calochallenge1-pions', 'calochallenge2', 'calochallenge3']
    """
    folder = Path(str(files("caloexport") / FOLDER))
    return sorted(path.stem for path in folder.glob("*.xml"))


def read_binning(source: str | Path) -> list[Binning]:
    """Read a binning file.

    Args:
        source: an XML file, or the name of a shipped binning.

    Raises:
        InputFileError: missing, not such a file, or edges that make no sense.
        UnknownName: neither a file nor a shipped name.

    >>> [binning] = read_binning("calochallenge1-pions")
    >>> binning.name, binning.mesh.shape, binning.mesh.n_layers
    ('pion', (533,), 7)
    """
    from xml.etree import ElementTree

    path = _find(source)
    existing_file(path, "binning XML")
    text = path.read_bytes()[: MAX_BYTES + 1]
    # Entities can inflate a small text to gigabytes; no binning file needs them.
    if len(text) > MAX_BYTES or b"<!" in text.replace(b"<!--", b""):
        message = "is no binning file: larger than 1 MB, or with a document type of its own"
        raise InputFileError(message, where=str(path))
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        message = f"is not XML: {error}"
        raise InputFileError(message, where=str(path)) from error
    binnings = [_binning(element, str(path)) for element in root.iter("Bin")]
    if not binnings:
        message = "holds no 'Bin', expected one per particle"
        raise InputFileError(message, where=str(path))
    return binnings


def choose_binning(
    source: str | Path | None, voxels: int, particle: str | None, where: str
) -> Binning:
    """Return the binning that fits flat showers.

    Args:
        source: file or shipped name; None looks through the shipped ones and ATLAS' window of
            cells, which no binning file can describe.
        voxels: cells of one shower.
        particle: name of the wanted ``Bin``; None takes the only one that fits.
        where: the shower file, for messages.

    Raises:
        InputFileError: none fits, or several do.
    """
    sources: Sequence[str | Path] = shipped_binnings() if source is None else [source]
    offered = [binning for one in sources for binning in read_binning(one)]
    if source is None:
        offered.append(Binning("photon", ATLAS_WINDOW))
    named = [b for b in offered if particle in (None, b.name)]
    if not named:
        raise UnknownName("particle", str(particle), {b.name for b in offered}, where=str(source))
    fitting = [b for b in named if n_cells(b.mesh) == voxels]
    if len({b.mesh for b in fitting}) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(b.name for b in fitting)
        message = f"has {voxels} voxels, which fit several entries of the binning: {names}"
        raise InputFileError(message, where=where, hint="name the particle")
    known = ", ".join(f"{b.name} {n_cells(b.mesh)}" for b in named)
    message = f"has {voxels} voxels per shower, but the binning has: {known}"
    raise InputFileError(message, where=where, hint=_instead(voxels) if source else _NAME_ONE)


def _instead(voxels: int) -> str:
    """Say which shipped binnings have so many cells, where the one that was named has not."""
    fitting = [
        name
        for name in shipped_binnings()
        if voxels in (n_cells(binning.mesh) for binning in read_binning(name))
    ]
    return f"--binning {' or '.join(fitting)} has so many" if fitting else _NAME_ONE


def _find(source: str | Path) -> Path:
    path = Path(source)
    if path.suffix or path.exists():
        return path
    if str(source) not in shipped_binnings():
        raise UnknownName("binning", str(source), shipped_binnings())
    return Path(str(files("caloexport") / FOLDER / f"{source}.xml"))


def _binning(element: Element, where: str) -> Binning:
    if element.get("symmetriseAlpha", "false") == "true":
        message = "folds the azimuth to half a turn (symmetriseAlpha), which is not supported"
        raise InputFileError(message, where=where)
    layers = [layer for one in element.iter("Layer") if (layer := _layer(one, where))]
    voxels = sum(layer.n_r * layer.n_phi for layer in layers)
    if not layers or voxels > MAX_VOXELS:
        message = f"has {voxels} voxels in {len(layers)} used layers, expected 1 to {MAX_VOXELS}"
        raise InputFileError(message, where=where)
    name = element.get("name", element.get("pid", "unnamed"))
    return Binning(name, _as_cylinder(layers, element, where) or LayeredMesh(tuple(layers), ORDER))


def _layer(element: Element, where: str) -> MeshLayer | None:
    """Return a layer, None for one that is not used: it has a single edge."""
    text = f"Layer {element.attrib}"
    try:
        number = int(element.get("id", ""))
        edges = tuple(float(edge) for edge in element.get("r_edges", "").split(","))
        n_phi = int(element.get("n_bin_alpha", "1"))
    except ValueError as error:
        message = f"{text:.120}: expected a number id, r_edges and n_bin_alpha"
        raise InputFileError(message, where=where) from error
    rising = all(a < b for a, b in itertools.pairwise(edges))
    if not rising or edges[0] < 0 or not math.isfinite(edges[-1]) or not 1 <= n_phi <= MAX_VOXELS:
        message = f"{text:.120}: expected rising radii ≥ 0 and 1 to {MAX_VOXELS} azimuth bins"
        raise InputFileError(message, where=where)
    return MeshLayer(number, edges, n_phi) if len(edges) > 1 else None


def _as_cylinder(layers: list[MeshLayer], element: Element, where: str) -> CylinderMesh | None:
    """Return a cylinder if all layers have the same cells of equal size from radius zero."""
    first = layers[0]
    if len(layers) == 1 or any(
        (one.r_edges_mm, one.n_phi) != (first.r_edges_mm, first.n_phi) for one in layers
    ):
        return None
    size = first.r_edges_mm[1]
    if any(abs(edge - i * size) > 1e-6 * size for i, edge in enumerate(first.r_edges_mm)):
        return None
    try:
        dz_mm = float(element.get("dz_mm", "nan"))
    except ValueError as error:
        message = f"dz_mm is '{element.get('dz_mm')}', expected a length in mm"
        raise InputFileError(message, where=where) from error
    depth = dz_mm if dz_mm > 0 else None
    return CylinderMesh(first.n_r, first.n_phi, len(layers), size, depth, ORDER)
