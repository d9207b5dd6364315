"""How far the last bias moves."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.mesh import CylinderMesh
from caloexport.training.fastv.mean_shift import LARGEST_SHIFT, logit_shift, mean_over_azimuth


def test_the_shift_takes_one_mean_to_the_other() -> None:
    true, made = np.array([0.01, 0.2, 1e-5]), np.array([0.03, 0.1, 2e-5])
    logits = np.log(made / (1 - made)) + logit_shift(true, made)
    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), true, rtol=1e-5)


def test_rare_cells_move_little_and_unhit_ones_not_at_all() -> None:
    shift = logit_shift(np.array([1e-9, 0.3, 0.0]), np.array([0.1, 1e-9, 0.1]))
    assert shift.tolist() == [-LARGEST_SHIFT, LARGEST_SHIFT, 0.0]


def test_a_mean_shower_of_perpendicular_ones_is_round() -> None:
    mesh = CylinderMesh(2, 4, 3, 1.0, 1.0)
    mean = np.random.default_rng(0).random(mesh.shape)
    round_mean = mean_over_azimuth(mean.reshape(-1), mesh).reshape(mesh.shape)
    axis = mesh.order.index("phi")
    np.testing.assert_allclose(round_mean.sum(axis=axis), mean.sum(axis=axis))
    assert np.ptp(round_mean, axis=axis).max() == 0
