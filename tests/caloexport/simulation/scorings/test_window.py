"""The window of cells, against the cells that are nearest in η and φ."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.frame import shower_frame
from caloexport.simulation.primary import Primary
from caloexport.simulation.scorings import Scoring, make_scoring

NAME = "window"
ATLAS = load_detector("atlas-barrel")
PLAN = replace(ATLAS.scorings["cells"], threshold_mev=0.0)
UNIT = math.pi / 128


def started(
    eta: float = 0.0, phi: float = 0.0, pconfig: int = 0, econfig: int = 0, degrees: float = 90.0
) -> Scoring:
    scoring = make_scoring(PLAN, ATLAS)
    assert PLAN.kind == NAME
    place = {"ripos_eta": eta, "ripos_phi": phi, "pconfig": pconfig, "econfig": econfig}
    theta = math.radians(degrees)
    scoring.start(shower_frame(theta), Primary(22, 1e4, theta, (0.0, 0.0), place))
    return scoring


def step(x: float, y: float, depth: float, energy: float = 1.0) -> np.ndarray:
    slab = np.searchsorted(ATLAS.edges_mm, depth, side="right") - 1
    return np.array([[energy, x, y, depth, slab]])


def first_active(layer: int) -> float:
    """Depth in the first argon of a layer."""
    slabs = zip(ATLAS.every_slab, ATLAS.edges_mm, strict=False)
    return next(low for slab, low in slabs if slab.active and slab.layer == layer) + 1.0


def test_the_mesh_is_that_of_files_without_one() -> None:
    assert make_scoring(PLAN, ATLAS).mesh == ATLAS_WINDOW


@pytest.mark.parametrize("pconfig", range(4))
@pytest.mark.parametrize("econfig", range(2))
def test_deposits_count_in_the_cell_they_are_in(pconfig: int, econfig: int) -> None:
    random = np.random.default_rng(2 * pconfig + econfig)
    positions = ATLAS_WINDOW.positions(pconfig, econfig)
    layers = ATLAS_WINDOW.indices()["z"]
    sizes = np.array([(one.d_eta, one.d_phi) for one in ATLAS_WINDOW.layers])[layers]
    eta, phi = random.uniform(-0.5, 0.5, 2) * (0.025, UNIT)
    for cell in random.choice(266, 40, replace=False):
        scoring = started(eta, phi, pconfig, econfig)
        at = positions[cell] + random.uniform(-0.49, 0.49, 2) * sizes[cell]
        depth = first_active(int(layers[cell]))
        radius = 1440.0 + depth / math.cosh(0.225)
        # φ turns from the depth z about the beam axis x, which is against y
        scoring.add(step((at[0] - eta) * radius, -(at[1] - phi) * radius, depth, 2.5))
        assert np.flatnonzero(scoring.cells).tolist() == [cell]
        assert scoring.inside_mev == 2.5


def test_only_argon_of_a_layer_counts() -> None:
    scoring = started()
    scoring.add(step(0, 0, first_active(2) + 6))  # an absorber of the middle layer
    scoring.add(step(0, 0, 30.0))  # argon between presampler and strips, not read out
    scoring.add(step(0, 0, -10.0))  # before the calorimeter
    assert scoring.inside_mev == 0
    counted = make_scoring(replace(PLAN, deposits="all"), ATLAS)
    counted.start(shower_frame(math.pi / 2), Primary(22, 1e4, math.pi / 2))
    counted.add(step(0, 0, first_active(2) + 6))
    assert counted.inside_mev == 1


def test_deposits_outside_of_the_window_are_lost() -> None:
    scoring = started()
    for x, y in ((200.0, 0.0), (-200.0, 0.0), (0.0, 200.0), (0.0, -200.0)):
        scoring.add(step(x, y, first_active(2)))
    assert scoring.inside_mev == 0


def test_an_inclined_particle_stays_in_its_cell() -> None:
    scoring = started(degrees=77.0)
    for layer in range(4):
        depth = first_active(layer)
        scoring.add(step(depth / math.tan(math.radians(77.0)), 0.0, depth))
    index = ATLAS_WINDOW.indices()
    hit = np.flatnonzero(scoring.cells)
    assert index["z"][hit].tolist() == [0, 1, 2, 3]
    assert index["eta"][hit].tolist() == [3, 28, 3, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layers": None}, "needs radius, impact_layer and layers"),
        ({"impact_layer": 7}, "needs radius, impact_layer and layers"),
        ({"layers": [{"id": 9, "cells": [3, 3], "eta": 0.1, "per_turn": 64}]}, "which no slab is"),
    ],
)
def test_parameters_that_make_no_sense(change: dict[str, object], words: str) -> None:
    parameters = dict(PLAN.parameters or {}) | change
    if "which" in words:
        parameters["impact_layer"] = 9
    with pytest.raises(UsageError, match=words):
        make_scoring(replace(PLAN, parameters=parameters), ATLAS)
