"""Golden numbers: what the reference implementations give for two showers made by rule.

Voxel k (flat index) of the first shower is (7919 k) mod 101, of the second (31 k mod 17) where k
is divisible by 3, else 0. The Par04 numbers come from utils/observables.py of the Geant4 example,
the CaloChallenge numbers from code/HighLevelFeatures.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.mesh import CylinderMesh, Mesh, n_cells
from caloexport.showers.binning import read_binning
from caloexport.validation.observables import observables

PAR04 = CylinderMesh(18, 50, 45, 2.325, 3.4)
CONDITIONS = {"energy_mev": np.array([1000.0, 2000.0])}


def by_rule(mesh: Mesh) -> Array:
    k = np.arange(n_cells(mesh))
    cells = [(7919 * k) % 101, np.where(k % 3 == 0, (31 * k) % 17, 0)]
    return np.array(cells, dtype=np.float32).reshape(2, *mesh.shape)


def values(name: str, mesh: Mesh = PAR04) -> Array:
    return observables[name].compute(by_rule(mesh), mesh, CONDITIONS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("longitudinal_first_moment", [74.79765945, 71.4132232]),
        ("longitudinal_second_moment", [1949.75514172, 1941.92696494]),
        ("lateral_first_moment", [19.76339556, 19.75957201]),
        ("lateral_second_moment", [145.49960801, 145.46282135]),
    ],
)
def test_par04_moments(name: str, expected: list[float]) -> None:
    assert values(name) == pytest.approx(expected, rel=1e-8)


def test_par04_profiles() -> None:
    """Par04 sums a profile over the showers."""
    longitudinal = values("longitudinal_profile").sum(axis=0)
    lateral = values("lateral_profile").sum(axis=0)
    assert longitudinal[:3].tolist() == [52140, 45084, 45018]
    assert lateral[:3].tolist() == [118450, 118491, 118515]


@pytest.mark.parametrize(
    ("binning", "total", "second_layer"),
    [
        ("calochallenge1-photons", [18418, 983], [8097, 430]),
        ("calochallenge1-pions", [26608, 1431], [4965, 256]),
        ("calochallenge2", [323878, 17272], [7186, 392]),
        ("calochallenge3", [2024990, 107992], [44960, 2394]),
    ],
)
def test_challenge_sums(binning: str, total: list[int], second_layer: list[int]) -> None:
    mesh = read_binning(binning)[0].mesh
    assert values("total_energy", mesh).tolist() == total
    assert values("layer_energy", mesh)[:, 1].tolist() == second_layer
    assert values("response", mesh) == pytest.approx(np.array(total) / [1000, 2000])


def test_occupancy_counts_above_the_readout_cut() -> None:
    mesh = CylinderMesh(1, 1, 4)
    cells = np.array([[0.0, 0.0004, 0.0006, 1.0]], dtype=np.float32).reshape(1, 1, 1, 4)
    assert observables["occupancy"].compute(cells, mesh, {}).tolist() == [2.0]


def test_the_cell_spectrum_leaves_empty_cells_out() -> None:
    mesh = CylinderMesh(1, 1, 3)
    cells = np.array([0.0, 10.0, 0.01], dtype=np.float32).reshape(1, 1, 1, 3)
    found = observables["cell_spectrum"].compute(cells, mesh, {})
    assert found == pytest.approx([1.0, -2.0], abs=1e-7)


def test_an_empty_shower_has_no_moment_and_warns_nobody() -> None:
    cells = np.zeros((1, *PAR04.shape), dtype=np.float32)
    for name in ("longitudinal_first_moment", "lateral_second_moment"):
        assert np.isnan(observables[name].compute(cells, PAR04, {})).all()
    assert observables["response"].compute(cells, PAR04, {"energy_mev": np.ones(1)}).tolist() == [0]


MESHES = [
    PAR04,
    CylinderMesh(3, 4, 5, order=("z", "phi", "r")),
    read_binning("calochallenge1-pions")[0].mesh,
]


@pytest.mark.parametrize("mesh", MESHES, ids=["par04", "no sizes", "layered"])
@pytest.mark.parametrize("name", observables.names())
def test_every_observable_streams_and_has_bins(name: str, mesh: Mesh) -> None:
    observable = observables[name]
    cells = by_rule(mesh)
    whole = observable.compute(cells, mesh, CONDITIONS)
    halves = [
        observable.compute(cells[i : i + 1], mesh, {"energy_mev": CONDITIONS["energy_mev"][i:][:1]})
        for i in (0, 1)
    ]
    assert np.array_equal(np.concatenate(halves), whole)
    assert whole.dtype == np.float64
    edges = observable.edges(whole, mesh)
    assert (np.diff(edges) > 0).all()
    columns = {"profile": len(edges) - 1, "layers": mesh.n_layers}
    expected = (2, columns[observable.kind]) if observable.kind in columns else (2,)
    if observable.kind != "cells":
        assert whole.shape == expected
    if observable.kind in ("shower", "cells"):
        assert edges[0] <= whole.min() <= whole.max() <= edges[-1]
    assert observable.title
