from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers import from_arrays
from caloexport.showers.binning import read_binning
from caloexport.showers.showers import Showers
from caloexport.validation.challenge_set import mesh_of_set, set_departures
from caloexport.validation.compare_distances import ComparedDistances, compare_distances
from caloexport.validation.distances import distances
from caloexport.validation.feature_list import feature_list
from caloexport.validation.high_level_features import feature_matrix, feature_names, high_level
from caloexport.validation.measurement import measure
from caloexport.validation.readout_cut import ReadoutCut, readout_cut
from caloexport.validation.rows import Rows
from tests.caloexport.validation.cylinder_showers import MESH, cylinder_showers
from tests.caloexport.validation.window_showers import window_showers

CUT = ReadoutCut(2.0, 0.5)
SET_2 = mesh_of_set("calochallenge2")


def test_it_streams_and_finds_what_arrays_find(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, found = cylinder_showers(220, 1), cylinder_showers(190, 2, scale=0.9)
    arrays = [np.where(one.read() < 2, 0, one.read()) for one in (usual, found)]
    rows = []
    for cells, one in zip(arrays, (usual, found), strict=True):
        energy_mev = one.conditions["energy_mev"]
        matrix = feature_matrix(high_level(cells, MESH), energy_mev)
        rows.append(Rows(matrix, energy_mev, MESH, "calochallenge"))
    monkeypatch.setattr("caloexport.showers.showers.BLOCK_BYTES", 4 * 24 * 17)  # many blocks
    told: list[tuple[int, int, str]] = []
    results = compare_distances(
        usual, found, ["fpd", "kpd"], cut=CUT, report=lambda *given: told.append(given)
    )
    for name, result in zip(("fpd", "kpd"), results, strict=True):
        [direct] = distances[name].compute(rows[0], rows[1], 42)
        assert result.name == name
        assert (result.value, result.error) == pytest.approx((direct.value, direct.error))
        assert result.floor == pytest.approx(direct.floor)
        assert (result.features, result.n_features) == ("calochallenge", rows[0].width)
        assert result.departures == ("cells of no published set", *direct.departures)
        assert (result.n_reference, result.n_generated) == (220, 190)
    assert told[-1] == (190, 190, "generated")
    assert (220, 220, "reference") in told


def test_cells_are_of_some_showers_in_random_order(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = cylinder_showers(60, 3)
    monkeypatch.setattr("caloexport.showers.showers.BLOCK_BYTES", 4 * 24 * 7)
    monkeypatch.setattr("caloexport.validation.gathering.CELL_BYTES", 4 * 24 * 31)
    compared = ComparedDistances(usual, usual, ["prdc"], cut=CUT, seed=9)
    for watch in compared.watches:
        measure(usual, watch=watch)
    rows = np.random.default_rng(9).permutation(60)[:31]
    expected = usual.read().reshape(60, -1)[rows]
    expected = np.where(expected < 2, 0, expected)
    for one in compared.sides:
        cells, few = one.rows("energies"), one.rows("log_cells", 5)
        assert cells.values == pytest.approx(expected)
        assert cells.energy_mev == pytest.approx(usual.conditions["energy_mev"][rows])
        logarithms = np.log10(np.where(expected > 0, expected, 0.5))
        assert few.values == pytest.approx(logarithms[:5])
        assert few.energy_mev == pytest.approx(cells.energy_mev[:5])
        assert (cells.numbers, cells.width, len(few)) == ("cells", 24, 5)
    told: list[str] = []
    results = compared.results(told.append)
    assert told == ["precision, recall, density, coverage"]
    assert results[0].sample_sizes == (15,)


def test_windows_have_a_list_of_their_own() -> None:
    usual, found = window_showers(n=170), window_showers(n=170, seed=1, spread=0.008)
    columns = feature_list(ATLAS_WINDOW)
    matrix = columns.compute(usual.read(), ATLAS_WINDOW, usual.conditions)
    assert columns.name == "window"
    assert matrix.shape == (340, 1 + 4 + 1 + 5 * 4 + 6)
    assert np.isfinite(matrix).all()
    assert matrix[:, 0] == pytest.approx(np.log10(usual.conditions["energy_mev"]))
    [result] = compare_distances(usual, found, ["fpd"])
    assert result.value > 2 * result.floor
    assert (result.features, result.n_features) == ("window", matrix.shape[1])
    assert not result.published_settings


def test_what_is_empty_is_zero_and_what_is_damaged_is_none() -> None:
    showers = window_showers(n=3)
    cells, conditions = showers.read().copy(), dict(showers.conditions)
    cells[0] = 0
    cells[1, 40] = cells[2, 7] = np.nan
    conditions["ripos_eta"] = conditions["ripos_eta"].copy()
    conditions["ripos_eta"][3] = np.nan
    matrix = feature_list(ATLAS_WINDOW).compute(cells, ATLAS_WINDOW, conditions)
    assert np.isfinite(matrix).all(axis=1).tolist() == [True, False, False, False, True, True]
    assert set(matrix[0, 1:]) == {-8.0, 1.0, 0.0}  # log10 of no energy, all cells empty, the rest
    damaged = cylinder_showers(3, 1).read().copy()
    damaged[0] = 0
    damaged[1, 0, 0, 0] = np.nan
    rows = feature_list(MESH).compute(damaged, MESH, {"energy_mev": np.ones(3)})
    assert np.isfinite(rows).all(axis=1).tolist() == [True, False, True]


def test_the_early_list_is_shorter() -> None:
    names = feature_names(MESH)
    for early, length in ((False, len(names)), (True, 1 + 2 + 4 * 2)):
        columns = feature_list(MESH, early=early)
        cells = cylinder_showers(5, 1)
        assert columns.compute(cells.read(), MESH, cells.conditions).shape == (5, length)


def ones(mesh: Mesh, energy_mev: float = 1.0, **attributes: float) -> Showers:
    made = from_arrays(np.ones((4, *mesh.shape)), mesh, {"energy_mev": np.full(4, energy_mev)})
    made.attributes.update(attributes)
    return made


def test_bad_samples_are_refused() -> None:
    with pytest.raises(UsageError, match="same mesh"):
        compare_distances(ones(MESH), ones(CylinderMesh(3, 4, 2)))
    with pytest.raises(UsageError, match="same mesh"):
        compare_distances(ones(MESH), ones(replace(MESH, dr_mm=2.0)))
    with pytest.raises(UsageError, match="generated sample has showers without finite features"):
        compare_distances(ones(MESH), ones(MESH, 0.0), ["kpd"])
    with pytest.raises(UsageError, match=r"energy_scale = 1\.0, the reference with 30.0"):
        compare_distances(ones(MESH, energy_scale=30.0), ones(MESH, energy_scale=1.0))
    nothing = from_arrays(np.ones((0, *MESH.shape)), MESH, {"energy_mev": np.ones(0)})
    for pair in ((ones(MESH), nothing), (nothing, ones(MESH))):
        with pytest.raises(UsageError, match="holds no showers"):
            compare_distances(*pair)
    with pytest.raises(UnknownName, match="did you mean 'kpd'"):
        compare_distances(ones(MESH), ones(MESH), ["kdp"])


def test_the_cut_follows_the_scale_of_the_energies() -> None:
    assert readout_cut(ones(MESH)).threshold_mev == 0.0005
    assert readout_cut(ones(MESH, energy_scale=30.0)).threshold_mev == pytest.approx(0.015)
    pions = read_binning("calochallenge1-pions")[0].mesh
    made = from_arrays(np.ones((1, 533)), pions, {"energy_mev": np.ones(1)})
    assert readout_cut(made) == ReadoutCut(1.0, 0.1)
    electrons = read_binning("calochallenge2")[0].mesh
    made = from_arrays(np.ones((1, 45, 16, 9)), electrons, {"energy_mev": np.ones(1)})
    assert readout_cut(made).threshold_mev == 0.0005  # memory does not tell
    made.format = "calochallenge"
    assert readout_cut(made).threshold_mev == pytest.approx(0.0151515, abs=1e-7)
    assert readout_cut(made).empty_mev == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("mesh", "scale", "options", "departures"),
    [
        (SET_2, 1 / 0.033, {}, []),
        (SET_2.in_order(("r", "phi", "z")), 1 / 0.033, {}, []),
        (
            SET_2,
            1.0,
            {},
            ["energies times 1, those of calochallenge2 times 30.3", "cut at 0.5 keV"],
        ),
        (
            SET_2,
            1 / 0.033,
            {"cut": ReadoutCut(1.0)},
            ["cut at 1000 keV, that of calochallenge2 is"],
        ),
        (SET_2, 1 / 0.033, {"early": True}, ["the short list of features"]),
        (MESH, 1 / 0.033, {}, ["cells of no published set"]),
    ],
)
def test_only_the_challenges_showers_and_features_compare_with_published_ones(
    mesh: Mesh, scale: float, options: dict[str, Any], departures: list[str]
) -> None:
    showers = ones(mesh, energy_scale=scale)
    showers.conditions["energy_mev"] = np.array([1e3, 5e3, 7e5, 0.995e6])
    compared = ComparedDistances(showers, showers, ["fpd"], **options)
    measure(showers, watch=compared.watches[0])
    found = compared.sides[0].rows("features").departures
    assert len(found) == len(departures)
    for one, beginning in zip(found, departures, strict=True):
        assert one.startswith(beginning)


def test_other_incident_energies_are_no_set() -> None:
    showers = ones(SET_2, energy_scale=1 / 0.033)
    for highest, told in (
        (1e6, ()),
        (64e3, ("1 GeV to 64 GeV, those of calochallenge2 1 GeV to 1",)),
    ):
        showers.conditions["energy_mev"] = np.array([1e3, 5e3, 7e3, highest])
        found = set_departures(showers, readout_cut(showers))
        assert len(found) == len(told)
        assert all(text in one for one, text in zip(found, told, strict=True))
