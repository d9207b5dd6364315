from __future__ import annotations

import json

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers import from_arrays, open_showers, sample
from caloexport.validation import Measurement, measure, summary, windows_around
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge
from caloexport.validation.windows import default_windows


@pytest.fixture(scope="module")
def siw() -> Measurement:
    with open_showers(sample("siw")) as showers:
        return measure(showers)


def halves(whole: Measurement) -> tuple[Measurement, Measurement]:
    chosen = np.arange(len(whole)) % 2 == 0
    return whole.take(chosen), whole.take(~chosen)


def test_measuring_agrees_with_the_energies(siw: Measurement) -> None:
    with open_showers(sample("siw")) as showers:
        cells = showers.read()
    assert siw.total_mev == pytest.approx(cells.sum(axis=(1, 2, 3), dtype=np.float64))
    assert siw.lateral is not None
    assert siw.lateral.sum(axis=1) == pytest.approx(siw.total_mev)
    assert siw.edges["z"][1] == "mm"
    assert siw.edges["z"][0][-1] == pytest.approx(153.0)


def test_halves_of_real_showers_differ_by_their_floor(siw: Measurement) -> None:
    found = summary(*halves(siw), windows_around([2e3, 10e3, 50e3]))
    for window in found["windows"]:
        metrics = window["metrics"]
        assert min(window["n_reference"], window["n_generated"]) >= 15
        assert abs(metrics["response_ratio"]["value"] - 1) < 5 * metrics["response_ratio"]["error"]
        for name in ("longitudinal_l1", "lateral_l1"):
            assert metrics[name]["value"] < 3 * metrics[name]["floor"]
    json.dumps(found, allow_nan=False)


def test_another_detector_is_seen(siw: Measurement) -> None:
    with open_showers(sample("pbwo4")) as showers:
        found = summary(siw, showers)
    for window in found["windows"]:
        metrics = window["metrics"]["longitudinal_l1"]
        assert metrics["value"] > 10 * metrics["error"]
        assert metrics["value"] > 4 * metrics["floor"]


def test_a_scale_error_of_five_per_cent_is_seen(siw: Measurement) -> None:
    with open_showers(sample("siw")) as showers:
        scaled = from_arrays(showers.read() * 1.05, showers.mesh, showers.conditions)
    for window in summary(siw, scaled)["windows"]:
        metrics = window["metrics"]
        assert metrics["response_ratio"]["value"] == pytest.approx(1.05, rel=1e-6)
        assert metrics["response_ratio"]["error"] < 0.005
        assert metrics["longitudinal_l1"]["value"] == pytest.approx(0, abs=1e-6)


def test_a_window_without_showers_says_so(siw: Measurement) -> None:
    [found] = summary(siw, siw, [(1e6, 2e6)])["windows"]
    assert (found["n_reference"], found["n_generated"], found["metrics"]) == (0, 0, {})


def test_different_meshes_are_refused(siw: Measurement) -> None:
    other = from_arrays(
        np.ones((9, 2, 2, 3)), CylinderMesh(2, 2, 3), {"energy_mev": np.full(9, 2000.0)}
    )
    with pytest.raises(UsageError, match="compare showers of the same mesh"):
        summary(siw, other)


def test_windows_of_cells_are_compared_without_a_radius() -> None:
    """Detector cells around an impact cell have no distance from the particle's axis."""
    random = np.random.default_rng(3)
    cells = random.exponential(1.0, (64, *ATLAS_WINDOW.shape)).astype(np.float32)
    showers = from_arrays(cells, ATLAS_WINDOW, {"energy_mev": np.full(64, 1000.0)})
    measured = measure(showers)
    assert measured.lateral is None
    assert list(measured.edges) == ["z"]
    [found] = summary(measured, showers)["windows"]
    assert found["metrics"]["longitudinal_l1"]["value"] == 0
    assert found["metrics"]["occupancy_ratio"]["value"] == 1
    assert not {"lateral_l1", "r90_ratio"} & set(found["metrics"])
    found_checks = judge(showers, showers, load_profile())
    status = {code: one.status for code, one in found_checks.findings.items()}
    # one energy, no axis, and no model
    without = {"EN003", "SH002", "SH005", "SH006", "SH008", "SH009", "SH010", "CX002"}
    assert {code for code, one in status.items() if one == "not applicable"} == without
    assert {one for code, one in status.items() if code not in without} == {"pass"}
    assert found_checks.findings["SH002"].where == "cells of this mesh have no such number"
    assert found_checks.passed


def test_windows() -> None:
    assert windows_around([100.0, 10.0], factor=2) == [(50.0, 200.0), (5.0, 20.0)]
    scan = default_windows(np.array([1e3, 2e3, 2e3, 1e3]))
    assert [low < energy < high for (low, high), energy in zip(scan, (1e3, 2e3), strict=True)] == [
        True,
        True,
    ]
    spectrum = np.geomspace(1e3, 64e3, 50)
    windows = default_windows(spectrum)
    assert [low for low, _ in windows] == pytest.approx([1e3, 4e3, 16e3])
    assert sum(((spectrum >= low) & (spectrum < high)).sum() for low, high in windows) == 50
