"""What ``caloexport view`` shows: a shower of a file or of an artifact, against comparable ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.report.figures.shower import (
    ShowerPicture,
    mean_profiles,
    shower_figure,
)
from caloexport.report.figures.window_shower import IMPACT, WindowPicture, window_figure
from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import OutOfRange, UsageError
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.units import format_energy
from caloexport.showers.containers import SHOWER_FILE
from caloexport.showers.showers import Showers
from caloexport.validation.window_layers import is_window

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: showers that the mean is made of
COMPARABLE = 50
BEYOND = (
    "choose a value inside; or view a file of showers that caloexport sample --out-of-range "
    "extrapolate wrote"
)
#: their energy lies within this factor
ENERGY_FACTOR = 1.25
PARTICLES = {11: "electron", -11: "positron", 22: "photon", 211: "π⁺", -211: "π⁻"}
GEOMETRIES = {"siw": "SiW", "scipb": "SciPb", "pbwo4": "PbWO4"}


def file_figure(showers: Showers, index: int = 0) -> Figure:
    """Draw one shower of a file, against the file's showers of similar energy.

    Args:
        showers: an open file.
        index: which shower, from 0; negative counts from the end.

    Raises:
        UsageError: no such shower, or it has no energy.
    """
    if not -showers.n <= index < showers.n:
        message = f"there is no shower {index}"
        raise UsageError(message, where=showers.name, hint=f"0 to {showers.n - 1}")
    index %= showers.n
    cells = showers.read(slice(index, index + 1))[0]
    if not cells.any():
        message = f"shower {index} has no energy, there is nothing to see"
        hint = f"--index chooses another, 0 to {showers.n - 1}"
        raise UsageError(message, where=showers.name, hint=hint)
    conditions = {name: values[index] for name, values in showers.conditions.items()}
    shown = _Shown(cells, showers.mesh, conditions, shower_title(conditions), f"shower {index}")
    return _figure(shown, _of_file(showers, index))


def artifact_figure(path: Path, given: Mapping[str, Any], seed: int = 0) -> Figure:
    """Sample an artifact and draw the first shower, against the mean of the others.

    Args:
        path: an artifact that :func:`caloexport.runtime.load` opens.
        given: conditions by name; what is missing is taken from the middle of its range.
        seed: of the sampling.

    Raises:
        InputFileError, UsageError, OutOfRange: from loading and sampling.
    """
    from caloexport.converters.open import open_model

    generator = open_model(path, also=SHOWER_FILE)
    if generator.sampling is None:
        message = "is a bare network: it has no noise law and no mesh"
        raise UsageError(message, where=str(path), hint="convert the run folder")
    chosen = {one.name: middle(one) for one in generator.sampling.conditions} | dict(given)
    try:
        sampled = generator.sample(COMPARABLE + 1, seed=seed, **chosen)
    except OutOfRange as error:
        raise OutOfRange(error.message, where=str(path), hint=BEYOND) from None
    title = f"{generator.manifest.name}: {shower_title(chosen)}"
    shown = _Shown(sampled[0], generator.sampling.mesh, chosen, title, "shower 0")
    return _figure(
        shown, _Others(sampled[1:], f"mean of {COMPARABLE} showers", np.ones(COMPARABLE))
    )


@dataclass(frozen=True)
class _Shown:
    """The shower that is drawn."""

    cells: Array
    mesh: Mesh
    conditions: Mapping[str, Any]
    title: str
    label: str


@dataclass(frozen=True)
class _Others:
    """Showers (n, *mesh shape) that a mean is made of, what to scale each by, and its label."""

    cells: Array
    label: str
    factors: Float64


def _figure(shown: _Shown, others: _Others | None) -> Figure:
    """Draw cells around an axis in three dimensions, those of windows by layers."""
    if is_window(shown.mesh):
        pictures = [WindowPicture(shown.cells, shown.title)]
        if others is not None:
            mean_cells = others.factors @ others.cells / len(others.factors)
            pictures.append(WindowPicture(mean_cells, others.label))
        return window_figure(pictures, shown.mesh, shown.conditions)
    picture = ShowerPicture(shown.cells, shown.mesh, shown.title, shown.label)
    mean = None
    if others is not None:
        mean = mean_profiles(others.cells, shown.mesh, others.label, others.factors)
    return shower_figure([picture], mean)


def require_fitting(
    is_file: bool,
    conditions: Sequence[str],
    index: int | None,
    binning: str | None,
    *,
    live: bool = False,
) -> None:
    """Refuse options of artifacts for a shower file, and the other way round.

    Args:
        is_file: whether it is a shower file.
        conditions, index, binning: what was chosen.
        live: whether a live page is asked for.

    Raises:
        UsageError: names them.
    """
    if is_file and conditions:
        message = f"conditions ({', '.join(conditions)}) choose nothing in a shower file"
        raise UsageError(message, hint="--index chooses one of its showers")
    if is_file and live:
        message = "a live page is that of a decoder, this is a shower file"
        raise UsageError(message, hint="draw one of its showers: -o NAME.png")
    if not is_file and (index is not None or binning is not None):
        message = "--index and --binning belong to a shower file (HDF5), this is not one"
        raise UsageError(message, hint="--seed samples another shower")


def shower_title(conditions: Mapping[str, Any]) -> str:
    """Say what a shower is, from its conditions.

    >>> shower_title({"energy_mev": 50_000.0, "pdg": 11, "geometry": "siw"})
    '50 GeV electron in SiW'
    """
    words = [format_energy(float(conditions["energy_mev"]))]
    if "pdg" in conditions:
        words.append(PARTICLES.get(int(conditions["pdg"]), f"PDG {int(conditions['pdg'])}"))
    else:
        words.append("shower")
    if "geometry" in conditions:
        geometry = str(conditions["geometry"])
        words.append(f"in {GEOMETRIES.get(geometry, geometry)}")
    theta = math.degrees(float(conditions.get("theta_rad", math.pi / 2)))
    if abs(theta - 90) > 0.5:
        words.append(f"at {theta:.0f}°")
    return " ".join(words)


def _of_file(showers: Showers, index: int) -> _Others | None:
    """Return comparable showers, each to be scaled to the energy of the one shown."""
    chosen = _comparable(showers, index)
    if len(chosen) < 2:
        return None
    energy_mev = np.asarray(showers.conditions["energy_mev"], dtype=np.float64)
    cells = [showers.read(slice(one, one + 1)) for one in chosen.tolist()]
    low, high = energy_mev[chosen].min(), energy_mev[chosen].max()
    energies = format_energy(low) if low == high else f"{format_energy(low)}–{format_energy(high)}"
    label = f"mean of {len(chosen)}, {energies}"
    return _Others(np.concatenate(cells), label, energy_mev[index] / energy_mev[chosen])


def _comparable(showers: Showers, index: int) -> Integers:
    """Return the showers nearest in energy that share all other conditions but the place of impact."""
    energy_mev = showers.conditions["energy_mev"]
    away = np.abs(np.log(energy_mev / energy_mev[index]))
    same = away <= math.log(ENERGY_FACTOR)
    for name, values in showers.conditions.items():
        if name not in ("energy_mev", *IMPACT):
            same &= values == values[index]
    same[index] = False
    candidates = np.flatnonzero(same)
    nearest = candidates[np.argsort(away[candidates], kind="stable")[:COMPARABLE]]
    return np.sort(nearest)


def middle(condition: Condition) -> str | float:
    """Return a value from the middle of a condition's range, the first of categories.

    Raises:
        UsageError: it has no range.
    """
    if condition.categories:
        return condition.categories[0]
    if condition.low is None or condition.high is None:
        message = f"condition '{condition.name}' has no range to take a value from"
        raise UsageError(message, hint="give a value")
    if condition.name == "energy_mev" and condition.low > 0:
        return math.sqrt(condition.low * condition.high)
    return 0.5 * (condition.low + condition.high)
