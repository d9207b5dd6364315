"""The figure of the direction of hits: by angle, of layers that are hit, turned ones stand out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.comparisons import figures
from caloexport.report.figures.gathered import frame_of
from caloexport.report.figures.picture import ImagePanel, Panel, Picture
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers
from caloexport.validation.measurement import measure

NAME = "hit-azimuth"
MESH = CylinderMesh(1, 4, 3, 2.0, 3.0, phi_origin_rad=-math.pi / 4)
ANGLES = np.radians([60.0, 90.0])


def showers(seed: int, turn: int = 0, n: int = 100) -> Showers:
    """Make showers that, at 60°, hit one quarter around the axis in layer 0 and never layer 2."""
    random = np.random.default_rng(seed)
    theta = np.repeat(ANGLES, n)
    cells = np.zeros((2 * n, *MESH.shape), np.float32)
    first = random.random((n, 4)) < [0.9, 0.4, 0.1, 0.4]
    cells[:n, 0, :, 0] = np.roll(first, turn, axis=1)
    cells[n:, 0, :, 0] = random.random((n, 4)) < 0.5
    cells[:, 0, :, 1] = 1
    conditions = {"energy_mev": np.full(2 * n, 1e3), "theta_rad": theta}
    return from_arrays(cells, MESH, conditions)


def rows_of(reference: Showers, generated: Showers) -> list[list[Panel]]:
    compared = ComparedPictures(reference, generated)
    for side, watch in zip((reference, generated), compared.watches, strict=True):
        measure(side, watch=watch)
    [picture] = [one for one in compared.pictures if one.name == NAME]
    assert isinstance(picture, Picture)
    return [list(row) for row in picture.rows if not isinstance(row, ImagePanel)]


def test_each_angle_has_cosine_and_sine_by_layer() -> None:
    rows = rows_of(showers(1), showers(2))
    titles = [[panel.title for panel in row] for row in rows]
    assert titles == [["60°, cosine", "60°, sine"], ["90°, cosine", "90°, sine"]]
    cosine = rows[0][0].reference
    assert cosine.values[0] > 10 * cosine.errors[0]
    assert cosine.values[1] == pytest.approx(0, abs=1e-6)
    assert np.isnan(cosine.values[2])  # never hit: no direction
    for row in rows:
        for panel in row:
            pulls = panel.comparison()[0]
            assert np.abs(pulls[np.isfinite(pulls)]).max(initial=0) < 4


def test_turned_showers_point_elsewhere() -> None:
    [[cosine, sine], upright] = rows_of(showers(1), showers(2, turn=1))
    assert cosine.comparison()[0][0] < -5
    assert sine.comparison()[0][0] > 5
    assert abs(upright[0].comparison()[0][0]) < 4


def test_a_mesh_without_azimuth_has_no_direction() -> None:
    energies = ({"energy_mev": np.array([1e3])},) * 2
    frame = frame_of(CylinderMesh(3, 1, 2), energies, [(1.0, 1e4)])
    assert "axis" in str(figures[NAME].missing(frame))
