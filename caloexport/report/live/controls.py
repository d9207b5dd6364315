"""Conditions as the page's sliders: label, unit, range and first value of each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from caloexport.report.shower_view import GEOMETRIES, middle
from caloexport.runtime.conditions import Condition, gather
from caloexport.runtime.errors import OutOfRange, UnsupportedError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.window_mesh import WindowMesh

#: dimension of a condition -> unit that is shown, and its size in that of the name
UNITS = {"energy": ("GeV", 1e3), "angle": ("deg", math.pi / 180), "length": ("mm", 1.0)}
LABELS = {
    "energy_mev": "Energy",
    "theta_rad": "Polar angle",
    "phi_rad": "Azimuth",
    "geometry": "Geometry",
    "pdg": "Particle",
}
#: options of ``caloexport sample``; the others go through --condition
OPTIONS = {"energy_mev": "energy", "theta_rad": "theta", "phi_rad": "phi", "geometry": "geometry"}
#: numbers that are codes
WHOLE = ("pconfig", "econfig", "pdg")
#: condition of the alignment of windows -> number of its codes, see runtime/window_mesh.py
ALIGNMENT = {"pconfig": 4, "econfig": 2}

BEYOND = "begin inside of it; the fields of the page take values beyond, too"


def controls(sampling: Sampling, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the controls of all conditions, in their order.

    Args:
        sampling: the physics.
        given: first values by name; what is missing begins in the middle of its range.

    Raises:
        UsageError, OutOfRange: a value that the generator does not take.
    """
    conditions = sampling.conditions
    chosen = {one.name: _first(one) for one in conditions if one.name not in given} | dict(given)
    try:
        admitted = gather(conditions, chosen, 1, "error")
    except OutOfRange as error:
        raise OutOfRange(error.message, hint=BEYOND) from None
    return [_control(one, admitted[one.name][0]) for one in conditions]


def alignments(sampling: Sampling) -> dict[str, Any] | None:
    """Return where the windows of a window mesh begin for every alignment, None without one.

    Returns:
        ``conditions``: numbers of the two conditions; ``edges``: for each value of the first and
        of the second the lower edges [η, φ] of every layer.

    Raises:
        UnsupportedError: a condition takes other values than the codes of an alignment.
    """
    names = [one.name for one in sampling.conditions]
    mesh = sampling.mesh
    if not isinstance(mesh, WindowMesh) or not set(ALIGNMENT) <= set(names):
        return None
    chosen = [sampling.conditions[names.index(name)] for name in ALIGNMENT]
    pconfig, econfig = (_codes(one, ALIGNMENT[one.name]) for one in chosen)
    return {
        "conditions": [names.index(name) for name in ALIGNMENT],
        "edges": [[mesh.lower_edges(p, e).tolist() for e in econfig] for p in pconfig],
    }


def _first(condition: Condition) -> str | float:
    """Return a round number from the middle of the range, as a reader would choose it."""
    value = middle(condition)
    if isinstance(value, str):
        return value
    if condition.name in WHOLE:
        return float(round(value))
    _, size = UNITS.get(condition.dimension or "", ("", 1.0))
    rounded = float(f"{value / size:.2g}") * size
    if condition.dimension != "energy" and condition.low is not None and condition.high is not None:
        # the middle of a range about 0 is not a tiny number, it is 0
        step = _hundredth(condition.high / size - condition.low / size)
        rounded = round(value / size / step) * step * size + 0.0
    inside = (
        condition.low is None
        or condition.high is None
        or (condition.low <= rounded <= condition.high)
    )
    return rounded if inside else value


def _hundredth(width: float) -> float:
    """Return a power of ten that is about a hundredth of a width.

    >>> _hundredth(0.025), _hundredth(30.0), _hundredth(0.0)
    (0.0001, 0.1, 1.0)
    """
    return float(f"1e{math.floor(math.log10(width)) - 2}") if width > 0 else 1.0


def _codes(condition: Condition, count: int) -> list[int]:
    """Return the codes that the control's values 0, 1, … stand for."""
    known = {str(code): code for code in range(count)}
    low, high = condition.low, condition.high
    if condition.categories:
        others = [name for name in condition.categories if name not in known]
        told = f"the category '{others[0]:.40}'" if others else ""
    else:
        inside = low is None or high is None or (low >= 0 and high <= count - 1)
        told = "" if inside else f"the range {low:g} to {high:g}"
    if told:
        message = f"the condition '{condition.name}' has {told}, expected codes 0 to {count - 1}"
        hint = "codes say how the windows of cells lie; a picture can be drawn: -o NAME.png"
        raise UnsupportedError(message, hint=hint)
    if condition.categories:
        return [known[name] for name in condition.categories]
    return list(range(count))


def _control(condition: Condition, value: Any) -> dict[str, Any]:
    categories = condition.categories
    dimension = condition.dimension or ""
    unit, size = UNITS.get(dimension, ("", 1.0))
    low, high, positive = condition.low, condition.high, dimension == "energy"
    ranged = low is not None and high is not None and low > 0
    return {
        "label": LABELS.get(condition.name, condition.name),
        "unit": unit,
        "size": size,
        "base": condition.unit,
        "low": low,
        "high": high,
        "whole": condition.name in WHOLE,
        "positive": positive,
        "logarithmic": positive and ranged,
        "categories": list(categories),
        "titles": [GEOMETRIES.get(name, name) for name in categories],
        "value": categories.index(str(value)) if categories else float(value),
        "option": OPTIONS.get(condition.name),
        "name": condition.name,
    }
