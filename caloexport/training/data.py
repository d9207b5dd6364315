"""From shower files to what a family trains on: sparse showers, conditions, and who is held back."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
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
from caloexport.training.settings import Conditions
from caloexport.training.sparse_showers import SparseShowers, from_dense, join

#: called with the number of steps done and a text
Report = Callable[[int, str], None]

#: showers read at a time
CHUNK = 128
#: more than this of the incident energy, on average, is another unit and no shower
LARGEST_RESPONSE = 3.0
#: how far from 90° still counts as perpendicular
PERPENDICULAR_RAD = 1e-4


@dataclass(frozen=True)
class TrainingData:
    """All showers of a training.

    Attributes:
        showers: cells as fractions of the incident energy.
        energy_mev, theta_rad: (n,) conditions.
        geometry: (n,) names of detectors.
        held_back: (n,) which showers are scored and not trained on.
        mesh: of the showers; cell sizes None when the files differ in them.
        files: what is known about each file, for the provenance.
    """

    showers: SparseShowers
    energy_mev: Float64
    theta_rad: Float64
    geometry: Array
    held_back: Array
    mesh: Mesh
    files: tuple[dict[str, Any], ...]

    @property
    def training(self) -> Integers:
        """Numbers of the showers to train on."""
        return np.flatnonzero(~self.held_back)

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
        return encoding.encode(
            {
                "energy_mev": self.energy_mev,
                "theta_rad": self.theta_rad,
                "geometry": self.geometry,
            }
        )


def load(
    paths: Sequence[Path], held_back: float, report: Report = lambda done, text: None
) -> TrainingData:
    """Read shower files into memory.

    Args:
        paths: one or more files of one mesh.
        held_back: fraction of each file that is set apart, evenly spread over it.
        report: progress.

    Raises:
        InputFileError: a file is damaged, holds negative energies or another mesh.
    """
    parts: list[SparseShowers] = []
    columns: dict[str, list[Array]] = {"energy_mev": [], "theta_rad": [], "geometry": [], "out": []}
    files: list[dict[str, Any]] = []
    meshes: list[Mesh] = []
    for number, path in enumerate(paths):
        report(number, f"reading {path.name}")
        with open_showers(path) as source:
            _check_mesh(source.mesh, meshes, path)
            energy = np.asarray(source.conditions["energy_mev"], dtype=np.float64)
            parts += [_sparse(cells, energy[rows], path) for rows, cells in source.chunks(CHUNK)]
        meshes.append(source.mesh)
        columns["energy_mev"].append(energy)
        columns["theta_rad"].append(_column(source, "theta_rad", math.pi / 2))
        columns["geometry"].append(_column(source, "geometry", "unknown"))
        columns["out"].append(_every(source.n, held_back))
        files.append(_describe(path, source))
        _check_new(files, path)
    return TrainingData(
        join(parts),
        np.concatenate(columns["energy_mev"]),
        np.concatenate(columns["theta_rad"]).astype(np.float64),
        np.concatenate(columns["geometry"]).astype(str),
        np.concatenate(columns["out"]),
        _common(meshes),
        tuple(files),
    )


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


def _common(meshes: Sequence[Mesh]) -> Mesh:
    first = meshes[0]
    if isinstance(first, CylinderMesh) and any(mesh != first for mesh in meshes):
        return replace(first, dr_mm=None, dz_mm=None)
    return first


def _describe(path: Path, source: Any) -> dict[str, Any]:
    return {
        "file": path.name,
        "sha256": sha256_of(path),
        "showers": int(source.n),
        "geometry": sorted(set(map(str, _column(source, "geometry", "unknown")))),
        "dr_mm": getattr(source.mesh, "dr_mm", None),
        "dz_mm": getattr(source.mesh, "dz_mm", None),
    }


def conditions_of(data: TrainingData, settings: Conditions) -> tuple[Condition, ...]:
    """Return the conditions with the ranges and categories that the data really cover."""
    numbers = {"energy_mev": data.energy_mev, "theta_rad": data.theta_rad}
    listed = [Condition(k, float(v.min()), float(v.max())) for k, v in numbers.items()]
    if settings.geometry_codes:
        listed.append(Condition("geometry", categories=tuple(sorted(set(map(str, data.geometry))))))
    return tuple(listed)


def encoding_of(data: TrainingData, settings: Conditions) -> Encoding:
    """Return the encoding: energy, angle, then the geometry's columns.

    Raises:
        UsageError: a detector of the data has no column, or there are several and no columns.
    """
    found = sorted(set(map(str, data.geometry)))
    codes = settings.geometry_codes
    missing = [name for name in found if name not in codes]
    if (codes and missing) or (not codes and len(found) > 1):
        known = ", ".join(codes) if codes else "one detector only"
        message = f"the data hold the detectors {', '.join(found)}; the preset knows {known}"
        raise UsageError(message, hint="choose another --preset, or set geometry_codes in --config")
    terms = [
        Term("linear", "energy_mev", {"offset": 0.0, "scale": settings.energy_scale_gev * 1000.0}),
        Term(
            "linear", "theta_rad", {"offset": 0.0, "scale": math.radians(settings.theta_scale_deg)}
        ),
    ]
    if codes:
        parameters = {"codes": dict(codes), "size": settings.geometry_size}
        terms.append(Term("one_hot", "geometry", parameters))
    return Encoding(tuple(terms))
