"""Cylinders of cells: response and profiles by detector, energy and angle, and what the blur does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.generator import Generator
from caloexport.showers.showers import Showers
from caloexport.training.publishing.tables import COPIES, SEED, physics_tables
from caloexport.validation.estimate import Estimate

#: centres of the energy windows and the factor that they reach to either side
WINDOWS_GEV = (2.0, 10.0, 50.0)
WINDOW_FACTOR = 1.5
#: cell energies above which cells are counted: the blur of a VAE shows at both ends
CELL_THRESHOLDS_MEV = (0.0005, 1.0, 10.0, 100.0)

Selection = tuple[str, float | None, str, Array]

EXPLANATION = (
    f"{COPIES} showers were generated for each of the reference; windows reach from "
    f"energy/{WINDOW_FACTOR:g} to energy·{WINDOW_FACTOR:g}. Response is E_total/E_inc, L1 is "
    "Σ |difference| of the normalised profiles. The last columns, from the numbers of cells on, are "
    "ratios, generated over full simulation: mean number of cells above an energy, mean energy "
    "fraction of the hottest cell, and spread over showers of the energy-weighted mean depth."
)


@physics_tables.register("cylinder")
def tables(reference: Showers, model: Path, untrained_mev: Sequence[float]) -> str:
    """Return the tables as Markdown.

    Args:
        reference: showers that were not trained on, with ``geometry`` and ``theta_rad``.
        model: folder with a decoder and its manifest.
        untrained_mev: not looked at: energies are windows of a spectrum here.
    """
    from caloexport.converters.open import open_model

    generator = open_model(model)
    first = [
        "| detector | energy | angle | showers | response ratio | longitudinal L1 | lateral L1 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    cuts = " | ".join(f"cells > {cut:g} MeV" for cut in CELL_THRESHOLDS_MEV)
    second = [
        f"| detector | energy | angle | σ(E)/E | generated | {cuts} | hottest cell | σ(depth) |",
        "| --- " * (7 + len(CELL_THRESHOLDS_MEV)) + "|",
    ]
    cells = reference.read()
    for geometry, centre, angle, chosen in _selections(reference):
        if not len(chosen):
            continue
        row = _compared(reference, cells[chosen], chosen, generator)
        energy = f"{centre:g} GeV" if centre else _range(reference.conditions, chosen)
        where = f"| {geometry} | {energy} | {angle}"
        names = ("response_ratio", "longitudinal_l1", "lateral_l1")
        found = " | ".join(str(Estimate(**row[name])) for name in names)
        first.append(f"{where} | {len(chosen)} | {found} |")
        ratios = " | ".join(map(_ratio, (*row["cells"], row["hottest"], row["depth"])))
        second.append(f"{where} | {row['spread']:.2%} | {row['generated_spread']:.2%} | {ratios} |")
    return "\n\n".join(("\n".join(first), "\n".join(second), EXPLANATION))


def _selections(reference: Showers) -> Iterator[Selection]:
    """Give (detector, energy or None, angle, numbers of showers) of every row."""
    given = reference.conditions
    energy_mev = np.asarray(given["energy_mev"], dtype=np.float64)
    angle_deg = np.degrees(given["theta_rad"]).round().astype(int)
    for geometry in sorted(set(map(str, given["geometry"]))):
        here = given["geometry"] == geometry
        for centre in WINDOWS_GEV:
            near = np.abs(np.log(energy_mev / (1000 * centre))) < np.log(WINDOW_FACTOR)
            yield geometry, centre, "90°", np.flatnonzero(here & near & (angle_deg == 90))
        for angle in sorted(set(angle_deg[here & (angle_deg != 90)].tolist())):
            yield geometry, None, f"{angle}°", np.flatnonzero(here & (angle_deg == angle))


def _compared(
    reference: Showers, real: Float32, chosen: Array, generator: Generator
) -> dict[str, Any]:
    """Compare some showers with ``COPIES`` times as many generated ones."""
    from caloexport.showers.showers import from_arrays
    from caloexport.validation.measurement import measure
    from caloexport.validation.summary import summary

    assert generator.sampling is not None
    given = np.repeat(chosen, COPIES)
    names = [condition.name for condition in generator.sampling.conditions]
    conditions: dict[str, Any] = {name: reference.conditions[name][given] for name in names}
    made = generator.sample(len(given), seed=SEED, **conditions)
    energies = [np.asarray(reference.conditions["energy_mev"][rows]) for rows in (chosen, given)]
    usual, found = (
        measure(from_arrays(cells, reference.mesh, {"energy_mev": energy}))
        for cells, energy in zip((real, made), energies, strict=True)
    )
    (window,) = summary(usual, found, [(0.0, np.inf)])["windows"]
    real, made = real.reshape(len(chosen), -1), made.reshape(len(given), -1)
    hottest = [
        float((cells.max(axis=1) / energy).mean())
        for cells, energy in zip((real, made), energies, strict=True)
    ]
    return {
        **window["metrics"],
        "spread": _spread(real, energies[0]),
        "generated_spread": _spread(made, energies[1]),
        "depth": (_depth_spread(found.longitudinal), _depth_spread(usual.longitudinal)),
        "cells": [
            (float((made > cut).mean()), float((real > cut).mean())) for cut in CELL_THRESHOLDS_MEV
        ],
        "hottest": (hottest[1], hottest[0]),
    }


def _range(conditions: Mapping[str, Array], chosen: Array) -> str:
    energies = np.asarray(conditions["energy_mev"], dtype=np.float64)[chosen] / 1e3
    return f"{energies.min():.3g}–{energies.max():.3g} GeV"


def _ratio(pair: tuple[float, float]) -> str:
    """Write generated over full simulation; a dash where that has nothing.

    >>> _ratio((3.0, 2.0)), _ratio((3.0, 0.0))
    ('1.50', '–')
    """
    made, real = pair
    return f"{made / real:.2f}" if real > 0 else "–"


def _spread(cells: Float32, energy_mev: Array) -> float:
    response = cells.sum(axis=1, dtype=np.float64) / energy_mev
    return float(response.std() / response.mean())


def _depth_spread(layers: Array) -> float:
    """Return the spread of the energy-weighted mean layer over showers that have energy."""
    some = layers[layers.sum(axis=1) > 0]
    return float((some @ np.arange(some.shape[1]) / some.sum(axis=1)).std()) if len(some) else 0.0
