"""The figure of the trained range: what is compared, what stands alone, and where the trend leads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.comparisons import figures
from caloexport.report.figures.draw_picture import draw_picture
from caloexport.report.figures.picture import ImagePanel, Panel, Picture
from caloexport.report.html.figure_data import picture_data
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers
from caloexport.validation.measurement import measure

NAME = "trained-range"
MESH = CylinderMesh(1, 1, 2)
TRAINED = (1e3, 16e3)
INSIDE = (1e3, 4e3, 16e3)


def showers(energies_mev: tuple[float, ...], seed: int, n: int = 300) -> Showers:
    """Make showers of a response that rises by 2 % per decade, with σ/E = 10 %/√E."""
    random = np.random.default_rng(seed)
    energy = np.repeat(energies_mev, n)
    mean = 0.8 * (1 + 0.02 * np.log10(energy / 1e3))
    total = energy * mean * random.normal(1, 0.1 / np.sqrt(energy / 1e3))
    cells = np.repeat(total[:, None] / 2, 2, axis=1).reshape(-1, *MESH.shape)
    made = from_arrays(cells.astype(np.float32), MESH, {"energy_mev": energy})
    made.attributes.update(trained_low_mev=TRAINED[0], trained_high_mev=TRAINED[1])
    return made


def panels_of(
    reference: Showers, generated: Showers, beyond: Showers | None = None
) -> tuple[Picture, list[Panel]]:
    compared = ComparedPictures(reference, generated, beyond=beyond)
    for side, watch in zip((reference, generated), compared.watches, strict=True):
        measure(side, watch=watch)
    [picture] = [one for one in compared.pictures if one.name == NAME]
    row = picture.rows[0]
    assert not isinstance(row, ImagePanel)
    return picture, list(row)


@pytest.fixture(scope="module")
def alone() -> tuple[Picture, list[Panel]]:
    """The reference ends where the training ended; the model was asked beyond."""
    beyond = showers((250.0, 64e3), 3)
    return panels_of(showers(INSIDE, 1), showers(INSIDE, 2), beyond)


def test_showers_without_a_reference_are_held_against_its_trend(
    alone: tuple[Picture, list[Panel]],
) -> None:
    _, panels = alone
    assert [panel.title for panel in panels] == ["response", "resolution", "core of the resolution"]
    for panel in panels:
        assert panel.x.tolist() == [0.25, 1.0, 4.0, 16.0, 64.0]
        assert np.isnan(panel.reference.values).tolist() == [True, False, False, False, True]
        assert panel.trend is not None
        assert panel.trend.shaded == (1.0, 16.0)
        assert (panel.trend.low, panel.trend.high) == (1.0, 16.0)
        ratio, error, band = panel.comparison()
        assert (np.abs(ratio - 1) < 4 * np.hypot(error, band)).all()
    response, resolution, _ = panels
    assert response.trend is not None
    errors = response.trend.series.errors
    assert errors[0] > 2 * errors.min() < errors[-1]  # farther out the trend is less certain
    assert response.trend.expected.values[-1] == pytest.approx(0.8 * 1.0361, abs=4e-3)
    assert resolution.trend is not None
    assert resolution.trend.expected.values[0] == pytest.approx(0.2, rel=0.1)


def test_a_generator_that_saturates_is_seen() -> None:
    beyond = showers((64e3,), 3)
    cells = beyond.read() * 0.9
    beyond._read_block = lambda start, stop: cells[start:stop]
    _, [response, *_] = panels_of(showers(INSIDE, 1), showers(INSIDE, 2), beyond)
    ratio, error, band = response.comparison()
    assert ratio[-1] == pytest.approx(0.9, abs=0.01)
    assert 1 - ratio[-1] > 5 * np.hypot(error[-1], band[-1])


def test_where_the_reference_goes_on_both_are_compared() -> None:
    energies = (*INSIDE, 64e3)
    _, [response, *_] = panels_of(showers(energies, 1), showers(energies, 2))
    assert np.isfinite(response.reference.values).all()
    assert response.notes == (
        "shaded: trained on 1 GeV to 16 GeV", "dashed: reference, extrapolated",
    )  # fmt: skip


def test_energies_of_a_file_that_the_reference_lacks_stand_alone() -> None:
    generated = showers((*INSIDE, 128e3), 2)
    generated.attributes.clear()
    _, [response, *_] = panels_of(showers(INSIDE, 1), generated)
    assert response.x[-1] == pytest.approx(128)
    assert np.isnan(response.reference.values[-1])
    assert response.notes[0] == "dashed: reference, extrapolated"


def test_one_energy_of_the_reference_has_no_trend() -> None:
    beyond = showers((64e3,), 3)
    _, [response, *_] = panels_of(showers((4e3,), 1), showers((4e3,), 2), beyond)
    assert response.trend is not None
    assert np.isnan(response.trend.series.values).all()
    assert response.comparison()[0][0] == pytest.approx(1, abs=0.02)
    assert np.isnan(response.comparison()[0][1])


def test_it_is_drawn_and_embedded(alone: tuple[Picture, list[Panel]]) -> None:
    picture, panels = alone
    told = picture_data(picture)["panels"][0]
    assert told["reference"]["values"][0] is None
    assert told["trend"]["shaded"] == [1, 16]
    assert len(told["trend"]["x"]) == len(told["trend"]["values"])
    upper = draw_picture(replace(picture, rows=[panels[:1]]), "a", "b").axes[0]
    assert [line.get_linestyle() for line in upper.lines].count("--") >= 1
    low, high = upper.get_xlim()
    assert low < 0.25
    assert high > 64


def test_nothing_outside_has_no_figure() -> None:
    inside = showers(INSIDE, 1)
    frame = ComparedPictures(inside, inside).frame
    assert figures[NAME].missing(frame) == "no showers are outside of the trained range"
    silent = replace(frame, trained_mev=None)
    assert "do not tell" in str(figures[NAME].missing(silent))
