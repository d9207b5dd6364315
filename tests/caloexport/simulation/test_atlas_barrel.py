"""Real photons in the detector after ATLAS' barrel, in both meshes of one pass."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.plan import Plan
from caloexport.simulation.scorings import make_scoring
from caloexport.simulation.simulated import Simulated
from caloexport.simulation.spectrum import Spectrum
from tests.caloexport.simulation.conftest import RunGeant4

N = 24
DETECTOR = load_detector("atlas-barrel")
#: as its card says
ACTIVE_FRACTION = 0.185


@pytest.fixture(scope="module")
def photons(run_geant4: RunGeant4) -> list[Simulated]:
    energy, angle = Spectrum("values", (4096.0,)), Spectrum("values", (math.pi / 2,))
    scorings = tuple(DETECTOR.scorings.values())
    plan = Plan("geant4", DETECTOR, scorings, (22,), energy, angle, N, 8, {})
    return run_geant4(plan, range(N))


def layers(photons: list[Simulated], mesh: str) -> np.ndarray:
    """Energies (n, 4) of the samplings 0 to 3."""
    index = make_scoring(DETECTOR.scorings[mesh], DETECTOR).mesh.indices()["z"]
    cells = np.stack([one.energies[mesh] for one in photons])
    return np.stack([cells[:, index == z].sum(axis=1) for z in range(4)], axis=1)


def test_the_argon_sees_the_fraction_that_the_card_tells(photons: list[Simulated]) -> None:
    fractions = np.array([one.active_mev / one.deposited_mev for one in photons])
    error = fractions.std(ddof=1) / math.sqrt(N)
    assert error < 0.01 * ACTIVE_FRACTION
    assert abs(fractions.mean() - ACTIVE_FRACTION) < 4 * error
    # upstream material and the first plates hold a part back
    assert 0.02 < np.mean([one.upstream_mev for one in photons]) / 4096 < 0.2


def test_cells_and_voxels_hold_the_same_showers(photons: list[Simulated]) -> None:
    cells, voxels = layers(photons, "cells"), layers(photons, "voxels")
    active = np.array([one.active_mev for one in photons])
    # rounding to float32 and a cut of 0.5 keV per cell
    assert (cells.sum(axis=1) < active * (1 + 1e-6)).all()
    assert (voxels.sum(axis=1) < active * (1 + 1e-6)).all()
    assert (voxels.sum(axis=1) > 0.99 * active).all()
    assert cells[:, 1:3].sum() == pytest.approx(voxels[:, 1:3].sum(), rel=0.02)
    mean = cells.mean(axis=0)
    assert mean[2] > mean[1] > mean[0] > mean[3] > 0


def test_the_strips_see_where_the_photon_entered(photons: list[Simulated]) -> None:
    """The barycentre follows the conditions of the shower, whatever the alignment of the cells."""
    away = []
    for one in photons:
        place = one.primary.others
        eta, phi = ATLAS_WINDOW.positions(int(place["pconfig"]), int(place["econfig"])).T
        layer = ATLAS_WINDOW.indices()["z"]
        strips, middle = one.energies["cells"] * (layer == 1), one.energies["cells"] * (layer == 2)
        away.append(
            (
                (strips @ eta) / strips.sum() - place["ripos_eta"],
                (middle @ phi) / middle.sum() - place["ripos_phi"],
            )
        )
    near = np.median(np.abs(away), axis=0)
    assert near[0] < 0.25 * 0.003125  # a quarter of a strip
    assert near[1] < 0.25 * math.pi / 128  # a cell of 25 mil sees less
