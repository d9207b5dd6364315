"""Storage orders: the same cells, numbered differently."""

from __future__ import annotations

import re
from typing import Any

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import Mesh, permutation

#: other words for the same axes
AXES = {"r": "r", "phi": "phi", "alpha": "phi", "z": "z", "layer": "z"}


def reorder(energies: Array, mesh: Mesh, order: tuple[str, ...]) -> Array:
    """Bring energies to another storage order, bit for bit.

    Args:
        energies: (n, *mesh shape).
        mesh: the cells in their present order.
        order: wanted order, slowest axis first, for example ``("z", "phi", "r")``.

    Returns:
        (n, *shape of the mesh in that order).

    >>> import numpy as np
    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> cells = np.arange(6.0).reshape(1, 2, 1, 3)
    >>> reorder(cells, CylinderMesh(2, 1, 3), ("z", "phi", "r")).ravel()
    array([0., 3., 1., 4., 2., 5.])
    """
    if mesh.order == order:
        return energies
    flat = energies.reshape(len(energies), -1)
    return flat[:, permutation(mesh, order)].reshape(len(energies), *mesh.in_order(order).shape)


def parse_order(text: str) -> tuple[str, ...]:
    """Read an order such as ``r-phi-z`` or ``layer-alpha-r``.

    Raises:
        UsageError: not the three axes.

    >>> parse_order("layer-alpha-r")
    ('z', 'phi', 'r')
    """
    order = named_order(text)
    if order is None:
        message = f"'{text}' is not an order of the axes r, phi and z"
        raise UsageError(message, hint="for example r-phi-z, z-phi-r or layer-r-phi")
    return order


def named_order(text: Any) -> tuple[str, ...] | None:
    """Return the order that a file's text names, None if it names none.

    >>> named_order("C: r, phi, z"), named_order("unsorted")
    (('r', 'phi', 'z'), None)
    """
    words = re.findall(r"[a-z]+", text.lower()) if isinstance(text, str) else []
    order = tuple(AXES[word] for word in words if word in AXES)
    return order if sorted(order) == ["phi", "r", "z"] else None
