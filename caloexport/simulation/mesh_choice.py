"""Meshes as users ask for them: by name of the detector's, or by numbers of cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.runtime.units import parse_quantity
from caloexport.simulation.detector import Detector, ScoringPlan
from caloexport.simulation.scorings import make_scoring

_FREE = re.compile(r"(?P<cells>\d+x\d+x\d+)(?::(?P<r>[^,:]+),(?P<z>[^,:]+))?")


def choose_meshes(
    detector: Detector,
    texts: Sequence[str] = (),
    *,
    deposits: str | None = None,
    factor: float | None = None,
    threshold_mev: float | None = None,
) -> tuple[ScoringPlan, ...]:
    """Return the meshes to score.

    Args:
        detector: whose meshes they are.
        texts: names of the detector's meshes, or free cylinders ``18x50x45`` (cells in r, φ, z)
            in the volume of the detector's first cylinder, or ``18x50x45:2.325mm,3.4mm`` (size
            of a cell in r and z); none takes the detector's first mesh.
        deposits, factor, threshold_mev: replace what the detector says, in all of them.

    Raises:
        UsageError: no mesh, one twice, or one that makes no sense.

    >>> from caloexport.simulation.detector_file import load_detector
    >>> (mesh,) = choose_meshes(load_detector("siw"), ["24x24x24"])
    >>> mesh.parameters
    {'cells': [24, 24, 24], 'r_cell_mm': 1.74375, 'z_cell_mm': 6.375}
    """
    chosen = [_mesh(detector, text) for text in texts or list(detector.scorings)[:1]]
    names = [one.name for one in chosen]
    for name in names:
        if names.count(name) > 1:
            message = f"mesh '{name}' is asked for {names.count(name)} times"
            raise UsageError(message)
    if deposits is not None:
        chosen = [replace(one, deposits=deposits) for one in chosen]
    if factor is not None:
        chosen = [replace(one, factor=factor) for one in chosen]
    if threshold_mev is not None:
        chosen = [replace(one, threshold_mev=threshold_mev) for one in chosen]
    for one in chosen:
        _require_sense(one, detector)
    return tuple(chosen)


def _mesh(detector: Detector, text: str) -> ScoringPlan:
    if text in detector.scorings:
        return detector.scorings[text]
    match = _FREE.fullmatch(text)
    if match is None:
        error = UnknownName("mesh", text, detector.scorings, where=detector.name)
        error.hint = f"{error.hint}; or cells in r, phi and z: RxPHIxZ, RxPHIxZ:2.325mm,3.4mm"
        raise error
    cells = [int(n) for n in match["cells"].split("x")]
    if match["r"] is None:
        return _same_volume(detector, text, cells)
    sizes = [parse_quantity(match[axis], "length") for axis in ("r", "z")]
    first = next(iter(detector.scorings.values()))
    name = re.sub(r"[:,\s]+", "-", text)
    return _cylinder(first, name, cells, *sizes)


def _same_volume(detector: Detector, name: str, cells: list[int]) -> ScoringPlan:
    """Return a mesh of other cells in the volume of the detector's first cylinder."""
    first = next((one for one in detector.scorings.values() if one.kind == "cylinder"), None)
    if first is None:
        message = f"'{name}': no mesh of this detector is a cylinder to take the volume of"
        hint = f"give the size of a cell in r and z, for example {name}:2.325mm,3.4mm"
        raise UsageError(message, where=detector.name, hint=hint)
    if 0 in cells:
        message = f"mesh '{name}' has no cells"
        raise UsageError(message)
    given = first.parameters or {}
    (n_r, _, n_z), (new_r, _, new_z) = given["cells"], cells
    r_cell_mm = _neat(given["r_cell_mm"] * n_r / new_r)
    return _cylinder(first, name, cells, r_cell_mm, _neat(given["z_cell_mm"] * n_z / new_z))


def _neat(length_mm: float) -> float:
    """Round off what binary arithmetic adds: files show these numbers."""
    return float(f"{length_mm:.12g}")


def _cylinder(
    first: ScoringPlan, name: str, cells: list[int], r_cell_mm: float, z_cell_mm: float
) -> ScoringPlan:
    parameters = {"cells": cells, "r_cell_mm": r_cell_mm, "z_cell_mm": z_cell_mm}
    return replace(first, name=name, kind="cylinder", parameters=parameters, format="")


def _require_sense(scoring: ScoringPlan, detector: Detector) -> None:
    if not 0 < scoring.factor < 1e9:
        message = f"a factor of {scoring.factor:g} on energies makes no sense, expected above zero"
        raise UsageError(message)
    if scoring.threshold_mev < 0:
        message = f"a threshold of {scoring.threshold_mev:g} MeV makes no sense, expected ≥ 0"
        raise UsageError(message)
    if scoring.deposits == "active" and not any(slab.active for slab in detector.slabs):
        message = "no slab of this detector is active: every shower would be empty"
        raise UsageError(message, where=detector.name, hint="--deposits all")
    make_scoring(scoring, detector)
