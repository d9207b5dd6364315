"""Single showers of both samples, alike in energy and angle, packed for the 3-D display."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np

from caloexport.report.shower_view import shower_title
from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.showers.showers import Showers
from caloexport.validation.alignment import CONDITIONS, has_alignment

#: pairs, cells of one shower, and cells of all, so that a page stays small
PAIRS, MOST_CELLS, ALL_CELLS = 24, 6000, 240_000
#: 16 bits hold the cell numbers of meshes up to here
SHORT_NUMBERS = 2**16


def shower_pairs(reference: Showers, generated: Showers) -> dict[str, Any]:
    """Return pairs of showers as JSON, by rising energy.

    Args:
        reference, generated: samples of one mesh. Of a model that made a shower for each of the
            reference, the pairs are these; else the nearest in energy and angle are taken.
    """
    pairs = _pairs(reference, generated)
    most = min(MOST_CELLS, ALL_CELLS // max(2 * len(pairs), 1))
    return {
        "mesh": reference.mesh.to_json(),
        "pairs": [
            {
                "reference": packed(reference, first, most),
                "generated": packed(generated, second, most),
            }
            for first, second in pairs
        ],
    }


def packed(showers: Showers, index: int, most: int) -> dict[str, Any]:
    """Return one shower as JSON: its hit cells and the logarithms of their energies.

    Args:
        showers: to read from.
        index: which.
        most: cells; the faintest beyond are left out, and their share of the energy is told.
    """
    energies = showers.read(slice(index, index + 1))[0].ravel()
    hit = np.flatnonzero(energies > 0)
    total = float(energies[hit].sum(dtype=np.float64))
    if len(hit) > most:
        brightest = np.argsort(energies[hit], kind="stable")[-most:]
        kept = np.sort(hit[brightest])
    else:
        kept = hit
    chosen = energies[kept].astype(np.float64)
    wide = n_cells(showers.mesh) > SHORT_NUMBERS
    low, high = (float(chosen.min()), float(chosen.max())) if len(chosen) else (1.0, 1.0)
    span = math.log(high / low)
    places = np.log(chosen / low) / span if span > 0 else np.zeros(len(chosen))
    conditions = {name: values[index] for name, values in showers.conditions.items()}
    left_out = 1 - float(chosen.sum()) / total if total > 0 and len(kept) < len(hit) else 0.0
    return {
        "label": shower_title(conditions),
        "index": index,
        "total": float(f"{total:.6g}"),
        "hits": len(hit),
        "left_out": float(f"{left_out:.2g}"),
        "lower_edges": _lower_edges(showers, conditions),
        "cells": _base64(kept.astype("<u4" if wide else "<u2")),
        "energies": _base64(np.rint(65535 * places).astype("<u2")),
        "low": low,
        "high": high,
        "wide": wide,
    }


def _lower_edges(showers: Showers, conditions: dict[str, Any]) -> list[list[float]] | None:
    mesh = showers.mesh
    if not isinstance(mesh, WindowMesh) or not has_alignment(mesh, showers.conditions):
        return None
    given = {name: int(conditions[name]) for name in CONDITIONS}
    return [[float(edge) for edge in row] for row in mesh.lower_edges(**given)]


def _base64(values: Array) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")


def _pairs(reference: Showers, generated: Showers) -> list[tuple[int, int]]:
    """Return showers of the reference, evenly by rank of energy, and the nearest generated."""
    if not reference.n or not generated.n:
        return []
    rank = np.argsort(reference.conditions["energy_mev"], kind="stable")
    places = np.unique(np.rint(np.linspace(0, reference.n - 1, PAIRS)).astype(int))
    taken: set[int] = set()
    pairs = []
    for index in rank[places].tolist():
        nearest = _nearest(reference, index, generated, taken)
        taken.add(nearest)
        pairs.append((index, nearest))
    return pairs


def _nearest(reference: Showers, index: int, generated: Showers, taken: set[int]) -> int:
    away = _away(reference, index, generated)
    away[np.isnan(away)] = np.inf  # of conditions that are no numbers
    if generated.n > len(taken):
        away[list(taken)] = np.inf
    # of equally near ones, the one at the same place: a model made it for this shower
    same: Integers = np.flatnonzero(away == away.min())
    return index if index in same else int(same[0])


def _away(reference: Showers, index: int, generated: Showers) -> Float64:
    own, usual = generated.conditions, reference.conditions
    energy = np.asarray(own["energy_mev"], dtype=np.float64)
    away = np.abs(np.log(energy / float(usual["energy_mev"][index])))
    if "theta_rad" in usual and "theta_rad" in own:
        away = away + np.abs(np.asarray(own["theta_rad"], np.float64) - usual["theta_rad"][index])
    if "geometry" in usual and "geometry" in own:
        away = away + 1e3 * (
            np.asarray(own["geometry"]).astype(str) != str(usual["geometry"][index])
        )
    return np.asarray(away, dtype=np.float64)
