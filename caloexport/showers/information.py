"""The summary of a shower file that ``caloexport data info`` prints."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.mesh import n_cells
from caloexport.showers.facts import unit_facts
from caloexport.showers.showers import Showers

SCHEMA = "caloexport.data-info/1"
Report = Callable[[int, int, str], None]


def describe(showers: Showers, report: Report = lambda done, total, text: None) -> dict[str, Any]:
    """Read all showers once and summarise them, as JSON.

    Args:
        showers: what to describe.
        report: called with showers done, showers in all and a word.

    Raises:
        InputFileError: damaged data, or energies that are negative or not finite.
    """
    totals = np.empty(showers.n)
    filled = np.empty(showers.n)
    largest = 0.0
    for block, energies in showers.chunks():
        flat = energies.reshape(len(energies), -1)
        totals[block] = flat.sum(axis=1, dtype=np.float64)
        filled[block] = np.count_nonzero(flat, axis=1)
        largest = max(largest, float(flat.max()))
        report(block.stop, showers.n, "showers")
    return {
        "schema": SCHEMA,
        "path": showers.name,
        "format": showers.format,
        "showers": showers.n,
        "stored_dtype": showers.stored_dtype,
        "mesh": {**showers.mesh.to_json(), "shape": list(showers.mesh.shape)},
        "cells": n_cells(showers.mesh),
        "conditions": {name: _range(values) for name, values in showers.conditions.items()},
        "response": _mean(totals / showers.conditions["energy_mev"]),
        "cells_hit": _mean(filled),
        "occupancy": _mean(filled / n_cells(showers.mesh)),
        "largest_cell_mev": largest,
        "empty_showers": int(np.count_nonzero(totals == 0)),
        "units": {"energy": "MeV", "length": "mm", "angle": "rad", **unit_facts(showers)},
        "attributes": showers.attributes,
    }


def _range(values: Array) -> dict[str, Any]:
    if values.dtype.kind in "US":
        names, counts = np.unique(values, return_counts=True)
        return {"categories": dict(zip(names.tolist(), counts.tolist(), strict=True))}
    distinct = len(np.unique(values))
    return {"low": values.min().item(), "high": values.max().item(), "distinct": distinct}


def _mean(values: Array) -> dict[str, float | None]:
    """Return the mean with its standard error; None where one shower gives no spread."""
    error = float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else None
    return {"mean": float(values.mean()), "error": error}
