from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.report.shower_view import (
    artifact_figure,
    file_figure,
    require_fitting,
    shower_title,
)
from caloexport.runtime.errors import InputFileError, OutOfRange, UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers import Showers, from_arrays, open_showers, sample
from tests.caloexport.validation.window_showers import window_decoder, window_showers
from tests.networks import decoder

pytest.importorskip("matplotlib")


def labels(figure: Any) -> list[str]:
    legend = figure.subfigs[1].axes[1].get_legend()
    return [text.get_text() for text in legend.get_texts()]


def title(figure: Any) -> str:
    return str(figure.subfigs[0].axes[0].get_title())


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"energy_mev": 50_000.0}, "50 GeV shower"),
        ({"energy_mev": 512.0, "pdg": 22, "geometry": "scipb"}, "512 MeV photon in SciPb"),
        ({"energy_mev": 1e6, "pdg": 2212, "geometry": "hgcal"}, "1 TeV PDG 2212 in hgcal"),
        ({"energy_mev": 1e3, "pdg": 11, "theta_rad": math.radians(60)}, "1 GeV electron at 60°"),
    ],
)
def test_titles(conditions: dict[str, Any], expected: str) -> None:
    assert shower_title(conditions) == expected


def test_a_real_shower_stands_beside_those_of_its_energy() -> None:
    with open_showers(sample("siw")) as showers:
        energy_mev = showers.conditions["energy_mev"]
        index = int(np.argmin(abs(energy_mev - 30_000)))
        near = np.abs(np.log(energy_mev / energy_mev[index])) <= math.log(1.25)
        figure = file_figure(showers, index)
    assert title(figure) == f"{energy_mev[index] / 1000:.3g} GeV electron in SiW"
    assert labels(figure)[0].startswith(f"mean of {near.sum() - 1}, ")
    assert labels(figure)[1] == f"shower {index}"


def showers_of(energies_mev: list[float], geometries: list[str]) -> Showers:
    n = len(energies_mev)
    cells = np.ones((n, 2, 2, 2)) * np.arange(1, n + 1)[:, None, None, None]
    given = {"energy_mev": np.array(energies_mev), "geometry": np.array(geometries)}
    return from_arrays(cells, CylinderMesh(2, 2, 2, 1.0, 1.0), given)


def test_the_mean_is_of_comparable_showers_scaled_to_the_energy_shown() -> None:
    """Shower 1 (8 MeV·2) at 1100 and 3 (8 MeV·4) at 900 compare; 2 is far off, 4 elsewhere."""
    showers = showers_of([1000, 1100, 9000, 900, 1000], ["a", "a", "a", "a", "b"])
    along = file_figure(showers, 0).subfigs[1].axes[0]
    _, mean, own = along.patches
    assert mean.get_data().values == pytest.approx([4 * (2 * 1000 / 1100 + 4 * 1000 / 900) / 2] * 2)
    assert own.get_data().values == pytest.approx([4.0, 4.0])


def test_the_mean_of_the_largest_energies_overflows_nowhere() -> None:
    showers = showers_of([1200, 1000, 1100], ["a"] * 3)
    huge = from_arrays(1.1e38 * showers.read(), showers.mesh, showers.conditions)
    _, mean, _ = file_figure(huge, 0).subfigs[1].axes[0].patches
    assert mean.get_data().values == pytest.approx([4 * 1.1e38 * (2 * 1.2 + 3 * 12 / 11) / 2] * 2)


def test_a_shower_without_company_is_drawn_alone() -> None:
    assert labels(file_figure(showers_of([1000, 9000], ["a", "a"]), 1)) == ["shower 1"]


@pytest.mark.parametrize("index", [3, -4])
def test_no_such_shower(index: int) -> None:
    with pytest.raises(UsageError, match=f"no shower {index} .0 to 2."):
        file_figure(showers_of([1e3] * 3, ["a"] * 3), index)


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    return export(decoder(), "numba", tmp_path / "toy.safetensors", verify=False).path


def test_an_artifact_is_sampled(artifact: Path) -> None:
    figure = artifact_figure(artifact, {"energy_mev": 20_000.0, "geometry": "siw"}, seed=3)
    assert title(figure) == "toy: 20 GeV shower in SiW at 75°"
    assert labels(figure) == ["mean of 50 showers", "shower 0"]
    assert title(artifact_figure(artifact, {})) == "toy: 8 GeV shower in PbWO4 at 75°"
    with pytest.raises(OutOfRange, match=r"energy_mev = 1e\+06 is outside"):
        artifact_figure(artifact, {"energy_mev": 1e6})


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"no artifact")
    with pytest.raises(InputFileError):
        artifact_figure(path, {})


def test_options_that_would_do_nothing_are_refused() -> None:
    require_fitting(True, [], 3, "calochallenge2")
    require_fitting(False, ["energy_mev"], None, None)
    with pytest.raises(UsageError, match=r"energy_mev.* choose nothing in a shower file"):
        require_fitting(True, ["energy_mev"], None, None)
    with pytest.raises(UsageError, match="belong to a shower file"):
        require_fitting(False, [], 0, None)


def test_a_shower_of_windows_is_drawn_layer_by_layer() -> None:
    showers = window_showers((16e3,), n=40)
    shower = showers.read(slice(9, 10))[0]
    figure = file_figure(showers, 9)
    grid = np.reshape(figure.axes[:8], (4, 2))
    mesh = grid[3, 0].collections[0]
    assert mesh.get_array().filled(0).T.ravel() == pytest.approx(shower[-28:])
    # shower 9 has pconfig 1 and econfig 0: the impact cell is the upper one of two in η
    assert np.asarray(mesh.get_coordinates())[0, :, 0] == pytest.approx(
        [-0.0875, -0.0375, 0.0125, 0.0625, 0.1125]
    )
    cross = grid[0, 0].lines[-1].get_xydata()[0]
    assert cross[0] == showers.conditions["ripos_eta"][9]
    texts = [text.get_text() for text in grid[0, 1].texts]
    assert texts == ["mean of 4, 16 GeV"]  # those of the same alignment, wherever they enter
    same = np.flatnonzero(np.arange(40) % 8 == 1)
    mean = showers.read()[same[same != 9]].mean(axis=0)
    found = grid[2, 1].collections[0].get_array().filled(0).T.ravel()
    wanted = np.where(mean < 1e-4 * shower.max(), 0, mean)[-28 - 49 : -28]
    assert found == pytest.approx(wanted, rel=1e-5)


def test_windows_without_alignment_are_centred() -> None:
    windows = np.ones((1, *ATLAS_WINDOW.shape), dtype=np.float32)
    alone = file_figure(from_arrays(windows, ATLAS_WINDOW, {"energy_mev": np.ones(1)}), 0)
    coordinates = np.asarray(alone.axes[0].collections[0].get_coordinates())
    assert coordinates[0, [0, -1], 0] == pytest.approx([-0.0875, 0.0875])
    assert len(alone.axes) == 4 + 1  # and the bar


def test_a_model_of_windows_is_sampled(tmp_path: Path) -> None:
    path = export(window_decoder(), "numba", tmp_path / "toy.safetensors", verify=False).path
    figure = artifact_figure(path, {"energy_mev": 20_000.0})
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert texts == ["trained: 20 GeV shower", "mean of 50 showers"]


def test_empty_showers_are_refused() -> None:
    energy = {"energy_mev": np.ones(1)}
    nothing = from_arrays(np.zeros((1, 2, 4, 3)), CylinderMesh(2, 4, 3), energy, name="none.h5")
    with pytest.raises(UsageError, match=r"none\.h5: shower 0 has no energy"):
        file_figure(nothing, 0)
