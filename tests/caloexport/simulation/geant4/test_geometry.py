"""Where the slabs are, seen by showers: planes look alike from both sides of a particle, and from all sides of a perpendicular one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.simulation.detector import Detector
from caloexport.simulation.detector_file import detector_from_data, load_detector
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulated import Simulated
from caloexport.simulation.spectrum import Spectrum
from tests.caloexport.simulation.conftest import RunGeant4

SECTORS, SHOWERS = 50, 600


def one_ring(**changes: object) -> Detector:
    """Silicon-tungsten behind silicon, in one ring of 40 mm that inclined showers fit into."""
    mesh = {
        "kind": "cylinder", "cells": [1, SECTORS, 1], "r_cell": "40mm", "z_cell": "300mm",
        "threshold": "0MeV",
    }  # fmt: skip
    upstream = [{"slabs": [{"material": "G4_Si", "thickness": "1mm"}] * 2}]
    data = {**load_detector("siw").data, "upstream": upstream, "meshes": {"ring": mesh}}
    return detector_from_data("ring", {**data, **changes})


def plan_of(detector: Detector, angles: Spectrum) -> Plan:
    meshes, energies = tuple(detector.scorings.values()), Spectrum("values", (100.0,))
    return Plan("geant4", detector, meshes, (11,), energies, angles, SHOWERS, 5, {})


@pytest.fixture(scope="module")
def showers(run_geant4: RunGeant4) -> list[Simulated]:
    """At 90° and 60° in turn."""
    angles = Spectrum("values", (math.pi / 2, math.pi / 3))
    return run_geant4(plan_of(one_ring(), angles), range(SHOWERS))


@pytest.fixture(scope="module")
def sectors(showers: list[Simulated]) -> dict[int, np.ndarray]:
    """Angle in degrees -> (n_showers, n_sectors) shares of the energy by φ."""
    cells = np.array([shower.energies["ring"] for shower in showers], float)
    cells /= cells.sum(axis=1, keepdims=True)
    return {90: cells[::2], 60: cells[1::2]}


def in_sigma(values: np.ndarray) -> np.ndarray:
    """Means over showers in units of their standard errors."""
    return values.mean(axis=0) / (values.std(axis=0, ddof=1) / math.sqrt(len(values)))


def test_perpendicular_showers_are_flat_in_phi(sectors: dict[int, np.ndarray]) -> None:
    phi = (np.arange(SECTORS) + 0.5) * 2 * np.pi / SECTORS - np.pi
    waves = np.stack([wave(k * phi) for k in (1, 2, 3) for wave in (np.cos, np.sin)], axis=1)
    pulls = in_sigma(sectors[90] @ waves)
    assert np.abs(pulls).max() < 3.5, pulls
    # not empty: a tilt of the mean by a fifth would be seen
    tilted = in_sigma((sectors[90] * (1 + 0.2 * np.cos(phi))) @ waves)
    assert tilted[0] > 3.5


def test_inclined_showers_are_alike_on_both_sides(sectors: dict[int, np.ndarray]) -> None:
    # y' -> -y' is φ -> -φ: sector k becomes the last but k
    fold = sectors[60] - sectors[60][:, ::-1]
    half = fold[:, : SECTORS // 2].reshape(len(fold), 5, -1).sum(axis=2)
    pulls = in_sigma(half)
    assert np.abs(pulls).max() < 3.5, pulls


def test_the_mesh_lies_along_inclined_showers(sectors: dict[int, np.ndarray]) -> None:
    phi = (np.arange(SECTORS) + 0.5) * 2 * np.pi / SECTORS - np.pi
    # along the depth instead, it would see a shower at 60° on one side: half of one and more
    assert abs((sectors[60] @ np.cos(phi)).mean()) < 0.05


def test_upstream_material_is_kept_apart(showers: list[Simulated]) -> None:
    for half, crossed in ((showers[::2], 1.0), (showers[1::2], 1 / math.sin(math.pi / 3))):
        upstream = np.array([shower.upstream_mev for shower in half])
        # the most probable loss of one electron in 2 mm of silicon, 0.3 MeV/mm
        assert 0.5 * crossed < np.median(upstream) < 0.9 * crossed


def test_a_barrel_contains_a_shower(run_geant4: RunGeant4) -> None:
    detector = one_ring(inner_radius="50mm")
    angles = Spectrum("values", (math.radians(70),))
    showers = run_geant4(plan_of(detector, angles), range(20))
    upstream = np.array([shower.upstream_mev for shower in showers])
    assert 0.5 < np.median(upstream) < 1.2
    for shower in showers:
        assert 60 < shower.upstream_mev + shower.deposited_mev < 100 + 1e-9
