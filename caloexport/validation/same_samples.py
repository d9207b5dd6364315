"""What two samples must have in common before anything of them is compared: cells and energies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import LayeredMesh, Mesh
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.showers.facts import unit_facts
from caloexport.showers.showers import Showers


def require_same_samples(reference: Showers, generated: Showers) -> None:
    """Refuse samples without showers, other cells than the reference's, or energies that do not mean the same.

    Raises:
        UsageError: says what differs.
    """
    require_showers(reference, generated)
    require_same_mesh(reference.mesh, generated.mesh, generated.name)
    _require_same_energies(reference, generated)


def require_showers(*samples: Showers) -> None:
    """Refuse a sample without showers, of which nothing can be told.

    Raises:
        UsageError: names it.
    """
    for showers in samples:
        if not showers.n:
            message = "holds no showers"
            raise UsageError(message, where=showers.name)


def require_same_mesh(reference: Mesh, generated: Mesh, where: str) -> None:
    """Refuse other cells than the reference's, or another order of them.

    Args:
        reference, generated: meshes; sizes that one of them does not tell may be any.
        where: what messages call the generated sample.

    Raises:
        UsageError: tells both meshes.
    """
    if reference.order != generated.order or not _same_sizes(reference, generated):
        message = f"has the mesh {_text(generated)}, the reference {_text(reference)}"
        raise UsageError(message, where=where, hint="compare showers of the same mesh")


def same_cells(one: Mesh, other: Mesh) -> bool:
    """Say whether two meshes cut showers into the same cells, whatever the order these are stored in.

    Sizes that one of them does not tell may be any.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> mesh = CylinderMesh(2, 4, 3, 2.325, 3.4)
    >>> same_cells(mesh, mesh.in_order(("z", "phi", "r"))), same_cells(mesh, CylinderMesh(2, 4, 4))
    (True, False)
    """
    if type(one) is not type(other) or sorted(one.order) != sorted(other.order):
        return False
    return _same_sizes(one.in_order(other.order), other)


def _require_same_energies(reference: Showers, generated: Showers) -> None:
    """Refuse energies of other material or with another factor, where both files tell."""
    usual, own = unit_facts(reference), unit_facts(generated)
    for name in ("sensitive", "energy_scale"):
        if usual[name] is None or own[name] is None or _alike(usual[name], own[name]):
            continue
        message = f"holds energies with {name} = {own[name]}, the reference with {usual[name]}"
        hint = "compare energies of the same material, times the same factor"
        raise UsageError(message, where=generated.name, hint=hint)


def _alike(one: Any, other: Any) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-6)
    except (TypeError, ValueError):
        return str(one).strip().casefold() == str(other).strip().casefold()


def _same_sizes(one: Mesh, other: Mesh) -> bool:
    same = one.shape == other.shape
    for name in ("dr_mm", "dz_mm"):
        usual, own = getattr(one, name, None), getattr(other, name, None)
        if usual is not None and own is not None:
            same = same and math.isclose(usual, own, rel_tol=1e-6)
    return same and _alike_numbers(_layer_cuts(one), _layer_cuts(other))


def _layer_cuts(mesh: Mesh) -> list[float]:
    """Return the numbers that say how each layer is cut into cells, where layers differ."""
    if isinstance(mesh, WindowMesh):
        return [n for one in mesh.layers for n in (one.n_eta, one.n_phi, one.d_eta, one.d_phi)]
    if isinstance(mesh, LayeredMesh):
        return [number for one in mesh.layers for number in (one.n_phi, *one.r_edges_mm)]
    return []


def _alike_numbers(one: list[float], other: list[float]) -> bool:
    return len(one) == len(other) and np.allclose(one, other, rtol=1e-6)


def _text(mesh: Mesh) -> str:
    if isinstance(mesh, WindowMesh):
        layers = [
            f"{one.n_eta} x {one.n_phi} of {one.d_eta:.4g} x {one.d_phi:.4g}" for one in mesh.layers
        ]
        return f"η x φ cells in layers of {', '.join(layers)} rad"
    if isinstance(mesh, LayeredMesh):
        layers = [f"{one.n_r} x {one.n_phi} to {one.r_edges_mm[-1]:g}" for one in mesh.layers]
        return f"r x α cells in layers of {', '.join(layers)} mm, order {', '.join(mesh.order)}"
    cells = " x ".join(f"{n} {axis}" for n, axis in zip(mesh.shape, mesh.order, strict=False))
    sizes = [getattr(mesh, name, None) for name in ("dr_mm", "dz_mm")]
    return cells + "".join(f", {size:g} mm" for size in sizes if size is not None)
