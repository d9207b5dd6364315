"""Mirrored copies of showers in a window of η-φ cells: true showers too, four for one.

A stack of planes that is entered at a right angle is the same left and right. Mirroring a window
about its impact cell reverses the cells of each layer, the impact position, and the alignment: the
lower of two η cells becomes the upper (ATLAS' ``econfig``), of four φ cells 0 becomes 3. ATLAS
mirrors showers of η < 0 in the same way (DNNCaloSimSvc.cxx).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.training.data import TrainingData
from caloexport.training.sparse_showers import SparseShowers, join

AXES = {"eta": 0, "phi": 1}
#: (pconfig, econfig)
Alignment = tuple[int, int]
ALIGNMENTS: tuple[Alignment, ...] = tuple(itertools.product(range(4), range(2)))


def mirrored_window(
    mesh: WindowMesh, alignment: Alignment, axes: Sequence[str]
) -> tuple[Alignment, Integers]:
    """Return the alignment of the mirrored shower, and where each cell goes.

    Args:
        mesh: the window.
        alignment: of the shower.
        axes: ``"eta"``, ``"phi"``, or both.

    Raises:
        UsageError: no alignment's window is the mirror image.
    """
    sign = np.array([-1.0 if axis in axes else 1.0 for axis in AXES])
    wanted = mesh.positions(*alignment) * sign
    for other in ALIGNMENTS:
        target = _match(wanted, mesh.positions(*other), mesh.indices()["z"])
        if target is not None:
            return other, target
    message = f"the window of alignment {alignment} has no mirror image in {', '.join(axes)}"
    raise UsageError(message, hint="leave mirror empty in [training]")


def _match(wanted: Float64, there: Float64, layer: Integers) -> Integers | None:
    """Return for every wanted cell the number of the one at its place; None when one has none."""
    keys = [
        np.lexsort((positions[:, 1].round(6), positions[:, 0].round(6), layer))
        for positions in (wanted, there)
    ]
    if not np.allclose(wanted[keys[0]], there[keys[1]], atol=1e-6):
        return None
    target = np.empty(len(wanted), dtype=np.int64)
    target[keys[0]] = keys[1]
    return target


def with_mirrors(data: TrainingData, axes: Sequence[str]) -> TrainingData:
    """Return the data with mirrored copies of the training showers behind the others.

    Args:
        data: of a window mesh, with the conditions ripos_eta, ripos_phi, pconfig and econfig.
        axes: ``"eta"``, ``"phi"`` or both; three copies of each shower for both.

    Raises:
        UsageError: another mesh or axis, or conditions that the mirror needs are missing.
    """
    if not axes:
        return data
    needed = ("ripos_eta", "ripos_phi", "pconfig", "econfig")
    if not isinstance(data.mesh, WindowMesh) or set(axes) - set(AXES):
        what = type(data.mesh).__name__
        message = (
            f"mirror = {list(axes)} needs a window of η-φ cells and the axes eta, phi; "
            f"the showers are of {data.mesh.shape} cells ({what})"
        )
        raise UsageError(message, hint="name files of such cells, or set mirror = [] in [training]")
    if missing := [name for name in needed if name not in data.conditions]:
        message = f"mirror needs the conditions {', '.join(missing)} of the showers"
        raise UsageError(message, hint="leave mirror empty in [training]")
    _require_alignments(data)
    groups = [group for n in range(1, len(axes) + 1) for group in itertools.combinations(axes, n)]
    chosen = data.training
    copies = [_copy(data, chosen, group) for group in groups]
    conditions = {
        name: np.concatenate([values, *(copy[1][name] for copy in copies)])
        for name, values in data.conditions.items()
    }
    more = np.zeros(len(groups) * len(chosen), dtype=bool)
    return replace(
        data,
        showers=join([data.showers, *(copy[0] for copy in copies)]),
        conditions=conditions,
        held_back=np.concatenate([data.held_back, more]),
        left_out=None if data.left_out is None else np.concatenate([data.left_out, more]),
    )


def _require_alignments(data: TrainingData) -> None:
    for name, size in (("pconfig", 4), ("econfig", 2)):
        values = np.asarray(data.conditions[name])
        if values.dtype.kind not in "iu" or values.min() < 0 or values.max() >= size:
            found = ", ".join(map(str, np.unique(values)[:8]))
            message = f"mirror needs whole numbers from 0 to {size - 1} in '{name}', found {found}"
            raise UsageError(message, hint="leave mirror empty in [training]")


def _copy(
    data: TrainingData, chosen: Integers, axes: Sequence[str]
) -> tuple[SparseShowers, Mapping[str, Array]]:
    assert isinstance(data.mesh, WindowMesh)
    conditions = {name: values[chosen].copy() for name, values in data.conditions.items()}
    for axis in axes:
        conditions[f"ripos_{axis}"] = -conditions[f"ripos_{axis}"]
    alignments = np.stack([conditions["pconfig"], conditions["econfig"]], axis=1).astype(int)
    tables = {}
    for pconfig, econfig in ALIGNMENTS:
        other, target = mirrored_window(data.mesh, (pconfig, econfig), axes)
        tables[pconfig, econfig] = target
        here = (alignments == (pconfig, econfig)).all(axis=1)
        conditions["pconfig"][here], conditions["econfig"][here] = other
    entries = [data.showers.entries(shower) for shower in chosen]
    cells = [
        tables[tuple(alignment)][own]
        for alignment, (own, _) in zip(alignments.tolist(), entries, strict=True)
    ]
    offsets = np.concatenate([[0], np.cumsum([len(own) for own in cells])]).astype(np.int64)
    return (
        SparseShowers(
            data.showers.n_cells,
            offsets,
            np.concatenate(cells).astype(data.showers.cells.dtype),
            np.concatenate([fractions for _, fractions in entries]),
        ),
        conditions,
    )
