"""Bring the output of a generator into the consumer's unit and order of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from caloexport.converters.contracts import Cells
from caloexport.converters.fitting.reorder import reordered
from caloexport.converters.fitting.units import cell_by_cell, in_unit
from caloexport.converters.rewrites.rearrange import flattened
from caloexport.runtime.arrays import Integers
from caloexport.runtime.encodings import Affine
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh
from caloexport.runtime.network import Network
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.window_mesh import WindowMesh

#: an azimuth origin moved by this part of a bin is still the same bin
BIN_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Energy:
    """Where the consumer feeds the incident energy.

    Attributes:
        feed: name of the network input.
        column: in that input.
        affine: what the column holds.
    """

    feed: str
    column: int
    affine: Affine


def fit_cells(
    network: Network, sampling: Sampling, cells: Cells, energy: Energy | None, contract: str
) -> tuple[Network, OutputMap, Mesh, dict[str, str]]:
    """Return the network with the output that a contract demands, its meaning, and notes.

    Raises:
        UnsupportedError: another kind of mesh, other cells, or a unit that cannot be reached.
    """
    output, mesh, notes = sampling.output, sampling.mesh, {}
    if cells.kind is None:
        return network, output, mesh, {}
    _require_mesh(mesh, cells, contract)
    network, now = cell_by_cell(flattened(network), sampling)
    if cells.order is not None:
        new = replace_mesh(mesh, cells)
        order = _places(mesh, new, contract)
        if not np.array_equal(order, np.arange(len(order))):
            notes["rearranged_cells"] = (
                f"order {', '.join(mesh.order)} from {mesh.phi_origin_rad:.6g} rad became "
                f"{', '.join(new.order)} from {new.phi_origin_rad:.6g} rad"
            )
        network, mesh = reordered(network, mesh, new, order), new
    if (now.kind, dict(now.parameters)) != (cells.kind, dict(cells.parameters)):
        wanted = OutputMap(cells.kind, cells.parameters, output.threshold_mev)
        network, now = in_unit(network, now, wanted, energy, contract), wanted
    if (now.kind, dict(now.parameters)) != (output.kind, dict(output.parameters)):
        notes["rescaled_output"] = f"{_words(output)} became {_words(now)}"
    return network, now, mesh, notes


def replace_mesh(mesh: Mesh, cells: Cells) -> Mesh:
    """Return the cells of a mesh in the consumer's order and from its azimuth origin."""
    origin = mesh.phi_origin_rad if cells.phi_origin_rad is None else cells.phi_origin_rad
    order = mesh.order if cells.order is None else cells.order
    assert isinstance(mesh, (CylinderMesh, LayeredMesh))
    return replace(mesh, order=order, phi_origin_rad=origin)


def _require_mesh(mesh: Mesh, cells: Cells, contract: str) -> None:
    found = "cylinder" if isinstance(mesh, CylinderMesh) else "layered"
    if cells.family is None:
        message = (
            f"contract {contract} has cells of its own, which a {found} mesh of "
            f"{' x '.join(map(str, mesh.shape))} cells does not describe"
        )
        raise UnsupportedError(message, hint="convert the Keras file itself, in the same order")
    if found != cells.family:
        message = f"contract {contract} expects a {cells.family} mesh, the generator has a {found}"
        raise UnsupportedError(message)
    if cells.order is not None and isinstance(mesh, WindowMesh):
        message = f"contract {contract} expects voxels in r and φ, the generator has η-φ cells"
        raise UnsupportedError(message, hint="athena-dnncalosim reads such cells")
    if cells.mesh is not None and not cells.settable:
        wanted = _sizes(cells.mesh)
        if _sizes(mesh) != wanted:
            message = (
                f"contract {contract} expects a mesh of {_said(wanted)}, the generator has "
                f"{_said(_sizes(mesh))}"
            )
            raise UnsupportedError(message)


def _sizes(mesh: Mesh) -> Mapping[str, int]:
    if isinstance(mesh, CylinderMesh):
        return {"r": mesh.n_r, "phi": mesh.n_phi, "z": mesh.n_z}
    return {"cells": mesh.shape[0]}


def _said(sizes: Mapping[str, int]) -> str:
    return " x ".join(f"{size} {axis}" for axis, size in sizes.items())


def _places(mesh: Mesh, wanted: Mesh, contract: str) -> Integers:
    """Return for each cell in the wanted order its number in the generator's."""
    index = mesh.indices()
    turns = [_turn(mesh, wanted, n_phi, contract) for n_phi in _bins(mesh)]
    n_phi = np.array(_bins(mesh))
    layer = index["z"] if len(n_phi) > 1 else np.zeros_like(index["z"])
    phi = (index["phi"] + np.array(turns)[layer]) % n_phi[layer]
    keys = {"r": index["r"], "z": index["z"], "phi": phi}
    return np.lexsort(tuple(keys[axis] for axis in reversed(wanted.order)))


def _bins(mesh: Mesh) -> list[int]:
    """Return the number of azimuth bins of each layer, once if all layers are the same."""
    if isinstance(mesh, LayeredMesh):
        return [layer.n_phi for layer in mesh.layers]
    assert isinstance(mesh, CylinderMesh)
    return [mesh.n_phi]


def _turn(mesh: Mesh, wanted: Mesh, n_phi: int, contract: str) -> int:
    """Return how many bins further a cell stands when counted from the wanted origin."""
    bins = (mesh.phi_origin_rad - wanted.phi_origin_rad) / (2 * np.pi / n_phi)
    if abs(bins - round(bins)) > BIN_TOLERANCE:
        if n_phi == 1:
            return 0  # a full ring has no origin
        message = (
            f"contract {contract} counts azimuth from {wanted.phi_origin_rad:.6g} rad, the "
            f"generator from {mesh.phi_origin_rad:.6g} rad: {bins:.3g} of {n_phi} bins apart"
        )
        raise UnsupportedError(message, hint="only whole bins can be moved exactly")
    return round(bins)


def _words(output: OutputMap) -> str:
    numbers = ", ".join(f"{k} {v}" for k, v in output.parameters.items())
    return f"{output.kind} ({numbers})" if numbers else output.kind
