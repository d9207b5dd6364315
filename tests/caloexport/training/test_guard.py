"""The energy-width guard: an objective whose best answer is the true distribution."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.training.guard import Guard, energy_score, standards, sum_matrix

pytest.importorskip("tensorflow")

N = 100_000


def score_of(mean: float, width: float) -> float:
    """Return the score of N(mean, width) where N(0, 1) is true."""
    truth, first, second = np.random.default_rng(0).standard_normal((3, N, 1))
    return float(energy_score(truth, mean + width * first, mean + width * second)[0])


def test_the_score_of_the_truth_is_its_closed_form() -> None:
    # E|y - x| - ½E|x - x'| of three independent standard normals is 1/√π
    assert score_of(0, 1) == pytest.approx(1 / np.sqrt(np.pi), abs=0.01)


@pytest.mark.parametrize(
    ("mean", "width"), [(0.2, 1), (-0.2, 1), (0, 0.8), (0, 1.25), (0, 0), (0.5, 1.5)]
)
def test_a_shifted_narrow_or_wide_distribution_scores_worse(mean: float, width: float) -> None:
    # the same random numbers on both sides: their fluctuation cancels
    assert score_of(mean, width) > score_of(0, 1) + 0.004


def test_descending_the_score_finds_mean_and_width_at_every_energy() -> None:
    # Each condition has its own truth, and the score is told no distribution, only single values.
    import tensorflow as tf

    random = np.random.default_rng(1)
    mean, width = np.array([0.5, -1.0]), np.array([0.4, 2.0])
    learned = tf.Variable(np.zeros((2, 2)), dtype=tf.float32)  # mean, log width by condition
    for number in range(150):
        condition = random.integers(2, size=512)
        truth = mean[condition] + width[condition] * random.standard_normal(512)
        noise = tf.constant(random.standard_normal((2, 512)), tf.float32)
        with tf.GradientTape() as tape:
            row = tf.gather(learned, condition)
            made = row[:, 0] + tf.exp(row[:, 1]) * noise
            loss = energy_score(
                tf.constant(truth[:, None], tf.float32), made[0][:, None], made[1][:, None]
            )
        (gradient,) = tape.gradient(loss, [learned])
        learned.assign_sub(0.6 / (1 + number / 50) * tf.convert_to_tensor(gradient))
    np.testing.assert_allclose(learned[:, 0], mean, atol=0.15)
    np.testing.assert_allclose(np.exp(learned[:, 1]), width, rtol=0.1)


def test_the_score_is_taken_of_each_quantity_by_itself() -> None:
    random = np.random.default_rng(2)
    three = random.standard_normal((3, 50, 4)).astype(np.float32)
    together = energy_score(*three).numpy()
    for column in range(4):
        alone = energy_score(*three[:, :, column : column + 1]).numpy()
        np.testing.assert_allclose(together[column], alone[0], rtol=1e-5)


def test_the_sums_are_the_total_and_the_energies_of_the_layers() -> None:
    cells = np.random.default_rng(0).random((5, 266))
    sums = cells @ sum_matrix(ATLAS_WINDOW)
    layer = ATLAS_WINDOW.indices()["z"]
    np.testing.assert_allclose(sums[:, 0], cells.sum(axis=1), rtol=1e-6)
    for z in range(4):
        np.testing.assert_allclose(sums[:, 1 + z], cells[:, layer == z].sum(axis=1), rtol=1e-6)


def test_standards_are_learned_from_the_training_showers_and_hold_for_all() -> None:
    energy = np.array([1e3, 1e3, 1e3, 1e5, 1e5])
    sums = np.array([[1.0], [3.0], [99.0], [5.0], [5.5]])
    mean, spread = standards(energy, sums, np.array([0, 1, 3, 4]))
    np.testing.assert_allclose(mean[:, 0], [2, 2, 2, 5.25, 5.25])
    np.testing.assert_allclose(spread[:, 0], [1, 1, 1, 0.25, 0.25])


def test_the_layers_share_their_weight() -> None:
    np.testing.assert_allclose(Guard(2.0, 1.0).weights(4), [2, 0.25, 0.25, 0.25, 0.25])
    assert not Guard().used
    assert Guard(layers=0.1).used
    with pytest.raises(UsageError, match="total and layers are -1 and 0, expected 0 or more"):
        Guard(total=-1.0)
