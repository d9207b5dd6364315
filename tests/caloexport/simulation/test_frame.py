"""The frame of a shower is Par04's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.simulation.frame import direction, shower_frame

ANGLES = np.radians([30.0, 60.0, 90.0, 120.0])


@pytest.mark.parametrize("theta", ANGLES)
def test_axes_are_those_of_the_rotation_of_par04(theta: float) -> None:
    # RotY(-θ) takes the direction of a particle to z; the beam axis is x here and z in Par04,
    # the radial direction z here and x there
    c, s = math.cos(theta), math.sin(theta)
    par04 = np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])  # acts on (radial, φ, beam)
    to_par04 = np.array([[0.0, 0.0, 1.0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.0]])
    assert shower_frame(theta).axes == pytest.approx(par04 @ to_par04)


@pytest.mark.parametrize("theta", ANGLES)
def test_axes_are_orthonormal_and_right_handed(theta: float) -> None:
    axes = shower_frame(theta).axes
    assert axes @ axes.T == pytest.approx(np.eye(3))
    assert np.linalg.det(axes) == pytest.approx(1.0)
    assert axes[2] == pytest.approx(direction(theta))


def test_points_come_back() -> None:
    frame = shower_frame(1.1, (5.0, -3.0))
    points = np.random.default_rng(1).normal(size=(7, 3))
    assert frame.to_detector(frame.to_shower(points)) == pytest.approx(points)
    assert frame.to_shower(np.array([[5.0, -3.0, 0.0]])) == pytest.approx(0.0)
