"""The figure of correlations between layers: known matrices, what chance makes of them, colours."""

from __future__ import annotations

import re

import numpy as np
import pytest

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.comparisons import figures
from caloexport.report.figures.draw_picture import draw_picture
from caloexport.report.figures.gathered import frame_of
from caloexport.report.figures.picture import ImagePanel, Picture
from caloexport.report.html.figure_data import energy_labels, picture_data
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers
from caloexport.validation.measurement import measure
from caloexport.validation.statistics.layer_correlation import correlation_errors, layer_correlation

NAME = "layer-correlation"
MESH = CylinderMesh(1, 1, 3)
ENERGIES = (1e3, 4e3, 16e3)


def showers(seed: int, together: float, n: int = 400) -> Showers:
    """Make showers whose first two layers go together: the correlation is that of their shares."""
    random = np.random.default_rng(seed)
    law = np.eye(3)
    law[0, 1] = law[1, 0] = together
    shares = 0.3 + 0.02 * random.multivariate_normal(np.zeros(3), law, len(ENERGIES) * n)
    energy = np.repeat(ENERGIES, n)
    cells = (shares * energy[:, None]).reshape(-1, *MESH.shape).astype(np.float32)
    return from_arrays(cells, MESH, {"energy_mev": energy})


def picture_of(reference: Showers, generated: Showers) -> Picture:
    compared = ComparedPictures(reference, generated)
    for side, watch in zip((reference, generated), compared.watches, strict=True):
        measure(side, watch=watch)
    [found] = [one for one in compared.pictures if one.name == NAME]
    return found


@pytest.fixture(scope="module")
def picture() -> Picture:
    return picture_of(showers(1, 0.8), showers(2, 0.2))


def images(picture: Picture) -> list[ImagePanel]:
    return [row for row in picture.rows if isinstance(row, ImagePanel)]


def test_each_energy_has_both_matrices_and_their_difference(picture: Picture) -> None:
    assert [one.title for one in images(picture)] == ["1 GeV", "4 GeV", "16 GeV"]
    for one in images(picture):
        assert one.reference.values[0, 1] == pytest.approx(0.8, abs=0.07)
        assert one.generated.values[1, 0] == pytest.approx(0.2, abs=0.2)
        assert one.comparison()[0, 1] == pytest.approx(-0.6, abs=0.2)
        assert np.diag(one.comparison()) == pytest.approx(0)
        assert one.x.tolist() == [-0.5, 0.5, 1.5, 2.5]


def test_the_difference_stands_beside_what_chance_makes(picture: Picture) -> None:
    numbers = [
        [float(one) for one in re.findall(r"\d\.\d+", " ".join(panel.notes))]
        for panel in images(picture) + images(picture_of(showers(1, 0.8), showers(3, 0.8)))
    ]
    assert all(difference > 3 * chance for difference, chance in numbers[:3])
    assert all(difference < 2.5 * chance for difference, chance in numbers[3:])


def test_errors_are_those_of_resampling_for_laws_with_tails() -> None:
    random = np.random.default_rng(4)
    shares = 0.3 + 0.02 * random.standard_t(5, (600, 3)) @ [[1, 0.7, 0], [0, 1, 0.4], [0, 0, 1]]
    rows = np.column_stack([np.full(600, 2e3), 2e3 * shares])
    resampled = [layer_correlation(rows[random.integers(600, size=600)]) for _ in range(300)]
    pairs = ~np.eye(3, dtype=bool)
    assert correlation_errors(rows)[pairs] == pytest.approx(
        np.std(resampled, axis=0)[pairs], rel=0.15
    )


def test_the_page_gets_colours_of_either_sign_and_each_energy(picture: Picture) -> None:
    told = picture_data(picture)
    assert energy_labels([told]) == ["1 GeV", "4 GeV", "16 GeV"]
    first = told["panels"][0]
    assert (first["span"], first["below"], first["comparison"]) == (1.0, "difference", None)
    assert first["reference"]["values"][0][0] == 1
    assert first["notes"] == list(images(picture)[0].notes)


def test_it_is_drawn_with_its_figures(picture: Picture) -> None:
    drawn = draw_picture(Picture(NAME, picture.title, picture.rows[:1]), "a", "b")
    assert drawn.axes[2].get_xlabel().replace("\n", " ").startswith("layer; rms difference 0.")
    assert [text.get_text() for text in drawn.axes[2].texts] == ["1 GeV: generated − reference"]
    assert len(drawn.axes[0].collections[0].get_array()) == 3


def test_one_layer_and_too_many_have_none() -> None:
    energies = ({"energy_mev": np.array([1e3])},) * 2
    for layers, reason in ((1, "one layer"), (99, "more than 80 layers")):
        frame = frame_of(CylinderMesh(1, 1, layers), energies, [(1.0, 1e4)])
        assert reason in str(figures[NAME].missing(frame))


def test_three_showers_tell_no_correlation() -> None:
    compared = ComparedPictures(showers(1, 0.5, n=3), showers(2, 0.5, n=3))
    for side, watch in zip(
        (showers(1, 0.5, n=3), showers(2, 0.5, n=3)), compared.watches, strict=True
    ):
        measure(side, watch=watch)
    assert NAME not in [one.name for one in compared.pictures]
