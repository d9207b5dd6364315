"""Observables of layers: the high-level features of the CaloChallenge, fractions, depth, windows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh, MeshLayer
from caloexport.runtime.window_mesh import ATLAS_WINDOW, WindowLayer, WindowMesh
from caloexport.showers.binning import read_binning
from caloexport.validation.observables import observables
from tests.caloexport.validation.test_observables import values

FEATURES = (
    "eta_centre", "phi_centre", "eta_width", "phi_width", "radial_centre", "radial_width",
    "sparsity",
)  # fmt: skip
#: of the second used layer of both showers, by the formulas of code/HighLevelFeatures.py
GOLDEN = {
    "calochallenge1-photons": [
        [-1.245640899, 0.251391529], [0.988090858, -0.609373294], [50.240853418, 43.537981083],
        [50.507259237, 42.448255996], [47.823576633, 39.866279070], [52.825751774, 45.918673332],
        [0.00625, 0.6875],
    ],
    "calochallenge1-pions": [
        [-2.561151843, 10.233746282], [1.078807634, -0.118085925], [49.680925494, 50.712597175],
        [48.738347600, 53.030096445], [44.220342397, 46.341796875], [53.813618423, 57.802595192],
        [0.01, 0.69],
    ],
    "calochallenge2": [
        [0.153948125, -0.927449273], [-0.088395359, -0.337301479], [17.301285654, 14.538501612],
        [17.222581731, 13.646982855], [21.232368494, 16.310586735], [12.048645096, 11.512899937],
        [0.006944444, 0.6875],
    ],
    "calochallenge3": [
        [0.035482802, 0.060044817], [0.027783219, -0.009212962], [17.051648375, 15.580866290],
        [17.113157421, 15.641516480], [20.919311610, 18.588345865], [12.083182606, 11.912074565],
        [0.01, 0.686666667],
    ],
}  # fmt: skip


@pytest.mark.parametrize("binning", GOLDEN)
@pytest.mark.parametrize("number", range(len(FEATURES)), ids=FEATURES)
def test_high_level_features(binning: str, number: int) -> None:
    mesh = read_binning(binning)[0].mesh
    found = values(FEATURES[number], mesh)[:, 1]
    assert found == pytest.approx(GOLDEN[binning][number], abs=1.1e-9)


def test_what_the_challenge_leaves_out_is_no_number() -> None:
    mesh = read_binning("calochallenge1-photons")[0].mesh
    for name in ("eta_centre", "phi_width"):
        found = values(name, mesh)
        assert np.isnan(found).all(axis=0).tolist() == [True, False, False, True, True]
    assert not np.isnan(values("radial_width", mesh)).any()
    empty = observables["radial_centre"].compute(np.zeros((1, 368)), mesh, {})
    assert np.isnan(empty).all()


THREE = LayeredMesh(tuple(MeshLayer(i, (0.0, 1.0, 2.0), 1) for i in range(3)))


def test_layer_fractions_are_shares_of_the_total() -> None:
    cells = np.array([[1.0, 2.0, 0.0, 0.0, 3.0, 4.0], np.zeros(6)])
    found = observables["layer_fraction"].compute(cells, THREE, {})
    assert found[0].tolist() == [0.3, 0.0, 0.7]  # the empty layer of a shower has 0
    assert np.isnan(found[1]).all()  # a shower without energy has no fractions


def test_depth_counts_layers_or_takes_their_middles() -> None:
    cells = np.array([[1.0, 2.0, 0.0, 0.0, 3.0, 4.0], np.zeros(6)])
    depth = observables["depth"]
    found = depth.compute(cells, THREE, {})
    assert found[0] == pytest.approx(1.4)
    assert math.isnan(found[1])
    assert depth.unit_on(THREE) == "layers"
    layers = cells[:1].reshape(1, 3, 2).sum(axis=2).reshape(1, 1, 1, 3)
    for mesh, usual, unit in (
        (CylinderMesh(1, 1, 3, 2.0, 10.0), 19.0, "mm"),
        (CylinderMesh(1, 1, 3), 1.4, "layers"),
    ):
        assert depth.compute(layers, mesh, {}) == pytest.approx(usual)
        assert depth.unit_on(mesh) == unit


def showers(mesh: Mesh, n: int) -> Array:
    random = np.random.default_rng(12)
    cells = random.exponential(10.0, (n, *mesh.shape))
    return np.where(random.random(cells.shape) < 0.6, 0.0, cells).astype(np.float32)


@pytest.mark.parametrize("number", range(4))
def test_offsets_and_widths_follow_the_positions_of_the_cells(number: int) -> None:
    """Held against the positions of all cells under each alignment."""
    n = 16
    cells = showers(ATLAS_WINDOW, n)
    given = {
        "pconfig": np.tile(np.arange(4), 4),
        "econfig": np.repeat([0, 1], 8),
        "ripos_eta": np.linspace(-0.0125, 0.0125, n),
        "ripos_phi": np.linspace(0.01, -0.01, n),
    }
    names = ("eta_offset", "phi_offset", "eta_width", "phi_width")
    found = {name: observables[name].compute(cells, ATLAS_WINDOW, given) for name in names}
    layer = ATLAS_WINDOW.indices()["z"] == number
    for shower in range(n):
        positions = ATLAS_WINDOW.positions(
            int(given["pconfig"][shower]), int(given["econfig"][shower])
        )[layer]
        weights = cells[shower, layer].astype(np.float64)
        for axis, name in enumerate(("eta", "phi")):
            mean = np.average(positions[:, axis], weights=weights)
            width = math.sqrt(np.average((positions[:, axis] - mean) ** 2, weights=weights))
            impact = given[f"ripos_{name}"][shower]
            assert found[f"{name}_offset"][shower, number] == pytest.approx(mean - impact)
            assert found[f"{name}_width"][shower, number] == pytest.approx(width)


def test_an_empty_layer_or_one_of_a_single_cell_has_no_width() -> None:
    mesh = WindowMesh((WindowLayer(0, 3, 1, 0.1, 0.1), WindowLayer(1, 1, 3, 0.1, 0.1)))
    cells = np.array([[0.0, 2.0, 2.0, 1.0, 0.0, 0.0], [0.0] * 3 + [1.0] * 3])
    eta, phi = (observables[f"{name}_width"].compute(cells, mesh, {}) for name in ("eta", "phi"))
    assert eta[:, 0] == pytest.approx([0.05, math.nan], nan_ok=True)
    assert np.isnan(eta[:, 1]).all()
    assert np.isnan(phi[:, 0]).all()
    assert phi[:, 1] == pytest.approx([0.0, 0.1 * math.sqrt(2 / 3)], abs=1e-9)


def test_units_follow_the_mesh() -> None:
    layered = read_binning("calochallenge1-photons")[0].mesh
    units = {
        (name, words): observables[name].unit_on(mesh)
        for name in ("eta_width", "phi_width")
        for words, mesh in {
            "window": ATLAS_WINDOW,
            "layered": layered,
            "bare": CylinderMesh(2, 2, 2),
        }.items()
    }
    assert units == {
        ("eta_width", "window"): "", ("phi_width", "window"): "rad",
        ("eta_width", "layered"): "mm", ("phi_width", "layered"): "mm",
        ("eta_width", "bare"): "cells", ("phi_width", "bare"): "cells",
    }  # fmt: skip
