"""What of the cells is compared."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.training.vae.measure import Measure

tf = pytest.importorskip("tensorflow")

ENERGY = np.repeat([1e3, 1e5], 400)


def fractions() -> np.ndarray:
    """Return cells whose energy fluctuates as its root, by 1 √MeV: (800, 3)."""
    random = np.random.default_rng(0)
    energy = ENERGY[:, None] * np.array([0.5, 0.1, 0.05])
    return (
        (energy + np.sqrt(energy) * random.standard_normal(energy.shape)) / ENERGY[:, None]
    ).astype(np.float32)


def test_roots_of_energies_spread_alike_at_all_energies_and_in_all_cells() -> None:
    measure = Measure(np.ones(3, dtype=np.float32), roots=True, round_mev=1e-3)
    units = measure.units(fractions(), ENERGY, ENERGY)
    np.testing.assert_allclose(units, 0.5, rtol=0.06)  # half of σ(E)/√E
    batch = {"energy_mev": ENERGY[:, None].astype(np.float32), "unit": units}
    measured = measure(tf.constant(fractions()), batch).numpy()
    for part in (measured[:400], measured[400:]):
        np.testing.assert_allclose(part.std(axis=0), 1, rtol=0.1)


def test_fractions_are_in_units_of_their_spread_at_the_energy() -> None:
    scale = np.array([0.5, 0.1, 0.05], dtype=np.float32)
    measure = Measure(scale, roots=False, round_mev=1.0)
    learned = slice(None, None, 2)
    units = measure.units(fractions()[learned], ENERGY[learned], ENERGY)
    batch = {"energy_mev": ENERGY[:, None].astype(np.float32), "unit": units}
    measured = measure(tf.constant(fractions()), batch).numpy()
    for start in (0, 400):
        part = measured[start : start + 400][learned]
        assert part.var(axis=0).mean() == pytest.approx(1, rel=1e-4)


def test_the_root_of_an_empty_cell_has_a_finite_slope() -> None:
    measure = Measure(np.ones(2, dtype=np.float32), roots=True, round_mev=1.0)
    cells = tf.constant([[0.0, -1e-3]])
    batch = {"energy_mev": tf.constant([[1e5]]), "unit": tf.constant([[1.0]])}
    with tf.GradientTape() as tape:
        tape.watch(cells)
        measured = measure(cells, batch)
    np.testing.assert_array_equal(measured, [[1, 1]])
    assert np.isfinite(tape.gradient(measured, cells)).all()
