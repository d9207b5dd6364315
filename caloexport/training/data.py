"""From shower files to what a family trains on: sparse showers, conditions, and who is held back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.files import sha256_of
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.showers.open import open_showers
from caloexport.showers.showers import Showers
from caloexport.training.reading import Cells, require_condition
from caloexport.training.settings import CODED, Conditions
from caloexport.training.sparse_showers import SparseShowers, from_dense, join

#: called with the number of steps done and a text
Report = Callable[[int, str], None]

#: more than this of the incident energy, on average, is another unit and no shower
LARGEST_RESPONSE = 3.0
#: how far from 90° still counts as perpendicular
PERPENDICULAR_RAD = 1e-4


@dataclass(frozen=True)
class TrainingData:
    """All showers of a training.

    Attributes:
        showers: cells as fractions of the incident energy.
        conditions: by name an array (n,): ``energy_mev``, ``theta_rad``, ``geometry`` (names of
            detectors), and what else all files tell, for example ``ripos_eta``.
        held_back: (n,) which showers are scored and not trained on.
        left_out: (n,) which showers are neither; None for none.
        mesh: of the showers; cell sizes None when the files differ in them.
        files: what is known about each file, for the provenance.
    """

    showers: SparseShowers
    conditions: Mapping[str, Array]
    held_back: Array
    mesh: Mesh
    files: tuple[dict[str, Any], ...]
    left_out: Array | None = None

    @property
    def energy_mev(self) -> Float64:
        """Incident energies (n,)."""
        return self.conditions["energy_mev"]

    @property
    def theta_rad(self) -> Float64:
        """Polar angles (n,)."""
        return self.conditions["theta_rad"]

    @property
    def geometry(self) -> Array:
        """Names of detectors (n,)."""
        return self.conditions["geometry"]

    @property
    def training(self) -> Integers:
        """Numbers of the showers to train on."""
        trained = ~self.held_back
        return np.flatnonzero(trained if self.left_out is None else trained & ~self.left_out)

    @property
    def scoring(self) -> Integers:
        """Numbers of the showers held back."""
        return np.flatnonzero(self.held_back)

    @property
    def perpendicular(self) -> Array:
        """Say which showers arrive perpendicular to the layers."""
        return np.abs(self.theta_rad - math.pi / 2) < PERPENDICULAR_RAD

    def encode(self, encoding: Encoding) -> Float32:
        """Return the condition vectors (n, width)."""
        return encoding.encode(self.conditions)


def load(
    paths: Sequence[Path],
    held_back: float,
    report: Report = lambda done, text: None,
    *,
    fewest: int = 0,
    most: int = 0,
    at_most: Mapping[str, int] | None = None,
    largest_response: float = 0.0,
    negatives: str = "refuse",
) -> TrainingData:
    """Read shower files into memory.

    Args:
        paths: one or more files of one mesh.
        held_back: fraction of each file that is set apart, evenly spread over it.
        report: progress.
        fewest: set at least this many of each file apart, or half of it.
        most: train on so many of each file, evenly spread over those that are left; 0 for all.
        at_most: by incident energy in MeV, how many showers of it may be trained on; the others
            are left out, those held back stay.
        largest_response: showers of so many times their incident energy, or more, are left out
            likewise; 0 for none.
        negatives: what becomes of cells below zero: ``"refuse"`` or ``"zero"``.

    Raises:
        InputFileError: a file is damaged, holds another mesh, or numbers that are no shower's.
        UsageError: no shower is held back, or at_most names an energy that none has.
    """
    parts: list[SparseShowers] = []
    columns: list[dict[str, Array]] = []
    out: list[Array] = []
    beyond_most: list[Array] = []
    files: list[dict[str, Any]] = []
    meshes: list[Mesh] = []
    for number, path in enumerate(paths):
        report(number, f"reading {path.name}")
        with open_showers(path) as source:
            _check_mesh(source.mesh, meshes, path)
            columns.append(conditions_in(source))
            energy = columns[-1]["energy_mev"]
            cells = Cells(source, negatives)
            parts += [_sparse(block, energy[rows], path) for rows, block in cells]
        meshes.append(source.mesh)
        held, beyond = split(source.n, held_back, fewest, most)
        out.append(held)
        beyond_most.append(beyond)
        files.append(_describe(path, source, cells.zeroed))
        _check_new(files, path)
    common = set.intersection(*map(set, columns))
    conditions = {name: np.concatenate([one[name] for one in columns]) for name in sorted(common)}
    held, showers = np.concatenate(out), join(parts)
    if not held.any():
        message = f"held_back = {held_back:g} sets none of the {len(held)} showers apart"
        raise UsageError(message, hint="a larger held_back or held_back_fewest in [training]")
    left_out = _left_out(conditions["energy_mev"], held, at_most or {})
    left_out |= (showers.sums() >= (largest_response or np.inf)) & ~held
    left_out |= np.concatenate(beyond_most)
    return TrainingData(
        showers, conditions, held, _common(meshes), tuple(files),
        left_out if left_out.any() else None,
    )  # fmt: skip


def split(n: int, held_back: float, fewest: int, most: int) -> tuple[Array, Array]:
    """Say which showers of a file are held back (n,), and which others are more than are wanted (n,).

    Args:
        n: showers of the file.
        held_back, fewest, most: as of :func:`load`.

    >>> held, beyond = split(100, 0.1, fewest=20, most=30)
    >>> int(held.sum()), int(beyond.sum())
    (20, 50)
    """
    held = _every(n, max(held_back, min(fewest / max(n, 1), 0.5)))
    beyond, trained = np.zeros(n, dtype=bool), np.flatnonzero(~held)
    if most:
        beyond[trained] = ~_every(len(trained), min(most / max(len(trained), 1), 1.0))
    return held, beyond


def conditions_in(source: Showers) -> dict[str, Array]:
    """Return the conditions of showers (n,) as a training has them, what a file leaves out too.

    Angles are right angles where the file does not tell, and the detector is ``"unknown"``.
    """
    found = {name: np.asarray(values) for name, values in source.conditions.items()}
    found["energy_mev"] = np.asarray(source.conditions["energy_mev"], dtype=np.float64)
    found["theta_rad"] = _column(source, "theta_rad", math.pi / 2).astype(np.float64)
    found["geometry"] = _column(source, "geometry", "unknown").astype(str)
    return found


def _left_out(energy_mev: Float64, held_back: Array, at_most: Mapping[str, int]) -> Array:
    left_out = np.zeros(len(energy_mev), dtype=bool)
    for energy, number in at_most.items():
        here = np.flatnonzero(np.isclose(energy_mev, float(energy)) & ~held_back)
        if not len(here):
            found = ", ".join(f"{value:g}" for value in np.unique(energy_mev)[:20])
            message = f"at_most names {energy} MeV, the showers have {found}"
            raise UsageError(message, hint="name an energy of the files, in MeV")
        left_out[here[number:]] = True
    return left_out


def _every(n: int, fraction: float) -> Array:
    """Pick ``fraction`` of n places, evenly spread; the choice depends on nothing else."""
    return np.floor((np.arange(n) + 1) * fraction) > np.floor(np.arange(n) * fraction)


def _column(source: Any, name: str, default: Any) -> Array:
    values = source.conditions.get(name)
    if values is None:
        return np.full(source.n, default)
    return np.broadcast_to(np.asarray(values), (source.n,))


def _sparse(cells_mev: Array, energy_mev: Float64, path: Path) -> SparseShowers:
    flat = np.asarray(cells_mev, dtype=np.float32).reshape(len(energy_mev), -1)
    fractions = flat / energy_mev[:, None].astype(np.float32)
    low, high = float(fractions.min(initial=0)), float(fractions.max(initial=0))
    if not (low >= 0 and high <= 1):  # also false for NaN
        message = f"a cell holds {low if not low >= 0 else high:.3g} of the incident energy, "
        raise InputFileError(message + "expected 0 to 1", where=str(path))
    response = float(fractions.sum(axis=1).mean()) if len(fractions) else 1.0
    if not 0 < response < LARGEST_RESPONSE:
        message = f"its showers hold {response:.3g} of their incident energy on average"
        raise InputFileError(message, where=str(path), hint="are all energies in MeV?")
    return from_dense(fractions)


def _check_new(files: Sequence[dict[str, Any]], path: Path) -> None:
    if any(files[-1]["sha256"] == earlier["sha256"] for earlier in files[:-1]):
        message = "holds the same showers as a file before, which would count twice"
        raise InputFileError(message, where=str(path), hint="name each file once")


def _check_mesh(mesh: Mesh, seen: Sequence[Mesh], path: Path) -> None:
    if seen and mesh.shape != seen[0].shape:
        message = f"holds showers of {mesh.shape} cells, the files before {seen[0].shape}"
        raise InputFileError(message, where=str(path), hint="train on one mesh at a time")
    if seen and mesh.order != seen[0].order:
        orders = ["-".join(one.order) for one in (mesh, seen[0])]
        message = f"stores cells in the order {orders[0]}, the files before in {orders[1]}"
        hint = "bring them to one order: caloexport data convert"
        raise InputFileError(message, where=str(path), hint=hint)


def _common(meshes: Sequence[Mesh]) -> Mesh:
    first = meshes[0]
    if isinstance(first, CylinderMesh) and any(mesh != first for mesh in meshes):
        return replace(first, dr_mm=None, dz_mm=None)
    return first


def _describe(path: Path, source: Any, zeroed: int) -> dict[str, Any]:
    return {
        "file": path.name,
        "sha256": sha256_of(path),
        "showers": int(source.n),
        "geometry": sorted(set(map(str, _column(source, "geometry", "unknown")))),
        "dr_mm": getattr(source.mesh, "dr_mm", None),
        "dz_mm": getattr(source.mesh, "dz_mm", None),
        "conditions": sorted(source.conditions),
        **({"negative_cells_zeroed": zeroed} if zeroed else {}),
    }


def conditions_of(data: TrainingData, settings: Conditions) -> tuple[Condition, ...]:
    """Return the conditions with the ranges and categories that the data really cover."""
    numbers = {"energy_mev": data.energy_mev, "theta_rad": data.theta_rad}
    listed = [Condition(k, float(v.min()), float(v.max())) for k, v in numbers.items()]
    coded = [name for name in CODED if settings.code(name)[0]]
    listed += [Condition(name, categories=tuple(_values(data, name))) for name in coded]
    return tuple(listed)


def encoding_of(data: TrainingData, settings: Conditions) -> Encoding:
    """Return the encoding: energy, angle, then the columns of the geometry and of the particle.

    Raises:
        UsageError: a detector or particle of the data has no column, or there are several
            detectors and no columns.
        InputFileError: a file does not tell the particle, where there are columns for it.
    """
    if not settings.geometry_codes and len(found := _values(data, "geometry")) > 1:
        _refuse_values("geometry", found, "one detector only")
    terms = [
        Term("linear", "energy_mev", {"offset": 0.0, "scale": settings.energy_scale_gev * 1000.0}),
        Term(
            "linear", "theta_rad", {"offset": 0.0, "scale": math.radians(settings.theta_scale_deg)}
        ),
    ]
    for name in CODED:
        codes, size = settings.code(name)
        if codes:
            found = _values(data, name)
            if not codes.keys() >= set(found):
                _refuse_values(name, found, ", ".join(codes))
            terms.append(Term("one_hot", name, {"codes": dict(codes), "size": size}))
    return Encoding(tuple(terms))


def _values(data: TrainingData, condition: str) -> list[str]:
    """Return the values of a coded condition, as text."""
    if condition not in data.conditions:
        require_condition(condition, data.files)
    return sorted(set(map(str, data.conditions[condition])))


def _refuse_values(condition: str, found: Sequence[str], known: str) -> None:
    what = {"geometry": "detectors", "pdg": "particles"}[condition]
    message = f"the data hold the {what} {', '.join(found)}; the preset knows {known}"
    hint = f"choose another --preset, or set {condition}_codes in --config"
    raise UsageError(message, hint=hint)
