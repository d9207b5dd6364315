from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.showers.binning import read_binning
from caloexport.validation.challenge_histograms import challenge_separations, histogram_edges
from caloexport.validation.metrics import metrics
from caloexport.validation.readout_cut import ReadoutCut
from tests.caloexport.validation.cylinder_showers import MESH, cylinder_showers
from tests.caloexport.validation.window_showers import window_showers

CUT = ReadoutCut(2.0)
#: group, layer, edges: first, second, last
EDGES = {
    "calochallenge1-photons": [
        ("response", 0, [0.5, 0.51, 1.5]),
        ("eta_centre", 1, [-100, -98, 100]),
        ("eta_centre", 12, [-500, -490, 500]),
        ("phi_width", 13, [0, 4, 400]),
        ("radial_width", 2, [0, 5, 500]),
        ("radial_centre", 12, [0, 15, 1500]),
        ("sparsity", 1, [0, 0.05, 1]),
        ("layer_energy", 0, [1, 1e4 ** (1 / 39), 1e4]),
        ("cell_energy", 0, [1, 1e4 ** (1 / 49), 1e4]),
    ],
    "calochallenge1-pions": [
        ("radial_centre", 14, [0, 15, 1500]),
        ("phi_centre", 14, [-100, -98, 100]),
    ],
    "calochallenge3": [
        ("eta_centre", 12, [-30, -29.4, 30]),
        ("eta_width", 13, [0, 0.3, 30]),
        ("radial_centre", 12, [0, 0.42, 42]),
        ("radial_width", 14, [0, 0.2, 20]),
    ],
}


@pytest.mark.parametrize("binning", EDGES)
def test_edges_are_the_challenges(binning: str) -> None:
    mesh = read_binning(binning)[0].mesh
    for group, layer, expected in EDGES[binning]:
        edges = histogram_edges(mesh, group, layer, threshold_mev=1.0, largest_mev=1e4)
        assert edges[[0, 1, -1]] == pytest.approx(expected), group


def test_the_largest_energy_counts_however_its_logarithm_is_rounded() -> None:
    left_out = 0
    for largest in np.random.default_rng(0).uniform(10, 1000, 50).tolist():
        edges = histogram_edges(MESH, "layer_energy", 0, threshold_mev=0.5, largest_mev=largest)
        assert np.histogram([largest], edges)[0][-1] == 1
        left_out += np.logspace(np.log10(0.5), np.log10(largest), 40)[-1] < largest
    assert left_out, "the challenge's edges would do"


def test_golden_number_of_the_response() -> None:
    random = np.random.default_rng(1)
    usual, found = random.normal(1, 0.05, 10_000), random.normal(1.01, 0.06, 10_000)
    edges = histogram_edges(MESH, "response", 0, threshold_mev=1.0, largest_mev=1.0)
    result = metrics["separation_power"].compute(usual, found, edges)
    assert result.value == pytest.approx(0.0228073644, abs=1e-10)


def as_the_challenge(usual: Array, found: Array, edges: Float64) -> float:
    densities = [np.histogram(one, edges, density=True)[0] for one in (usual, found)]
    p, q = (one * np.diff(edges) for one in densities)
    return float(0.5 * ((p - q) ** 2 / (p + q + 1e-16)).sum())


def test_separations_are_those_of_the_challenges_histograms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("caloexport.showers.showers.BLOCK_BYTES", 4 * 24 * 13)  # many blocks
    showers = [cylinder_showers(90, 1), cylinder_showers(60, 2, scale=1.1)]
    found = challenge_separations(*showers, cut=CUT)
    assert {name: len(parts) for name, parts in found.items()} == {
        "response": 1, "layer_energy": 2, "eta_centre": 2, "phi_centre": 2, "eta_width": 2,
        "phi_width": 2, "sparsity": 2, "radial_centre": 2, "radial_width": 2, "cell_energy": 1,
    }  # fmt: skip
    cells = [np.where(one.read() < 2, 0, one.read()).astype(np.float64) for one in showers]
    totals = [
        one.sum(axis=(1, 2, 3)) / made.conditions["energy_mev"]
        for one, made in zip(cells, showers, strict=True)
    ]
    expected = as_the_challenge(totals[0], totals[1], np.linspace(0.5, 1.5, 101))
    assert found["response"][0].value == pytest.approx(expected)
    radius = (np.arange(3) + 0.5) * 4.65
    x = radius * np.cos(-np.pi + (np.arange(4) + 0.5) * np.pi / 2)[:, None]
    for layer in range(2):
        energy = [one[:, layer].sum(axis=(1, 2)) for one in cells]
        edges = np.geomspace(2, energy[0].max(), 40)
        expected = as_the_challenge(energy[0], energy[1], edges)
        assert found["layer_energy"][layer].value == pytest.approx(expected)
        centre = [(one[:, layer] * x).sum(axis=(1, 2)) / (one[:, layer].sum(axis=(1, 2)) + 1e-16)
                  for one in cells]  # fmt: skip
        expected = as_the_challenge(centre[0], centre[1], np.linspace(-30, 30, 101))
        assert found["eta_centre"][layer].value == pytest.approx(expected)
    edges = np.geomspace(2, cells[0].max(), 50)
    expected = as_the_challenge(cells[0].ravel(), cells[1].ravel(), edges)
    assert found["cell_energy"][0].value == pytest.approx(expected)
    assert 0 < (found["cell_energy"][0].floor or 0) < expected


def test_a_reference_with_more_hits_than_are_kept_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("caloexport.showers.showers.BLOCK_BYTES", 4 * 24 * 13)
    showers = [cylinder_showers(90, 1), cylinder_showers(60, 2, scale=1.1)]
    kept = challenge_separations(*showers, cut=CUT)
    monkeypatch.setattr("caloexport.validation.challenge_histograms.KEPT_BYTES", 4000)
    assert challenge_separations(*showers, cut=CUT) == kept


def test_what_has_no_such_histograms_is_refused() -> None:
    windows = window_showers(n=4)
    with pytest.raises(UsageError, match="no histograms"):
        challenge_separations(windows, windows)
    other = from_arrays(
        np.ones((4, 1, 1, 2)), CylinderMesh(1, 1, 2), {"energy_mev": np.ones(4)}, name="other"
    )
    with pytest.raises(UsageError, match="same mesh"):
        challenge_separations(cylinder_showers(4, 1), other)


def test_a_sample_without_showers_is_refused() -> None:
    none = from_arrays(np.ones((0, *MESH.shape)), MESH, {"energy_mev": np.ones(0)})
    some = from_arrays(np.ones((3, *MESH.shape)), MESH, {"energy_mev": np.full(3, 1e3)})
    for samples in ((none, some), (some, none)):
        with pytest.raises(UsageError, match="holds no showers"):
            challenge_separations(*samples)
