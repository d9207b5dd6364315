"""Golden numbers: what the reference implementations give for two showers made by rule.

Voxel k (flat index) of the first shower is (7919 k) mod 101, of the second (31 k mod 17) where k
is divisible by 3, else 0. The Par04 numbers come from utils/observables.py of the Geant4 example,
the CaloChallenge numbers from code/HighLevelFeatures.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.mesh import CylinderMesh, Mesh, n_cells
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers.binning import read_binning
from caloexport.validation.observables import applicable, observables

PAR04 = CylinderMesh(18, 50, 45, 2.325, 3.4)
CONDITIONS = {
    "energy_mev": np.array([1000.0, 2000.0]),
    "ripos_eta": np.array([0.01, -0.004]),
    "ripos_phi": np.array([-0.01, 0.002]),
    "pconfig": np.array([0, 3]),
    "econfig": np.array([1, 0]),
}


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


def test_units_are_those_of_the_mesh() -> None:
    known, unknown = CylinderMesh(2, 3, 4, 1.0, 2.0), CylinderMesh(2, 3, 4)
    units = {
        "longitudinal_first_moment": ("mm", "layers"),
        "longitudinal_second_moment": ("mm²", "layers²"),
        "lateral_first_moment": ("mm", "cells"),
        "lateral_second_moment": ("mm²", "cells²"),
        "mean_radius": ("mm", "cells"),
    }
    for name, expected in units.items():
        assert tuple(map(observables[name].unit_on, (known, unknown))) == expected, name


def test_an_empty_shower_has_no_moment_and_warns_nobody() -> None:
    cells = np.zeros((1, *PAR04.shape), dtype=np.float32)
    for name in ("longitudinal_first_moment", "lateral_second_moment"):
        assert np.isnan(observables[name].compute(cells, PAR04, {})).all()
    assert observables["response"].compute(cells, PAR04, {"energy_mev": np.ones(1)}).tolist() == [0]


MESHES = {
    "par04": PAR04,
    "no sizes": CylinderMesh(3, 4, 5, order=("z", "phi", "r")),
    "layered": read_binning("calochallenge1-pions")[0].mesh,
    "window": ATLAS_WINDOW,
}
EACH = [
    pytest.param(name, mesh, id=f"{name}-{words}")
    for words, mesh in MESHES.items()
    for name in observables
    if observables[name].applies(mesh)
]


@pytest.mark.parametrize(("name", "mesh"), EACH)
def test_every_observable_streams_and_has_bins(name: str, mesh: Mesh) -> None:
    observable = observables[name]
    cells = by_rule(mesh)
    whole = observable.compute(cells, mesh, CONDITIONS)
    halves = [
        observable.compute(
            cells[i : i + 1], mesh, {key: value[i : i + 1] for key, value in CONDITIONS.items()}
        )
        for i in (0, 1)
    ]
    assert np.array_equal(np.concatenate(halves), whole, equal_nan=True)
    assert whole.dtype == np.float64
    edges = observable.edges(whole, mesh)
    assert (np.diff(edges) > 0).all()
    columns = {"profile": len(edges) - 1, "layers": mesh.n_layers}
    expected = (2, columns[observable.kind]) if observable.kind in columns else (2,)
    if observable.kind != "cells":
        assert whole.shape == expected
    if observable.kind in ("shower", "cells"):
        assert edges[0] <= np.nanmin(whole) <= np.nanmax(whole) <= edges[-1]
    assert observable.title
    assert isinstance(observable.unit_on(mesh), str)


@pytest.mark.parametrize(("name", "mesh"), EACH)
def test_every_observable_says_which_conditions_it_needs(name: str, mesh: Mesh) -> None:
    observable = observables[name]
    needed = {key: CONDITIONS[key] for key in observable.needs}
    cells = by_rule(mesh)
    found = observable.compute(cells, mesh, needed)
    assert np.array_equal(found, observable.compute(cells, mesh, CONDITIONS), equal_nan=True)
    assert name in applicable(mesh, needed)
    if needed:
        assert name not in applicable(mesh, [])


@pytest.mark.parametrize(("name", "mesh"), EACH)
def test_an_empty_shower_warns_nobody_and_gives_no_infinity(name: str, mesh: Mesh) -> None:
    cells = np.zeros((2, *mesh.shape), dtype=np.float32)
    found = observables[name].compute(cells, mesh, CONDITIONS)
    assert not np.isinf(found).any()
    usual = 1.0 if name == "sparsity" else 0.0
    assert np.isnan(found).all() or (found == usual).all()


def test_distances_from_the_axis_are_not_for_windows() -> None:
    without = {name for name in observables if not observables[name].applies(ATLAS_WINDOW)}
    lateral = {"lateral_profile", "lateral_first_moment", "lateral_second_moment"}
    assert lateral <= without
    for name in lateral:
        with pytest.raises(UnsupportedError, match=r"distances? from the"):
            observables[name].compute(by_rule(ATLAS_WINDOW), ATLAS_WINDOW, CONDITIONS)
