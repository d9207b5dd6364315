"""Layers of r-α voxels, against a plain numpy formula."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import LayeredMesh
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.frame import shower_frame
from caloexport.simulation.primary import Primary
from caloexport.simulation.scorings import make_scoring

NAME = "layered"
ATLAS = load_detector("atlas-barrel")
PLAN = replace(ATLAS.scorings["voxels"], threshold_mev=0.0)


def steps(n: int) -> np.ndarray:
    random = np.random.default_rng(4)
    x, y = random.normal(0, 1, (2, n)) * random.exponential(60.0, n)
    z = random.uniform(0, ATLAS.depth_mm, n)
    slab = np.searchsorted(ATLAS.edges_mm, z, side="right") - 1
    return np.stack([random.exponential(1.0, n), x, y, z, slab], axis=1)


def expected(rows: np.ndarray, mesh: LayeredMesh) -> np.ndarray:
    """Δη is along the beam axis x, Δφ against y; voxels by layer, α, r."""
    energies, first = np.zeros(mesh.shape), 0
    layer = np.array([slab.layer if slab.active else -1 for slab in ATLAS.every_slab])
    eta, phi = rows[:, 1], -rows[:, 2]
    for one in mesh.layers:
        ring = np.searchsorted(one.r_edges_mm, np.hypot(eta, phi), side="right") - 1
        sector = np.floor((np.arctan2(phi, eta) + math.pi) / (2 * math.pi) * one.n_phi).astype(int)
        here = (layer[rows[:, 4].astype(int)] == one.id) & (ring < one.n_r)
        np.add.at(energies, first + sector[here] * one.n_r + ring[here], rows[here, 0])
        first += one.n_r * one.n_phi
    return energies


def test_voxels_follow_the_formula() -> None:
    scoring = make_scoring(PLAN, ATLAS)
    assert PLAN.kind == NAME
    assert isinstance(scoring.mesh, LayeredMesh)
    assert scoring.mesh.shape == (368,)
    scoring.start(shower_frame(math.pi / 2), Primary(22, 1e4, math.pi / 2))
    rows = steps(20_000)
    scoring.add(rows[:9000])
    scoring.add(rows[9000:])
    wanted = expected(rows, scoring.mesh)
    assert scoring.finish() == pytest.approx(wanted, rel=1e-6)
    assert np.count_nonzero(wanted[:363]) > 300
    assert not wanted[363:].any()  # the tile calorimeter


@pytest.mark.parametrize("parameters", [{}, {"binning": "calochallenge2"}])
def test_binnings_without_layers_of_their_own_are_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="mesh 'voxels' needs binning"):
        make_scoring(replace(PLAN, parameters=parameters), ATLAS)
